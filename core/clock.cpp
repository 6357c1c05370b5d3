// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <array>
#include <cmath>
#include <format>
#include <limits>
#include <optional>

namespace postern {
namespace {

using namespace std::chrono;
__extension__ using Wide = __int128;

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t realNanoseconds() noexcept
{
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

std::optional<std::int64_t> narrow(Wide value) noexcept
{
    if (value > std::numeric_limits<std::int64_t>::max()
        || value < std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Reads decimal text from left to right; every take* leaves the rest in place on failure.
class Scanner
{
public:
    explicit Scanner(std::string_view text) noexcept : m_rest(text) {}

    [[nodiscard]] bool atEnd() const noexcept { return m_rest.empty(); }
    [[nodiscard]] std::string_view rest() const noexcept { return m_rest; }

    bool take(std::string_view text) noexcept
    {
        if (!m_rest.starts_with(text))
            return false;
        m_rest.remove_prefix(text.size());
        return true;
    }
    bool takeOneOf(std::string_view characters) noexcept
    {
        if (m_rest.empty() || characters.find(m_rest.front()) == std::string_view::npos)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    /// Exactly `count` digits.
    std::optional<int> takeDigits(std::size_t count) noexcept
    {
        if (m_rest.size() < count)
            return std::nullopt;
        int value = 0;
        for (const char c : m_rest.substr(0, count)) {
            if (!isDigit(c))
                return std::nullopt;
            value = value * 10 + (c - '0');
        }
        m_rest.remove_prefix(count);
        return value;
    }
    /// `12` or `12.5`, in units of 1e-9. At most 19 digits before the dot; digits behind the ninth
    /// after it are dropped.
    std::optional<Wide> takeNano() noexcept
    {
        std::size_t digits = 0;
        Wide value = 0;
        for (; !m_rest.empty() && isDigit(m_rest.front()); m_rest.remove_prefix(1)) {
            if (++digits > 19)
                return std::nullopt;
            value = value * 10 + (m_rest.front() - '0');
        }
        if (digits == 0)
            return std::nullopt;
        value *= kSecond;
        if (take(".")) {
            const std::optional<std::int64_t> fraction = takeFraction();
            if (!fraction)
                return std::nullopt;
            value += *fraction;
        }
        return value;
    }
    /// The digits behind a dot, as billionths; at least one.
    std::optional<std::int64_t> takeFraction() noexcept
    {
        if (m_rest.empty() || !isDigit(m_rest.front()))
            return std::nullopt;
        std::int64_t value = 0;
        for (std::int64_t unit = kSecond / 10; !m_rest.empty() && isDigit(m_rest.front());
             m_rest.remove_prefix(1), unit /= 10)
            value += unit * (m_rest.front() - '0');
        return value;
    }

private:
    std::string_view m_rest;
};

struct Unit
{
    std::string_view name;
    std::int64_t nanoseconds;
};
// Longer names first: "ms" must not be read as "m".
constexpr std::array kUnits{Unit{"ns", 1},
                            Unit{"us", 1'000},
                            Unit{"ms", 1'000'000},
                            Unit{"s", kSecond},
                            Unit{"m", 60 * kSecond},
                            Unit{"h", 3'600 * kSecond},
                            Unit{"d", 86'400 * kSecond}};

std::optional<Duration> readDuration(std::string_view text) noexcept
{
    Scanner in(text);
    const bool negative = in.take("-");
    if (!negative)
        in.take("+");
    Wide total = 0;
    std::int64_t lastUnit = std::numeric_limits<std::int64_t>::max();
    bool first = true;
    do {
        const std::optional<Wide> amount = in.takeNano();
        if (!amount)
            return std::nullopt;
        std::int64_t unit = first && in.atEnd() ? kSecond : 0;
        for (const Unit &candidate : kUnits) {
            if (unit == 0 && in.take(candidate.name))
                unit = candidate.nanoseconds;
        }
        // "30m1h" and "1h2h" are more likely typing errors than wishes.
        if (unit == 0 || unit >= lastUnit)
            return std::nullopt;
        lastUnit = unit;
        total += *amount * unit / kSecond;
        first = false;
    } while (!in.atEnd());
    const std::optional<std::int64_t> count = narrow(negative ? -total : total);
    return count ? std::optional(Duration(*count)) : std::nullopt;
}

/// RFC 3339 5.6 date-time. The separator may be a space, the letters may be lower case.
std::optional<Timestamp> readRfc3339(std::string_view text) noexcept
{
    Scanner in(text);
    const auto year_ = in.takeDigits(4);
    const auto month_ = year_ && in.take("-") ? in.takeDigits(2) : std::nullopt;
    const auto day_ = month_ && in.take("-") ? in.takeDigits(2) : std::nullopt;
    const auto hour_ = day_ && in.takeOneOf("Tt ") ? in.takeDigits(2) : std::nullopt;
    const auto minute_ = hour_ && in.take(":") ? in.takeDigits(2) : std::nullopt;
    const auto second_ = minute_ && in.take(":") ? in.takeDigits(2) : std::nullopt;
    if (!second_)
        return std::nullopt;
    const year_month_day date{year{*year_}, month{static_cast<unsigned>(*month_)},
                              day{static_cast<unsigned>(*day_)}};
    // Second 60 is a leap second; it counts as the next minute's first.
    if (!date.ok() || *hour_ > 23 || *minute_ > 59 || *second_ > 60)
        return std::nullopt;
    std::int64_t fraction = 0;
    if (in.take(".")) {
        const auto read = in.takeFraction();
        if (!read)
            return std::nullopt;
        fraction = *read;
    }
    std::int64_t offset = 0;
    if (!in.takeOneOf("Zz")) {
        const bool west = in.take("-");
        const bool signRead = west || in.take("+");
        const auto hours_ = signRead ? in.takeDigits(2) : std::nullopt;
        const auto minutes_ = hours_ && in.take(":") ? in.takeDigits(2) : std::nullopt;
        if (!minutes_ || *hours_ > 23 || *minutes_ > 59)
            return std::nullopt;
        offset = (*hours_ * 60 + *minutes_) * (west ? -60 : 60);
    }
    if (!in.atEnd())
        return std::nullopt;
    const std::int64_t days_ = sys_days(date).time_since_epoch().count();
    const Wide total =
        Wide(days_ * 86'400 + *hour_ * 3'600 + *minute_ * 60 + *second_ - offset) * kSecond
        + fraction;
    const std::optional<std::int64_t> count = narrow(total);
    return count ? std::optional(Timestamp(Duration(*count))) : std::nullopt;
}

std::optional<Timestamp> readUnixSeconds(std::string_view text) noexcept
{
    Scanner in(text);
    const std::optional<Wide> amount = in.takeNano();
    const std::optional<std::int64_t> count = amount && in.atEnd() ? narrow(*amount) : std::nullopt;
    return count ? std::optional(Timestamp(Duration(*count))) : std::nullopt;
}

Result<void> refuseBackwards()
{
    return fail(Errc::InvalidArgument, "the clock only moves back with force");
}

} // namespace

Clock::Clock(Mode mode, Timestamp start) noexcept : m_mode(mode)
{
    const std::int64_t at = start.time_since_epoch().count();
    if (mode == Mode::Frozen)
        m_frozenAt = at;
    else if (mode == Mode::Ticking)
        m_offset = at - realNanoseconds();
}

Timestamp Clock::now() const noexcept
{
    const std::int64_t count = m_mode.load(std::memory_order_acquire) == Mode::Frozen
        ? m_frozenAt.load(std::memory_order_relaxed)
        : realNanoseconds() + m_offset.load(std::memory_order_relaxed);
    return Timestamp(Duration(count));
}

std::int64_t Clock::unixSeconds() const noexcept
{
    return floor<seconds>(now()).time_since_epoch().count();
}

Clock::Mode Clock::mode() const noexcept { return m_mode.load(std::memory_order_acquire); }

Result<void> Clock::advance(Duration by, bool force) noexcept
{
    const std::scoped_lock lock(m_writer);
    if (by < Duration::zero() && !force)
        return refuseBackwards();
    const auto target = narrow(Wide(now().time_since_epoch().count()) + by.count());
    if (!target)
        return fail(Errc::InvalidArgument, "the clock covers the years 1678 to 2261");
    if (mode() == Mode::Frozen) {
        m_frozenAt.store(*target, std::memory_order_relaxed);
        return {};
    }
    m_offset.fetch_add(by.count(), std::memory_order_relaxed);
    m_mode.store(Mode::Ticking, std::memory_order_release);
    return {};
}

Result<void> Clock::set(Timestamp to, bool force) noexcept
{
    const std::scoped_lock lock(m_writer);
    if (to < now() && !force)
        return refuseBackwards();
    const std::int64_t at = to.time_since_epoch().count();
    if (mode() == Mode::Frozen) {
        m_frozenAt.store(at, std::memory_order_relaxed);
        return {};
    }
    m_offset.store(at - realNanoseconds(), std::memory_order_relaxed);
    m_mode.store(Mode::Ticking, std::memory_order_release);
    return {};
}

void Clock::freeze() noexcept
{
    const std::scoped_lock lock(m_writer);
    if (mode() == Mode::Frozen)
        return;
    // The time is in place before the mode says to read it.
    m_frozenAt.store(now().time_since_epoch().count(), std::memory_order_relaxed);
    m_mode.store(Mode::Frozen, std::memory_order_release);
}

void Clock::resume() noexcept
{
    const std::scoped_lock lock(m_writer);
    if (mode() != Mode::Frozen)
        return;
    m_offset.store(m_frozenAt.load(std::memory_order_relaxed) - realNanoseconds(),
                   std::memory_order_relaxed);
    m_mode.store(Mode::Ticking, std::memory_order_release);
}

void Clock::useRealTime() noexcept
{
    const std::scoped_lock lock(m_writer);
    m_offset.store(0, std::memory_order_relaxed);
    m_mode.store(Mode::Real, std::memory_order_release);
}

Result<Timestamp> parseTime(std::string_view text, Timestamp now)
{
    if (text == "now")
        return now;
    if (text.starts_with('+') || text.starts_with('-')) {
        if (const std::optional<Duration> by = readDuration(text)) {
            if (const auto at = narrow(Wide(now.time_since_epoch().count()) + by->count()))
                return Timestamp(Duration(*at));
        }
    } else if (const auto at = readUnixSeconds(text)) {
        return *at;
    } else if (const auto date = readRfc3339(text)) {
        return *date;
    }
    return fail(Errc::InvalidArgument,
                std::format("\"{}\" is not a time between 1678 and 2261; write "
                            "2030-01-01T00:00:00Z, UNIX seconds, now, +90s or -1h",
                            text));
}

Result<Duration> parseDuration(std::string_view text)
{
    if (const std::optional<Duration> duration = readDuration(text))
        return *duration;
    return fail(Errc::InvalidArgument,
                std::format("\"{}\" is not a duration; write 250ms, 30s, 5m, 1h30m or 2d", text));
}

std::string formatTime(Timestamp time, bool millis)
{
    return millis ? std::format("{:%FT%T}Z", floor<milliseconds>(time))
                  : std::format("{:%FT%T}Z", floor<seconds>(time));
}

std::string formatHttpDate(Timestamp time)
{
    return std::format("{:%a, %d %b %Y %T} GMT", floor<seconds>(time));
}

std::string formatDistance(Duration distance)
{
    // Unsigned negation: the smallest duration has no positive counterpart.
    const auto count = static_cast<std::uint64_t>(distance.count());
    const std::uint64_t total = distance < Duration::zero() ? 0 - count : count;
    const std::uint64_t wholeSeconds = total / kSecond;
    if (wholeSeconds == 0 && total >= 1'000'000)
        return std::format("{} ms", total / 1'000'000);
    if (wholeSeconds < 60)
        return std::format("{} s", wholeSeconds);
    const std::uint64_t wholeMinutes = wholeSeconds / 60;
    if (wholeMinutes < 10 && wholeSeconds % 60 != 0)
        return std::format("{} min {} s", wholeMinutes, wholeSeconds % 60);
    if (wholeMinutes < 60)
        return std::format("{} min", wholeMinutes);
    const std::uint64_t wholeHours = wholeMinutes / 60;
    if (wholeHours < 24)
        return wholeMinutes % 60 == 0 ? std::format("{} h", wholeHours)
                                      : std::format("{} h {} min", wholeHours, wholeMinutes % 60);
    return std::format("{} d", wholeHours / 24);
}

} // namespace postern
