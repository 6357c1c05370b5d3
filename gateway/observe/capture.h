// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

struct TraceRecord;

/// What is kept of exchanges besides their traces. Off by default.
struct CaptureSettings
{
    bool enabled = false;
    bool secrets = false; ///< keep credentials, so that they can be revealed
    std::size_t bodyLimit = 64U * 1024; ///< octets kept of each body
    std::size_t bytes = 64U * 1024 * 1024; ///< kept in all, of a gateway
};

/// A body as far as it was kept.
struct CapturedBody
{
    std::string octets; ///< free of its transfer coding
    std::uint64_t size = 0; ///< of all of it

    [[nodiscard]] bool truncated() const noexcept { return size > octets.size(); }
};

/// Where an authentication plugin found a credential.
struct CredentialPlace
{
    std::size_t step; ///< of the trace, from 0
    std::string plugin;
    std::string in; ///< "header", "query", "cookie"
    std::string name;
};

/// One exchange as it went over the wires.
struct CapturedExchange
{
    using Clock = std::chrono::steady_clock;

    std::uint64_t id = 0; ///< of its trace
    Timestamp received{};
    bool masked = true; ///< credentials were replaced before it was kept
    bool parsed = false; ///< the request was HTTP; else `request` is what came instead
    std::string request; ///< the head, as it came
    std::string upstream; ///< the head of the last try, as it was sent; empty: none
    std::string response; ///< the head, as it was sent; empty: none
    CapturedBody requestBody, responseBody;
    std::vector<CredentialPlace> credentials;

    // Clock::time_point{}: it did not happen
    Clock::time_point begun; ///< the head was complete
    Clock::time_point decided;
    Clock::time_point upstreamTried; ///< connecting began, or an open connection was taken
    Clock::time_point upstreamConnected;
    Clock::time_point upstreamFirstByte, upstreamLastByte; ///< of its answer
    Clock::time_point done; ///< the answer was handed to the kernel or queued

    [[nodiscard]] std::size_t bytes() const noexcept;
};

/// What one worker has kept. Its thread only.
class CaptureRing
{
public:
    [[nodiscard]] bool enabled() const noexcept { return m_settings.enabled; }
    [[nodiscard]] const CaptureSettings &settings() const noexcept { return m_settings; }
    /// \param settings with this worker's share of `bytes`. Credentials that were kept go when
    /// they may not be kept any more.
    void configure(const CaptureSettings &settings);

    /// \param request the head, or what came instead
    [[nodiscard]] std::unique_ptr<CapturedExchange> begin(std::string_view request) const;
    void append(CapturedBody &body, std::string_view octets) const;
    /// The exchange is over: masks and keeps it.
    void keep(std::unique_ptr<CapturedExchange> exchange, const TraceRecord &trace);
    /// \return nullptr: not kept, or not any more
    [[nodiscard]] std::shared_ptr<const CapturedExchange> find(std::uint64_t id) const;

private:
    void trim();

    CaptureSettings m_settings;
    std::deque<std::shared_ptr<const CapturedExchange>> m_kept; ///< oldest first
    std::size_t m_bytes = 0;
};

} // namespace postern::gateway
