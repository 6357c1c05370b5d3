// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcessEnvironment>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::test {

/// How a run of the real binary ended.
struct Ran
{
    int exit = -1; ///< -1: did not start or did not end
    std::string out;
    std::string err;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

/// The environment of a run: ours without POSTERN_*, CI and NO_COLOR, the binary's folder first in
/// PATH, and `extra`.
[[nodiscard]] QProcessEnvironment cleanEnvironment(const Environment &extra);

/// Runs the postern binary to its end with a clean environment (no POSTERN_*, no CI, no NO_COLOR).
[[nodiscard]] Ran runPostern(const std::vector<std::string> &arguments,
                             const std::string &input = {}, const Environment &extra = {});

/// Runs a shell line with the binary's folder first in PATH, in `folder`.
[[nodiscard]] Ran runShell(const std::string &line, const std::string &folder,
                           const Environment &extra = {});

} // namespace postern::test
