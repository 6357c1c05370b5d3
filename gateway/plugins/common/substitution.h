// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/text/pattern.h"

#include <string_view>

namespace postern::gateway {

/// The pattern of a substitution whose replacement is sound too: as for ngx.re.sub each `$` in it
/// is followed by a group's number, `{number}` or another `$`.
/// \return the pattern, or InvalidArgument: PCRE's words, or "failed to compile the replacement
/// template"
[[nodiscard]] Result<Pattern> compileSubstitution(std::string_view expression,
                                                  std::string_view replacement);

} // namespace postern::gateway
