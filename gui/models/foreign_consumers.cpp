// SPDX-License-Identifier: Apache-2.0
#include "gui/models/foreign_consumers.h"

#include "gui/models/consumer_edits.h"
#include "gui/text/qt_bytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <format>
#include <span>

namespace postern::gui {

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("postern::gui", text, nullptr, n);
}

struct Renamed
{
    std::string_view theirs, ours;
};
/// One of Kong's credential lists.
struct KongLogin
{
    std::string_view list, plugin;
    std::span<const Renamed> members;
};
constexpr std::array<Renamed, 1> kKey{{{"key", "key"}}};
constexpr std::array<Renamed, 2> kBasic{{{"username", "username"}, {"password", "password"}}};
constexpr std::array<Renamed, 2> kHmac{{{"username", "key_id"}, {"secret", "secret_key"}}};
constexpr std::array<Renamed, 4> kJwt{{{"key", "key"},
                                       {"secret", "secret"},
                                       {"algorithm", "algorithm"},
                                       {"rsa_public_key", "public_key"}}};
constexpr std::array<KongLogin, 4> kKongLogins{{{"keyauth_credentials", "key-auth", kKey},
                                                {"basicauth_credentials", "basic-auth", kBasic},
                                                {"hmacauth_credentials", "hmac-auth", kHmac},
                                                {"jwt_secrets", "jwt-auth", kJwt}}};

const Json::Array &listOf(const Json &object, std::string_view name)
{
    static const Json::Array kNone;
    const Json *const list = object.find(name);
    return list ? list->items() : kNone;
}

int routesOf(const Json &root)
{
    auto count = listOf(root, "routes").size();
    for (const Json &service : listOf(root, "services"))
        count += listOf(service, "routes").size();
    return static_cast<int>(count);
}

void warnOfRest(const Json &root, ForeignObjects &objects)
{
    if (const auto services = static_cast<int>(listOf(root, "services").size()); services > 0)
        objects.warnings << tr("%n service(s) are not imported.", services);
    if (const int routes = routesOf(root); routes > 0)
        objects.warnings << tr("%n route(s) are not imported.", routes);
    for (const char *const kind : {"plugins", "global_rules", "upstreams", "consumer_groups"}) {
        const Json *const list = root.find(kind);
        if (list && list->size() > 0)
            objects.warnings << tr("\"%1\" is not imported.").arg(QLatin1String(kind));
    }
}

Edit credentialEdit(std::string_view consumer, std::string_view plugin, std::size_t number,
                    std::string_view name, Json config)
{
    const std::string id = !name.empty() ? std::string(name)
        : number == 0                    ? std::format("cred-{}-{}", consumer, plugin)
                      : std::format("cred-{}-{}-{}", consumer, plugin, number + 1);
    return {credentialKey(consumer, id),
            Json::object({{"plugins", Json::object({{std::string(plugin), std::move(config)}})}})};
}

/// \return the user name; empty, with a warning: it cannot be one
std::string userNameOf(const Json &consumer, ForeignObjects &objects)
{
    const std::string name(consumer.stringOr("username", consumer.stringOr("custom_id", "")));
    if (const QString fault = userNameFault(toText(name)); !fault.isEmpty()) {
        objects.warnings << tr("Consumer \"%1\" is left out: %2").arg(toText(name), fault);
        return {};
    }
    return name;
}

} // namespace

ForeignObjects readKong(const Json &root)
{
    ForeignObjects objects;
    for (const Json &consumer : listOf(root, "consumers")) {
        const std::string name = userNameOf(consumer, objects);
        if (name.empty())
            continue;
        Json value = Json::object({{"username", name}});
        if (const std::string_view id = consumer.stringOr("custom_id", ""); !id.empty())
            value.set("labels", Json::object({{"custom_id", id}}));
        objects.edits.push_back({consumerKey(name), std::move(value)});
        for (const KongLogin &login : kKongLogins) {
            std::size_t number = 0;
            for (const Json &theirs : listOf(consumer, login.list)) {
                Json config = Json::object();
                for (const Renamed &member : login.members) {
                    if (const Json *const found = theirs.find(member.theirs))
                        config.set(member.ours, *found);
                }
                objects.edits.push_back(
                    credentialEdit(name, login.plugin, number++, {}, std::move(config)));
            }
        }
        if (!listOf(consumer, "acls").empty() || !listOf(consumer, "plugins").empty())
            objects.warnings << tr("Groups and plugins of %1 are not imported.").arg(toText(name));
    }
    warnOfRest(root, objects);
    return objects;
}

ForeignObjects readAdc(const Json &root)
{
    ForeignObjects objects;
    for (const Json &consumer : listOf(root, "consumers")) {
        const std::string name = userNameOf(consumer, objects);
        if (name.empty())
            continue;
        Json value = Json::object({{"username", name}});
        if (const std::string_view text = consumer.stringOr("description", ""); !text.empty())
            value.set("desc", text);
        for (const char *const member : {"labels", "plugins"}) {
            if (const Json *const found = consumer.find(member))
                value.set(member, *found);
        }
        objects.edits.push_back({consumerKey(name), std::move(value)});
        std::size_t number = 0;
        for (const Json &credential : listOf(consumer, "credentials")) {
            const Json *const config = credential.find("config");
            objects.edits.push_back(credentialEdit(name, credential.stringOr("type", ""), number++,
                                                   credential.stringOr("name", ""),
                                                   config ? *config : Json::object()));
        }
    }
    warnOfRest(root, objects);
    return objects;
}

bool isAdc(const Json &root)
{
    const auto hasTyped = [](const Json &consumer) {
        return std::ranges::any_of(listOf(consumer, "credentials"), [](const Json &credential) {
            return credential.contains("type");
        });
    };
    return std::ranges::any_of(listOf(root, "consumers"), hasTyped)
        || std::ranges::any_of(listOf(root, "services"),
                               [](const Json &service) { return service.contains("routes"); });
}

} // namespace postern::gui
