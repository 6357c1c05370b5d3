// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace postern {

/// What a new secret is for.
enum class SecretKind : std::uint8_t {
    ApiKey, ///< 32 letters and digits
    AdminKey, ///< 32 letters, as APISIX makes them
    Hs256, ///< as many octets as the hash has, base64url. RFC 7518 3.2
    Hs384,
    Hs512,
    HexSecret, ///< 32 octets, hexadecimal
    Password, ///< 20 characters of every class, none that looks like another
};

struct SecretKindInfo
{
    SecretKind kind;
    std::string_view name; ///< "API key"
};
/// Those that people choose from: all but AdminKey.
[[nodiscard]] std::span<const SecretKindInfo> secretKinds() noexcept;

struct GeneratedSecret
{
    Secret text; ///< printable ASCII
    double bits = 0; ///< of entropy
};
/// A new secret from the system's CSPRNG. \return Crypto if there are no random numbers
[[nodiscard]] Result<GeneratedSecret> generateSecret(SecretKind kind);

} // namespace postern
