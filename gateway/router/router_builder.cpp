// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/router_builder.h"

#include "gateway/pipeline/expression.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

namespace {

/// Above this many candidates a list gets a slice per method.
constexpr std::uint32_t kLongList = 8;

/// The order of trial within a list (and, with the literal's length first, between prefixes).
/// An exact list's patterns are all equally long.
bool triedBefore(const RouteCandidate &a, const RouteCandidate &b) noexcept
{
    if (a.route->priority != b.route->priority)
        return a.route->priority > b.route->priority;
    if (a.pattern.size() != b.pattern.size())
        return a.pattern.size() > b.pattern.size();
    return a.load < b.load;
}

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    return lower;
}

} // namespace

RouterBuilder::RouterBuilder(std::vector<std::shared_ptr<const CompiledRoute>> routes,
                             RouterFlavour flavour)
    : m_data(std::make_unique<Router::Data>())
{
    m_data->flavour = flavour;
    m_data->routes = std::move(routes);
}

std::unique_ptr<const Router::Data> RouterBuilder::build()
{
    std::size_t uris = 0;
    std::size_t hosts = 0;
    std::size_t text = 0;
    for (const auto &route : m_data->routes) {
        const std::size_t copies = std::max<std::size_t>(route->hosts.size(), 1);
        uris += route->uris.size() * copies;
        hosts += route->hosts.size();
        for (const std::string &uri : route->uris)
            text += uri.size() * (copies + 1); // keys, and the pattern where there is more of it
    }
    m_data->text.reserve(text);
    m_data->exactLists.reset(uris);
    m_prefixLists.reset(uris);
    m_data->exactHosts.reset(hosts);
    m_wildcards.reset(hosts);
    m_placed.reserve(uris);
    m_data->lists.reserve(uris);

    m_data->groups.emplace_back(); // kNoHost
    m_data->hostKeys.emplace_back();
    m_wildcardGroup.push_back(false);

    std::uint32_t load = 0;
    for (const auto &route : m_data->routes)
        addRoute(*route, load++);
    placeCandidates();
    indexLists();
    plantPrefixes();
    plantHosts();
    return std::move(m_data);
}

void RouterBuilder::addRoute(const CompiledRoute &route, std::uint32_t load)
{
    RouteCandidate base;
    base.route = &route;
    base.load = load;
    base.methods = methodBits(route.methods);
    base.vars = route.vars != nullptr;
    m_data->needsBody = m_data->needsBody || (route.vars && route.vars->needsBody());
    if (!route.remoteAddrs.empty()) {
        // Text that is no range matches no address: the route is then never chosen, not open.
        base.ranges = static_cast<std::uint32_t>(m_data->ranges.size());
        auto &ranges = m_data->ranges.emplace_back();
        for (const std::string &text : route.remoteAddrs) {
            if (const auto range = IpRange::parse(text))
                ranges.push_back(*range);
        }
    }
    m_groups.clear();
    for (const std::string &host : route.hosts) {
        const std::uint32_t group = groupOf(host);
        if (!std::ranges::contains(m_groups, group))
            m_groups.push_back(group);
    }
    if (m_groups.empty())
        m_groups.push_back(Router::Data::kNoHost);
    for (const std::string &uri : route.uris)
        addUri(base, uri, m_groups);
}

void RouterBuilder::addUri(const RouteCandidate &base, std::string_view uri,
                           const std::vector<std::uint32_t> &groups)
{
    const bool parameters = m_data->flavour == RouterFlavour::UriWithParameter;
    const PathPattern pattern(uri, parameters);
    RouteCandidate candidate = base;
    candidate.pattern = uri;
    candidate.exact = pattern.exact();
    const std::string_view literal = pattern.literal();
    candidate.literal = static_cast<std::uint32_t>(literal.size());
    if (!pattern.exact() && !pattern.pure()) {
        candidate.rest = static_cast<std::uint32_t>(m_data->rests.size());
        m_data->rests.emplace_back(keep(uri), parameters);
    }
    for (const std::uint32_t group : groups)
        m_placed.push_back({listOf(group, literal, candidate.exact), candidate});
}

std::uint32_t RouterBuilder::groupOf(std::string_view host)
{
    std::string key = lowerCase(host);
    const bool wildcard = key.starts_with('*');
    if (wildcard) {
        key.erase(0, 1);
        std::ranges::reverse(key);
    }
    HashIndex &index = wildcard ? m_wildcards : m_data->exactHosts;
    const std::uint64_t hash = hashText(key);
    std::uint32_t group =
        index.find(hash, [&](std::uint32_t g) { return m_data->hostKeys[g] == key; });
    if (group == HashIndex::kNone) {
        group = static_cast<std::uint32_t>(m_data->groups.size());
        m_data->groups.emplace_back();
        m_data->hostKeys.push_back(std::move(key));
        m_wildcardGroup.push_back(wildcard);
        index.insert(hash, group);
    }
    return group;
}

