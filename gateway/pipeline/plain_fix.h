// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <string_view>

namespace postern::gateway {

/// What to do about a reason whose remedy does not depend on the request; empty if there is none.
[[nodiscard]] std::string_view plainFix(Errc reason) noexcept;

} // namespace postern::gateway
