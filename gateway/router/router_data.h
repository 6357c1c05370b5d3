// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/hash_index.h"
#include "gateway/router/ip_range.h"
#include "gateway/router/path_pattern.h"
#include "gateway/router/radix_tree.h"
#include "gateway/router/router.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// One uri of one route under one host. The order within a list is the order of trial.
struct RouteCandidate
{
    static constexpr std::uint32_t kNone = 0xffffffffU;

    const CompiledRoute *route = nullptr;
    std::string_view pattern;
    std::uint64_t methods = 0; ///< bit per name in Data::methods; 0: all
    std::uint32_t rest = kNone; ///< pattern to check behind the literal prefix; kNone: nothing
    std::uint32_t ranges = kNone; ///< index into Data::ranges; kNone: any address
    std::uint32_t load = 0; ///< load order
    std::uint32_t literal = 0; ///< length of the literal prefix
    bool exact = false;
    bool vars = false; ///< the route's expression must hold, too
};

/// Candidates that share host, kind and exact path or literal prefix: a slice of Data::candidates.
struct RouteList
{
    std::string_view key;
    std::uint32_t group = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t byMethod = RouteCandidate::kNone; ///< long lists: first of its MethodSlices
};

/// The candidates of a long list that one method can reach: a slice of Data::order.
struct MethodSlice
{
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

/// The routes of one host pattern (or of none).
struct HostGroup
{
    std::uint32_t prefixes = RadixForest::kNone; ///< root in Data::forest; values are lists
    bool hasExact = false;
};

/// What Router::build makes. Immutable after it.
struct Router::Data
{
    static constexpr std::uint32_t kNoHost = 0; ///< the group of the routes without host
    static constexpr std::size_t kMaxMethods = 64; ///< the last bit is shared by all further names

    RouterFlavour flavour = RouterFlavour::HostUri;
    bool needsBody = false; ///< an expression asks for a member of the body
    std::vector<std::shared_ptr<const CompiledRoute>> routes;
    std::vector<std::string> methods;

    std::vector<HostGroup> groups;
    std::vector<std::string> hostKeys; ///< per group: lower case; a wildcard's suffix reversed
    HashIndex exactHosts; ///< groups by name
    std::uint32_t wildcardHosts = RadixForest::kNone; ///< groups by reversed suffix

    /// Copies of what match() compares with, side by side: the routes' own strings lie all over
    /// the heap, and with 100,000 of them each would be a cache miss. Reserved once.
    std::string text;
    std::vector<RouteCandidate> candidates;
    std::vector<RouteList> lists;
    HashIndex exactLists; ///< by listHash
    RadixForest forest;
    std::vector<PathPattern> rests;
    std::vector<std::vector<IpRange>> ranges;
    std::vector<MethodSlice> methodSlices; ///< methods.size() + 1 per long list, the last: others
    std::vector<std::uint32_t> order;

    [[nodiscard]] static std::uint64_t listHash(std::uint64_t pathHash,
                                                std::uint32_t group) noexcept
    {
        return pathHash + group * 0x9e3779b97f4a7c15U;
    }
};

} // namespace postern::gateway
