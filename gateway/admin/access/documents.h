// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/store/store.h"
#include "gateway/admin/access/admin_access.h"

#include <vector>

namespace postern::gateway {

/// Everything that decides about requests, as the Admin API lists it, by storage key: for
/// AccessMatrix. One question a kind, and one a consumer for its credentials.
[[nodiscard]] Result<std::vector<Document>> readDocuments(AdminAccess &admin);

} // namespace postern::gateway
