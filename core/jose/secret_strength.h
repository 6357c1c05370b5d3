// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace postern {

/// Below this estimate a text counts as guessable: bits.
inline constexpr double kGuessableBits = 80;

/// One character repeated, or a sequence ("abcdef", "67890"); also texts of one character.
[[nodiscard]] bool isCharacterSequence(std::string_view text) noexcept;

/// An upper bound of what a guesser has to try, in bits: by length, alphabet and how many different
/// characters there are. Printable text only.
[[nodiscard]] double estimatedBits(std::string_view text) noexcept;

/// Whether all of it is printable ASCII.
[[nodiscard]] bool isPrintableText(std::string_view text) noexcept;

} // namespace postern
