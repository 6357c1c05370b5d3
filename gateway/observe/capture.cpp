// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/capture.h"

#include "gateway/observe/capture_mask.h"
#include "gateway/pipeline/trace.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace postern::gateway {
namespace {

std::vector<CredentialPlace> credentialsOf(const TraceRecord &trace)
{
    std::vector<CredentialPlace> places;
    for (std::size_t i = 0; i < trace.events; ++i) {
        const TraceEvent &event = trace.event.at(i);
        if (event.step == Step::Extract && event.aSize > 0)
            places.push_back({i, std::string(trace.view(event.subject, event.subjectSize)),
                              std::string(trace.view(event.a, event.aSize)),
                              std::string(trace.view(event.b, event.bSize))});
    }
    return places;
}

} // namespace

std::size_t CapturedExchange::bytes() const noexcept
{
    return sizeof *this + request.capacity() + upstream.capacity() + response.capacity()
        + requestBody.octets.capacity() + responseBody.octets.capacity();
}

void CaptureRing::configure(const CaptureSettings &settings)
{
    m_settings = settings;
    if (!settings.secrets)
        std::erase_if(m_kept, [](const auto &exchange) { return !exchange->masked; });
    m_bytes = 0;
    for (const auto &exchange : m_kept)
        m_bytes += exchange->bytes();
    trim();
}

std::unique_ptr<CapturedExchange> CaptureRing::begin(std::string_view request) const
{
    auto exchange = std::make_unique<CapturedExchange>();
    exchange->request = request;
    exchange->begun = CapturedExchange::Clock::now();
    return exchange;
}

void CaptureRing::append(CapturedBody &body, std::string_view octets) const
{
    body.size += octets.size();
    const std::size_t room =
        m_settings.bodyLimit - std::min(m_settings.bodyLimit, body.octets.size());
    body.octets.append(octets.substr(0, room));
}

void CaptureRing::keep(std::unique_ptr<CapturedExchange> exchange, const TraceRecord &trace)
{
    exchange->id = trace.id;
    exchange->received = trace.received;
    exchange->done = CapturedExchange::Clock::now();
    exchange->credentials = credentialsOf(trace);
    if (exchange->upstreamConnected == CapturedExchange::Clock::time_point{})
        exchange->upstream.clear(); // ready, but never sent
    exchange->masked = !m_settings.secrets;
    if (exchange->masked)
        maskCredentials(*exchange);
    m_bytes += exchange->bytes();
    m_kept.push_back(std::move(exchange));
    trim();
}

std::shared_ptr<const CapturedExchange> CaptureRing::find(std::uint64_t id) const
{
    for (const auto &exchange : m_kept | std::views::reverse) {
        if (exchange->id == id)
            return exchange;
    }
    return nullptr;
}

void CaptureRing::trim()
{
    while (m_bytes > m_settings.bytes && !m_kept.empty()) {
        m_bytes -= m_kept.front()->bytes();
        m_kept.pop_front();
    }
}

} // namespace postern::gateway
