// SPDX-License-Identifier: Apache-2.0
#include "cli/times.h"

#include "cli/output.h"

#include <cmath>
#include <format>

namespace postern::cli {

Result<Timestamp> timeOf(std::string_view option)
{
    const Timestamp real = Clock().now();
    const bool given = !option.empty();
    const std::string text = given ? std::string(option) : environment("POSTERN_CLOCK");
    if (text.empty())
        return real;
    Result<Timestamp> time = parseTime(text, real);
    if (!time)
        time.error().where = given ? "--clock" : "POSTERN_CLOCK";
    return time;
}

Result<std::int64_t> secondsOf(std::string_view text, std::string_view name)
{
    Result<Duration> duration = parseDuration(text);
    if (!duration) {
        duration.error().where = std::string(name);
        return std::unexpected(duration.error());
    }
    return std::chrono::floor<std::chrono::seconds>(*duration).count();
}

std::optional<Timestamp> timeOfClaim(const Json &claim)
{
    constexpr double kLimit = 9.2e9; // seconds that fit 64 bit nanoseconds
    const double seconds = claim.asDouble(kLimit);
    if (!claim.isNumber() || !(std::abs(seconds) < kLimit))
        return std::nullopt;
    if (const auto whole = claim.asInteger())
        return Timestamp(std::chrono::seconds(*whole));
    return Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

std::string distanceText(Timestamp time, Timestamp now)
{
    const Duration distance = time - now;
    if (distance < std::chrono::seconds(1) && distance > -std::chrono::seconds(1))
        return "now";
    return distance.count() > 0 ? std::format("in {}", formatDistance(distance))
                                : std::format("{} ago", formatDistance(-distance));
}

} // namespace postern::cli
