// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "postern_process.h"

#include <string>
#include <vector>

namespace postern::test {

/// What an interactive bash on a terminal of its own makes of a line whose completion was asked
/// for.
struct CompletedLine
{
    bool ready = false; ///< false: the shell did not answer
    std::vector<std::string> words; ///< the line's words as the shell would pass them on
    std::string screen; ///< everything it wrote
};

/// Types `keys` (with "\t" where Tab is pressed; "\x1b*" inserts every candidate) into a fresh bash
/// that has read the completion script, in `folder`.
[[nodiscard]] CompletedLine typeIntoBash(const std::string &keys, const std::string &folder,
                                         const Environment &extra = {});

} // namespace postern::test
