// SPDX-License-Identifier: Apache-2.0
#include "core/model/secret_members.h"

#include <algorithm>
#include <array>

namespace postern {
namespace {

using Paths = std::array<std::string_view, 5>; // empty ones behind the last

struct Entry
{
    std::string_view name;
    Paths paths;
};

constexpr std::array kPlugins{
    Entry{"key-auth", {"key"}},
    Entry{"basic-auth", {"password"}},
    Entry{"jwt-auth", {"secret", "private_key"}},
    Entry{"hmac-auth", {"secret_key"}},
    Entry{"jwe-decrypt", {"key", "secret"}},
    Entry{"limit-count", {"redis_password", "sentinel_password"}},
    Entry{"openid-connect",
          {"client_secret", "client_rsa_private_key", "dpop.private_key", "session.secret",
           "session.redis.password"}},
    Entry{"authz-keycloak", {"client_secret"}},
};

// APISIX keeps the secrets managers' tokens in clear; we do not.
constexpr std::array kKinds{
    Entry{"ssls", {"key", "keys"}},
    Entry{"upstreams", {"tls.client_key"}},
    Entry{"routes", {"upstream.tls.client_key"}},
    Entry{"services", {"upstream.tls.client_key"}},
    Entry{"secrets",
          {"token", "access_key_id", "secret_access_key", "session_token",
           "auth_config.private_key"}},
    Entry{"keyauth_credentials", {"key"}},
    Entry{"basicauth_credentials", {"password"}},
    Entry{"jwt_secrets", {"secret"}},
    Entry{"hmacauth_credentials", {"secret"}},
};

template <std::size_t Size>
std::span<const std::string_view> lookUp(const std::array<Entry, Size> &table,
                                         std::string_view name) noexcept
{
    const auto entry = std::ranges::find(table, name, &Entry::name);
    if (entry == table.end())
        return {};
    const auto end = std::ranges::find(entry->paths, std::string_view());
    return {entry->paths.begin(), end};
}

constexpr auto kPluginNames = [] {
    std::array<std::string_view, kPlugins.size()> names;
    std::ranges::transform(kPlugins, names.begin(), &Entry::name);
    return names;
}();

} // namespace

std::span<const std::string_view> secretMembers(std::string_view plugin) noexcept
{
    return lookUp(kPlugins, plugin);
}

std::span<const std::string_view> pluginsWithSecrets() noexcept { return kPluginNames; }

std::span<const std::string_view> secretMembersOfKind(std::string_view kind) noexcept
{
    return lookUp(kKinds, kind);
}

} // namespace postern
