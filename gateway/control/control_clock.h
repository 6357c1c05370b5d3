// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"

namespace postern::gateway {

/// {"now":"2030-01-01T00:00:31Z","unix":1893456031,"mode":"ticking","real":"2026-03-04T10:11:12Z"}
[[nodiscard]] Json describeClock(const Clock &clock);

/// Applies {"advance":"31s"}, {"set":"2030-01-01T00:00:00Z"} (or a number of seconds for either)
/// and {"mode":"frozen|ticking|real"}; advance and set exclude each other, the mode comes last.
/// Going back needs "force":true. Nothing is changed when something in it is wrong.
/// \return InvalidArgument with where = the member's JSON pointer
Result<void> changeClock(Clock &clock, const Json &change);

} // namespace postern::gateway
