// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/jose/alg.h"
#include "core/json/json.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A key for signing or verifying, checked when it was made. Cheap to copy (shared, immutable);
/// any thread. It decides which algorithms are possible; a token's `alg` only selects among them.
class Key
{
public:
    /// An HMAC key of exactly these octets. \return KeyWeak if empty
    [[nodiscard]] static Result<Key> fromSecret(Secret octets);
    /// PEM (SPKI, PKCS#1, PKCS#8, SEC1, X.509 certificate), also with CRLF, a body on one line, or
    /// spaces around it; or DER of the same.
    /// \return KeyFormat whose detail says what is wrong and where a newline is missing,
    /// KeyPassphrase
    [[nodiscard]] static Result<Key> fromPem(std::string_view text,
                                             std::string_view passphrase = {});
    /// A JWK. RFC 7517; fixed widths and key checks of RFC 7518 6, RFC 8037 2,
    /// RFC 9964 3.
    [[nodiscard]] static Result<Key> fromJwk(const Json &jwk);
    /// PEM, DER, JWK or the only key of a JWKS, detected by content.
    [[nodiscard]] static Result<Key> import(std::string_view octets,
                                            std::string_view passphrase = {});
    /// A new key pair or secret for the algorithm, from the system's CSPRNG. RSA: `bits` (2048).
    [[nodiscard]] static Result<Key> generate(Alg alg, unsigned bits = 2048);

    [[nodiscard]] KeyType type() const noexcept;
    [[nodiscard]] std::string_view
    curve() const noexcept; ///< "P-256", "Ed25519", "ML-DSA-44", ...; "" for RSA, oct
    [[nodiscard]] unsigned bits() const noexcept;
    [[nodiscard]] bool isPrivate() const noexcept; ///< can sign
    [[nodiscard]] const std::string &kid() const noexcept;
    [[nodiscard]] std::optional<Alg> declaredAlg() const noexcept; ///< the JWK's own `alg`

    /// Whether the key may be used with the algorithm: type, curve, size, use, key_ops, alg.
    /// \param relaxedHmac accept HMAC keys shorter than the hash (APISIX and Kong do)
    [[nodiscard]] Result<void> allows(Alg alg, bool forSigning, bool relaxedHmac = false) const;
    /// The algorithms this key can be used with.
    [[nodiscard]] std::vector<Alg> possibleAlgs() const;

    [[nodiscard]] Json toJwk(bool includePrivate) const;
    [[nodiscard]] Result<std::string> toPem(bool includePrivate) const; ///< SPKI or PKCS#8
    [[nodiscard]] std::string thumbprint() const; ///< RFC 7638, SHA-256, base64url

    struct Data;
    [[nodiscard]] const Data &data() const noexcept { return *m_data; }

private:
    explicit Key(std::shared_ptr<const Data> data) : m_data(std::move(data)) {}
    std::shared_ptr<const Data> m_data;
};

} // namespace postern
