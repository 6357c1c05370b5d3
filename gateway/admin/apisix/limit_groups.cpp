// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/limit_groups.h"

#include "core/json/parse.h"
#include "gateway/admin/apisix/check.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

// limit-count's groups: everything that names one shares its counters, and so its configuration.

namespace postern::gateway {
namespace {

constexpr std::string_view kPlugin = "limit-count";
constexpr std::array<std::string_view, 6> kHolders{"routes",          "services",  "plugin_configs",
                                                   "consumer_groups", "consumers", "global_rules"};

const Json *groupedLimit(const Json *plugins)
{
    const Json *limit = plugins ? plugins->find(kPlugin) : nullptr;
    if (!limit || limit->stringOr("group", "").empty())
        return nullptr;
    const Json *meta = limit->find("_meta");
    const Json *disable = meta ? meta->find("disable") : nullptr;
    return disable && disable->asBool() ? nullptr : limit;
}

/// Equal but for `_meta`, in whatever order.
bool sameLimit(const Json &one, const Json &other)
{
    const auto contains = [](const Json &limit, const auto &member) {
        const Json *value = limit.find(member.first);
        return member.first == "_meta" || (value && *value == member.second);
    };
    return std::ranges::all_of(one.members(),
                               [&](const auto &member) { return contains(other, member); })
        && std::ranges::all_of(other.members(),
                               [&](const auto &member) { return contains(one, member); });
}

/// What a stored object has, with its defaults.
std::optional<Json> storedLimit(const Document &document)
{
    // Cheap first: most documents have no such thing.
    if (!document.value.contains("\"group\"") || !document.value.contains(kPlugin))
        return std::nullopt;
    auto object = parseJson(document.value, {.lastDuplicateWins = true});
    const Json *stored = object ? groupedLimit(object->find("plugins")) : nullptr;
    if (!stored)
        return std::nullopt;
    Json complete = *stored;
    static_cast<void>(checkPluginConfig(kPlugin, complete, false)); // for its defaults
    return complete;
}

/// \return true if a stored object has that group with another configuration
bool disagrees(const Document &document, const Json &limit)
{
    const auto stored = storedLimit(document);
    return stored && stored->stringOr("group", "") == limit.stringOr("group", "")
        && !sameLimit(*stored, limit);
}

std::unexpected<Error> mismatch(bool consumer)
{
    return fail(Errc::PluginConfig,
                std::string(consumer ? "invalid plugins configuration: " : "")
                    + "failed to check the configuration of plugin limit-count err: group conf "
                      "mismatched");
}

} // namespace

Result<void> LimitGroups::addStored(const CheckContext &context,
                                    const std::function<bool(std::string_view key)> &stays)
{
    for (const std::string_view kind : kHolders) {
        const auto documents = context.list(kind);
        if (!documents)
            return std::unexpected(documents.error());
        for (const Document &document : *documents) {
            if (auto limit = stays(document.key) ? storedLimit(document) : std::nullopt)
                m_known.try_emplace(std::string(limit->stringOr("group", "")), *std::move(limit));
        }
    }
    return {};
}

Result<void> LimitGroups::add(const GroupClaim &claim)
{
    const std::string_view group = claim.limit.stringOr("group", "");
    if (const auto known = m_known.find(group); known == m_known.end())
        m_known.emplace(group, claim.limit);
    else if (!sameLimit(known->second, claim.limit))
        return mismatch(claim.consumer);
    return {};
}

Result<void> checkPlugins(Json *plugins, bool consumer, const CheckContext &context)
{
    if (const auto sound = checkPlugins(plugins, consumer); !sound)
        return sound;
    const Json *limit = groupedLimit(plugins);
    if (!limit)
        return {};
    if (std::vector<GroupClaim> *const groups = context.groupClaims()) {
        groups->push_back({*limit, consumer});
        return {};
    }
    for (const std::string_view kind : kHolders) {
        const auto documents = context.list(kind, CheckContext::Replaced::Left);
        if (!documents)
            return std::unexpected(documents.error());
        if (std::ranges::any_of(*documents, [limit](const Document &document) {
                return disagrees(document, *limit);
            }))
            return mismatch(consumer);
    }
    return {};
}

} // namespace postern::gateway
