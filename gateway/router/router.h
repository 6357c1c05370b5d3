// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/router/flavour.h"
#include "gateway/router/snapshot.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// A route that did not match, and the first condition that failed.
struct NearRoute
{
    std::string id;
    std::string pattern; ///< the uri compared
    std::string condition; ///< "method", "host", "path", "remote_addr"
    std::string detail; ///< "method is POST; the route takes GET, HEAD"
    int score = 0; ///< higher is nearer
};

/// Finds the route of a request. Exact paths in a hash, prefixes in a byte radix tree, parameters
/// by segments on the candidates; candidates indexed by host and method. Immutable; any thread.
/// Semantics and order: APISIX radixtree routers.
class Router
{
public:
    struct Match
    {
        const CompiledRoute *route = nullptr; ///< nullptr: no route matches
        std::string_view pattern; ///< the uri pattern that matched; lives in the route
    };

    /// \param routes in load order (ties are won by the first)
    [[nodiscard]] static std::shared_ptr<const Router>
    build(std::vector<std::shared_ptr<const CompiledRoute>> routes, RouterFlavour flavour);

    /// No allocation (but for routes with `vars`), no lock; does not depend on the number of routes
    /// beyond hash and radix depth.
    /// \param exchange the one that `request` belongs to, for `vars`; without it a route that has
    /// them does not match
    [[nodiscard]] Match match(const Request &request, Exchange *exchange = nullptr) const noexcept;
    /// True if requestBody() must have been called before match().
    [[nodiscard]] bool needsBody() const noexcept;

    /// The routes that came closest, nearest first, and why each did not match. Linear; for
    /// explanations of a 404 only.
    [[nodiscard]] std::vector<NearRoute> nearest(std::string_view method, std::string_view hostName,
                                                 std::string_view path, std::string_view peer,
                                                 std::size_t limit = 3) const;

    [[nodiscard]] const std::vector<std::shared_ptr<const CompiledRoute>> &routes() const noexcept;

    struct Data;
    explicit Router(std::unique_ptr<const Data> data);
    ~Router();

private:
    std::unique_ptr<const Data> m_data;
};

} // namespace postern::gateway
