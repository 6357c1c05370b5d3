// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/observations.h"

#include "core/json/parse.h"
#include "gateway/control/client.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <format>
#include <fstream>

namespace postern::cli {
namespace {

Result<std::uint64_t> parseCount(std::string_view text, std::uint64_t otherwise)
{
    if (text.empty())
        return otherwise;
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size())
        return fail(Errc::Usage, "write a number or a range: 10, 10.., 1..5", "--expect-requests");
    return number;
}

} // namespace

void addObservationOptions(CLI::App &app, ObservationOptions &options)
{
    app.add_flag("--fail-on-denied", options.failOnDenied,
                 "exit 1 if the gateway refused a request, even when the command succeeds");
    app.add_flag("--fail-on-unmatched", options.failOnUnmatched,
                 "exit 1 if a request matched no route");
    app.add_option("--expect-requests", options.expectRequests,
                   "exit 1 unless so many requests came: 10, 10.., 1..5");
    app.add_option("--artifacts", options.artifacts,
                   "write traces.ndjson into this folder at the end")
        ->envname("POSTERN_ARTIFACTS");
}

Result<RequestRange> parseRequestRange(std::string_view text)
{
    if (text.empty())
        return RequestRange{};
    const std::size_t dots = text.find("..");
    const std::string_view least = text.substr(0, dots);
    const std::string_view most = dots == std::string_view::npos ? text : text.substr(dots + 2);
    const RequestRange any;
    const auto from = parseCount(least, any.least);
    const auto to = from ? parseCount(most, any.most) : from;
    if (!to)
        return std::unexpected(to.error());
    if (*from > *to)
        return fail(Errc::Usage, "the range is empty", "--expect-requests");
    return RequestRange{*from, *to};
}

std::vector<std::string> unmetDemands(const ObservationOptions &options, const RequestRange &range,
                                      const gateway::GatewayTotals &totals)
{
    std::vector<std::string> unmet;
    if (options.failOnDenied && totals.denied > 0)
        unmet.push_back(std::format("{} requests were denied (--fail-on-denied)", totals.denied));
    if (options.failOnUnmatched && totals.unmatched > 0)
        unmet.push_back(
            std::format("{} requests matched no route (--fail-on-unmatched)", totals.unmatched));
    if (totals.requests < range.least || totals.requests > range.most)
        unmet.push_back(std::format("{} requests came (--expect-requests {})", totals.requests,
                                    options.expectRequests));
    return unmet;
}

Result<void> writeArtifacts(const std::filesystem::path &directory, const std::string &socket)
{
    std::error_code code;
    std::filesystem::create_directories(directory, code);
    const gateway::ControlClient client(gateway::ServerAddress{socket, {}, 0, {}});
    gateway::ClientRequest request;
    request.target = "/v1/traces?limit=10000";
    const auto response = client.send(request);
    if (!response)
        return std::unexpected(response.error());
    const Result<Json> answer = parseJson(response->body);
    if (!answer)
        return std::unexpected(answer.error());
    const std::filesystem::path path = directory / "traces.ndjson";
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    const Json *const traces = answer->find("traces");
    for (const Json &trace : traces ? traces->items() : Json::Array())
        out << trace.dump() << '\n';
    if (!out.flush())
        return fail(Errc::Io, "cannot be written", path.string());
    return {};
}

} // namespace postern::cli
