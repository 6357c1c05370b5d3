// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/signals.h"
#include "core/error.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace postern::cli {

struct ChildOptions
{
    std::vector<std::string> command;
    std::vector<std::string> environment; ///< NAME=value
    std::optional<std::chrono::nanoseconds> timeout;
    std::chrono::nanoseconds grace = std::chrono::seconds(5);
};

/// How the command ended, as an exit code: its own, 128+n for a signal, 124 after the time-out,
/// 126 not executable, 127 not found.
struct ChildEnd
{
    int exit = 0;
    std::string problem; ///< why it could not be started; empty if it ran
};

/// Runs a command in a process group of its own with our standard streams, and the terminal if we
/// have it. INT, TERM and HUP are passed on; a second INT or TERM ends the group after `grace`.
/// The command gets SIGTERM when this thread ends. The waiter must hold SIGCHLD too.
/// \return CannotStart if no process could be made
[[nodiscard]] Result<ChildEnd> runChild(const ChildOptions &options, const SignalWaiter &signals);

} // namespace postern::cli
