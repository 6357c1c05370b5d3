// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/access/admin_access.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "core/model/secret_members.h"
#include "core/secret/reference.h"
#include "core/store/store.h"
#include "gateway/admin/access/remote_objects.h"
#include "gateway/admin/apisix/admin.h"
#include "gateway/admin/apisix/import.h"
#include "gateway/admin/objects/object_feed.h"
#include "gateway/config_service.h"
#include "gateway/control/client.h"

#include <format>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::string_view kRoot = "/apisix/admin";
constexpr std::string_view kReadOnly =
    "a configuration file is not changed by this command; edit the file, or work on a running "
    "gateway or on --store sqlite:PATH";

class RemoteAdmin final : public AdminAccess
{
public:
    RemoteAdmin(AdminTarget target, std::function<Result<Timestamp>()> clock)
        : m_target(std::move(target)),
          m_clock(std::move(clock))
    {
    }

    Result<Timestamp> now() override { return m_clock ? m_clock() : Clock().now(); }
    Result<ObjectFeed> objects(std::uint64_t since) override
    {
        return m_target.control.empty() ? listObjects(*this)
                                        : fetchObjects(m_target, since, m_instance);
    }
    Result<ApplyOutcome> apply(const std::vector<ObjectChange> &changes, bool dry) override
    {
        if (m_target.control.empty())
            return fail(Errc::Unsupported, "without a control API objects are written one by one");
        return sendObjects(m_target, changes, dry);
    }

protected:
    Result<Answer> send(std::string_view method, std::string_view path, std::string body) override
    {
        const auto address = parseServerAddress(m_target.url);
        if (!address)
            return std::unexpected(address.error());
        ClientRequest request{std::string(method), std::string(path), {}, std::move(body)};
        request.headers.emplace_back("X-API-KEY", m_target.key);
        if (!request.body.empty())
            request.headers.emplace_back("Content-Type", "application/json");
        const auto response = ControlClient(*address).send(request);
        if (!response)
            return std::unexpected(response.error());
        return Answer{response->status, response->body};
    }

private:
    AdminTarget m_target;
    std::function<Result<Timestamp>()> m_clock;
    std::string m_instance; ///< of the last feed
};

class StoreAdmin final : public AdminAccess
{
public:
    /// \param readOnly the objects are copies of a file's: a change would go nowhere
    StoreAdmin(std::unique_ptr<Store> store, bool readOnly, const GatewayProfile &profile)
        : m_config(std::move(store), environment(profile), m_clock, [](const auto &) {}),
          m_admin(m_config, options()),
          m_readOnly(readOnly)
    {
    }

    Result<void> load() { return m_config.load(); }
    Result<void> import(std::vector<ConfigObject> objects)
    {
        const auto imported = importObjects(m_config, std::move(objects));
        if (!imported)
            return std::unexpected(imported.error().front());
        return {};
    }
    Result<Timestamp> now() override { return m_clock.now(); }
    Result<ObjectFeed> objects(std::uint64_t since) override
    {
        return readFeed(m_config, since).and_then(parsedFeed);
    }
    Result<ApplyOutcome> apply(const std::vector<ObjectChange> &changes, bool dry) override
    {
        if (m_readOnly && !dry)
            return fail(Errc::Unsupported, std::string(kReadOnly), "--config");
        Result<ApplyOutcome> outcome;
        m_admin.apply(changes, dry, [&](const Result<ApplyOutcome> &done) { outcome = done; });
        return outcome;
    }

protected:
    Result<Answer> send(std::string_view method, std::string_view path, std::string body) override
    {
        if (m_readOnly && method != "GET")
            return fail(Errc::Unsupported, std::string(kReadOnly), "--config");
        ServiceRequest request;
        request.method = std::string(method);
        request.target = std::format("{}{}", kRoot, path);
        const std::size_t question = request.target.find('?');
        request.path = decodePercent(request.target.substr(0, question));
        if (question != std::string::npos)
            request.query = request.target.substr(question + 1);
        request.headers = {{"Host", "localhost"}};
        request.bodySize = body.size();
        request.body = std::move(body);
        AdminReply reply = m_admin.answer(request);
        return Answer{reply.status, std::move(reply.body)};
    }

private:
    PluginEnv environment(const GatewayProfile &profile) const
    {
        PluginEnv environment;
        environment.secrets = &m_secrets;
        environment.profile = &profile;
        return environment;
    }
    static AdminOptions options()
    {
        AdminOptions options;
        options.requireKey = false;
        return options;
    }
    Clock m_clock;
    SecretResolver m_secrets;
    ConfigService m_config;
    ApisixAdmin m_admin;
    bool m_readOnly;
};

