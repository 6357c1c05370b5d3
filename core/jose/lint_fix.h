// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/lint.h"
#include "core/json/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// What a fix may rely on besides the token.
struct LintFixContext
{
    std::int64_t now = 0; ///< UNIX seconds
    LintProfile profile = LintProfile::Strict;
    std::string algorithm; ///< of the key that is to sign; empty: not known
    std::string keyClaim; ///< by which the gateway finds that key; empty: not known
};

/// A mechanical edit after which a remark is not made any more. The token must be signed anew.
struct LintFix
{
    std::string sentence; ///< "set exp to 1 h from now"
    Json header, payload; ///< both whole, one of them changed

    bool operator==(const LintFix &) const = default;
};

/// The edit that answers a remark.
/// \param header of the token that the finding is about, as `payload`
/// \return nullopt: there is none, or the context does not tell enough
[[nodiscard]] std::optional<LintFix> fixFor(const LintFinding &finding, const Json &header,
                                            const Json &payload, const LintFixContext &context);

/// Ids of the rules that fixFor() knows an edit for.
[[nodiscard]] std::vector<std::string_view> fixableRules();

} // namespace postern
