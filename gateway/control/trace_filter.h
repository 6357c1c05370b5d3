// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/control/control_host.h"
#include "gateway/server/http_service.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace postern::gateway {

/// Which traces a client wants: the query arguments `since`, `limit`, `decision` (denied, passed),
/// `consumer`, `route`, `status` (401, or a class as 4xx).
struct TraceFilter
{
    std::uint64_t since = 0;
    std::size_t limit = 100;
    std::optional<bool> denied;
    std::optional<std::string> consumer;
    std::optional<std::string> route;
    std::uint16_t statusLow = 0, statusHigh = 999;

    /// True if anything but since and limit is asked for.
    [[nodiscard]] bool selects() const noexcept;
    [[nodiscard]] bool matches(const TraceRecord &record) const noexcept;
};

/// \return the filter, or InvalidArgument with where = the argument's name
[[nodiscard]] Result<TraceFilter> parseTraceFilter(const ServiceRequest &request);

/// True if the gateway itself turned the request down: it answered, and some step failed.
[[nodiscard]] bool isDenied(const TraceRecord &record) noexcept;

} // namespace postern::gateway
