// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/jose/alg.h"

#include <span>
#include <string>
#include <string_view>

namespace postern {

/// A kind of key pair that a new one can be made of.
struct KeyPairKind
{
    std::string_view name; ///< "RSA 2048", "EC P-256", "Ed25519"
    Alg alg; ///< one that it is for: the others of its key type and curve come with it
    unsigned bits; ///< RSA: of the modulus; 0 for others
    unsigned strength; ///< bits of security. NIST SP 800-57 part 1 revision 5, 5.6.1.1
};
/// RSA, EC and Ed25519, the usual one of each type first.
[[nodiscard]] std::span<const KeyPairKind> keyPairKinds() noexcept;
/// The kind that is made for an algorithm; nullptr: HMAC, or none of these.
[[nodiscard]] const KeyPairKind *keyPairKindFor(Alg alg) noexcept;
/// Whether a pair of that kind signs with the algorithm.
[[nodiscard]] bool fits(const KeyPairKind &kind, Alg alg) noexcept;

struct GeneratedKeyPair
{
    Secret privatePem; ///< PKCS#8
    std::string publicPem; ///< SPKI
    Secret privateJwk; ///< JSON, RFC 7517, with its thumbprint (RFC 7638) as `kid`
    std::string publicJwk;
};
/// A new pair from the system's CSPRNG; RSA takes its time. Any thread. \return as Key::generate()
[[nodiscard]] Result<GeneratedKeyPair> generateKeyPair(const KeyPairKind &kind);

} // namespace postern
