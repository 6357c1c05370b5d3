// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace postern::gateway {

/// What a trace event is about, in the order a request meets them.
enum class Step : std::uint8_t {
    Route, ///< route matching; subject = route id, a = pattern that matched
    Extract, ///< a credential was looked for; a = where ("header", "query", "cookie"), b = its
             ///< name, number = bytes
    Parse, ///< a token was parsed; a = alg, b = claim names
    Lookup, ///< credential -> consumer; a = lookup key (masked if secret), b = "jack / cred-id"
    Signature, ///< a = alg
    Claims, ///< a = claim name, number = its distance to now in seconds
    Consumer, ///< a consumer was attached; a = username, b = credential id
    Label, ///< acl; a = rule ("allow_labels.team"), b = what the subject has
    Plugin, ///< any other plugin decision
    Upstream, ///< a = "host:port", b = configured node (alias), number = status
    Client, ///< the client's side: syntax, limits, went away
    Reply, ///< who answered; number = status
};

enum class Outcome : std::uint8_t { Ok, Failed, Note };

/// One decision. Texts are offsets into the record's own buffer; nothing is formatted here.
struct TraceEvent
{
    Step step;
    Outcome outcome;
    Errc reason; ///< meaningful when Failed (or Note)
    std::uint16_t subject, subjectSize; ///< plugin or route name
    std::uint16_t a, aSize;
    std::uint16_t b, bSize;
    std::int64_t number;
};

/// What is remembered of one request: fixed size, written by one worker into its ring, never
/// formatted until somebody reads it. Text that does not fit is cut; secrets are never put in.
struct TraceRecord
{
    static constexpr std::size_t kEvents = 20;
    static constexpr std::size_t kText = 1280;

    std::uint64_t id = 0; ///< see traceId()
    Timestamp received{};
    std::int64_t totalNs = 0; ///< until the response was complete
    std::int64_t decisionNs = 0; ///< spent in routing and plugins
    std::uint64_t requestBytes = 0, responseBytes = 0; ///< bodies
    std::uint64_t revision = 0; ///< of the snapshot that served it
    std::uint16_t status = 0; ///< sent to the client; 0 = none
    std::uint16_t upstreamStatus = 0;
    bool upstreamReached = false;
    std::uint8_t events = 0;
    std::uint16_t used = 0;
    std::uint16_t method = 0, methodSize = 0, target = 0, targetSize = 0, host = 0, hostSize = 0;
    std::uint16_t route = 0, routeSize = 0, consumer = 0, consumerSize = 0, peer = 0, peerSize = 0;
    std::uint16_t message = 0, messageSize = 0; ///< the gateway's own reply body, shortened
    std::array<TraceEvent, kEvents> event;
    std::array<char, kText> text;

    [[nodiscard]] std::string_view view(std::uint16_t at, std::uint16_t size) const noexcept
    {
        return {text.data() + at, size};
    }
    /// Puts text into the buffer, as much of it as fits. \return where, and how much
    std::pair<std::uint16_t, std::uint16_t> put(std::string_view value) noexcept;
    void add(Step step, Outcome outcome, Errc reason, std::string_view subject,
             std::string_view a = {}, std::string_view b = {}, std::int64_t number = 0) noexcept;
    void reset() noexcept;
};

/// The ten Crockford base32 characters that stand for a trace id on the wire ("01JF8Z6Q3M").
[[nodiscard]] std::string traceId(std::uint64_t id);
/// \return the number, or Errc::InvalidArgument
[[nodiscard]] Result<std::uint64_t> parseTraceId(std::string_view text);

} // namespace postern::gateway
