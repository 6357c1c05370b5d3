// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern {

/// What a storage key of the APISIX layout names. apisix.md: storage layout (etcd).
///   /apisix/routes/1                          kind "routes", id "1"
///   /apisix/consumers/jack/credentials/x      kind "credentials", parent "jack", id "x"
///   /apisix/secrets/vault/1                   kind "secrets", parent "vault", id "1"
/// The views point into the key.
struct StorageKey
{
    std::string_view kind;
    std::string_view parent; ///< consumer of a credential, manager of a secret; else empty
    std::string_view id;

    bool operator==(const StorageKey &) const = default;
};

/// \return the parts; nullopt if the key is not of this layout (markers such as
/// "/apisix/routes/" included)
[[nodiscard]] std::optional<StorageKey> parseStorageKey(std::string_view key) noexcept;

/// "/apisix/routes/1", "/apisix/consumers/jack/credentials/x", "/apisix/secrets/vault/1"
[[nodiscard]] std::string buildStorageKey(const StorageKey &key);

/// The prefix under which every document of a kind lies: "/apisix/routes/". Credentials lie among
/// the consumers ("/apisix/consumers/"); with `parent` set, that consumer's only.
[[nodiscard]] std::string storagePrefix(std::string_view kind, std::string_view parent = {});

/// APISIX's `value.id` of a stored object: "1", "jack", "jack/credentials/x", "vault/1".
[[nodiscard]] std::string_view storageId(std::string_view key) noexcept;

} // namespace postern
