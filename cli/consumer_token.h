// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/admin_access.h"
#include "core/error.h"

#include <string>
#include <string_view>

namespace postern::cli {

/// A token that the gateway accepts for a consumer: its credential's key, algorithm and key claim,
/// at the gateway's time.
/// \param credential empty: the consumer's first jwt-auth credential
/// \param ttl a duration; empty: no exp
[[nodiscard]] Result<std::string> mintForConsumer(AdminAccess &admin, std::string_view consumer,
                                                  std::string_view credential,
                                                  std::string_view ttl);

} // namespace postern::cli
