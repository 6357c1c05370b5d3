// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/key_data.h"
#include "core/json/json.h"

namespace postern {

/// Reads the key itself (kty, crv and the numbers) into an OpenSSL key or a secret and checks it.
/// RFC 7518 6, RFC 8037 2, RFC 9964 3. For core/jose only.
/// \return KeyTypeUnknown, KeyMember, KeyMemberType, Base64, KeyCurve, KeyCurveUse, EcLength,
/// OkpLength, OkpPoint, AkpLength, RsaExponent, RsaModulus, KeyEmpty, KeyMismatch, Unsupported,
/// KeyFormat; where is the member's JSON pointer
[[nodiscard]] Result<void> readMaterial(const Json &jwk, Key::Data &data);

/// A raw public key: Ed25519, Ed448 (RFC 8032) or ML-DSA (FIPS 204), not yet checked.
[[nodiscard]] Pkey rawPublicKey(const CurveInfo &curve, std::string_view octets);
/// A private key of its seed: the 32 or 57 octets of RFC 8032, the 32 of FIPS 204.
[[nodiscard]] Pkey seededKey(const CurveInfo &curve, const Secret &seed);
/// Octets of the seed of that curve or parameter set.
[[nodiscard]] std::size_t seedSize(const CurveInfo &curve) noexcept;

} // namespace postern
