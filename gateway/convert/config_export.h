// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/objects/object_change.h"
#include "gateway/lint/lint_sources.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// How a file has the secrets of its credentials.
enum class SecretForm : std::uint8_t {
    Values, ///< as they are
    References ///< `$env://JACK_CRED_JACK_KEY_KEY`; what is a reference already stays
};

/// A configuration file as text.
struct ExportedConfig
{
    std::string text; ///< YAML
    /// The environment variables that new references read, in the order of the file.
    std::vector<std::string> variables;
};

/// Consumers and their credentials as a file that readLintFile() reads back as the same objects,
/// times aside: postern.yaml, or apisix.yaml with its end mark.
/// \param objects "/consumers/jack", "/consumers/jack/credentials/x"; others are left out, and so
/// are credentials whose consumer is not among them
[[nodiscard]] ExportedConfig exportConsumers(std::span<const ObjectChange> objects,
                                             ConfigFileKind kind, SecretForm secrets);

} // namespace postern::gateway
