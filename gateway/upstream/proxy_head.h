// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/http/head_parser.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/router/snapshot.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::gateway {

/// How the request's body travels to the upstream.
struct RequestBody
{
    Framing framing = Framing::None;
    std::uint64_t length = 0;
    bool upgrade = false; ///< pass Connection: upgrade and Upgrade on
};

/// Appends the request head for the upstream: what no plugin touched as it came, in its order; Host
/// by pass_host; hop-by-hop fields left out; X-Real-IP and X-Forwarded-* set. APISIX 3.18.
void buildUpstreamHead(std::string &out, const Exchange &exchange, const CompiledUpstream &upstream,
                       const UpstreamNode &node, const RequestBody &body);

/// The host that the request is sent for, without its port: the name in a TLS handshake.
[[nodiscard]] std::string_view
serverNameFor(const Exchange &exchange, const CompiledUpstream &upstream, const UpstreamNode &node);

/// Appends the response's fields for the client, without hop-by-hop fields and Server.
/// \param upgraded keep Connection and Upgrade (status 101)
void appendResponseFields(std::string &out, const HeaderList &fields, bool upgraded);

} // namespace postern::gateway
