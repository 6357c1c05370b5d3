// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_access.h"

#include "cli/gateway_options.h"
#include "core/bytes/encoding.h"
#include "core/config/config.h"
#include "core/json/parse.h"
#include "core/model/secret_members.h"
#include "core/secret/reference.h"
#include "core/store/store.h"
#include "gateway/admin/apisix/admin.h"
#include "gateway/config_service.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <format>

namespace postern::cli {
namespace {

constexpr std::string_view kRoot = "/apisix/admin";

class RemoteAdmin final : public AdminAccess
{
public:
    explicit RemoteAdmin(AdminTarget target) : m_target(std::move(target)) {}

    Result<Timestamp> now() override
    {
        const Result<Json> clock = askControl("GET", "/v1/clock");
        if (!clock) // a gateway without control API, as a real APISIX
            return Clock().now();
        return parseTime(clock->stringOr("now", ""), Clock().now());
    }

protected:
    Result<Answer> send(std::string_view method, std::string_view path, std::string body) override
    {
        const auto address = gateway::parseServerAddress(m_target.url);
        if (!address)
            return std::unexpected(address.error());
        gateway::ClientRequest request{std::string(method), std::string(path), {}, std::move(body)};
        request.headers.emplace_back("X-API-KEY", m_target.key);
        if (!request.body.empty())
            request.headers.emplace_back("Content-Type", "application/json");
        const auto response = gateway::ControlClient(*address).send(request);
        if (!response)
            return std::unexpected(response.error());
        return Answer{response->status, response->body};
    }

private:
    AdminTarget m_target;
};

class StoreAdmin final : public AdminAccess
{
public:
    /// \param readOnly the objects are copies of a file's: a change would go nowhere
    StoreAdmin(std::unique_ptr<Store> store, bool readOnly)
        : m_config(std::move(store), m_environment, m_clock, [](const auto &) {}),
          m_admin(m_config, options()),
          m_readOnly(readOnly)
    {
        m_environment.secrets = &m_secrets;
    }

