// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/router.h"

#include "gateway/pipeline/expression.h"
#include "gateway/router/router_data.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace postern::gateway {

namespace {

/// One request's way through the tables.
class Lookup
{
public:
    Lookup(const Router::Data &data, const Request &request, Exchange *exchange) noexcept
        : m_data(data),
          m_request(request),
          m_exchange(exchange),
          m_pathHash(hashText(request.path))
    {
        const auto at = std::ranges::find(data.methods, request.method);
        m_method = static_cast<std::size_t>(at - data.methods.begin());
        m_methodBit = std::uint64_t{1}
            << std::min(m_method < data.methods.size() ? m_method : Router::Data::kMaxMethods,
                        Router::Data::kMaxMethods - 1);
    }

    /// The first candidate of the group that matches completely.
    [[nodiscard]] const RouteCandidate *inGroup(std::uint32_t number) noexcept
    {
        const HostGroup &group = m_data.groups[number];
        if (group.hasExact) {
            const std::uint32_t list = m_data.exactLists.find(
                Router::Data::listHash(m_pathHash, number), [&](std::uint32_t l) {
                    return m_data.lists[l].group == number && m_data.lists[l].key == m_request.path;
                });
            if (list != HashIndex::kNone) {
                if (const RouteCandidate *found = inList(m_data.lists[list]))
                    return found;
            }
        }
        const RadixForest &forest = m_data.forest;
        for (std::uint32_t node = forest.deepest(group.prefixes, m_request.path);
             node != RadixForest::kNone; node = forest.shorter(node)) {
            if (const RouteCandidate *found = inList(m_data.lists[forest.value(node)]))
                return found;
        }
        return nullptr;
    }

private:
    [[nodiscard]] const RouteCandidate *inList(const RouteList &list) noexcept
    {
        if (list.byMethod == RouteCandidate::kNone) {
            for (std::uint32_t i = list.first; i < list.first + list.count; ++i) {
                if (fits(m_data.candidates[i]))
                    return &m_data.candidates[i];
            }
            return nullptr;
        }
        const MethodSlice &slice = m_data.methodSlices[list.byMethod + m_method];
        for (std::uint32_t i = slice.first; i < slice.first + slice.count; ++i) {
            const RouteCandidate &candidate = m_data.candidates[m_data.order[i]];
            if (fits(candidate))
                return &candidate;
        }
        return nullptr;
    }

    [[nodiscard]] bool fits(const RouteCandidate &candidate) noexcept
    {
        if (candidate.methods != 0 && !fitsMethod(candidate))
            return false;
        if (candidate.rest != RouteCandidate::kNone
            && !m_data.rests[candidate.rest].matchesRest(m_request.path.substr(candidate.literal)))
            return false;
        if (candidate.ranges != RouteCandidate::kNone && !fitsAddress(candidate))
            return false;
        return !candidate.vars || (m_exchange && candidate.route->vars->holds(*m_exchange));
    }

    [[nodiscard]] bool fitsMethod(const RouteCandidate &candidate) const noexcept
    {
        if ((candidate.methods & m_methodBit) == 0)
            return false;
        // The last bit is shared by every name that got none of its own.
        return m_method < m_data.methods.size()
            || std::ranges::contains(candidate.route->methods, m_request.method);
    }

    [[nodiscard]] bool fitsAddress(const RouteCandidate &candidate) noexcept
    {
        if (!std::exchange(m_peerRead, true))
            m_peer = IpAddress::parse(m_request.peer);
        return m_peer
            && std::ranges::any_of(m_data.ranges[candidate.ranges],
                                   [&](const IpRange &range) { return range.contains(*m_peer); });
    }

    const Router::Data &m_data;
    const Request &m_request;
    Exchange *m_exchange;
    std::uint64_t m_pathHash;
    std::size_t m_method = 0; ///< index into Data::methods; its size for any other
    std::uint64_t m_methodBit = 0;
    bool m_peerRead = false;
    std::optional<IpAddress> m_peer;
};

/// The groups a host name belongs to, in the order of trial: exact, suffixes from the longest, bare
/// `*`, no host.
template <class Visit>
void forEachGroup(const Router::Data &data, std::string_view hostName, Visit visit) noexcept
{
    if (data.groups.size() > 1) {
        const std::uint32_t exact =
            data.exactHosts.find(hashText(hostName), [&](std::uint32_t group) {
                return data.hostKeys[group] == hostName;
            });
        if (exact != HashIndex::kNone && visit(exact))
            return;
        // No name in the configuration is longer than 253; what counts is the end of the name.
        std::array<char, 256> reversed;
        const std::size_t size = std::min(hostName.size(), reversed.size());
        std::reverse_copy(hostName.end() - static_cast<std::ptrdiff_t>(size), hostName.end(),
                          reversed.begin());
        for (std::uint32_t node = data.forest.deepest(data.wildcardHosts, {reversed.data(), size});
             node != RadixForest::kNone; node = data.forest.shorter(node)) {
            if (visit(data.forest.value(node)))
                return;
        }
    }
    visit(Router::Data::kNoHost);
}

/// The path-first flavours: which of two groups' best comes first, host being a filter only.
bool comesFirst(const RouteCandidate &a, const RouteCandidate &b) noexcept
{
    if (a.exact != b.exact)
        return a.exact;
    if (a.literal != b.literal)
        return a.literal > b.literal;
    if (a.route->priority != b.route->priority)
        return a.route->priority > b.route->priority;
    if (a.pattern.size() != b.pattern.size())
        return a.pattern.size() > b.pattern.size();
    return a.load < b.load;
}

} // namespace

Router::Router(std::unique_ptr<const Data> data) : m_data(std::move(data)) {}

Router::~Router() = default;

const std::vector<std::shared_ptr<const CompiledRoute>> &Router::routes() const noexcept
{
    return m_data->routes;
}

bool Router::needsBody() const noexcept { return m_data->needsBody; }

Router::Match Router::match(const Request &request, Exchange *exchange) const noexcept
{
    Lookup lookup(*m_data, request, exchange);
    const RouteCandidate *best = nullptr;
    const bool hostFirst = m_data->flavour == RouterFlavour::HostUri;
    forEachGroup(*m_data, request.hostName, [&](std::uint32_t group) {
        const RouteCandidate *found = lookup.inGroup(group);
        if (found && (!best || comesFirst(*found, *best)))
            best = found;
        return hostFirst && best;
    });
    if (!best)
        return {};
    return {best->route, best->pattern};
}

} // namespace postern::gateway
