// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/json/json.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// The claims that hold a time: iat, nbf, exp, auth_time, updated_at.
[[nodiscard]] std::span<const std::string_view> timeClaims() noexcept;

/// A NumericDate claim as a time; nullopt if it is no number or beyond the years 1678 to 2262.
[[nodiscard]] std::optional<Timestamp> timeOfClaim(const Json &claim);

/// "in 59 min", "3 s ago", "now".
[[nodiscard]] std::string distanceText(Timestamp time, Timestamp now);

/// A time claim for people: "2024-12-15T02:40:00Z, expired 706 d ago".
[[nodiscard]] std::string timeClaimText(std::string_view name, const Json &claim, Timestamp now);

/// A number that JavaScript would not read as it is written.
struct InexactNumber
{
    std::string path; ///< "a.b[1]"
    std::string lexeme, javaScript;
};
[[nodiscard]] std::vector<InexactNumber> inexactNumbers(const Json &value);

/// A claim of a payload and what there is to know about it.
struct ClaimRow
{
    std::string name;
    std::string value; ///< JSON text of it; of a string the string itself
    std::string type; ///< "text", "number", "list of 2", ...
    std::string meaning, source; ///< empty: not known
    std::vector<std::string> users; ///< of the profiles: "apisix: finds the consumer by it"
    std::optional<Timestamp> time; ///< of a time claim
    std::string distance; ///< "expired 706 d ago"; empty without a time
    std::string remark; ///< "kept exactly; JavaScript would read ..."; may be empty
};
/// The members of the payload, in its order. \param limit at most so many rows
[[nodiscard]] std::vector<ClaimRow> claimRows(const Json &payload, Timestamp now,
                                              std::size_t limit = 1000);

/// What the size of a token means for its transport; empty: nothing.
[[nodiscard]] std::string_view sizeRemark(std::size_t octets) noexcept;

} // namespace postern
