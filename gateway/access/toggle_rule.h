// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <functional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// One object's change that lets a consumer in, or keeps it out.
struct AccessEdit
{
    std::string key; ///< "/routes/1"
    Json value; ///< the whole object, changed
    std::string sentence; ///< "add sales to allow_labels.team"
};

/// An object by its Admin API path; nullptr: there is none.
using ObjectLookup = std::function<const Json *(std::string_view key)>;

/// The smallest edit of the access rule (acl, else consumer-restriction by consumer name) that
/// turns a consumer's answer on a route around. The rule is changed where it stands: on the route,
/// its plugin config or its service. A route without a rule gets a blacklist.
/// \param allowed what the consumer gets now: it is let through, or an access rule refuses it
/// \return Unsupported with the reason where no such edit exists
[[nodiscard]] Result<AccessEdit> toggleAccess(const ObjectLookup &object, const std::string &route,
                                              const std::string &consumer, bool allowed);

} // namespace postern::gateway
