// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/secret_generator.h"
#include "core/jose/alg.h"
#include "core/json/json.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gui {

/// A member of a login's configuration, as a form shows it.
struct LoginField
{
    enum class Kind : std::uint8_t { Text, Secret, Algorithm, Check, Pem };
    std::string_view member; ///< "secret"
    const char *label; ///< for tr() in the context "Logins"
    Kind kind = Kind::Text;
    bool hmacOnly = false; ///< shown while the algorithm is HS…
    bool keyPairOnly = false; ///< shown while it is not
};

/// An authentication plugin that a form exists for.
struct LoginKind
{
    std::string_view plugin; ///< "jwt-auth"
    std::string_view shortName; ///< "jwt"
    std::string_view secret; ///< the member that proves the login
    std::span<const LoginField> fields;
};

[[nodiscard]] std::span<const LoginKind> loginKinds() noexcept;
[[nodiscard]] const LoginKind *findLoginKind(std::string_view plugin) noexcept;
[[nodiscard]] QString labelOf(const LoginField &field);

/// Names of the plugins of a consumer or credential that let somebody in.
[[nodiscard]] std::vector<std::string> loginsOf(const Json &object);
/// `object`'s configuration of that plugin, or nullptr.
[[nodiscard]] const Json *loginConfig(const Json &object, std::string_view plugin);
/// What a new secret of that login should be.
[[nodiscard]] SecretKind secretKindOf(std::string_view plugin, const Json &config);
/// The algorithm of a login that has a key pair in place of a secret.
[[nodiscard]] std::optional<Alg> keyPairAlgOf(std::string_view plugin, const Json &config);
/// "HS256", "alice" (of basic-auth), ...: what tells logins of one kind apart.
[[nodiscard]] QString loginSummary(std::string_view plugin, const Json &config);

/// The JWT algorithms that jwt-auth knows.
[[nodiscard]] std::span<const std::string_view> loginAlgorithms() noexcept;

} // namespace postern::gui
