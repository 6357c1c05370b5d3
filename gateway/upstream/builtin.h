// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/server/http_service.h"

#include <atomic>
#include <cstdint>
#include <random>

namespace postern::gateway {

/// The built-in upstream: answers as httpbin does, so that the manuals' examples need no network.
/// It is the handler of an HttpService of its own; the service's thread only, except hits().
///
/// /get /post /put /patch /delete /anything[/...] /headers /ip /user-agent /cookies /cookies/set
/// /status/{code|code,code|code:weight,...} /delay/{seconds} /response-headers /bytes/{n}
/// /stream/{n} /redirect/{n} /uuid /json, and a WebSocket echo at /ws.
class BuiltinUpstream
{
public:
    BuiltinUpstream();

    void handle(const ServiceRequest &request, const Responder &responder);

    /// Requests seen so far. Any thread.
    [[nodiscard]] std::uint64_t hits() const noexcept
    {
        return m_hits.load(std::memory_order_relaxed);
    }
    /// For answers that are random: a status out of several, octets without a seed, UUIDs.
    [[nodiscard]] std::mt19937_64 &random() noexcept { return m_random; }

private:
    std::atomic<std::uint64_t> m_hits{0};
    std::mt19937_64 m_random;
};

} // namespace postern::gateway
