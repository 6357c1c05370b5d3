// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/jwt.h"

#include <span>
#include <string_view>

namespace postern::cli {

/// What the process exits with; the same table for every command.
enum ExitCode : int {
    kYes = 0, ///< success, positive answer
    kNo = 1, ///< the tool worked, the answer is negative
    kUsage = 2, ///< unknown flag, missing argument
    kInvalid = 3, ///< input or configuration invalid
    kCannotStart = 4, ///< port in use, no permission, store locked
    kRemote = 5, ///< Admin API unreachable, refused key
    kTimedOut = 6, ///< readiness, request
    kInternal = 7, ///< a bug
    kExecTimedOut = 124, ///< exec: the command ran into --timeout, as timeout(1) says it
    kExecFailed = 125, ///< exec: Postern itself failed before or after the command
    kNotExecutable = 126, ///< exec: the command cannot be executed
    kCommandNotFound = 127, ///< exec: no such command
    kSignalBase = 128, ///< + n: ended by signal n
};

struct ExitCodeRow
{
    int code;
    std::string_view meaning;
};
/// The table as `postern help exit-codes` prints it.
[[nodiscard]] std::span<const ExitCodeRow> exitCodeTable() noexcept;

/// The exit code that an error stands for.
[[nodiscard]] ExitCode exitCodeOf(Errc code) noexcept;

/// `--exit-reason` of `token verify`: 0 valid, 10 signature, 11 time, 12 claim, 13 algorithm or key
/// policy, 14 malformed; the first failing class in the order malformed, policy, signature, time,
/// claim.
[[nodiscard]] int exitReasonOf(const JwtVerdict &verdict) noexcept;

/// True if the reason means that the text is no token at all (exit code 3, not 1).
[[nodiscard]] bool meansNoToken(Errc reason) noexcept;

} // namespace postern::cli
