// SPDX-License-Identifier: Apache-2.0
#include "core/json/decimal.h"

#include "core/json/scan.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace postern::json {
namespace {

// Far above any digit count, far below overflow when digit counts are added.
constexpr std::int64_t kExponentCap = std::int64_t{1} << 60;

// A number as 0.DDDD x 10^magnitude: its digits without leading or trailing zeros, taken from the
// two runs before and after the point without copying them.
struct Decimal
{
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    std::int64_t magnitude = 0;

    [[nodiscard]] std::size_t digits() const noexcept { return whole.size() + fraction.size(); }
    [[nodiscard]] bool zero() const noexcept { return digits() == 0; }
    [[nodiscard]] char digit(std::size_t i) const noexcept
    {
        if (i < whole.size())
            return whole[i];
        return i < digits() ? fraction[i - whole.size()] : '0';
    }
};

std::int64_t exponentOf(std::string_view text) noexcept
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    std::int64_t value = 0;
    for (const char c : text)
        value = std::min(value * 10 + (c - '0'), kExponentCap / 10);
    return negative ? -value : value;
}

Decimal decimalOf(std::string_view lexeme) noexcept
{
    Decimal number;
    if (lexeme.starts_with('-')) {
        number.negative = true;
        lexeme.remove_prefix(1);
    }
    const std::size_t e = std::min(lexeme.find_first_of("eE"), lexeme.size());
    const std::string_view mantissa = lexeme.substr(0, e);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    number.whole = mantissa.substr(0, point);
    number.fraction = mantissa.substr(std::min(point + 1, mantissa.size()));
    if (e < lexeme.size())
        number.magnitude = exponentOf(lexeme.substr(e + 1));

    number.whole.remove_prefix(std::min(number.whole.find_first_not_of('0'), number.whole.size()));
    number.fraction = number.fraction.substr(0, number.fraction.find_last_not_of('0') + 1);
    if (number.whole.empty()) {
        const std::size_t zeros =
            std::min(number.fraction.find_first_not_of('0'), number.fraction.size());
        number.fraction.remove_prefix(zeros);
        number.magnitude -= static_cast<std::int64_t>(zeros);
    } else {
        number.magnitude += static_cast<std::int64_t>(number.whole.size());
    }
    if (number.fraction.empty())
        number.whole = number.whole.substr(0, number.whole.find_last_not_of('0') + 1);
    if (number.zero())
        number = {};
    return number;
}

int compareMagnitudes(const Decimal &a, const Decimal &b) noexcept
{
    if (a.magnitude != b.magnitude)
        return a.magnitude < b.magnitude ? -1 : 1;
    const std::size_t digits = std::max(a.digits(), b.digits());
    for (std::size_t i = 0; i < digits; ++i) {
        if (a.digit(i) != b.digit(i))
            return a.digit(i) < b.digit(i) ? -1 : 1;
    }
    return 0;
}

} // namespace

int compareDecimals(std::string_view a, std::string_view b) noexcept
{
    if (a == b)
        return 0;
    const Decimal left = decimalOf(a);
    const Decimal right = decimalOf(b);
    if (left.zero() || right.zero()) {
        const auto sign = [](const Decimal &n) { return n.zero() ? 0 : n.negative ? -1 : 1; };
        return sign(left) - sign(right);
    }
    if (left.negative != right.negative)
        return left.negative ? -1 : 1;
    const int order = compareMagnitudes(left, right);
    return left.negative ? -order : order;
}

std::optional<std::int64_t> integerOf(std::string_view lexeme) noexcept
{
    std::int64_t plain = 0;
    const char *const end = lexeme.data() + lexeme.size();
    const auto [stop, fault] = std::from_chars(lexeme.data(), end, plain);
    if (fault == std::errc() && stop == end)
        return plain;
    const Decimal number = decimalOf(lexeme);
    if (number.zero())
        return lexeme.empty() ? std::nullopt : std::optional<std::int64_t>(0);
    if (number.magnitude > 19 || number.magnitude < static_cast<std::int64_t>(number.digits()))
        return std::nullopt;
    std::uint64_t value = 0; // 19 digits fit
    for (std::size_t i = 0; i < static_cast<std::size_t>(number.magnitude); ++i)
        value = value * 10 + static_cast<std::uint64_t>(number.digit(i) - '0');
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value > kMax + (number.negative ? 1 : 0))
        return std::nullopt;
    return static_cast<std::int64_t>(number.negative ? 0 - value : value);
}

double doubleOf(std::string_view lexeme) noexcept
{
    double value = 0;
    const auto [stop, fault] = std::from_chars(lexeme.data(), lexeme.data() + lexeme.size(), value);
    if (fault != std::errc::result_out_of_range)
        return value;
    const Decimal number = decimalOf(lexeme);
    value = number.magnitude > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    return number.negative ? -value : value;
}

} // namespace postern::json
