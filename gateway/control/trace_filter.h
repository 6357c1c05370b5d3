// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/control/control_host.h"
#include "gateway/server/http_service.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace postern::gateway {

/// Which traces a client wants: the query arguments `since`, `limit`, `decision` (allowed, denied,
/// unmatched, failed), `consumer`, `route`, `status` (401, or a class as 4xx).
struct TraceFilter
{
    std::uint64_t since = 0;
    std::size_t limit = 100;
    std::optional<std::string> decision;
    std::optional<std::string> consumer;
    std::optional<std::string> route;
    std::uint16_t statusLow = 0, statusHigh = 999;

    /// True if anything but since and limit is asked for.
    [[nodiscard]] bool selects() const noexcept;
    /// Everything but the decision, which is not known before the trace is explained.
    [[nodiscard]] bool matches(const TraceRecord &record) const noexcept;
    /// The decision of the explained trace.
    [[nodiscard]] bool matches(const Json &trace) const noexcept;
};

/// \return the filter, or InvalidArgument with where = the argument's name
[[nodiscard]] Result<TraceFilter> parseTraceFilter(const ServiceRequest &request);

} // namespace postern::gateway
