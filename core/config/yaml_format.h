// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <string>

namespace postern {

/// A JSON value as a YAML document in block style, two blanks a level, without `---` and `...`.
/// Strings are bare where YAML 1.1 and 1.2 both read them as strings, else in double quotes.
/// Ends with a line end.
[[nodiscard]] std::string formatYaml(const Json &value);

} // namespace postern
