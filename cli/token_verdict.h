// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output.h"
#include "core/jose/profile.h"
#include "core/json/json.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace postern::cli {

/// One profile's verdict, one line for each check; a gateway's answer behind.
void printVerdict(const Console &console, const ProfileVerdict &verdict);

/// Several profiles side by side: a row for each check, `!=` where they differ, then what each
/// gateway would answer and why.
void printVerdicts(const Console &console, std::span<const ProfileVerdict> verdicts);

/// {"version":1,"valid",…,"checks":[…]}; several profiles under "profiles" with "differ".
/// \param now UNIX seconds
[[nodiscard]] Json verdictsToJson(std::span<const ProfileVerdict> verdicts, std::int64_t now);

/// [{"id","ok","stage","reason","by_s","detail"}]
/// \param detailed false: no texts for people
[[nodiscard]] Json checksToJson(const JwtVerdict &verdict, std::int64_t now, bool detailed = true);

/// The exit code: 0 when every profile accepts, else that of the first one that refuses.
/// \param byReason the codes of --exit-reason
[[nodiscard]] int exitOf(std::span<const ProfileVerdict> verdicts, bool byReason);

} // namespace postern::cli
