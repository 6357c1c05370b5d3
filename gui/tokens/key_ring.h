// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/jose/jwt.h"
#include "core/jose/why.h"
#include "gateway/admin/access/jwt_credentials.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gui {

class Workspace;

/// The jwt-auth credentials of all consumers. Immutable; any thread.
class KeyRing
{
public:
    KeyRing() = default;
    explicit KeyRing(std::vector<gateway::JwtCredential> credentials);

    [[nodiscard]] const std::vector<gateway::JwtCredential> &credentials() const noexcept
    {
        return m_credentials;
    }
    /// \param credential empty: the consumer's first. nullptr: there is none
    [[nodiscard]] const gateway::JwtCredential *find(std::string_view consumer,
                                                     std::string_view credential) const;
    /// Their verification keys; read when first asked for.
    [[nodiscard]] const std::vector<WhyCandidate> &candidates() const;

private:
    std::vector<gateway::JwtCredential> m_credentials;
    mutable std::once_flag m_once;
    mutable std::vector<WhyCandidate> m_candidates;
};

/// The credentials of the session's consumers, staged ones too. Main thread.
[[nodiscard]] std::shared_ptr<const KeyRing> keyRingOf(const Workspace &workspace);

/// How the text of a secret is to be read.
enum class SecretKind : std::uint8_t { Text, Base64, Base64Url, Hex };
/// \return Base64, InvalidArgument (hexadecimal)
[[nodiscard]] Result<std::string> secretOctets(std::string_view text, SecretKind kind);
/// The text without blanks and quotes around it, which are often copied by mistake.
[[nodiscard]] std::string_view cleanedSecret(std::string_view text) noexcept;
/// Whether it is one of the well-known sample secrets.
[[nodiscard]] bool isSampleSecret(std::string_view octets);

/// What a token is verified with.
struct KeyChoice
{
    enum class Kind : std::uint8_t {
        AllMine, ///< the credential that the token names, else the one that fits
        Credential,
        Secret,
        Imported, ///< from a file
    } kind = Kind::AllMine;
    std::string consumer, credential; ///< of a credential; credential empty: the first
    Secret secret; ///< its text
    SecretKind secretKind = SecretKind::Text;
    TrustedKeys imported;
    std::string name; ///< of the file: "pub.pem, SPKI, RSA 2048"
    Secret octets; ///< of the file, which may itself have been the secret
};

/// Reads the keys of a file. \param name of the file \param passphrase of an encrypted one
/// \return what importKeys() returns; KeyPassphrase: it is missing, or another one
[[nodiscard]] Result<KeyChoice> importChoice(std::string_view octets, std::string_view name,
                                             std::string_view passphrase = {});

} // namespace postern::gui
