// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/admin_access.h"
#include "core/error.h"
#include "gateway/access/access_matrix.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace postern::cli {

/// Who would get what, on the configuration that an Admin API shows.
/// \param clock the time that counts, as --clock takes it; empty: that API's own
[[nodiscard]] Result<gateway::AccessMatrix> openAccess(AdminAccess &admin, std::string_view clock);

/// The row of a consumer. \return NotFound that says who there is
[[nodiscard]] Result<std::size_t> rowOfConsumer(const gateway::AccessMatrix &matrix,
                                                std::string_view consumer);

} // namespace postern::cli
