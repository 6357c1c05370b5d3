// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/router.h"

#include "gateway/router/router_data.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <optional>

namespace postern::gateway {

namespace {

constexpr std::size_t kTypoLimit = 3; ///< more edits than that are not a typo

std::string joined(const std::vector<std::string> &texts)
{
    std::string all;
    for (const std::string &text : texts)
        all += (all.empty() ? "" : ", ") + text;
    return all;
}

bool sameIgnoringCase(std::string_view a, std::string_view b) noexcept
{
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool isWildcard(std::string_view host) noexcept { return host.starts_with('*'); }

bool hostFits(std::string_view pattern, std::string_view name) noexcept
{
    if (!isWildcard(pattern))
        return sameIgnoringCase(pattern, name);
    pattern.remove_prefix(1);
    return name.size() >= pattern.size()
        && sameIgnoringCase(name.substr(name.size() - pattern.size()), pattern);
}

/// Levenshtein distance, or `limit + 1` where it is larger. Only a band of the table is computed.
std::size_t editDistance(std::string_view a, std::string_view b, std::size_t limit)
{
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.remove_suffix(1);
        b.remove_suffix(1);
    }
    if (a.size() > b.size())
        std::swap(a, b);
    if (b.size() - a.size() > limit)
        return limit + 1;
    if (a.empty())
        return b.size();
    std::array<std::size_t, 256> row;
    if (a.size() >= row.size())
        return limit + 1;
    for (std::size_t i = 0; i <= a.size(); ++i)
        row[i] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
        std::size_t diagonal = row[0];
        std::size_t least = row[0] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[i];
            row[i] = std::min({change, row[i] + 1, row[i - 1] + 1});
            least = std::min(least, row[i]);
        }
        if (least > limit)
            return limit + 1;
    }
    return std::min(row[a.size()], limit + 1);
}

struct PathVerdict
{
    int score = 0; ///< 0 to 60; 100: it matches
    std::string_view hint;
};

PathVerdict comparePath(const PathPattern &pattern, std::string_view path)
{
    if (pattern.matches(path))
        return {100, {}};
    const std::string_view literal = pattern.literal();
    std::string_view head = path;
    if (!pattern.exact()) {
        if (literal.ends_with('/') && path == literal.substr(0, literal.size() - 1))
            return {60, "the slash at the end is missing"};
        head = path.substr(0, literal.size());
    } else {
        if (path.size() == literal.size() + 1 && path.starts_with(literal) && path.ends_with('/'))
            return {60, "the slash at the end is too much"};
        if (literal.size() == path.size() + 1 && literal.starts_with(path)
            && literal.ends_with('/'))
            return {60, "the slash at the end is missing"};
    }
    if (sameIgnoringCase(literal, head)) {
        return literal == head ? PathVerdict{50, "what follows the \"*\" or parameter differs"}
                               : PathVerdict{58, "upper and lower case differ"};
    }
    const std::size_t distance = editDistance(literal, head, kTypoLimit);
    // A short path is within reach of everything: the distance must be small against it.
    if (distance <= kTypoLimit && distance * 3 <= literal.size())
        return {57 - static_cast<int>(distance) * 2,
                distance == 1 ? "they differ in one character" : "they differ by a few characters"};
    // All paths share the first slash: it says nothing.
    const auto same =
        static_cast<std::size_t>(std::ranges::mismatch(literal, path).in1 - literal.begin());
    const std::size_t whole = std::max(literal.size(), head.size());
    return {same < 2 ? 0 : static_cast<int>((same - 1) * 40 / whole), {}};
}

struct Asked
{
    std::string_view method, hostName, path, peer;
    std::optional<IpAddress> address;
};

/// The other conditions of a route whose path is `near.pattern`; the first that fails is named
/// unless the path already was.
void compareRest(const CompiledRoute &route, const Asked &asked, NearRoute &near)
{
    const auto fails = [&](std::string_view condition, int cost, std::string detail) {
        near.score -= cost;
        if (near.condition.empty()) {
            near.condition = condition;
            near.detail = std::move(detail);
        }
    };
    if (!route.hosts.empty() && std::ranges::none_of(route.hosts, [&](const std::string &host) {
            return hostFits(host, asked.hostName);
        }))
        fails(
            "host", 20,
            std::format("host is \"{}\"; the route takes {}", asked.hostName, joined(route.hosts)));
    if (!route.methods.empty() && !std::ranges::contains(route.methods, asked.method))
        fails("method", 10,
              std::format("method is {}; the route takes {}", asked.method, joined(route.methods)));
    if (!route.remoteAddrs.empty()
        && std::ranges::none_of(route.remoteAddrs, [&](const std::string &text) {
               const auto range = IpRange::parse(text);
               return range && asked.address && range->contains(*asked.address);
           }))
        fails("remote_addr", 5,
              std::format("remote address is {}; the route takes {}", asked.peer,
                          joined(route.remoteAddrs)));
    // What a trace keeps of a request is not enough to say which condition failed.
    if (route.vars && near.condition.empty())
        fails("vars", 1, "the route's vars did not hold");
}

} // namespace

std::vector<NearRoute> Router::nearest(std::string_view method, std::string_view hostName,
                                       std::string_view path, std::string_view peer,
                                       std::size_t limit) const
{
    const Asked asked{method, hostName, path, peer, IpAddress::parse(peer)};
    const bool parameters = m_data->flavour == RouterFlavour::UriWithParameter;
    std::vector<NearRoute> all;
    for (const auto &route : m_data->routes) {
        NearRoute best;
        best.score = -1;
        PathVerdict verdict;
        for (const std::string &uri : route->uris) {
            const PathVerdict one = comparePath(PathPattern(uri, parameters), path);
            if (one.score > best.score) {
                verdict = one;
                best.score = one.score;
                best.pattern = uri;
            }
        }
        if (best.score < 0)
            continue;
        best.id = route->id;
        if (best.score < 100) {
            best.condition = "path";
            best.detail =
                std::format("uri is \"{}\", the request asks for \"{}\"{}{}", best.pattern, path,
                            verdict.hint.empty() ? "" : ": ", verdict.hint);
        }
        compareRest(*route, asked, best);
        all.push_back(std::move(best));
    }
    const std::size_t count = std::min(limit, all.size());
    std::ranges::stable_sort(all, std::ranges::greater{}, &NearRoute::score);
    all.resize(count);
    return all;
}

} // namespace postern::gateway
