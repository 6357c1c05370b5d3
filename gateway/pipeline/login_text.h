// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/step_text.h"

#include <string>
#include <string_view>

namespace postern::gateway {

// What step_text.h says of the steps of basic-auth, hmac-auth, multi-auth and
// consumer-restriction; empty for everything that the general texts say as well.

[[nodiscard]] std::string loginText(const StepView &view);
/// \param whose the credential at hand: "cred-1 of jack", "the consumer's credential"
[[nodiscard]] std::string loginFix(const StepView &view, std::string_view whose);

} // namespace postern::gateway
