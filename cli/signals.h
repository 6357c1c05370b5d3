// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <csignal>

namespace postern::cli {

/// Blocks signals in this thread and all that it starts afterwards, and takes them one by one.
/// They stay blocked to the end of the process: a second Ctrl-C while it cleans up must not end it
/// halfway. Main thread only.
class SignalWaiter
{
public:
    explicit SignalWaiter(std::initializer_list<int> signals);
    SignalWaiter(const SignalWaiter &) = delete;
    SignalWaiter &operator=(const SignalWaiter &) = delete;

    [[nodiscard]] int wait() const;
    /// \return nullopt when the time is over
    [[nodiscard]] std::optional<int> waitFor(std::chrono::nanoseconds time) const;
    /// The mask a child must start with.
    [[nodiscard]] const sigset_t &earlierMask() const noexcept { return m_before; }

private:
    sigset_t m_set{}, m_before{};
};

/// Writes to `-` (stdout), a file (whole or not at all, mode 0600: it holds the admin key), or
/// nowhere when `path` is empty.
[[nodiscard]] Result<void> writePortFile(const std::string &path, std::string_view line);

} // namespace postern::cli
