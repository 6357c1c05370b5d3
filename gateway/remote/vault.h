// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/control/client.h"

#include <chrono>
#include <string>
#include <string_view>

namespace postern::gateway {

/// What a `/secrets/vault/{id}` object says. apisix.md 5.2, 5.3.
struct VaultAddress
{
    ServerAddress server;
    std::string prefix; ///< "kv/apisix"
    std::string token; ///< may be an `$env://` reference
    std::string nameSpace; ///< X-Vault-Namespace; empty: not sent
    std::chrono::milliseconds timeout{5000}; ///< over connecting, handshake and answer together

    /// "vault 127.0.0.1:8200", for messages.
    [[nodiscard]] std::string name() const;
    /// "/v1/kv/apisix/jack", without repeated slashes.
    [[nodiscard]] std::string target(std::string_view path) const;
};

/// \return the address, or Config that says which member is wrong
[[nodiscard]] Result<VaultAddress> readVaultAddress(const Json &object);

/// Reads what a KV engine keeps at a path: `GET {uri}/v1/{prefix}/{path}`. As in the original the
/// status is not looked at: an answer with an object `data` is good. Blocks; never a worker.
/// \param token the resolved one
/// \param cancel see ControlClient
/// \return the object `data`; SecretManager (not reached or no answer: `where` is the server; not
/// JSON, refused: `where` is empty) or SecretMember (nothing is kept there). Neither token nor
/// values are ever in an error.
[[nodiscard]] Result<Json> readVault(const VaultAddress &vault, const std::string &token,
                                     std::string_view path, int cancel = -1);

/// The member of an object that readVault() returned. What is no string is taken as JSON text.
/// Version 2 of the KV engine answers with a second `data` below the first one, which is not looked
/// into, as in the original.
/// \return the value, or SecretMember, which tells such an answer
[[nodiscard]] Result<std::string> vaultMember(const Json &data, std::string_view member,
                                              std::string_view place);

} // namespace postern::gateway