void maskAt(Json &object, std::string_view path)
{
    const std::size_t dot = path.find('.');
    Json *const member = object.find(path.substr(0, dot));
    if (member == nullptr)
        return;
    if (dot != std::string_view::npos)
        maskAt(*member, path.substr(dot + 1));
    else if (!member->isString() || !isSecretReference(member->asString()))
        *member = Json("***");
}

// A gateway may be told to answer as v2 did: `{"action","node":{...}}`.
Json asVersion3(Json answer)
{
    Json *const node = answer.contains("action") ? answer.find("node") : nullptr;
    if (node == nullptr || node->size() == 0)
        return answer;
    Json *const nodes = node->find("nodes");
    if (nodes == nullptr)
        return std::move(*node);
    Json list = Json::object({{"total", static_cast<std::uint64_t>(nodes->size())}});
    list.set("list", std::move(*nodes));
    return list;
}

} // namespace

Result<Json> AdminAccess::request(std::string_view method, std::string_view path, const Json &body)
{
    const Result<Answer> answer = send(method, path, body.isNull() ? std::string() : body.dump());
    if (!answer)
        return std::unexpected(answer.error());
    Result<Json> json = answer->body.empty() ? Result<Json>(Json()) : parseJson(answer->body);
    if (answer->status < 400)
        return json.transform(asVersion3);
    std::string text;
    for (const std::string_view member : {"error_msg", "message", "description"}) {
        if (text.empty() && json)
            text = json->stringOr(member, "");
    }
    if (text.empty())
        text = std::format("status {}", answer->status);
    if (answer->status == 401)
        return fail(Errc::Remote, text + "; set POSTERN_ADMIN_KEY to the gateway's admin key");
    if (answer->status == 404)
        return fail(Errc::NotFound, text, std::string(path.substr(1)));
    return fail(answer->status < 500 ? Errc::Schema : Errc::Remote, text);
}

std::unique_ptr<AdminAccess> openRemoteAdmin(AdminTarget target,
                                             std::function<Result<Timestamp>()> clock)
{
    return std::make_unique<RemoteAdmin>(std::move(target), std::move(clock));
}

Result<std::unique_ptr<AdminAccess>> openStoreAdmin(const std::string &uri,
                                                    std::vector<ConfigObject> objects,
                                                    const GatewayProfile &profile)
{
    auto store = openStore(uri.empty() ? "memory:" : uri);
    if (!store)
        return std::unexpected(store.error());
    auto admin = std::make_unique<StoreAdmin>(std::move(*store), uri.empty(), profile);
    if (const auto loaded = admin->load(); !loaded)
        return std::unexpected(loaded.error());
    if (!objects.empty()) {
        if (const auto imported = admin->import(std::move(objects)); !imported)
            return std::unexpected(imported.error());
    }
    return admin;
}

Result<std::vector<std::string>> listConsumers(AdminAccess &admin)
{
    const Result<Json> consumers = admin.request("GET", "/consumers");
    if (!consumers)
        return std::unexpected(consumers.error());
    std::vector<std::string> names;
    const Json *const list = consumers->find("list");
    for (const Json &node : list ? list->items() : Json::Array()) {
        const Json *const value = node.find("value");
        if (value && !value->stringOr("username", "").empty())
            names.emplace_back(value->stringOr("username", ""));
    }
    return names;
}

void maskSecrets(Json &object)
{
    Json *const plugins = object.find("plugins");
    if (plugins == nullptr || !plugins->isObject())
        return;
    for (auto &[name, config] : plugins->members()) {
        for (const std::string_view path : secretMembers(name))
            maskAt(config, path);
    }
}

} // namespace postern::gateway
