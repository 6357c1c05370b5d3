// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/session/workspace.h"

#include <QString>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gui {

// What the list of routes does to them, as edits of a workspace. Unknown members stay.

/// A route that asks for a key and goes to a public echo service: something to start from.
[[nodiscard]] Edit newRoute(const Workspace &workspace);
[[nodiscard]] Edit duplicatedRoute(const Workspace &workspace, std::string_view key);
/// A route under another id.
[[nodiscard]] std::vector<Edit> renamedRoute(const Workspace &workspace, std::string_view key,
                                             std::string_view id);
[[nodiscard]] std::string routeKey(std::string_view id);

/// The one plugin that asks for a login; empty: none. \return nullopt: several
[[nodiscard]] std::optional<std::string> guardOf(const Json &route);
/// With this one in place of the others; empty: without any.
[[nodiscard]] Json withGuard(const Json &route, std::string_view plugin);

/// "httpbin.org:80" of an upstream with this one node; empty: it has none. \return nullopt: there
/// is more to it than a line could say
[[nodiscard]] std::optional<QString> nodeOf(const Json &route);
[[nodiscard]] Json withNode(const Json &route, const QString &node);

} // namespace postern::gui
