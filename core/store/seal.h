// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"

#include <qca_basic.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace postern {

/// Seals secret members of stored documents with AES-256-GCM (QCA), key by HKDF-SHA-256 from a
/// master key. A sealed member is the JSON string "sealed:v1:<base64url(nonce|ciphertext|tag)>";
/// what is sealed is the member's JSON text together with the document's key and the member's
/// path, so that a sealed value cannot be moved elsewhere. (QCA offers no associated data; sealed
/// text is authenticated just as well.) One thread at a time.
class Sealer
{
public:
    /// \param masterKey 32 octets
    /// \param salt this database's own; public
    /// \return the sealer, or Unsupported if QCA lacks its OpenSSL provider
    [[nodiscard]] static Result<Sealer> make(const Secret &masterKey, std::string_view salt);

    /// Seals any text for one place.
    [[nodiscard]] Result<std::string> seal(std::string_view text, std::string_view place) const;
    /// \return the text, or StoreSeal: another key, another place, or changed octets
    [[nodiscard]] Result<std::string> open(std::string_view sealed, std::string_view place) const;

    /// Seals every secret member of a document (see core/model/secret_members.h); all other bytes
    /// stay as they are.
    /// \return the text to store, or JsonDuplicateMember: a repeated member could hide a secret
    [[nodiscard]] Result<std::string> sealDocument(std::string_view key,
                                                   std::string_view value) const;
    /// The reverse, byte for byte. \return StoreSeal with the member's place
    [[nodiscard]] Result<std::string> openDocument(std::string_view key,
                                                   std::string_view value) const;

private:
    explicit Sealer(const Secret &key);

    Secret m_key;
    // Kept: making a cipher costs QCA several times what sealing a key does.
    mutable QCA::Cipher m_encoder;
    mutable QCA::Cipher m_decoder;
};

/// True if the document has members that sealDocument() would seal.
[[nodiscard]] bool holdsSecrets(std::string_view key, std::string_view value);
/// True if the document may have members that openDocument() would open. Cheap.
[[nodiscard]] bool mayHoldSealed(std::string_view value) noexcept;

/// Reads a master key of 32 octets.
/// \return the key, or StoreSeal (absent, wrong size), Permission (open to others than the owner)
[[nodiscard]] Result<Secret> readKeyFile(const std::filesystem::path &path);
/// Makes a key file with mode 0600 and random content, durably, unless there is one already; then
/// reads it.
[[nodiscard]] Result<Secret> makeKeyFile(const std::filesystem::path &path);
/// Master key from a passphrase by scrypt (N 2^15, r 8, p 1; about 32 MiB and 0.1 s).
[[nodiscard]] Result<Secret> keyFromPassphrase(std::string_view passphrase, std::string_view salt);

} // namespace postern
