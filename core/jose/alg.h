// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace postern {

/// Key types of RFC 7518 6.1, RFC 8037 2 and RFC 9964 3.
enum class KeyType : std::uint8_t { Oct, Rsa, Ec, Okp, Akp };

/// Signature algorithms. RFC 7518 3.1, RFC 8037, RFC 8812, RFC 9864, RFC 9964.
enum class Alg : std::uint8_t {
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
    ES256K,
    EdDSA,
    Ed25519,
    Ed448,
    ML_DSA_44,
    ML_DSA_65,
    ML_DSA_87,
};

/// One row of the one table of algorithms.
struct AlgInfo
{
    Alg alg;
    std::string_view name; ///< exact, case-sensitive
    KeyType keyType;
    std::string_view curve; ///< curve or ML-DSA parameter set; "" when the algorithm binds none
    std::string_view digest; ///< OpenSSL name; "" for EdDSA and ML-DSA
    std::size_t signatureSize; ///< bytes; 0 = the modulus' size (RSA) or the key's (EdDSA)
    std::size_t minKeyBytes; ///< HMAC: RFC 7518 3.2; 0 otherwise
    bool pss;
};

[[nodiscard]] std::span<const AlgInfo> algorithms() noexcept;
[[nodiscard]] const AlgInfo &info(Alg alg) noexcept;
/// Exact match; unknown names, "none" and case variants give nullptr.
[[nodiscard]] const AlgInfo *findAlg(std::string_view name) noexcept;

} // namespace postern
