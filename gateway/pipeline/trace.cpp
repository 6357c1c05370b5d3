// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/trace.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace postern::gateway {

namespace {

// Crockford's base32: no I, L, O, U.
constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kIdSize = 10;

int digitValue(char c) noexcept
{
    if (c >= 'a' && c <= 'z')
        c = static_cast<char>(c & ~0x20);
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    const std::size_t at = kDigits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

} // namespace

std::pair<std::uint16_t, std::uint16_t> TraceRecord::put(std::string_view value) noexcept
{
    const std::size_t size = std::min(value.size(), kText - used);
    if (size == 0)
        return {0, 0};
    std::memcpy(text.data() + used, value.data(), size);
    const std::uint16_t at = used;
    used = static_cast<std::uint16_t>(used + size);
    return {at, static_cast<std::uint16_t>(size)};
}

void TraceRecord::add(Step step, Outcome outcome, Errc reason, std::string_view subject,
                      std::string_view a, std::string_view b, std::int64_t number) noexcept
{
    if (events == kEvents) {
        // the verdict is worth more than the notes before it
        if (outcome != Outcome::Failed)
            return;
        --events;
    }
    TraceEvent &next = event[events];
    next.step = step;
    next.outcome = outcome;
    next.reason = reason;
    next.number = number;
    // one plugin writes several events in a row: its name is stored once
    if (events > 0 && view(event[events - 1U].subject, event[events - 1U].subjectSize) == subject) {
        next.subject = event[events - 1U].subject;
        next.subjectSize = event[events - 1U].subjectSize;
    } else {
        std::tie(next.subject, next.subjectSize) = put(subject);
    }
    std::tie(next.a, next.aSize) = put(a);
    std::tie(next.b, next.bSize) = put(b);
    ++events;
}

void TraceRecord::reset() noexcept
{
    // the arrays are bounded by `events` and `used`; clearing them would cost more than a request
    id = 0;
    received = {};
    totalNs = decisionNs = 0;
    requestBytes = responseBytes = revision = 0;
    status = upstreamStatus = 0;
    upstreamReached = false;
    events = 0;
    used = 0;
    method = methodSize = target = targetSize = host = hostSize = 0;
    route = routeSize = consumer = consumerSize = peer = peerSize = 0;
    message = messageSize = 0;
}

std::string traceId(std::uint64_t id)
{
    std::string text(kIdSize, '0');
    for (std::size_t i = kIdSize; i-- > 0; id >>= 5U)
        text[i] = kDigits[id & 31U];
    return text;
}

Result<std::uint64_t> parseTraceId(std::string_view text)
{
    if (text.size() != kIdSize)
        return fail(Errc::InvalidArgument, "a trace id has ten characters, such as 01JF8Z6Q3M");
    std::uint64_t id = 0;
    for (const char c : text) {
        const int value = digitValue(c);
        if (value < 0)
            return fail(Errc::InvalidArgument,
                        "a trace id holds digits and the letters A to Z without I, L, O, U");
        id = id << 5U | static_cast<std::uint64_t>(value);
    }
    return id;
}

} // namespace postern::gateway
