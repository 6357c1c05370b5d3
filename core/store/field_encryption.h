// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/json/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// How APISIX encrypts single members of its objects: AES-CBC with PKCS#7 padding, the key being
/// its own IV, as base64. apisix.md 1.14. It hides a secret from a glance and from a log, no more:
/// what a store keeps is sealed with Sealer, and this is what answers show. Immutable; any thread.
class FieldEncryption
{
public:
    /// The keys that APISIX comes with.
    [[nodiscard]] static std::vector<std::string> defaultKeyring();
    /// \param keyring keys of 16 or 32 octets; the first one encrypts, all of them decrypt
    /// \return InvalidArgument if a key has another size or there is none
    [[nodiscard]] static Result<FieldEncryption> make(const std::vector<std::string> &keyring);

    /// \return base64; Crypto if OpenSSL fails
    [[nodiscard]] Result<std::string> encrypt(std::string_view text) const;
    /// \return the text; nullopt if it fits none of the keys
    [[nodiscard]] std::optional<std::string> decrypt(std::string_view base64) const;

    /// A stored document as the answer to a write shows it: secrets of plugins and private keys
    /// encrypted, all other bytes as they are.
    [[nodiscard]] Result<std::string> written(std::string_view key, std::string_view value) const;
    /// A stored document as the answer to a GET shows it: private keys encrypted.
    [[nodiscard]] Result<std::string> shown(std::string_view key, std::string value) const;
    /// Decrypts private keys that a client sends back as it was shown them.
    /// \param kind as in storage keys: "upstreams"
    void openKeys(std::string_view kind, Json &object) const;

private:
    explicit FieldEncryption(std::vector<Secret> keyring) : m_keyring(std::move(keyring)) {}

    std::vector<Secret> m_keyring;
};

} // namespace postern
