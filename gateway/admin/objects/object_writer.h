// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/objects/object_change.h"
#include "gateway/config_service.h"

#include <span>
#include <vector>

namespace postern::gateway {

/// Several changes that were checked.
struct PreparedObjects
{
    Transaction transaction; ///< storage keys; the credentials of deleted consumers included
    std::vector<ObjectRefusal> refusals; ///< if any, the transaction must not be committed
};

/// Checks every change by the rules of the Admin API, as if the other ones were there already:
/// objects may refer to each other, in any order, and an object may go together with what refers
/// to it. create_time and update_time of a value are taken as given; where they are absent they are
/// set as a PUT sets them. A deleted consumer takes its credentials along. Nothing is stored. The
/// admin thread only.
/// \return what to commit, or why the store cannot be read
[[nodiscard]] Result<PreparedObjects> prepareObjects(ConfigService &config,
                                                     std::span<const ObjectChange> changes);

} // namespace postern::gateway
