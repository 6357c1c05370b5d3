// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/token_view.h"
#include "core/json/json.h"

namespace postern {

/// What a JWE's header says. RFC 7516 4, RFC 7518 4 and 5; remarks by RFC 8725.
[[nodiscard]] JweFacts jweFacts(const Json &header);

} // namespace postern
