// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/check.h"

#include "core/hash_index.h"
#include "core/json/parse.h"
#include "core/model/keys.h"
#include "core/secret/reference.h"
#include "gateway/router/upstream_check.h"

#include <algorithm>
#include <cmath>
#include <format>

namespace postern::gateway {
namespace {

bool never(const Json &) { return false; }
bool overHttp(const Json &value)
{
    return value.asString() == "http" || value.asString() == "https";
}

struct Unsupported
{
    std::string_view kind;
    std::string_view member;
    bool (*accepted)(const Json &value); // what is harmless all the same
    std::string_view why;
};

constexpr Unsupported kUnsupported[] = {
    {"route", "filter_func", never, "Lua code is not supported"},
    {"route", "script", never, "Lua code is not supported"},
    {"route", "script_id", never, "Lua code is not supported"},
    {"service", "script", never, "Lua code is not supported"},
    {"upstream", "service_name", never, "service discovery is not supported"},
    {"upstream", "discovery_type", never, "service discovery is not supported"},
    {"upstream", "discovery_args", never, "service discovery is not supported"},
    {"upstream", "scheme", overHttp, "only http and https upstreams are supported"},
};

constexpr std::string_view kPluginsPrefix = "invalid plugins configuration: ";

} // namespace

/// False for a stored object that the transaction deletes or replaces.
bool CheckContext::stays(const std::string &key) const
{
    return !m_pending
        || !(m_pending->few ? m_pending->few->contains(key) : m_pending->contains(key));
}

Result<bool> CheckContext::exists(const std::string &key) const
{
    if (m_alone || (m_pending && m_pending->contains(key)))
        return true;
    if (!stays(key))
        return false;
    const auto guard = lock();
    const auto document = m_config.store().get(key);
    if (!document)
        return std::unexpected(document.error());
    return document->has_value();
}

Result<std::optional<Document>> CheckContext::stored(const std::string &key) const
{
    if (m_pending && m_pending->few) {
        if (const auto found = m_pending->few->find(key); found != m_pending->few->end())
            return found->second ? std::optional(Document{key, *found->second}) : std::nullopt;
    }
    const auto guard = lock();
    return m_config.store().get(key);
}

Result<std::vector<Document>> CheckContext::list(std::string_view kind, Replaced replaced) const
{
    return listBelow(storagePrefix(kind), replaced);
}

Result<std::vector<Document>> CheckContext::listBelow(const std::string &prefix,
                                                      Replaced replaced) const
{
    if (m_alone)
        return std::vector<Document>();
    const auto guard = lock();
    auto documents = m_config.store().list(prefix);
    if (!documents || !m_pending || !m_pending->few)
        return documents;
    const PendingObjects::Texts &few = *m_pending->few;
    std::erase_if(*documents, [&](const Document &document) {
        const auto found = few.find(document.key);
        return found != few.end() && (!found->second || replaced == Replaced::Out);
    });
    for (const auto &[key, text] : few) {
        if (text && key.starts_with(prefix))
            documents->push_back(Document{key, *text});
    }
    return documents;
}

std::optional<LoginOwner> CheckContext::otherOwner(const PluginSpec &plugin,
                                                   const std::string &loginKey,
                                                   const LoginOwner &self, bool wholeConsumer) const
{
    if (m_alone)
        return std::nullopt;
    const auto isSelf = [&](const LoginOwner &owner) {
        return owner.username == self.username
            && (wholeConsumer || owner.credentialId == self.credentialId);
    };
    const auto storedAt = [](const LoginOwner &owner) {
        return buildStorageKey(owner.credentialId.empty()
                                   ? StorageKey{"consumers", {}, owner.username}
                                   : StorageKey{"credentials", owner.username, owner.credentialId});
    };
    if (auto owner = m_config.compiler().loginOwner(plugin, loginKey);
        owner && !isSelf(*owner) && stays(storedAt(*owner)))
        return owner;
    if (m_claims)
        m_claims->push_back(
            {&plugin, loginKey, hashText(loginKey) ^ std::hash<const void *>()(&plugin)});
    return std::nullopt;
}

Result<void> checkPlugins(Json *plugins, bool consumer)
{
    if (!plugins)
        return {};
    const auto refuse = [consumer](const std::string &text) {
        return fail(Errc::PluginConfig, consumer ? std::string(kPluginsPrefix) + text : text);
    };
    if (!plugins->isObject())
        return plugins->size() == 0 ? Result<void>() : refuse("unknown plugin [1]");
    for (auto &[name, config] : plugins->members()) {
        if (const auto sound = checkPluginConfig(name, config, consumer); !sound)
            return refuse(sound.error().detail);
    }
    return {};
}

Result<void> checkUpstream(const Json &upstream)
{
    return checkUpstreamSettings(upstream).and_then(
        [&upstream] { return refuseUnsupported("upstream", upstream); });
}

Result<void> checkReference(const Json &object, std::string_view member, std::string_view kind,
                            std::string_view noun, const CheckContext &context)
{
    const Json *reference = object.find(member);
    if (!reference)
        return {};
    const std::string id = idText(*reference);
    const auto found = context.exists(buildStorageKey({kind, {}, id}));
    if (!found)
        return std::unexpected(found.error());
    if (*found)
        return {};
    return fail(
        Errc::InvalidArgument,
        std::format("failed to fetch {0} info by {0} id [{1}], response code: 404", noun, id));
}

Result<void> refuseUnsupported(std::string_view kind, const Json &object)
{
    for (const Unsupported &row : kUnsupported) {
        if (row.kind != kind)
            continue;
        const Json *value = object.find(row.member);
        if (value && !row.accepted(*value))
            return fail(Errc::Unsupported,
                        std::format("unsupported property \"{}\": {}", row.member, row.why));
    }
    return {};
}

Result<void> checkLoginKeys(const Json *plugins, const LoginOwner &self,
                            const CheckContext &context)
{
    if (!plugins)
        return {};
    for (const auto &[name, config] : plugins->members()) {
        const PluginSpec *plugin = findPlugin(name);
        if (!plugin || plugin->loginMember.empty())
            continue;
        const Json *value = config.find(plugin->loginMember);
        if (!value || !value->isString() || isSecretReference(value->asString()))
            continue;
        const auto owner =
            context.otherOwner(*plugin, value->asString(), self, self.credentialId.empty());
        if (owner)
            return duplicateLogin(*plugin, *owner);
    }
    return {};
}

Result<void> checkSharedLogin(const PluginSpec &plugin, const LoginOwner &owner,
                              const LoginOwner &self)
{
    if (owner.username == self.username && self.credentialId.empty())
        return {};
    return duplicateLogin(plugin, owner);
}

std::unexpected<Error> duplicateLogin(const PluginSpec &plugin, const LoginOwner &owner)
{
    std::string text =
        std::format("duplicate {} of plugin {} found with ", plugin.loginMember, plugin.name);
    if (!owner.credentialId.empty())
        text.append(std::format("credential: {} of ", owner.credentialId));
    return fail(Errc::InvalidArgument, text.append("consumer: ").append(owner.username));
}

std::string idText(const Json &id)
{
    if (id.isString())
        return id.asString();
    if (const auto integer = id.asInteger())
        return std::to_string(*integer);
    if (id.isNumber())
        return std::format("{:.14g}", id.asDouble());
    return id.dump();
}

Result<void> refuseIfReferenced(std::string_view id, std::string_view kind, std::string_view member,
                                std::string_view before, const CheckContext &context)
{
    const auto documents = context.list(kind);
    if (!documents)
        return std::unexpected(documents.error());
    for (const Document &document : *documents) {
        // Cheap first: most documents do not name the member at all.
        if (!document.value.contains(member))
            continue;
        const auto object = parseJson(document.value);
        const Json *reference = object ? object->find(member) : nullptr;
        if (reference && idText(*reference) == id)
            return fail(
                Errc::InvalidArgument,
                std::format("{} [{}] is still using it now", before, storageId(document.key)));
    }
    return {};
}

} // namespace postern::gateway
