// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/request/web_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Splits a command line as a POSIX shell does, without expanding anything: blanks, '…', "…",
/// $'…', backslashes, lines continued by a backslash. Ends at the first ; | & < > or comment.
/// \return the words, or InvalidArgument with where = offset of a quote that is never closed
[[nodiscard]] Result<std::vector<std::string>> splitShellWords(std::string_view line);

/// What a curl command line would send. Options that change nothing of the request (-s, -v, -o
/// FILE, …) are passed over; a leading "$ " or "sudo" is, too.
/// \return the request, or InvalidArgument with the option or word at fault as where: not a curl
/// line, no URL, an option that is not known, or one that needs a file
[[nodiscard]] Result<WebRequest> readCurlLine(std::string_view line);

/// True if a text is worth trying readCurlLine() on: its first word is curl.
[[nodiscard]] bool looksLikeCurl(std::string_view text) noexcept;

} // namespace postern::gateway
