// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/completion/complete.h"
#include "cli/completion/objects.h"
#include "cli/help/document.h"

#include <string>
#include <string_view>

namespace postern::cli {

/// What is known about the line besides the word that is being typed.
struct LineContext
{
    ObjectReach reach;
    std::string command; ///< "consumer credential get"
    std::string consumer; ///< named on the line; narrows its credentials
    std::size_t position = 0; ///< how many arguments stand before this one
};

/// The values of an option or argument that begin with `text`.
[[nodiscard]] Completion valuesFor(const OptionDocument &option, std::string_view text,
                                   const LineContext &context);

} // namespace postern::cli
