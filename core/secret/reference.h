// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

/// A parsed secret reference. `$env://NAME[/member]` (prefix case-insensitive) or
/// `$secret://manager/id/path/member` (prefix case-sensitive). APISIX 3.18, secrets.
struct SecretReference
{
    enum class Kind : std::uint8_t { Environment, Manager };
    Kind kind = Kind::Environment;
    std::string name; ///< variable name, or "manager/id"
    std::string member; ///< field of a JSON value, or everything behind the id; may be empty
};

/// True if the whole string is a reference.
[[nodiscard]] bool isSecretReference(std::string_view text) noexcept;
/// \return the parts; nullopt if the text is not a reference
[[nodiscard]] std::optional<SecretReference> parseSecretReference(std::string_view text);

/// Where a secret manager keeps a secret: `$secret://vault/jwt/jack/jwt-key` is member "jwt-key"
/// of "jack" in the store that the object vault/jwt describes.
struct ManagedSecret
{
    std::string manager; ///< "vault"
    std::string id; ///< of the manager's object: "jwt"
    std::string path; ///< "jack"; may hold slashes
    std::string member; ///< "jwt-key"
};
/// Takes a `$secret://` reference apart as the vault manager does. apisix.md 5.1, 5.3.
/// \return the parts, or SecretUnresolved with APISIX's text ("error format: no secret conf id")
[[nodiscard]] Result<ManagedSecret> parseManagedSecret(std::string_view reference);

/// Resolves references. Any thread.
class SecretResolver
{
public:
    using Lookup = std::function<std::optional<std::string>(const std::string &name)>;
    /// Answers `$secret://` references at once, from what is known.
    /// \param user storage key of the object that holds the reference, or empty
    using Managers =
        std::function<Result<std::string>(std::string_view reference, std::string_view user)>;
    /// Told of references in `user` that resolveAll() could not replace; `error.where` has it.
    using Failed = std::function<void(std::string_view user, const Error &error)>;

    /// \param environment how variables are read; the process environment by default
    /// \param managers who knows `$secret://` references; nobody by default
    explicit SecretResolver(Lookup environment = {}, Managers managers = {}, Failed failed = {});

    /// \return the value; or SecretUnresolved whose detail says which variable or member is missing
    /// ("environment variable JACK_JWT_AUTH_KEY is not set in the gateway process"), SecretManager,
    /// SecretMember; never the value
    [[nodiscard]] Result<std::string> resolve(std::string_view reference,
                                              std::string_view user = {}) const;

    /// Replaces every string in the tree that is a reference. Unresolvable ones stay as they are.
    /// \return the first failure, if any, with the reference in `where`; the rest of the tree is
    /// resolved all the same
    [[nodiscard]] Result<void> resolveAll(Json &tree, std::string_view user = {}) const;

private:
    Lookup m_environment;
    Managers m_managers;
    Failed m_failed;
};

} // namespace postern
