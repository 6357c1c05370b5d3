// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/token_key.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace postern::cli {

/// `token inspect --why`: the search for the reason that a signature does not fit.
struct WhyArguments
{
    bool wanted = false;
    TokenKeyOptions key; ///< the key that should fit
    std::string weakList;
};
void addWhyOptions(CLI::App &app, WhyArguments &arguments);

/// Searches for each token and prints what was found and what was tried.
/// \return kYes if every signature fits or its misfit is explained, else kNo
int explainTokens(const Console &console, ArgumentReader &reader,
                  const std::vector<std::string> &tokens, const WhyArguments &arguments);

} // namespace postern::cli
