// SPDX-License-Identifier: Apache-2.0
#include "gui/models/consumer_edits.h"

#include "core/jose/key_pair.h"
#include "core/model/secret_members.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/admin/apisix/schemas.h"
#include "gui/models/logins.h"
#include "gui/session/object_order.h"
#include "gui/text/qt_bytes.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <format>
#include <iterator>
#include <span>

namespace postern::gui {

namespace {

constexpr std::string_view kConsumers = "/consumers/";
constexpr std::string_view kMask = "***"; // of gateway::maskSecrets()

QString tr(const char *text) { return QCoreApplication::translate("postern::gui", text); }

Json withMemberAt(Json object, std::span<const std::string_view> path, Json value)
{
    if (path.size() > 1) {
        const Json *const inner = object.find(path.front());
        object.set(
            path.front(),
            withMemberAt(inner ? *inner : Json::object(), path.subspan(1), std::move(value)));
    } else if (value.isNull()) {
        object.erase(path.front());
    } else {
        object.set(path.front(), std::move(value));
    }
    return object;
}

std::string credentialsOf(std::string_view consumer)
{
    return std::format("/consumers/{}/credentials", consumer);
}

/// A dotted path of secretMembers().
Json *memberAt(Json &object, std::string_view path)
{
    Json *at = &object;
    while (at != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        at = at->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return at;
}

} // namespace

std::string consumerOf(std::string_view key)
{
    if (!key.starts_with(kConsumers))
        return {};
    key.remove_prefix(kConsumers.size());
    return std::string(key.substr(0, key.find('/')));
}

std::string idOf(std::string_view key) { return std::string(key.substr(key.rfind('/') + 1)); }

std::string consumerKey(std::string_view name) { return std::format("/consumers/{}", name); }

std::string credentialKey(std::string_view consumer, std::string_view id)
{
    return std::format("{}/{}", credentialsOf(consumer), id);
}

QString userNameFault(const QString &name)
{
    if (name.isEmpty())
        return tr("A user name is needed.");
    static const QRegularExpression pattern = [] {
        const gateway::ObjectSchema *const schema = gateway::findObjectSchema("consumer");
        const Json *const properties = schema ? schema->document.find("properties") : nullptr;
        const Json *const username = properties ? properties->find("username") : nullptr;
        return QRegularExpression(username ? toText(username->stringOr("pattern", "")) : QString());
    }();
    if (pattern.match(name).hasMatch())
        return {};
    return tr("A user name has only letters A–Z and a–z, digits, \"_\" and \"-\".");
}

Json withMember(Json object, std::initializer_list<std::string_view> path, Json value)
{
    return withMemberAt(std::move(object), {path.begin(), path.size()}, std::move(value));
}

Json withLabels(Json object, const std::vector<std::pair<std::string, std::string>> &labels)
{
    Json all = Json::object();
    for (const auto &[name, value] : labels)
        all.set(name, value);
    return withMember(std::move(object), {"labels"}, labels.empty() ? Json() : std::move(all));
}

std::vector<std::pair<std::string, std::string>> labelsOf(const Json &object)
{
    std::vector<std::pair<std::string, std::string>> labels;
    const Json *const all = object.find("labels");
    for (const auto &[name, value] : all ? all->members() : Json::Object())
        labels.emplace_back(name, value.isString() ? value.asString() : value.dump());
    return labels;
}

std::optional<std::pair<std::string, std::string>> parseLabel(const QString &text)
{
    const qsizetype equals = text.indexOf(QLatin1Char('='));
    const QString name = text.left(equals).trimmed();
    const QString value = text.mid(equals + 1).trimmed();
    if (equals < 0 || name.isEmpty() || value.isEmpty())
        return std::nullopt;
    return std::pair(toOctets(name), toOctets(value));
}

std::vector<Edit> relabelled(const Workspace &workspace, const std::vector<std::string> &consumers,
                             const LabelChange &change)
{
    std::vector<Edit> edits;
    for (const std::string &key : consumers) {
        const Json *const value = workspace.value(key);
        if (!value)
            continue;
        const auto before = labelsOf(*value);
        auto labels = before;
        std::erase_if(labels, [&](const auto &label) {
            return std::ranges::contains(change.removed, label);
        });
        for (const auto &label : change.set) {
            const auto same =
                std::ranges::find(labels, label.first, &std::pair<std::string, std::string>::first);
            if (same == labels.end())
                labels.push_back(label);
            else
                same->second = label.second;
        }
        if (labels != before)
            edits.push_back({key, withLabels(*value, labels)});
    }
    return edits;
}

std::vector<gateway::ObjectChange> exportable(const Workspace &workspace,
                                              const std::vector<std::string> &consumers)
{
    std::vector<gateway::ObjectChange> objects;
    const auto add = [&](const std::string &key) {
        if (const Json *const value = workspace.value(key))
            objects.push_back({key, *value, 0});
    };
    for (const std::string &key : consumers) {
        add(key);
        for (const std::string &credential : workspace.keys(credentialsOf(idOf(key))))
            add(credential);
    }
    return objects;
}

Json shownAs(const Json &object, bool secrets)
{
    Json shown = withoutTimes(object);
    if (!secrets)
        gateway::maskSecrets(shown);
    return shown;
}

Json withSecretsOf(Json typed, const Json &original)
{
    Json source = original;
    Json *const plugins = typed.find("plugins");
    if (plugins == nullptr || !plugins->isObject())
        return typed;
    for (auto &[name, config] : plugins->members()) {
        for (const std::string_view path : secretMembers(name)) {
            Json *const member = memberAt(config, path);
            Json *const known =
                source.find("plugins") ? source.find("plugins")->find(name) : nullptr;
            const Json *const secret = known ? memberAt(*known, path) : nullptr;
            if (member && secret && member->isString() && member->asString() == kMask)
                *member = *secret;
        }
    }
    return typed;
}

bool means(const Json &typed, const Json &object)
{
    return shownAs(withSecretsOf(typed, object), true) == shownAs(object, true);
}

std::string freeId(const Workspace &workspace, std::string_view collection, std::string_view base)
{
    std::string id(base);
    for (int number = 2; workspace.value(std::format("{}/{}", collection, id)); ++number)
        id = std::format("{}-{}", base, number);
    return id;
}

Result<Edit> newCredential(const Workspace &workspace, std::string_view consumer,
                           std::string_view plugin)
{
    Json config = Json::object();
    if (plugin == "jwt-auth")
        config = Json::object({{"key", std::format("{}-key", consumer)}, {"algorithm", "HS256"}});
    else if (plugin == "basic-auth")
        config = Json::object({{"username", consumer}});
    else if (plugin == "hmac-auth")
        config = Json::object({{"key_id", std::format("{}-key", consumer)}});
    const std::string id =
        freeId(workspace, credentialsOf(consumer), std::format("cred-{}-{}", consumer, plugin));
    Json object = Json::object({{"plugins", Json::object({{std::string(plugin), config}})}});
    auto complete = rotated(object, plugin);
    if (!complete)
        return std::unexpected(complete.error());
    return Edit{credentialKey(consumer, id), std::move(*complete)};
}

Result<Json> rotated(const Json &object, std::string_view plugin)
{
    const LoginKind *const kind = findLoginKind(plugin);
    const Json *const config = loginConfig(object, plugin);
    if (!kind || !config)
        return fail(Errc::NotFound, std::string(plugin));
    if (const auto alg = keyPairAlgOf(plugin, *config)) {
        const KeyPairKind *const pairKind = keyPairKindFor(*alg);
        if (!pairKind)
            return fail(Errc::Unsupported, std::string(info(*alg).name));
        const auto pair = generateKeyPair(*pairKind);
        if (!pair)
            return std::unexpected(pair.error());
        return withKeyPair(object, plugin, pair->privatePem.view(), pair->publicPem);
    }
    const auto secret = generateSecret(secretKindOf(plugin, *config));
    if (!secret)
        return std::unexpected(secret.error());
    Json changed = withMember(object, {"plugins", plugin, kind->secret},
                              Json(std::string(secret->text.view())));
    // the new secret's octets are those of its text
    if (config->contains("base64_secret"))
        changed = withMember(std::move(changed), {"plugins", plugin, "base64_secret"}, Json());
    return changed;
}

Json withKeyPair(const Json &object, std::string_view plugin, std::string_view privatePem,
                 std::string_view publicPem)
{
    return withMember(withMember(object, {"plugins", plugin, "public_key"}, Json(publicPem)),
                      {"plugins", plugin, "private_key"}, Json(privatePem));
}

std::vector<Edit> renamed(const Workspace &workspace, std::string_view key, std::string_view name)
{
    const Json *const value = workspace.value(key);
    if (!value)
        return {};
    std::vector<Edit> edits{{consumerKey(name), withMember(*value, {"username"}, Json(name))},
                            {std::string(key), std::nullopt}};
    for (const std::string &credential : workspace.keys(credentialsOf(idOf(key)))) {
        edits.push_back({credentialKey(name, idOf(credential)), *workspace.value(credential)});
        edits.push_back({credential, std::nullopt});
    }
    return edits;
}

Edit duplicated(const Workspace &workspace, std::string_view key)
{
    const Json *const value = workspace.value(key);
    const std::string name = freeId(workspace, "/consumers", idOf(key) + "-copy");
    Json copy = value ? *value : Json::object();
    for (const std::string_view member : {"create_time", "update_time"})
        copy.erase(member);
    for (const std::string &plugin : loginsOf(copy))
        copy = withMember(std::move(copy), {"plugins", plugin}, Json());
    return {consumerKey(name), withMember(std::move(copy), {"username"}, Json(name))};
}

std::vector<Edit> moved(const Workspace &workspace, std::string_view key, std::string_view consumer)
{
    const Json *const value = workspace.value(key);
    if (!value || consumerOf(key) == consumer || !key.contains("/credentials/"))
        return {};
    const std::string id = freeId(workspace, credentialsOf(consumer), idOf(key));
    return {{std::string(key), std::nullopt},
            {credentialKey(consumer, id),
             value->contains("id") ? withMember(*value, {"id"}, Json(id)) : *value}};
}

} // namespace postern::gui
