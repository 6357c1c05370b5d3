// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace postern::cli {

/// The processes that carry `POSTERN_RUN_ID=<id>` in the environment they were started with,
/// however far they went from their parents; without this process. Linux only (/proc).
[[nodiscard]] std::vector<pid_t> processesOfRun(std::string_view runId);

/// Asks all of them to end (SIGTERM), waits at most `grace`, then ends those that are left.
/// \return how many there were
std::size_t endProcessesOfRun(std::string_view runId, std::chrono::milliseconds grace);

} // namespace postern::cli
