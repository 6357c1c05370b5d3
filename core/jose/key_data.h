// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"
#include "core/crypto/pkey.h"
#include "core/jose/key.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// What a Key shares between its copies. Immutable once a Key owns it. For core/jose only.
struct Key::Data
{
    KeyType type = KeyType::Oct;
    std::string_view curve; ///< JWK name or ML-DSA parameter set, static storage
    unsigned bits = 0;
    bool isPrivate = false;
    bool pssOnly = false; ///< id-RSASSA-PSS: PKCS#1 v1.5 would silently become PSS
    Secret secret; ///< oct
    Pkey pkey; ///< RSA, EC, OKP, AKP

    bool roca = false; ///< RSA of a flawed generator, CVE-2017-15361

    // What the JWK says about itself.
    std::string kid;
    std::optional<Alg> declaredAlg;
    std::string declaredName; ///< `alg` as written, also if it is not a signature algorithm
    std::string use;
    std::optional<std::vector<std::string>> keyOps;
    Json otherMembers = Json::object(); ///< members that nothing here reads; public ones only
    std::vector<std::string> memberOrder; ///< of the document; empty if there was none
};

/// "an EC P-384 public key", "an HMAC key of 9 bytes": for error texts.
[[nodiscard]] std::string describeKey(const Key::Data &data);

/// Fills type, curve and bits from the OpenSSL key and checks it: RSA exponent and modulus, EC
/// point not at infinity and on a known curve, no small-order Edwards point, private part belongs
/// to the public one. \return KeyType, KeyFormat, KeyWeak, KeyMismatch
[[nodiscard]] Result<void> checkPkey(Key::Data &data);

/// A checked key of what was read from a file.
[[nodiscard]] Result<Key> keyFromLoaded(LoadedPkey loaded);

/// Curves of RFC 7518 6.2.1.1, RFC 8812, RFC 8037, and the parameter sets of RFC 9964.
struct CurveInfo
{
    std::string_view name; ///< JWK `crv`; AKP: `alg`
    const char *openSslName;
    KeyType type;
    unsigned bits;
    std::size_t octets; ///< width of x, y and d; AKP: of pub
};
[[nodiscard]] const CurveInfo *findCurve(std::string_view jwkName) noexcept;

} // namespace postern
