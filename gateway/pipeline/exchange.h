// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/json/json.h"
#include "gateway/http/header_list.h"
#include "gateway/pipeline/arena.h"
#include "gateway/pipeline/trace.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

struct Snapshot;
struct CompiledRoute;
struct CompiledConsumer;
struct CompiledCredential;
struct PluginChain;

/// The request as plugins see it. Views live in the exchange's arena.
struct Request
{
    std::string_view method;
    std::string_view target; ///< raw, as received
    std::string_view path; ///< percent-decoded, dot segments removed; what routes match on
    std::string_view query; ///< raw text behind the first '?', without it
    std::string_view host; ///< Host header as sent, with port
    std::string_view hostName; ///< lower case, without port
    HeaderList headers; ///< edits here reach the upstream
    std::string_view peer; ///< client address (after X-Real-IP of a loopback peer)
    std::uint16_t localPort = 0;
    std::uint8_t minor = 1; ///< HTTP/1.minor
    bool targetChanged = false; ///< a plugin edited path or query: `target` is the new one
};

/// An answer made by the gateway itself.
/// Its texts are literals or live in the exchange's arena.
struct Reply
{
    int status = 0;
    std::string_view body; ///< empty with `page`: the built-in HTML page of the status
    std::string_view contentType; ///< empty: "text/plain; charset=utf-8"
    bool page = false; ///< answer with the HTML page of the status
    HeaderList headers; ///< additional fields
};

/// One request on its way through the gateway, and everything decided about it so far.
/// Its worker's thread only. Recycled: clear() keeps the buffers.
struct Exchange
{
    Arena arena;
    Request request;
    Reply reply;
    TraceRecord trace;

    std::shared_ptr<const Snapshot> snapshot; ///< what this request is decided by, start to end
    const CompiledRoute *route = nullptr;
    const PluginChain *chain = nullptr; ///< the route's, or merged with the consumer's
    std::shared_ptr<const PluginChain> mergedChain; ///< keeps `chain` alive when it is a merged one
    const CompiledConsumer *consumer = nullptr; ///< attached by an auth plugin
    const CompiledCredential *credential = nullptr; ///< nullptr when anonymous
    std::optional<Json> externalUser; ///< claims of an external identity
    std::optional<Json> tokenPayload; ///< jwt-auth with store_in_ctx

    Timestamp now{}; ///< the clock's time when the request was complete enough to decide
    std::size_t worker = 0; ///< index of the worker, for PerWorker<>
    bool tracing = true;

    /// A token that was refused because its signature does not fit: evidence for the explanation,
    /// handed off the worker and wiped after analysis. Empty otherwise.
    std::string_view refusedToken;

    void clear();

    /// Shorthand for trace.add() that does nothing when tracing is off.
    void note(Step step, Outcome outcome, Errc reason, std::string_view subject,
              std::string_view a = {}, std::string_view b = {}, std::int64_t number = 0) noexcept
    {
        if (tracing)
            trace.add(step, outcome, reason, subject, a, b, number);
    }
};

/// Sets the reply to `{"message":"<message>"}` + newline, as plugins answer.
void replyWithMessage(Exchange &exchange, int status, std::string_view message);
/// Sets the reply to the built-in HTML page of the status.
void replyWithPage(Exchange &exchange, int status);

/// First value of a query argument, decoded; nullopt if absent. `count` gets the number of
/// occurrences, `hasValue` whether the first one has a '='.
[[nodiscard]] std::optional<std::string_view> queryArgument(Exchange &exchange,
                                                            std::string_view name,
                                                            int *count = nullptr,
                                                            bool *hasValue = nullptr);
/// Removes every occurrence of the argument from the request's query and rebuilds its target.
void removeQueryArgument(Exchange &exchange, std::string_view name);
/// The cookie's value from all Cookie headers; nullopt if absent.
[[nodiscard]] std::optional<std::string_view> cookieValue(const Exchange &exchange,
                                                          std::string_view name);
/// Removes the cookie, re-joining the others with "; " (the header goes when none is left).
void removeCookie(Exchange &exchange, std::string_view name);

} // namespace postern::gateway
