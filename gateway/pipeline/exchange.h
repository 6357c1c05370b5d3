// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/json/json.h"
#include "gateway/http/header_list.h"
#include "gateway/pipeline/arena.h"
#include "gateway/pipeline/suspension.h"
#include "gateway/pipeline/trace.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

struct Snapshot;
struct CompiledRoute;
struct CompiledUpstream;
struct CompiledConsumer;
struct CompiledCredential;
struct PluginChain;
struct NodeState;
struct ResponseHead;
class TlsSession;

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
    std::string_view peer; ///< client address, after real-ip
    std::string_view socketPeer; ///< address of the connection's other end
    std::string_view rawTarget; ///< as received, whatever plugins do to `target`
    std::string_view scheme = "http"; ///< of the client's connection
    std::uint16_t peerPort = 0; ///< the client's, after real-ip; 0: not known
    std::uint16_t socketPeerPort = 0;
    std::uint16_t localPort = 0;
    std::uint32_t headSize = 0; ///< octets, as received
    std::uint8_t minor = 1; ///< HTTP/1.minor
    bool targetChanged = false; ///< a plugin edited path or query: `target` is the new one
    bool headOnly = false; ///< the client asked with HEAD: no answer of any kind has a body
};

/// The request's body as far as it was read ahead, because a plugin asked for it.
struct RequestBodyText
{
    std::string text; ///< decoded from its transfer coding
    std::uint64_t declared = 0; ///< Content-Length, 0 without
    std::uint64_t wanted = 0; ///< read on until it is complete or longer than this
    bool complete = true; ///< `text` is all of it
};

/// Changes a response's body piece by piece on its way to the client. Made for one response.
class BodyFilter
{
public:
    BodyFilter() = default;
    BodyFilter(const BodyFilter &) = delete;
    BodyFilter &operator=(const BodyFilter &) = delete;
    virtual ~BodyFilter() = default;
    /// Takes the next piece, which may be empty, and appends what goes on to `out`. What is held
    /// back goes on with a later piece, at the latest with the last one.
    virtual void pass(std::string_view piece, bool last, std::string &out) = 0;
};

class Plugin;

/// What `_meta.filter` of a plugin said, which holds for the whole request.
struct FilterResult
{
    const Plugin *plugin;
    bool runs;
};

/// What becomes of the forwarding fields that the client sent. APISIX 3.18, trusted_addresses.
enum class Forwarding : std::uint8_t {
    Default, ///< nobody is named as trusted: only X-Forwarded-For is carried on
    Trusted, ///< X-Forwarded-Proto, -Host, -Port and Forwarded stay where they were sent
    Untrusted, ///< X-Forwarded-For begins anew
};

/// Where the phases of a request stopped, so that they can go on there.
struct PhaseProgress
{
    std::uint8_t stage = 0;
    std::uint32_t plugin = 0; ///< index in the stage's chain
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
    RequestBodyText body;
    PhaseProgress progress;
    std::vector<FilterResult> filters; ///< of the plugins that have one
    Suspension wait; ///< meaningful after Verdict::Suspend
    /// Put there by header filters, in the order the pieces pass through them.
    std::vector<std::unique_ptr<BodyFilter>> bodyFilters;

    std::shared_ptr<const Snapshot> snapshot; ///< what this request is decided by, start to end
    const CompiledRoute *route = nullptr;
    const PluginChain *chain = nullptr; ///< the route's, or merged with the consumer's
    std::shared_ptr<const PluginChain> mergedChain; ///< keeps `chain` alive when it is a merged one
    std::string_view matchedPattern; ///< the route's uri that matched; lives in the snapshot
    const CompiledConsumer *consumer = nullptr; ///< attached by an auth plugin
    const CompiledCredential *credential = nullptr; ///< nullptr when anonymous
    std::optional<Json> externalUser; ///< claims of an external identity
    std::optional<Json> tokenPayload; ///< jwt-auth with store_in_ctx

    std::chrono::steady_clock::time_point started; ///< when its head was complete
    std::chrono::steady_clock::time_point decided; ///< when its last decision was made
    Timestamp now{}; ///< the clock's time when the request was complete enough to decide
    const NodeState *node = nullptr; ///< the upstream node tried last; lives in the worker
    std::string_view nodeAddress; ///< the address of it that was tried; lives in the worker
    const ResponseHead *response = nullptr; ///< while header filters run
    const TlsSession *tls = nullptr; ///< of the client's connection; nullptr: plain
    std::vector<std::string_view> captures; ///< groups of proxy-rewrite's regex_uri
    /// Where a plugin sends the request instead of the route's upstream; lives in the snapshot or
    /// in the plugin. nullptr: to the route's.
    const std::shared_ptr<const CompiledUpstream> *upstream = nullptr;
    std::string_view upstreamHost; ///< Host for the upstream instead of the client's; or empty
    std::string_view requestId; ///< given by the request-id plugin
    std::size_t worker = 0; ///< index of the worker, for PerWorker<>
    std::uint32_t responseHeadSize = 0; ///< octets sent
    int descriptor = -1; ///< of the client's connection; -1 without one
    Forwarding forwarding = Forwarding::Default;
    bool bareForwardedHost = false; ///< X-Forwarded-Host goes without its port
    bool tracing = true;
    bool debugging = false; ///< remember which plugins ran
    bool dryRun = false; ///< only ask: nothing is counted, nobody is called, no dice are thrown
    std::string ran; ///< "key-auth#rewrite, echo#header_filter", while debugging

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

/// What requestBody() found.
enum class BodyState : std::uint8_t {
    Ready, ///< exchange.body.text is the whole body
    TooLarge, ///< it is longer than the limit; the plugin decides what that means
    Unread, ///< return Verdict::ReadBody: the plugin is called again when more is known
};
/// The whole body of the request, if it has at most `limit` bytes. What was read ahead still
/// reaches the upstream.
[[nodiscard]] BodyState requestBody(Exchange &exchange, std::uint64_t limit) noexcept;

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
/// A path as nginx writes one out again: what it must escape, escaped.
[[nodiscard]] std::string escapePath(std::string_view path);
/// Removes every occurrence of the argument from the request's query and rebuilds its target.
void removeQueryArgument(Exchange &exchange, std::string_view name);
/// The cookie's value from all Cookie headers; nullopt if absent.
[[nodiscard]] std::optional<std::string_view> cookieValue(const Exchange &exchange,
                                                          std::string_view name);
/// Removes the cookie, re-joining the others with "; " (the header goes when none is left).
void removeCookie(Exchange &exchange, std::string_view name);

} // namespace postern::gateway
