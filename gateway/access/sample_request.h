// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/access/draft_request.h"
#include "gateway/router/snapshot.h"

#include <memory>
#include <string>
#include <string_view>

namespace postern::gateway {

/// A request made up for a route.
struct SampleRequest
{
    DraftRequest draft;
    bool matches = false; ///< the router gives it to that route
    std::string instead; ///< id of the route that gets it otherwise; empty: none
};

/// Makes a request that reaches the route, asking the router itself: of its paths, hosts and
/// methods, with what the simple ones of its `vars` compare with.
/// \param vars the route's `vars`; may be nullptr
/// \param method empty: one that the route takes
/// \param peer the client's address, if the route takes it
[[nodiscard]] SampleRequest sampleRequest(const std::shared_ptr<const Snapshot> &snapshot,
                                          const CompiledRoute &route, const Json *vars,
                                          std::string_view method, std::string_view peer);

} // namespace postern::gateway
