// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/yaml.h"

#include <optional>
#include <string>
#include <string_view>

namespace postern {

/// The value of an unquoted scalar by the core schema of YAML 1.2.2, 10.3.2. Numbers JSON cannot
/// spell (0x1F, 0o17, +5, 007, .5, 5.) are respelled.
/// \return nullopt for numbers JSON does not have (.inf, .nan, hexadecimal beyond 64 bits)
[[nodiscard]] std::optional<Json> resolvePlainScalar(std::string_view text);

/// Replaces `${NAME}` and `${NAME:-default}`; `$${` gives `${`.
/// \return the text, or Config with a detail that names the variable, never a value
[[nodiscard]] Result<std::string> interpolate(std::string_view text,
                                              const VariableLookup &variables);

} // namespace postern
