// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/jose/alg.h"
#include "core/json/json.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

/// RSA private members of RFC 7518 6.3.2 beside d, and OpenSSL's names for them. For core/jose
/// only, as everything here.
struct RsaMember
{
    std::string_view jwk;
    const char *openSsl;
};
[[nodiscard]] const std::array<RsaMember, 5> &rsaCrtMembers() noexcept;

/// Members that hold private material: never shown unless asked for, never published.
/// `oct` keys: also `k`.
[[nodiscard]] bool isPrivateMember(std::string_view member) noexcept;

/// "oct", "RSA", "EC", "OKP", "AKP".
[[nodiscard]] std::string_view keyTypeName(KeyType type) noexcept;

/// The string member, nullopt if it is absent. \return KeyMemberType
[[nodiscard]] Result<std::optional<std::string>> optionalText(const Json &jwk,
                                                              std::string_view member);
/// A required base64url member, decoded. \return KeyMember, KeyMemberType, Base64
[[nodiscard]] Result<Secret> octetMember(const Json &jwk, std::string_view member);

} // namespace postern