    Result<void> load() { return m_config.load(); }
    Result<void> import(std::vector<ConfigObject> objects)
    {
        const auto imported = gateway::importObjects(m_config, std::move(objects));
        if (!imported)
            return std::unexpected(imported.error().front());
        return {};
    }
    Result<Timestamp> now() override { return m_clock.now(); }

protected:
    Result<Answer> send(std::string_view method, std::string_view path, std::string body) override
    {
        if (m_readOnly && method != "GET")
            return fail(Errc::Unsupported,
                        "a configuration file is not changed by this command; edit the file, or "
                        "work on a running gateway or on --store sqlite:PATH",
                        "--config");
        gateway::ServiceRequest request;
        request.method = std::string(method);
        request.target = std::format("{}{}", kRoot, path);
        const std::size_t question = request.target.find('?');
        request.path = decodePercent(request.target.substr(0, question));
        if (question != std::string::npos)
            request.query = request.target.substr(question + 1);
        request.headers = {{"Host", "localhost"}};
        request.bodySize = body.size();
        request.body = std::move(body);
        gateway::AdminReply reply = m_admin.answer(request);
        return Answer{reply.status, std::move(reply.body)};
    }

private:
    static gateway::AdminOptions options()
    {
        gateway::AdminOptions options;
        options.requireKey = false;
        return options;
    }
    Clock m_clock;
    SecretResolver m_secrets;
    gateway::PluginEnv m_environment;
    gateway::ConfigService m_config;
    gateway::ApisixAdmin m_admin;
    bool m_readOnly;
};

Result<std::unique_ptr<AdminAccess>> openStoreAdmin(const ObjectSource &source)
{
    std::vector<ConfigObject> objects;
    if (!source.config.empty()) {
        auto config = loadConfig(source.config);
        if (!config)
            return std::unexpected(config.error());
        objects = std::move(config->objects);
    }
    auto store = openStore(source.store.empty() ? "memory:" : source.store);
    if (!store)
        return std::unexpected(store.error());
    auto admin = std::make_unique<StoreAdmin>(std::move(*store), source.store.empty());
    if (const auto loaded = admin->load(); !loaded)
        return std::unexpected(loaded.error());
    if (!objects.empty()) {
        if (const auto imported = admin->import(std::move(objects)); !imported)
            return std::unexpected(imported.error());
    }
    return admin;
}

const Json *jwtAuthOf(const Json &object)
{
    const Json *const plugins = object.find("plugins");
    return plugins ? plugins->find("jwt-auth") : nullptr;
}

Result<JwtCredential> credentialFrom(std::string_view consumer, std::string_view id,
                                     const Json &config)
{
    JwtCredential credential{std::string(consumer), std::string(id), {}, Alg::HS256, config};
    const SecretResolver resolver;
    if (const auto resolved = resolver.resolveAll(credential.config); !resolved)
        return std::unexpected(resolved.error());
    credential.key = credential.config.stringOr("key", "");
    const std::string_view name = credential.config.stringOr("algorithm", "HS256");
    const AlgInfo *const alg = findAlg(name);
    if (alg == nullptr)
        return fail(Errc::AlgUnknown, std::format("\"{}\"", name), std::string(id));
    credential.alg = alg->alg;
    return credential;
}

Result<std::string> consumerOfCredential(AdminAccess &admin, std::string_view credential)
{
    const Result<Json> consumers = admin.request("GET", "/consumers");
    if (!consumers)
        return std::unexpected(consumers.error());
    const Json *const list = consumers->find("list");
    for (const Json &node : list ? list->items() : Json::Array()) {
        const Json *const value = node.find("value");
        const std::string name(value ? value->stringOr("username", "") : "");
        if (!name.empty()
            && admin.request("GET",
                             std::format("/consumers/{}/credentials/{}", encodePercent(name),
                                         encodePercent(credential))))
            return name;
    }
    return fail(Errc::NotFound, "no consumer has this credential", std::string(credential));
}

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

void addObjectSourceOptions(CLI::App &app, ObjectSource &source)
{
    app.add_option("--config", source.config,
                   "configuration file to look in, instead of the running gateway");
    app.add_option("--store", source.store, "store to work on: memory:, sqlite:PATH");
}

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

Result<std::unique_ptr<AdminAccess>> openAdmin(const ObjectSource &source)
{
    if (!source.config.empty() || !source.store.empty())
        return openStoreAdmin(source);
    auto target = adminTarget();
    if (!target) {
        // Not taken by itself: what a gateway has and what its file says may differ.
        std::error_code code;
        const auto near = nearestConfig(std::filesystem::current_path(code));
        if (target.error().code == Errc::Remote)
            target.error().detail += near.empty()
                ? std::string("; or name its file with --config, its store with --store")
                : std::format(
                      "; or look into the file with --config {}",
                      near.lexically_proximate(std::filesystem::current_path(code)).string());
        return std::unexpected(target.error());
    }
    return openAdminAt(std::move(*target));
}

std::unique_ptr<AdminAccess> openAdminAt(AdminTarget target)
{
    return std::make_unique<RemoteAdmin>(std::move(target));
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

namespace {

struct JwtConfig
{
    std::string id; ///< empty: inline on the consumer
    Json config;
};

/// As configured, the consumer's inline one last; not yet read.
Result<std::vector<JwtConfig>> jwtConfigs(AdminAccess &admin, const std::string &consumer)
{
    const std::string path = "/consumers/" + encodePercent(consumer);
    const Result<Json> found = admin.request("GET", path);
    if (!found)
        return found.error().code == Errc::NotFound
            ? fail(Errc::NotFound, "no such consumer; 'postern consumer list' shows them", consumer)
            : std::unexpected(found.error());
    std::vector<JwtConfig> configs;
    const auto add = [&configs](const Json *value, std::string_view id) {
        if (const Json *const config = value ? jwtAuthOf(*value) : nullptr)
            configs.push_back({std::string(id), *config});
    };
    const Result<Json> stored = admin.request("GET", path + "/credentials");
    const Json *const list = stored ? stored->find("list") : nullptr;
    for (const Json &node : list ? list->items() : Json::Array()) {
        const Json *const value = node.find("value");
        add(value, value ? value->stringOr("id", "") : "");
    }
    add(found->find("value"), {});
    return configs;
}

} // namespace

Result<std::vector<JwtCredential>> listJwtCredentials(AdminAccess &admin, std::string_view consumer)
{
    const Result<std::vector<JwtConfig>> configs = jwtConfigs(admin, std::string(consumer));
    if (!configs)
        return std::unexpected(configs.error());
    std::vector<JwtCredential> credentials;
    for (const JwtConfig &one : *configs) {
        if (Result<JwtCredential> credential = credentialFrom(consumer, one.id, one.config))
            credentials.push_back(std::move(*credential));
    }
    return credentials;
}

Result<JwtCredential> findJwtCredential(AdminAccess &admin, std::string_view consumer,
                                        std::string_view credential)
{
    std::string name(consumer);
    if (name.empty()) {
        Result<std::string> owner = consumerOfCredential(admin, credential);
        if (!owner)
            return std::unexpected(owner.error());
        name = std::move(*owner);
    }
    const Result<std::vector<JwtConfig>> configs = jwtConfigs(admin, name);
    if (!configs)
        return std::unexpected(configs.error());
    const auto wanted = std::ranges::find_if(*configs, [credential](const JwtConfig &one) {
        return credential.empty() || one.id == credential;
    });
    if (wanted != configs->end())
        return credentialFrom(name, wanted->id, wanted->config);
    return fail(Errc::NotFound,
                credential.empty()
                    ? std::string("the consumer has no jwt-auth credential; add one with 'postern "
                                  "consumer credential add'")
                    : std::format("no jwt-auth credential \"{}\"", credential),
                name);
}

Result<Key> keyOf(const JwtCredential &credential, bool forSigning)
{
    const auto where = std::format("{}/{}", credential.consumer, credential.id);
    if (info(credential.alg).keyType == KeyType::Oct) {
        std::string secret(credential.config.stringOr("secret", ""));
        const Json *const base64 = credential.config.find("base64_secret");
        if (base64 && base64->asBool()) {
            std::string octets;
            if (!decodeBase64AnyInto(secret, octets))
                return fail(Errc::Base64, "base64_secret is set, but the secret is not base64",
                            where);
            secret = std::move(octets);
        }
        return Key::fromSecret(Secret(secret));
    }
    const std::string_view member = forSigning ? "private_key" : "public_key";
    const std::string_view pem = credential.config.stringOr(member, "");
    if (pem.empty())
        return fail(Errc::KeyMissing,
                    std::format("the credential has no {}; give the key with --key", member),
                    where);
    return Key::fromPem(pem);
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

} // namespace postern::cli
