// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A token found in pasted text, and what was cut around it.
struct FoundToken
{
    std::string token;
    std::string cut; ///< "Bearer", "a header line", "quotes", ...; empty if nothing was cut
};

/// Finds the tokens in pasted text: a bare token, `Bearer …`, a header line, quotes, a whole curl
/// line, JSON with `access_token`, a token broken over lines; several tokens, one on each line.
/// Text in which nothing looks like a token comes back whole, so that the reader can say what is
/// wrong with it. White space around a token is not worth a word.
[[nodiscard]] std::vector<FoundToken> findTokens(std::string_view text);

} // namespace postern
