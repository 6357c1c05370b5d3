// SPDX-License-Identifier: Apache-2.0
#include "core/model/keys.h"

namespace postern {
namespace {

constexpr std::string_view kRoot = "/apisix/";
constexpr std::string_view kConsumers = "consumers";
constexpr std::string_view kCredentials = "credentials";
constexpr std::string_view kSecrets = "secrets";
constexpr std::string_view kInfix = "/credentials/";

} // namespace

std::optional<StorageKey> parseStorageKey(std::string_view key) noexcept
{
    if (!key.starts_with(kRoot))
        return std::nullopt;
    key.remove_prefix(kRoot.size());
    const std::size_t slash = key.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    StorageKey parts{key.substr(0, slash), {}, key.substr(slash + 1)};
    const std::size_t inner = parts.id.find('/');
    if (inner != std::string_view::npos && parts.kind == kConsumers) {
        if (!parts.id.substr(inner).starts_with(kInfix))
            return std::nullopt;
        parts = {kCredentials, parts.id.substr(0, inner), parts.id.substr(inner + kInfix.size())};
    } else if (inner != std::string_view::npos && parts.kind == kSecrets) {
        parts = {kSecrets, parts.id.substr(0, inner), parts.id.substr(inner + 1)};
    }
    if (parts.kind.empty() || parts.id.empty() || parts.id.find('/') != std::string_view::npos)
        return std::nullopt;
    const bool nested = parts.kind == kCredentials || parts.kind == kSecrets;
    if (nested && parts.parent.empty())
        return std::nullopt;
    return parts;
}

std::string storagePrefix(std::string_view kind, std::string_view parent)
{
    std::string prefix(kRoot);
    if (kind == kCredentials) {
        prefix.append(kConsumers).append("/");
        if (!parent.empty())
            prefix.append(parent).append(kInfix);
        return prefix;
    }
    prefix.append(kind).append("/");
    if (!parent.empty())
        prefix.append(parent).append("/");
    return prefix;
}

std::string buildStorageKey(const StorageKey &key)
{
    return storagePrefix(key.kind, key.parent).append(key.id);
}

std::string_view storageId(std::string_view key) noexcept
{
    if (!key.starts_with(kRoot))
        return key;
    key.remove_prefix(kRoot.size());
    const std::size_t slash = key.find('/');
    return slash == std::string_view::npos ? std::string_view() : key.substr(slash + 1);
}

} // namespace postern
