// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/gateway.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace postern::cli {

/// What exec demands of the requests that its gateway saw, and where it leaves them.
struct ObservationOptions
{
    bool failOnDenied = false;
    bool failOnUnmatched = false;
    std::string expectRequests; ///< "10", "10..", "1..5"; empty: any number
    std::string artifacts; ///< folder; empty: none
};
void addObservationOptions(CLI::App &app, ObservationOptions &options);

/// How many requests are demanded.
struct RequestRange
{
    std::uint64_t least = 0;
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

    bool operator==(const RequestRange &) const = default;
};
/// \param text "10" (exactly), "10..", "..5", "1..5"; empty: any number
/// \return the range, or Usage
[[nodiscard]] Result<RequestRange> parseRequestRange(std::string_view text);

/// A sentence for each demand that was not met.
[[nodiscard]] std::vector<std::string> unmetDemands(const ObservationOptions &options,
                                                    const RequestRange &range,
                                                    const gateway::GatewayTotals &totals);

/// Writes `traces.ndjson` into the folder, which is made: the kept traces, oldest first, one a
/// line, secrets masked.
/// \param socket of the gateway's control API
[[nodiscard]] Result<void> writeArtifacts(const std::filesystem::path &directory,
                                          const std::string &socket);

} // namespace postern::cli
