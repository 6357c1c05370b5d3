// SPDX-License-Identifier: Apache-2.0
#include "gateway/access/sample_request.h"

#include "core/bytes/encoding.h"
#include "gateway/router/ip_range.h"
#include "gateway/router/router.h"

#include <algorithm>
#include <array>
#include <vector>

namespace postern::gateway {

namespace {

/// What may stand for the `*` or the `:name` of a pattern: a route more exact than ours may want
/// the first one.
constexpr std::array<std::string_view, 3> kFillings{"", "sample", "some/other"};
constexpr std::string_view kSegment = "sample";

/// Room for made-up requests; an asker waits for them.
constexpr std::size_t kTries = 64;

/// \param segments `:name` stands for a segment of the path
std::string fill(std::string_view pattern, std::string_view filling, bool segments)
{
    std::string path;
    while (!pattern.empty()) {
        const bool any = pattern.front() == '*';
        const bool segment = segments && pattern.front() == ':' && path.ends_with('/');
        if (!any && !segment) {
            path += pattern.front();
            pattern.remove_prefix(1);
            continue;
        }
        path += any ? filling : kSegment;
        pattern.remove_prefix(std::min(pattern.find('/'), pattern.size())); // the rest is a name
    }
    return path;
}

std::string hostOf(const std::vector<std::string> &hosts)
{
    if (hosts.empty())
        return "localhost";
    const std::string &host = hosts.front();
    return host.starts_with('*') ? std::string(kSegment) + host.substr(1) : host;
}

std::string peerOf(const std::vector<std::string> &ranges, std::string_view preferred)
{
    const auto address = IpAddress::parse(preferred);
    const bool fits = ranges.empty() || std::ranges::any_of(ranges, [&](const std::string &text) {
                          const auto range = IpRange::parse(text);
                          return address && range && range->contains(*address);
                      });
    if (fits)
        return std::string(preferred);
    return ranges.front().substr(0, ranges.front().find('/'));
}

/// `["arg_name", "==", "json"]`: the request gets what it is compared with.
void satisfy(DraftRequest &draft, const Json &condition)
{
    const Json::Array &parts = condition.items();
    if (parts.size() != 3 || parts[1].asString() != "==")
        return;
    const std::string_view name = parts[0].asString();
    const std::string value = parts[2].isString() ? parts[2].asString() : parts[2].dump();
    if (name.starts_with("arg_")) {
        draft.addArgument(name.substr(4), value);
    } else if (name.starts_with("http_")) {
        std::string header(name.substr(5));
        std::ranges::replace(header, '_', '-');
        draft.addHeader(header, value);
    } else if (name.starts_with("cookie_")) {
        draft.addHeader("Cookie", std::string(name.substr(7)) + '=' + value);
    }
}

const CompiledRoute *routeOf(const std::shared_ptr<const Snapshot> &snapshot,
                             const DraftRequest &draft)
{
    Exchange exchange; // conditions look at it
    exchange.snapshot = snapshot;
    exchange.tracing = false;
    if (!readDraft(draft, exchange.arena, exchange.request))
        return nullptr;
    return snapshot->router->match(exchange.request, &exchange).route;
}

std::vector<std::string> pathsOf(const CompiledRoute &route)
{
    std::vector<std::string> paths;
    for (const std::string &pattern : route.uris) {
        for (const std::string_view filling : kFillings) {
            for (const bool segments : {true, false}) {
                std::string path =
                    encodePercent(fill(pattern, filling, segments), "/:@!$&'()*+,;=");
                if (!std::ranges::contains(paths, path))
                    paths.push_back(std::move(path));
            }
        }
    }
    return paths;
}

} // namespace

SampleRequest sampleRequest(const std::shared_ptr<const Snapshot> &snapshot,
                            const CompiledRoute &route, const Json *vars, std::string_view method,
                            std::string_view peer)
{
    SampleRequest sample;
    DraftRequest &draft = sample.draft;
    const bool anyMethod = route.methods.empty() || std::ranges::contains(route.methods, "GET");
    draft.method = !method.empty() ? std::string(method)
        : anyMethod                ? "GET"
                                   : route.methods.front();
    draft.host = hostOf(route.hosts);
    draft.peer = peerOf(route.remoteAddrs, peer);
    const std::vector<std::string> paths = pathsOf(route);
    if (paths.empty() || !snapshot->router)
        return sample;
    std::string arguments;
    if (vars && vars->isArray()) {
        draft.target.clear();
        for (const Json &condition : vars->items())
            satisfy(draft, condition);
        arguments = draft.target;
    }
    for (std::size_t i = 0; i < std::min(paths.size(), kTries) && !sample.matches; ++i) {
        draft.target = paths[i] + arguments;
        const CompiledRoute *found = routeOf(snapshot, draft);
        sample.matches = found == &route;
        if (i == 0 && found)
            sample.instead = found->id;
    }
    if (!sample.matches)
        draft.target = paths.front() + arguments;
    else
        sample.instead.clear();
    return sample;
}

} // namespace postern::gateway
