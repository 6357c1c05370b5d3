// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/router/router_data.h"

#include <memory>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Turns routes into the router's tables. Used once, in one thread.
class RouterBuilder
{
public:
    RouterBuilder(std::vector<std::shared_ptr<const CompiledRoute>> routes, RouterFlavour flavour);
    [[nodiscard]] std::unique_ptr<const Router::Data> build();

private:
    struct Placed ///< a candidate and the list it goes to
    {
        std::uint32_t list;
        RouteCandidate candidate;
    };

    void addRoute(const CompiledRoute &route, std::uint32_t load);
    void addUri(const RouteCandidate &base, std::string_view uri,
                const std::vector<std::uint32_t> &groups);
    std::uint32_t groupOf(std::string_view host);
    std::uint32_t listOf(std::uint32_t group, std::string_view key, bool exact);
    std::string_view keep(std::string_view text);
    std::uint64_t methodBits(const std::vector<std::string> &names);
    void placeCandidates();
    void indexLists();
    void indexMethods(RouteList &list);
    void plantPrefixes();
    void plantHosts();

    std::unique_ptr<Router::Data> m_data;
    std::vector<Placed> m_placed;
    std::vector<bool> m_exactList; ///< per list
    std::vector<bool> m_wildcardGroup; ///< per group
    std::vector<std::uint32_t> m_groups; ///< of the route being added
    HashIndex m_prefixLists;
    HashIndex m_wildcards;
};

} // namespace postern::gateway
