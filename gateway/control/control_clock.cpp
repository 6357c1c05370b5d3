// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/control_clock.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

namespace {

struct ModeName
{
    std::string_view name;
    Clock::Mode mode;
};

constexpr std::array<ModeName, 3> kModes{{
    {"real", Clock::Mode::Real},
    {"ticking", Clock::Mode::Ticking},
    {"frozen", Clock::Mode::Frozen},
}};

constexpr std::array<std::string_view, 4> kMembers{"advance", "set", "mode", "force"};

Timestamp realNow()
{
    return std::chrono::time_point_cast<Timestamp::duration>(std::chrono::system_clock::now());
}

struct Change
{
    std::optional<Duration> advance;
    std::optional<Timestamp> set;
    std::optional<Clock::Mode> mode;
    bool force = false;
};

std::string_view timeText(const Json &value)
{
    return value.isNumber() ? value.lexeme() : std::string_view(value.asString());
}

Result<Change> readChange(const Json &json, Timestamp now)
{
    if (!json.isObject())
        return fail(Errc::InvalidArgument, "must be an object");
    Change change;
    for (const auto &[name, value] : json.members()) {
        if (std::ranges::find(kMembers, name) == kMembers.end())
            return fail(Errc::InvalidArgument, "unknown member", "/" + name);
    }
    if (const Json *advance = json.find("advance")) {
        const auto by = parseDuration(timeText(*advance));
        if (!by)
            return fail(Errc::InvalidArgument, by.error().detail, "/advance");
        change.advance = *by;
    }
    if (const Json *set = json.find("set")) {
        const auto to = parseTime(timeText(*set), now);
        if (!to)
            return fail(Errc::InvalidArgument, to.error().detail, "/set");
        change.set = *to;
    }
    if (const Json *mode = json.find("mode")) {
        const auto *known = std::ranges::find(kModes, mode->asString(), &ModeName::name);
        if (known == kModes.end())
            return fail(Errc::InvalidArgument, "must be real, ticking or frozen", "/mode");
        change.mode = known->mode;
    }
    if (const Json *force = json.find("force")) {
        if (!force->isBool())
            return fail(Errc::InvalidArgument, "must be true or false", "/force");
        change.force = force->asBool();
    }
    if (change.advance && change.set)
        return fail(Errc::InvalidArgument, "give either advance or set");
    if (!change.advance && !change.set && !change.mode)
        return fail(Errc::InvalidArgument, "give advance, set or mode");
    if (change.mode == Clock::Mode::Real && (change.advance || change.set))
        return fail(Errc::InvalidArgument, "the real time cannot be moved", "/mode");
    return change;
}

Result<void> applyMode(Clock &clock, Clock::Mode mode, bool force)
{
    switch (mode) {
    case Clock::Mode::Frozen:
        clock.freeze();
        return {};
    case Clock::Mode::Ticking:
        if (clock.mode() == Clock::Mode::Real)
            return clock.advance(Duration::zero());
        clock.resume();
        return {};
    case Clock::Mode::Real:
        if (!force && realNow() < clock.now())
            return fail(Errc::InvalidArgument, "the real time is earlier; add \"force\":true",
                        "/mode");
        clock.useRealTime();
        return {};
    }
    return {};
}

} // namespace

Json describeClock(const Clock &clock)
{
    const auto *mode = std::ranges::find(kModes, clock.mode(), &ModeName::mode);
    return Json::object({{"now", formatTime(clock.now())},
                         {"unix", clock.unixSeconds()},
                         {"mode", mode->name},
                         {"real", formatTime(realNow())}});
}

Result<void> changeClock(Clock &clock, const Json &json)
{
    const auto change = readChange(json, clock.now());
    if (!change)
        return std::unexpected(change.error());
    Result<void> moved;
    if (change->advance)
        moved = clock.advance(*change->advance, change->force);
    else if (change->set)
        moved = clock.set(*change->set, change->force);
    if (!moved || !change->mode)
        return moved;
    return applyMode(clock, *change->mode, change->force);
}

} // namespace postern::gateway
