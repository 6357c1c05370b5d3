// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/objects/object_change.h"
#include "gui/session/workspace.h"

#include <string_view>
#include <vector>

namespace postern::gui {

/// Every object, staged edits included, for gateway::exportConfig().
[[nodiscard]] std::vector<gateway::ObjectChange> wholeConfiguration(const Workspace &workspace);
/// The consumers and their credentials among them.
[[nodiscard]] std::vector<gateway::ObjectChange> allConsumers(const Workspace &workspace);

} // namespace postern::gui
