// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <chrono>
#include <filesystem>
#include <string>

#include <sys/types.h>

namespace postern::cli {

/// A small process that outlives this one, however this one ends: when it sees this process gone
/// without a word (kill -9, a crash), it ends every process of the run and removes the run's
/// directory. Start it before any thread. It has a session of its own, so that Ctrl-C misses it,
/// and holds none of our files open.
class Guardian
{
public:
    [[nodiscard]] static Result<Guardian> start(std::string runId, std::filesystem::path directory,
                                                std::chrono::milliseconds grace);
    Guardian(Guardian &&other) noexcept;
    Guardian &operator=(Guardian &&) = delete;
    /// Everything is cleaned up; it may go.
    ~Guardian();

    [[nodiscard]] pid_t pid() const noexcept { return m_pid; }

private:
    Guardian(pid_t pid, int pipe) noexcept : m_pid(pid), m_pipe(pipe) {}
    pid_t m_pid = -1;
    int m_pipe = -1;
};

/// A fresh directory (mode 0700) for this run's socket in the user's runtime directory; those of
/// runs whose process is gone are removed.
[[nodiscard]] Result<std::filesystem::path> makeRunDirectory();

} // namespace postern::cli