std::uint32_t RouterBuilder::listOf(std::uint32_t group, std::string_view key, bool exact)
{
    HashIndex &index = exact ? m_data->exactLists : m_prefixLists;
    const std::uint64_t hash = Router::Data::listHash(hashText(key), group);
    std::uint32_t list = index.find(hash, [&](std::uint32_t l) {
        return m_data->lists[l].group == group && m_data->lists[l].key == key;
    });
    if (list == HashIndex::kNone) {
        list = static_cast<std::uint32_t>(m_data->lists.size());
        m_data->lists.push_back({exact ? keep(key) : key, group, 0, 0, RouteCandidate::kNone});
        m_exactList.push_back(exact);
        index.insert(hash, list);
    }
    ++m_data->lists[list].count;
    return list;
}

std::string_view RouterBuilder::keep(std::string_view text)
{
    const std::size_t at = m_data->text.size();
    m_data->text += text;
    return std::string_view(m_data->text).substr(at);
}

std::uint64_t RouterBuilder::methodBits(const std::vector<std::string> &names)
{
    std::uint64_t bits = 0;
    for (const std::string &name : names) {
        auto at = static_cast<std::size_t>(std::ranges::find(m_data->methods, name)
                                           - m_data->methods.begin());
        if (at == m_data->methods.size()) {
            if (at < Router::Data::kMaxMethods - 1)
                m_data->methods.push_back(name);
            else
                at = Router::Data::kMaxMethods - 1;
        }
        bits |= std::uint64_t{1} << at;
    }
    return bits;
}

void RouterBuilder::placeCandidates()
{
    std::uint32_t at = 0;
    for (RouteList &list : m_data->lists) {
        list.first = at;
        at += list.count;
        list.count = 0;
    }
    m_data->candidates.resize(m_placed.size());
    for (const Placed &placed : m_placed) {
        RouteList &list = m_data->lists[placed.list];
        m_data->candidates[list.first + list.count++] = placed.candidate;
    }
}

void RouterBuilder::indexLists()
{
    for (RouteList &list : m_data->lists) {
        if (list.count < 2)
            continue;
        const auto begin = m_data->candidates.begin() + list.first;
        std::sort(begin, begin + list.count, triedBefore);
        if (list.count > kLongList)
            indexMethods(list);
    }
}

void RouterBuilder::indexMethods(RouteList &list)
{
    list.byMethod = static_cast<std::uint32_t>(m_data->methodSlices.size());
    for (std::size_t method = 0; method <= m_data->methods.size(); ++method) {
        const std::uint64_t bit = method < m_data->methods.size()
            ? std::uint64_t{1} << method
            : std::uint64_t{1} << (Router::Data::kMaxMethods - 1);
        MethodSlice slice{static_cast<std::uint32_t>(m_data->order.size()), 0};
        for (std::uint32_t i = list.first; i < list.first + list.count; ++i) {
            const RouteCandidate &candidate = m_data->candidates[i];
            if (candidate.methods != 0 && (candidate.methods & bit) == 0)
                continue;
            m_data->order.push_back(i);
            ++slice.count;
            // Whatever comes behind one that asks for nothing more is never reached.
            const bool certain = candidate.rest == RouteCandidate::kNone
                && candidate.ranges == RouteCandidate::kNone && !candidate.vars
                && (method < m_data->methods.size() || candidate.methods == 0);
            if (certain)
                break;
        }
        m_data->methodSlices.push_back(slice);
    }
}

void RouterBuilder::plantPrefixes()
{
    struct Key
    {
        std::uint32_t group;
        RadixForest::Entry entry;
    };
    std::vector<Key> keys;
    for (std::uint32_t list = 0; list < m_data->lists.size(); ++list) {
        const RouteList &entry = m_data->lists[list];
        if (m_exactList[list])
            m_data->groups[entry.group].hasExact = true;
        else
            keys.push_back({entry.group, {entry.key, list}});
    }
    std::ranges::sort(keys, [](const Key &a, const Key &b) {
        return a.group != b.group ? a.group < b.group : a.entry.key < b.entry.key;
    });
    std::vector<RadixForest::Entry> tree;
    for (std::size_t first = 0; first < keys.size();) {
        const std::uint32_t group = keys[first].group;
        tree.clear();
        for (; first < keys.size() && keys[first].group == group; ++first) {
            // In this order neighbours in the tree are neighbours in memory.
            RadixForest::Entry &entry = tree.emplace_back(keys[first].entry);
            entry.key = m_data->lists[entry.value].key = keep(entry.key);
        }
        m_data->groups[group].prefixes = m_data->forest.plant(tree);
    }
}

void RouterBuilder::plantHosts()
{
    std::vector<RadixForest::Entry> tree;
    for (std::uint32_t group = 0; group < m_data->groups.size(); ++group) {
        if (m_wildcardGroup[group])
            tree.push_back({m_data->hostKeys[group], group});
    }
    std::ranges::sort(tree, {}, &RadixForest::Entry::key);
    m_data->wildcardHosts = m_data->forest.plant(tree);
}

std::shared_ptr<const Router>
Router::build(std::vector<std::shared_ptr<const CompiledRoute>> routes, RouterFlavour flavour)
{
    return std::make_shared<const Router>(RouterBuilder(std::move(routes), flavour).build());
}

} // namespace postern::gateway
