// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/jose/alg.h"
#include "core/json/json.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

struct LoadedPkey;

enum class ThumbprintHash : std::uint8_t { Sha256, Sha512 };

/// A key for signing or verifying, checked when it was made. Cheap to copy (shared, immutable);
/// any thread. It decides which algorithms are possible; a token's `alg` only selects among them.
class Key
{
public:
    /// An HMAC key of exactly these octets. \return KeyEmpty
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
    /// PEM, DER, PKCS#12, JWK, the only key of a JWKS or an OpenSSH public key, detected by
    /// content.
    [[nodiscard]] static Result<Key> import(std::string_view octets,
                                            std::string_view passphrase = {});
    /// The raw octets of a public key: Ed25519, Ed448 (also for EdDSA, by length) or ML-DSA; for an
    /// HMAC algorithm the secret. \return KeyType for other algorithms, OkpLength, AkpLength
    [[nodiscard]] static Result<Key> fromRawPublic(Alg alg, std::string_view octets);
    /// The private key of a seed: 32 or 57 octets (RFC 8032), 32 (ML-DSA, FIPS 204 6.1).
    [[nodiscard]] static Result<Key> fromSeed(Alg alg, const Secret &seed);
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

    /// The same key with another name for itself; "" takes the member away.
    [[nodiscard]] Key withKid(std::string kid) const;
    /// The same key bound to one algorithm, which it must allow.
    [[nodiscard]] Result<Key> withAlg(Alg alg) const;
    /// The same key without its private part; `key_ops` sign becomes verify. Other keys as they
    /// are. \return KeyType for an HMAC secret, which has no public part
    [[nodiscard]] Result<Key> publicPart() const;

    /// The JWK. Members that Postern does not read, and the order of the document the key came
    /// from, are kept. Private members of an ML-DSA key are its seed; see hasJwkPrivate().
    [[nodiscard]] Json toJwk(bool includePrivate) const;
    /// False for an ML-DSA private key that was stored without its seed: RFC 9964 has no form for
    /// it. True for all other private keys.
    [[nodiscard]] bool hasJwkPrivate() const noexcept;
    /// SPKI or PKCS#8 (ML-DSA: of the seed alone, where there is one; RFC 9881 6).
    [[nodiscard]] Result<std::string> toPem(bool includePrivate) const;
    [[nodiscard]] Result<std::string> toDer(bool includePrivate) const;
    /// PKCS#8, encrypted: PBES2 with AES-256-CBC, PBKDF2 with SHA-256.
    [[nodiscard]] Result<std::string> toEncryptedPem(const Secret &passphrase) const;
    /// RFC 7638, base64url, over the required members of the key's type. A secret's thumbprint
    /// gives away a hash of the secret.
    [[nodiscard]] std::string thumbprint(ThumbprintHash hash = ThumbprintHash::Sha256) const;
    /// RFC 9278: "urn:ietf:params:oauth:jwk-thumbprint:sha-256:…".
    [[nodiscard]] std::string thumbprintUri(ThumbprintHash hash = ThumbprintHash::Sha256) const;

    struct Data;
    [[nodiscard]] const Data &data() const noexcept { return *m_data; }

private:
    friend Result<Key> keyFromLoaded(LoadedPkey loaded);
    explicit Key(std::shared_ptr<const Data> data) : m_data(std::move(data)) {}
    std::shared_ptr<const Data> m_data;
};

} // namespace postern
