// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "cli/target.h"
#include "core/error.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/admin/access/jwt_credentials.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace postern::cli {

using gateway::AdminAccess;
using gateway::JwtCredential;
using gateway::keyOf;
using gateway::maskSecrets;

/// Where the objects are that a command works on: a running gateway (default), a configuration
/// file, or a store.
struct ObjectSource
{
    std::string config, store;
};
void addObjectSourceOptions(CLI::App &app, ObjectSource &source);

[[nodiscard]] Result<std::unique_ptr<AdminAccess>> openAdmin(const ObjectSource &source);
/// The Admin API of a gateway whose address is known.
[[nodiscard]] std::unique_ptr<AdminAccess> openAdminAt(AdminTarget target);

/// gateway::consumerKeys() of the source that is named, else of a running gateway, else none.
[[nodiscard]] std::vector<WhyCandidate> consumerKeys(const ObjectSource &source);

/// A command over an Admin API: opens `options->source` and runs `function(console, admin,
/// options)`, which returns Result<int>; a failure is printed once, here.
template <class Options, class Function>
[[nodiscard]] Run withAdmin(std::shared_ptr<Options> options, Function function)
{
    return [options = std::move(options), function](Console &console) -> int {
        const auto admin = openAdmin(options->source);
        if (!admin)
            return console.fail(admin.error());
        const Result<int> exit = function(console, **admin, *options);
        return exit ? *exit : console.fail(exit.error());
    };
}

} // namespace postern::cli
