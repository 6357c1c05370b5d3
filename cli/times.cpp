// SPDX-License-Identifier: Apache-2.0
#include "cli/times.h"

#include "cli/output.h"

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

} // namespace postern::cli
