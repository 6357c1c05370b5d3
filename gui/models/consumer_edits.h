// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/objects/object_change.h"
#include "gui/session/workspace.h"

#include <QString>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gui {

// What the consumers page does to objects, as edits of a workspace. Unknown members stay.

/// "jack" of "/consumers/jack" and of "/consumers/jack/credentials/x"; empty for others.
[[nodiscard]] std::string consumerOf(std::string_view key);
/// The last part of a key.
[[nodiscard]] std::string idOf(std::string_view key);
[[nodiscard]] std::string consumerKey(std::string_view name);
[[nodiscard]] std::string credentialKey(std::string_view consumer, std::string_view id);

/// What a user name may be made of, as the Admin API's schema says. \return empty: it may be used
[[nodiscard]] QString userNameFault(const QString &name);

/// The object with a member set (null: taken away); members on the way are made.
[[nodiscard]] Json withMember(Json object, std::initializer_list<std::string_view> path,
                              Json value);
/// \param labels "team" -> "platform", in order
[[nodiscard]] Json withLabels(Json object,
                              const std::vector<std::pair<std::string, std::string>> &labels);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> labelsOf(const Json &object);

/// "team=platform" taken apart; nullopt: it is no label.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> parseLabel(const QString &text);

/// What becomes of the labels of several consumers.
struct LabelChange
{
    std::vector<std::pair<std::string, std::string>> set, removed;
};
/// The edits of those consumers that get other labels by it.
[[nodiscard]] std::vector<Edit> relabelled(const Workspace &workspace,
                                           const std::vector<std::string> &consumers,
                                           const LabelChange &change);

/// Consumers with their credentials, staged edits included, for gateway::exportConsumers().
[[nodiscard]] std::vector<gateway::ObjectChange>
exportable(const Workspace &workspace, const std::vector<std::string> &consumers);

/// The object without times, its secrets as "***" unless they are shown.
[[nodiscard]] Json shownAs(const Json &object, bool secrets);
/// What was typed into shownAs(): each "***" is the secret of `original` at its place.
[[nodiscard]] Json withSecretsOf(Json typed, const Json &original);
/// Whether that is the object, however it is written and whatever of it is masked.
[[nodiscard]] bool means(const Json &typed, const Json &object);

/// A name that no object of the collection has: "new-consumer", "new-consumer-2".
[[nodiscard]] std::string freeId(const Workspace &workspace, std::string_view collection,
                                 std::string_view base);

/// A credential with a new secret. \param plugin of loginKinds()
[[nodiscard]] Result<Edit> newCredential(const Workspace &workspace, std::string_view consumer,
                                         std::string_view plugin);
/// The login with another key pair.
[[nodiscard]] Json withKeyPair(const Json &object, std::string_view plugin,
                               std::string_view privatePem, std::string_view publicPem);
/// The login with another secret of its kind; with another pair, where it has one.
[[nodiscard]] Result<Json> rotated(const Json &object, std::string_view plugin);
/// A consumer under another name, its credentials with it.
[[nodiscard]] std::vector<Edit> renamed(const Workspace &workspace, std::string_view key,
                                        std::string_view name);
/// A copy without credentials: two logins must not be the same.
[[nodiscard]] Edit duplicated(const Workspace &workspace, std::string_view key);
/// A credential under another consumer, id and times as they were.
[[nodiscard]] std::vector<Edit> moved(const Workspace &workspace, std::string_view key,
                                      std::string_view consumer);

} // namespace postern::gui
