// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace postern {

/// The members of a plugin's configuration that are secret, as dotted paths from the
/// configuration ("secret", "dpop.private_key"). apisix.md 1.14. Empty for other plugins.
/// The same table serves sealing at rest and masking in output.
[[nodiscard]] std::span<const std::string_view> secretMembers(std::string_view plugin) noexcept;

/// Names of all plugins that have secret members.
[[nodiscard]] std::span<const std::string_view> pluginsWithSecrets() noexcept;

/// The secret members of a stored object of this kind outside `plugins`, as dotted paths
/// ("upstream.tls.client_key"). Kinds are those of the storage keys, Kong's included.
[[nodiscard]] std::span<const std::string_view> secretMembersOfKind(std::string_view kind) noexcept;

} // namespace postern
