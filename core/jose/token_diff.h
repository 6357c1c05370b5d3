// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/jws.h"
#include "core/json/json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// How two parts, or two values, differ. The last three change nothing of the meaning, but the
/// signature covers them.
enum class DifferenceKind : std::uint8_t { Added, Removed, Changed, Spelling, Order, WhiteSpace };
/// "added", "removed", "changed", "spelling", "order", "white-space".
[[nodiscard]] std::string_view nameOf(DifferenceKind kind) noexcept;

/// One difference of two tokens.
struct TokenDifference
{
    std::string part; ///< "header" or "payload"
    DifferenceKind kind;
    std::string path; ///< JSON pointer into the part; empty: the part as a whole
    Json before, after; ///< null where there is none
};

/// How a part of one token relates to that of the other.
enum class PartRelation : std::uint8_t {
    Same, ///< octet for octet
    SameContent, ///< only order, spelling or white space differ
    Different,
};
/// "same", "same content", "different".
[[nodiscard]] std::string_view nameOf(PartRelation relation) noexcept;

struct TokenDiff
{
    PartRelation header = PartRelation::Same;
    PartRelation payload = PartRelation::Same;
    bool signatureSame = true;
    std::vector<TokenDifference> differences; ///< header first, in the order of the first token

    [[nodiscard]] bool same() const noexcept
    {
        return header == PartRelation::Same && payload == PartRelation::Same && signatureSame;
    }
};

/// Compares part by part, claims one by one. Parts that are no JSON are compared as text.
[[nodiscard]] TokenDiff diffTokens(const DecodedJws &before, const DecodedJws &after);

} // namespace postern
