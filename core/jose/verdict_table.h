// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/profile.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

// Several profiles' verdicts side by side: a row for each check, a column for each profile.

/// The ids of all checks, by stage, each once.
[[nodiscard]] std::vector<std::string> checkIds(std::span<const ProfileVerdict> verdicts);

/// A verdict's check of that id: the failed one where there are several. nullptr: not made
[[nodiscard]] const JwtCheck *findCheck(const JwtVerdict &verdict, std::string_view id);

/// "ok", the reason's id, "-" where the profile does not look or did not get there.
[[nodiscard]] std::string checkCell(const JwtVerdict &verdict, std::string_view id);

/// Whether one profile refuses by this check what another one lets pass or does not look at.
[[nodiscard]] bool checkDiffers(std::span<const ProfileVerdict> verdicts, std::string_view id);

/// Whether some profiles accept what others refuse.
[[nodiscard]] bool verdictsDiffer(std::span<const ProfileVerdict> verdicts);

/// What a gateway's client gets: "401 {…}", "the request goes on".
[[nodiscard]] std::string answerText(const ProfileVerdict &verdict);

} // namespace postern
