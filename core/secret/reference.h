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

/// Resolves references. Any thread.
class SecretResolver
{
public:
    using Lookup = std::function<std::optional<std::string>(const std::string &name)>;

    /// \param environment how variables are read; the process environment by default
    explicit SecretResolver(Lookup environment = {});

    /// \return the value, or SecretUnresolved whose detail says which variable or member is missing
    /// ("environment variable JACK_JWT_AUTH_KEY is not set in the gateway process"), never the
    /// value
    [[nodiscard]] Result<std::string> resolve(std::string_view reference) const;

    /// Replaces every string in the tree that is a reference. Unresolvable ones stay as they are.
    /// \return the first failure, if any; the rest of the tree is resolved all the same
    [[nodiscard]] Result<void> resolveAll(Json &tree) const;

private:
    Lookup m_environment;
};

} // namespace postern
