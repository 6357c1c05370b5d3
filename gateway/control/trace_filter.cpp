// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/trace_filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace postern::gateway {

namespace {

constexpr std::size_t kMaxLimit = 10'000;
constexpr std::array<std::string_view, 4> kDecisions{"allowed", "denied", "unmatched", "failed"};

std::optional<std::uint64_t> parseUnsigned(std::string_view text)
{
    std::uint64_t number = 0;
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end)
        return std::nullopt;
    return number;
}

Result<void> readSince(TraceFilter &filter, const std::string &text)
{
    const auto id = parseTraceId(text);
    if (!id)
        return fail(Errc::InvalidArgument, "not a trace id", "since");
    filter.since = *id;
    return {};
}

Result<void> readLimit(TraceFilter &filter, const std::string &text)
{
    const auto limit = parseUnsigned(text);
    if (!limit || *limit == 0 || *limit > kMaxLimit)
        return fail(Errc::InvalidArgument, "must be 1 to 10000", "limit");
    filter.limit = *limit;
    return {};
}

Result<void> readDecision(TraceFilter &filter, const std::string &text)
{
    if (std::ranges::find(kDecisions, text) == kDecisions.end())
        return fail(Errc::InvalidArgument, "must be allowed, denied, unmatched or failed",
                    "decision");
    filter.decision = text;
    return {};
}

Result<void> readConsumer(TraceFilter &filter, const std::string &text)
{
    filter.consumer = text;
    return {};
}

Result<void> readRoute(TraceFilter &filter, const std::string &text)
{
    filter.route = text;
    return {};
}

Result<void> readStatus(TraceFilter &filter, const std::string &text)
{
    if (text.size() == 3 && text[0] >= '1' && text[0] <= '9' && text.ends_with("xx")) {
        filter.statusLow = static_cast<std::uint16_t>((text[0] - '0') * 100);
        filter.statusHigh = static_cast<std::uint16_t>(filter.statusLow + 99);
        return {};
    }
    const auto status = parseUnsigned(text);
    if (!status || *status > 999)
        return fail(Errc::InvalidArgument, "must be a status as 401 or a class as 4xx", "status");
    filter.statusLow = filter.statusHigh = static_cast<std::uint16_t>(*status);
    return {};
}

struct Argument
{
    std::string_view name;
    Result<void> (*read)(TraceFilter &filter, const std::string &text);
};

constexpr std::array<Argument, 6> kArguments{{
    {"since", readSince},
    {"limit", readLimit},
    {"decision", readDecision},
    {"consumer", readConsumer},
    {"route", readRoute},
    {"status", readStatus},
}};

} // namespace

bool TraceFilter::selects() const noexcept
{
    return decision || consumer || route || statusLow > 0 || statusHigh < 999;
}

bool TraceFilter::matches(const TraceRecord &record) const noexcept
{
    return (!consumer || *consumer == record.view(record.consumer, record.consumerSize))
        && (!route || *route == record.view(record.route, record.routeSize))
        && record.status >= statusLow && record.status <= statusHigh;
}

bool TraceFilter::matches(const Json &trace) const noexcept
{
    return !decision || trace.stringOr("decision", "") == *decision;
}

Result<TraceFilter> parseTraceFilter(const ServiceRequest &request)
{
    TraceFilter filter;
    for (const Argument &argument : kArguments) {
        const auto [text, present] = request.argument(argument.name);
        if (!present)
            continue;
        if (const auto read = argument.read(filter, text); !read)
            return std::unexpected(read.error());
    }
    return filter;
}

} // namespace postern::gateway
