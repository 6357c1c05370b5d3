// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace postern {

/// The candidate a mistyped word most likely means (at most two edits, fewer for short words;
/// a swap of neighbours counts as one), or an empty text.
[[nodiscard]] std::string_view closestWord(std::string_view word,
                                           std::span<const std::string_view> candidates);

/// `; did you mean "jwt-auth"?`, or an empty text.
[[nodiscard]] std::string didYouMean(std::string_view word,
                                     std::span<const std::string_view> candidates);

} // namespace postern
