// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/snapshot.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace postern::gateway {

/// Chains merged with a consumer's plugins, remembered per worker. Bounded. Keys are unique per
/// compilation, so an entry is never wrong, only unused: clear() when the snapshot changes.
class MergedChains
{
public:
    /// The route's chain with the plugins of the consumer and its group merged in (whole plugin
    /// objects replace).
    /// \param group nullptr if there is none
    [[nodiscard]] std::shared_ptr<const PluginChain> get(const CompiledRoute &route,
                                                         const CompiledConsumer &consumer,
                                                         const CompiledPluginSet *group = nullptr);
    void clear() noexcept { m_chains.clear(); }

private:
    struct Key
    {
        std::uint64_t route, consumer, group;
        bool operator==(const Key &) const = default;
    };
    struct Hash
    {
        std::size_t operator()(const Key &key) const noexcept
        {
            return static_cast<std::size_t>((key.route * 0x9e3779b97f4a7c15ULL ^ key.consumer)
                                                * 0xd6e8feb86659fd93ULL
                                            ^ key.group);
        }
    };
    std::unordered_map<Key, std::shared_ptr<const PluginChain>, Hash> m_chains;
};

/// Decides a request: matches the route, runs rewrite, merges the consumer, runs access and
/// before_proxy. Fills `exchange.route`, `chain`, the trace, and on refusal `exchange.reply`.
/// Called again after ReadBody or Suspend, it goes on where it stopped.
/// \return Continue: proxy to exchange.route->upstream. Respond: write exchange.reply. ReadBody:
/// read until exchange.body is complete or longer than `wanted`. Suspend: see exchange.wait
[[nodiscard]] Verdict decide(Exchange &exchange, MergedChains &merged);

/// Whether a plugin wants to see response heads.
[[nodiscard]] bool filtersResponse(const Exchange &exchange) noexcept;
/// Runs header_filter over a response head, the upstream's or the gateway's own.
void filterResponse(Exchange &exchange, ResponseHead &head);
/// Passes a piece of the response's body through exchange.bodyFilters; what comes out is appended.
void filterBody(Exchange &exchange, std::string_view piece, bool last, std::string &out);
/// Runs the log phase, if there is anything to run.
void logExchange(Exchange &exchange);

/// The reply for a route that has nothing to proxy to, or an upstream that failed:
/// 404, 502, 503, 504 pages. APISIX 3.18, generated replies.
void replyForDefect(Exchange &exchange, Errc defect);

/// The built-in HTML page of a status ("<html>…<center><h1>404 Not Found</h1></center>…"); empty
/// below 300 and for unknown ones.
[[nodiscard]] std::string_view errorPage(int status) noexcept;
/// Whether answers of that status have no body, whatever their fields say. RFC 9112 6.3.
[[nodiscard]] constexpr bool hasNoBody(int status) noexcept
{
    return status < 200 || status == 204 || status == 304;
}
/// The reason phrase of a status; empty if unknown.
[[nodiscard]] std::string_view reasonPhrase(int status) noexcept;

} // namespace postern::gateway
