// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// A call inside a template: `token('jack', ttl='1h')`, `credential('alice').key`.
struct TemplateCall
{
    std::string function;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> named;
    std::string member; ///< behind the dot; may be empty
};

/// Replaces every `{{ … }}` in the text by what `evaluate` makes of the call.
/// \return Config with the template's text when it is malformed; what evaluate fails with
[[nodiscard]] Result<std::string>
expandTemplates(std::string_view text,
                const std::function<Result<std::string>(const TemplateCall &)> &evaluate);

} // namespace postern::cli
