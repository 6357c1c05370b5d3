// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace postern::cli {

/// A word that may stand where the cursor is.
struct Candidate
{
    std::string value; ///< the whole word
    std::string help; ///< one line; may be empty
    bool open = false; ///< more is to follow in this word: no space behind it

    bool operator==(const Candidate &) const = default;
};

/// What the shell itself adds: it knows its quoting and its home folders best.
enum class ShellWords : std::uint8_t { None, Files, Directories, Programs };

struct Completion
{
    std::vector<Candidate> candidates;
    ShellWords shell = ShellWords::None;
    std::size_t offset = 0; ///< where in the word a file name begins: 1 in "@secret"
};

/// What may stand in place of the last word. Takes no longer than reading a small file, asks no
/// server, and never fails: what cannot be read has no candidates.
/// \param words behind the program's name, unquoted; the last one is being typed and may be empty
[[nodiscard]] Completion complete(const std::vector<std::string> &words);

/// Removes a shell's quotes and backslashes, as far as the word goes: `"my fi` is `my fi`.
[[nodiscard]] std::string unquoted(const std::string &word);

} // namespace postern::cli
