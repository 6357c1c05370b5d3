// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gateway/router/ip_range.h"
#include "gateway/server/real_ip.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace postern::gateway {

/// Bounds on what clients may do. Everything has one.
struct ProxyLimits
{
    std::size_t headerBytes = 64U * 1024;
    std::size_t headerFields = 100;
    std::size_t targetBytes = 16U * 1024;
    std::uint64_t bodyBytes = std::numeric_limits<std::uint64_t>::max(); ///< streamed; no limit
    std::size_t connections = 100'000; ///< all workers together
    Duration headerTimeout = std::chrono::seconds(60); ///< first to last octet of a head
    Duration bodyTimeout = std::chrono::seconds(60); ///< between two reads of a body
    Duration idleTimeout = std::chrono::seconds(75); ///< keep-alive
    Duration sendTimeout = std::chrono::seconds(60); ///< a client that does not take its answer
    std::size_t bufferBytes = 256U * 1024; ///< queued for a slow reader before the sender is paused
};

/// What the response tells about its trace.
enum class TraceHeader : std::uint8_t { Off, Id, Summary };

/// What is done to the path that routes match on, besides decoding it. APISIX 3.18, router
/// switches; the upstream gets the path as the client sent it.
struct PathOptions
{
    bool dropTailSlash = false; ///< delete_uri_tail_slash
    bool servlet = false; ///< normalize_uri_like_servlet: no `;parameters`
    bool keepEncodedSlash = false; ///< match_uri_encoded_slash: `%2F` is no '/'
};

/// What every worker is told at start; immutable while it runs.
struct ProxyOptions
{
    ProxyLimits limits;
    std::string serverToken = "APISIX/3.18.0";
    bool tracing = true;
    TraceHeader traceHeader = TraceHeader::Id;
    std::size_t traceKeep = 10'000; ///< per gateway
    PathOptions paths;
    std::vector<IpRange> trusted; ///< whose forwarding fields are kept; empty: nobody's
    RealIpOptions realIp;
    bool forwardedHostHasPort = true; ///< X-Forwarded-Host is the Host header as it came
    std::string fallbackServerName; ///< of TLS clients that name none; empty: the address they use
    bool debugHeader = false; ///< tell in Apisix-Plugins which plugins ran
    bool upstreamStatusHeader = false; ///< X-APISIX-Upstream-Status on every proxied answer
};

} // namespace postern::gateway
