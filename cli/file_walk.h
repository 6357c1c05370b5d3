// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace postern::cli {

/// What a walk leaves out, and how much it saw.
struct WalkOptions
{
    std::uintmax_t maxSize = 16U * 1024 * 1024; ///< bytes of a file
    bool everything = false; ///< also version control, build and dependency folders
};
struct WalkCounts
{
    std::uint64_t files = 0, bytes = 0;
    std::uint64_t binary = 0, tooLarge = 0, unreadable = 0, skippedFolders = 0;
};

/// Reads every text file below a folder (or the one file), in the order of the names. Links are not
/// followed; files with a NUL byte at their beginning are binary.
/// \param visit gets the path as it is to be printed and the text, valid during the call
/// \param pause called after each file or folder, for progress
/// \return Io if the path itself cannot be read
[[nodiscard]] Result<void>
walkFiles(const std::string &path, const WalkOptions &options, WalkCounts &counts,
          const std::function<void(const std::string &path, std::string_view text)> &visit,
          const std::function<void()> &pause);

} // namespace postern::cli
