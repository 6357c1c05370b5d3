// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/export_secrets.h"

#include "core/model/secret_members.h"
#include "core/secret/reference.h"
#include "gateway/admin/apisix/resource.h"

#include <algorithm>
#include <format>

namespace postern::gateway {
namespace {

constexpr std::string_view kMask = "********";

/// A dotted path of secretMembers().
Json *memberAt(Json &object, std::string_view path)
{
    Json *at = &object;
    while (at != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        at = at->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return at;
}

/// "cred-jack.key" -> "CRED_JACK_KEY"
std::string variablePart(std::string_view text)
{
    std::string part(text);
    std::ranges::transform(part, part.begin(), [](char c) {
        if (c >= 'a' && c <= 'z')
            return static_cast<char>(c - 'a' + 'A');
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    });
    return part;
}

/// What the variables of an object begin with: "route_r1", "secret_vault_1"; those of consumers and
/// credentials with the consumer.
std::string baseOf(const StorageKey &key)
{
    if (key.kind == "consumers")
        return std::string(key.id);
    if (key.kind == "credentials")
        return std::format("{}_{}", key.parent, key.id);
    const ResourceSpec *const resource = findResource(key.kind);
    const std::string_view kind = resource ? resource->kind : key.kind;
    return key.parent.empty() ? std::format("{}_{}", kind, key.id)
                              : std::format("{}_{}_{}", kind, key.parent, key.id);
}

} // namespace

void SecretRewriter::rewrite(Json &object, const StorageKey &key)
{
    if (m_form == SecretForm::Values)
        return;
    const std::string base = baseOf(key);
    if (Json *const plugins = object.find("plugins"); plugins && plugins->isObject()) {
        for (auto &[plugin, config] : plugins->members()) {
            for (const std::string_view path : secretMembers(plugin)) {
                Json *const member = memberAt(config, path);
                // a credential has one plugin, which goes without saying
                if (member)
                    replace(*member,
                            key.kind == "credentials"
                                ? std::format("{}_{}", base, path)
                                : std::format("{}_{}_{}", base, plugin, path));
            }
        }
    }
    for (const std::string_view path : secretMembersOfKind(key.kind)) {
        Json *const member = memberAt(object, path);
        if (!member)
            continue;
        replace(*member, std::format("{}_{}", base, path));
        if (!member->isArray())
            continue;
        std::size_t number = 0;
        for (Json &item : member->items())
            replace(item, std::format("{}_{}_{}", base, path, ++number));
    }
}

void SecretRewriter::replace(Json &secret, std::string_view name)
{
    if (!secret.isString() || isSecretReference(secret.asString()))
        return;
    secret = m_form == SecretForm::Masked ? Json(kMask) : Json("$env://" + variable(name));
}

std::string SecretRewriter::variable(std::string_view text)
{
    std::string base = variablePart(text);
    if (base.front() >= '0' && base.front() <= '9')
        base.insert(0, 1, '_');
    std::string name = base;
    for (int number = 2; !m_used.insert(name).second; ++number)
        name = std::format("{}_{}", base, number);
    m_variables.push_back(name);
    return name;
}

} // namespace postern::gateway
