// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/access/admin_access.h"
#include "gateway/admin/objects/object_change.h"

#include <cstdint>
#include <span>
#include <string>

namespace postern::gateway {

/// Asks a gateway's control API for its objects.
/// \param instance of the last answer; set to this one's
/// \return the feed, or Remote, Timeout, Permission, ...
[[nodiscard]] Result<ObjectFeed> fetchObjects(const AdminTarget &target, std::uint64_t since,
                                              std::string &instance);
/// Has a gateway's control API write several objects.
[[nodiscard]] Result<ApplyOutcome> sendObjects(const AdminTarget &target,
                                               std::span<const ObjectChange> changes, bool dry);
/// Everything, type by type over the Admin API: one request a type, and one a consumer.
[[nodiscard]] Result<ObjectFeed> listObjects(AdminAccess &admin);

} // namespace postern::gateway
