// SPDX-License-Identifier: Apache-2.0
#include "cli/reveal.h"

#include "cli/output.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include <unistd.h>

namespace postern::cli {

void addReveal(CLI::App &app, bool &reveal)
{
    const auto value = std::make_shared<std::string>();
    app.add_flag("--reveal", *value, "show secrets; where CI is set, on a terminal: --reveal=yes")
        ->check([&reveal, value](const std::string &given) -> std::string {
            if (given != "true" && given != "yes")
                return "--reveal takes no value but yes";
            if (given != "yes" && hasEnvironment("CI") && isatty(STDOUT_FILENO) == 1)
                return "--reveal would put secrets into the log of this CI job; --reveal=yes "
                       "insists";
            reveal = true;
            return {};
        });
}

} // namespace postern::cli
