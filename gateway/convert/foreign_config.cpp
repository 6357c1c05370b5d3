// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/foreign_config.h"

#include "core/text/pattern.h"
#include "gateway/admin/apisix/schemas.h"

#include <algorithm>
#include <array>
#include <format>
#include <span>
#include <string_view>
#include <utility>

namespace postern::gateway {
namespace {

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
constexpr std::array<std::string_view, 4> kOtherLists{"plugins", "global_rules", "upstreams",
                                                      "consumer_groups"};

const Json::Array &listOf(const Json &object, std::string_view name)
{
    static const Json::Array kNone;
    const Json *const list = object.find(name);
    return list ? list->items() : kNone;
}

void addRest(const Json &root, ForeignConfig &config)
{
    const Json::Array &services = listOf(root, "services");
    std::size_t routes = listOf(root, "routes").size();
    for (const Json &service : services)
        routes += listOf(service, "routes").size();
    if (!services.empty())
        config.leftOut.push_back({LeftOut::What::Services, {}, services.size()});
    if (routes > 0)
        config.leftOut.push_back({LeftOut::What::Routes, {}, routes});
    for (const std::string_view name : kOtherLists) {
        const Json *const list = root.find(name);
        if (list && list->size() > 0)
            config.leftOut.push_back({LeftOut::What::List, std::string(name), list->size()});
    }
}

/// As the Admin API's schema of a consumer says.
bool isUserName(std::string_view name)
{
    static const Pattern pattern = [] {
        const ObjectSchema *const schema = findObjectSchema("consumer");
        const Json *const properties = schema ? schema->document.find("properties") : nullptr;
        const Json *const username = properties ? properties->find("username") : nullptr;
        return Pattern::compile(username ? username->stringOr("pattern", ".") : ".").value();
    }();
    return !name.empty() && pattern.matches(name);
}

/// \return the user name; empty, and noted: it cannot be one
std::string userNameOf(const Json &consumer, ForeignConfig &config)
{
    std::string name(consumer.stringOr("username", consumer.stringOr("custom_id", "")));
    if (isUserName(name))
        return name;
    config.leftOut.push_back({LeftOut::What::Consumer, std::move(name), 1});
    return {};
}

std::string keyOf(std::string_view consumer) { return std::format("/consumers/{}", consumer); }

/// Ids of one consumer's credentials, each once.
class CredentialIds
{
public:
    explicit CredentialIds(std::string_view consumer) : m_consumer(consumer) {}

    /// \param name what the file calls it; may be empty
    [[nodiscard]] std::string next(std::string_view plugin, std::string_view name)
    {
        const std::string base =
            name.empty() ? std::format("cred-{}-{}", m_consumer, plugin) : std::string(name);
        std::string id = base;
        for (int number = 2; std::ranges::contains(m_used, id); ++number)
            id = std::format("{}-{}", base, number);
        m_used.push_back(id);
        return id;
    }

private:
    std::string_view m_consumer;
    std::vector<std::string> m_used;
};

void addCredential(ForeignConfig &config, std::string_view consumer, const std::string &id,
                   std::string_view plugin, Json settings)
{
    config.objects.push_back(
        {std::format("{}/credentials/{}", keyOf(consumer), id),
         Json::object({{"plugins", Json::object({{std::string(plugin), std::move(settings)}})}}),
         0});
}

void addKongLogins(const Json &consumer, std::string_view name, ForeignConfig &config)
{
    CredentialIds ids(name);
    for (const KongLogin &login : kKongLogins) {
        for (const Json &theirs : listOf(consumer, login.list)) {
            Json settings = Json::object();
            for (const Renamed &member : login.members) {
                if (const Json *const found = theirs.find(member.theirs))
                    settings.set(member.ours, *found);
            }
            addCredential(config, name, ids.next(login.plugin, {}), login.plugin,
                          std::move(settings));
        }
    }
}

} // namespace

ForeignConfig readKongConfig(const Json &root)
{
    ForeignConfig config;
    for (const Json &consumer : listOf(root, "consumers")) {
        const std::string name = userNameOf(consumer, config);
        if (name.empty())
            continue;
        Json value = Json::object({{"username", name}});
        if (const std::string_view id = consumer.stringOr("custom_id", ""); !id.empty())
            value.set("labels", Json::object({{"custom_id", id}}));
        config.objects.push_back({keyOf(name), std::move(value), 0});
        addKongLogins(consumer, name, config);
        if (!listOf(consumer, "acls").empty() || !listOf(consumer, "plugins").empty())
            config.leftOut.push_back({LeftOut::What::Extras, name, 1});
    }
    addRest(root, config);
    return config;
}

ForeignConfig readAdcConfig(const Json &root)
{
    ForeignConfig config;
    for (const Json &consumer : listOf(root, "consumers")) {
        const std::string name = userNameOf(consumer, config);
        if (name.empty())
            continue;
        Json value = Json::object({{"username", name}});
        if (const std::string_view text = consumer.stringOr("description", ""); !text.empty())
            value.set("desc", text);
        for (const std::string_view member : {"labels", "plugins"}) {
            if (const Json *const found = consumer.find(member))
                value.set(member, *found);
        }
        config.objects.push_back({keyOf(name), std::move(value), 0});
        CredentialIds ids(name);
        for (const Json &credential : listOf(consumer, "credentials")) {
            const Json *const settings = credential.find("config");
            const std::string_view plugin = credential.stringOr("type", "");
            addCredential(config, name, ids.next(plugin, credential.stringOr("name", "")), plugin,
                          settings ? *settings : Json::object());
        }
    }
    addRest(root, config);
    return config;
}

bool isKongConfig(const Json &root) { return root.contains("_format_version"); }

bool isAdcConfig(const Json &root)
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

} // namespace postern::gateway
