// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/store/store.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

class CheckContext;

/// A limit-count configuration with a group, as one of many objects has it. Defaults are filled in.
struct GroupClaim
{
    Json limit;
    bool consumer = false; ///< for the refusal's text
};

/// Compares the limit-count groups of objects that are written at once: of each group the first one
/// that is added decides. Time grows with the number of objects. apisix.md 4.7.
class LimitGroups
{
public:
    /// Adds the groups of stored objects. \param stays tells which of them stay as they are
    [[nodiscard]] Result<void> addStored(const CheckContext &context,
                                         const std::function<bool(std::string_view key)> &stays);
    /// \return PluginConfig with APISIX's text if the group is configured otherwise already
    [[nodiscard]] Result<void> add(const GroupClaim &claim);

private:
    std::map<std::string, Json, std::less<>> m_known; ///< by group
};

} // namespace postern::gateway
