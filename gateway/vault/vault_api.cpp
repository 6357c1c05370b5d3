// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/vault_api.h"

#include "core/crypto/random.h"
#include "core/json/parse.h"
#include "core/version.h"

#include <array>
#include <chrono>
#include <format>
#include <string_view>
#include <utility>

namespace postern::gateway {

namespace {

using Call = VaultApi::Call;
using Reply = VaultApi::Reply;

/// Clients compare it with what they need; this API is that of 1.9.
constexpr std::string_view kServed = "1.9.0";
constexpr int kLease = 2'764'800; ///< seconds, what a default installation says

Reply refuse(int status, std::initializer_list<std::string> why)
{
    Json errors = Json::array();
    for (const std::string &each : why)
        errors.push_back(each);
    return {status, Json::object({{"errors", std::move(errors)}})};
}

Reply failed(const Error &error)
{
    const bool ours =
        error.code == Errc::Io || error.code == Errc::FileExists || error.code == Errc::Permission;
    return refuse(ours ? 500 : 400, {error.detail.empty() ? describe(error) : error.detail});
}

/// A result in the envelope that every answer with `data` has.
Json envelope(Json data, int lease = 0)
{
    return Json::object({{"request_id", randomUuid().value_or(std::string())},
                         {"lease_id", ""},
                         {"renewable", false},
                         {"lease_duration", lease},
                         {"data", std::move(data)},
                         {"wrap_info", nullptr},
                         {"warnings", nullptr},
                         {"auth", nullptr}});
}

Json describeMount(const KvMount &mount)
{
    return Json::object(
        {{"accessor", mount.accessor},
         {"config",
          Json::object(
              {{"default_lease_ttl", 0}, {"force_no_cache", false}, {"max_lease_ttl", 0}})},
         {"description", mount.description},
         {"external_entropy_access", false},
         {"local", false},
         {"options", Json::object({{"version", "1"}})},
         {"seal_wrap", false},
         {"type", "kv"},
         {"uuid", mount.uuid}});
}

Reply getHealth(const Call &call)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {
        200,
        Json::object({{"initialized", true},
                      {"sealed", false},
                      {"standby", false},
                      {"performance_standby", false},
                      {"replication_performance_mode", "disabled"},
                      {"replication_dr_mode", "disabled"},
                      {"server_time_utc",
                       std::int64_t{std::chrono::duration_cast<std::chrono::seconds>(now).count()}},
                      {"version", std::format("{}-postern-{}", kServed, kVersion)},
                      {"cluster_name", "postern"},
                      {"cluster_id", call.cluster}})};
}

Reply getSealStatus(const Call &call)
{
    return {200,
            Json::object({{"type", "shamir"},
                          {"initialized", true},
                          {"sealed", false},
                          {"t", 1},
                          {"n", 1},
                          {"progress", 0},
                          {"nonce", ""},
                          {"version", kServed},
                          {"migration", false},
                          {"cluster_name", "postern"},
                          {"cluster_id", call.cluster},
                          {"recovery_seal", false},
                          {"storage_type", "inmem"}})};
}

Reply getLeader(const Call &)
{
    return {200,
            Json::object({{"ha_enabled", false},
                          {"is_self", false},
                          {"leader_address", ""},
                          {"leader_cluster_address", ""},
                          {"performance_standby", false},
                          {"performance_standby_last_remote_wal", 0}})};
}

Reply lookUpToken(const Call &call)
{
    return {200,
            envelope(Json::object({{"accessor", "root"},
                                   {"creation_ttl", 0},
                                   {"display_name", "root"},
                                   {"entity_id", ""},
                                   {"expire_time", nullptr},
                                   {"explicit_max_ttl", 0},
                                   {"id", call.token},
                                   {"meta", nullptr},
                                   {"num_uses", 0},
                                   {"orphan", true},
                                   {"path", "auth/token/root"},
                                   {"policies", Json(Json::Array{"root"})},
                                   {"ttl", 0},
                                   {"type", "service"}}))};
}

Reply listMounts(const Call &call)
{
    Json data = Json::object();
    for (const auto &[name, mount] : call.mounts.mounts())
        data.set(name, describeMount(mount));
    Json body = envelope(data);
    for (auto &[name, mount] : data.members())
        body.set(name, std::move(mount)); // there twice, as clients of both ages read it
    return {200, std::move(body)};
}

Reply listUiMounts(const Call &call)
{
    Json secret = Json::object();
    for (const auto &[name, mount] : call.mounts.mounts())
        secret.set(name, describeMount(mount));
    return {200, envelope(Json::object({{"auth", Json::object()}, {"secret", std::move(secret)}}))};
}

/// What the client asks before `kv` commands: which version of the engine is this?
Reply getUiMount(const Call &call)
{
    const auto *mount = call.mounts.mountOf(call.rest);
    if (!mount)
        return refuse(403,
                      {std::format("preflight capability check returned 403, please ensure "
                                   "client's policies grant access to path \"{}/\"",
                                   call.rest.substr(0, call.rest.find('/')))});
    Json data = describeMount(mount->second);
    data.set("path", mount->first);
    return {200, envelope(std::move(data))};
}

/// \return the body's object, or the refusal
std::expected<Json, Reply> bodyOf(const Call &call)
{
    if (call.request.bodyTooLarge)
        return std::unexpected(refuse(413, {"http: request body too large"}));
    auto parsed = call.request.body.empty()
        ? Result<Json>(Json::object())
        : parseJson(call.request.body, {.lastDuplicateWins = true});
    if (!parsed || !parsed->isObject())
        return std::unexpected(
            refuse(400,
                   {std::format("failed to parse JSON input: {}",
                                parsed ? "not an object" : describe(parsed.error()))}));
    return std::move(*parsed);
}

Reply enableMount(const Call &call, const Json &body)
{
    const std::string_view type = body.stringOr("type", "");
    if (type == "kv-v2")
        return refuse(400, {"only version 1 of the kv engine is served here"});
    if (type != "kv" && type != "generic")
        return refuse(400, {std::format("plugin not found in the catalog: {}", type)});
    const Json *options = body.find("options");
    const Json *version = options ? options->find("version") : nullptr;
    if (version && (version->isString() ? version->asString() : version->dump()) != "1")
        return refuse(400, {"only version 1 of the kv engine is served here"});
    if (const auto enabled = call.mounts.enable(call.rest, body.stringOr("description", ""));
        !enabled)
        return failed(enabled.error());
    return {204, {}};
}

Reply useMount(const Call &call)
{
    if (call.request.method == "GET") {
        const auto *mount = call.mounts.mountOf(call.rest);
        return mount ? Reply{200, envelope(describeMount(mount->second))}
                     : refuse(400, {std::format("No secret engine mount at {}", call.rest)});
    }
    if (call.request.method == "DELETE") {
        const auto gone = call.mounts.disable(call.rest);
        return gone ? Reply{204, {}} : failed(gone.error());
    }
    if (call.request.method != "POST" && call.request.method != "PUT")
        return refuse(405, {"unsupported operation"});
    auto body = bodyOf(call);
    return body ? enableMount(call, *body) : std::move(body.error());
}

Reply readValue(const Call &call)
{
    if (call.request.method == "LIST" || call.request.argument("list").first == "true") {
        Json keys = Json::array();
        for (std::string &name : call.mounts.list(call.rest))
            keys.push_back(std::move(name));
        return keys.size() == 0 ? refuse(404, {})
                                : Reply{200, envelope(Json::object({{"keys", std::move(keys)}}))};
    }
    const Json *value = call.mounts.find(call.rest);
    return value ? Reply{200, envelope(*value, kLease)} : refuse(404, {});
}

Reply writeValue(const Call &call)
{
    auto body = bodyOf(call);
    if (!body)
        return std::move(body.error());
    if (body->size() == 0)
        return refuse(400, {"missing data fields"});
    const auto kept = call.mounts.put(call.rest, std::move(*body));
    return kept ? Reply{204, {}} : failed(kept.error());
}

Reply useValue(const Call &call)
{
    const auto *mount = call.mounts.mountOf(call.rest);
    if (!mount)
        return refuse(
            404, {std::format("no handler for route '{}'. route entry not found.", call.rest)});
    const std::string &method = call.request.method;
    if (method == "GET" || method == "LIST")
        return readValue(call);
    const bool nowhere = call.rest.size() <= mount->first.size() || call.rest.ends_with('/');
    if (nowhere)
        return refuse(400, {"a secret needs a path below its mount"});
    if (method == "PUT" || method == "POST")
        return writeValue(call);
    if (method != "DELETE")
        return refuse(405, {"unsupported operation"});
    const auto gone = call.mounts.remove(call.rest);
    return gone ? Reply{204, {}} : failed(gone.error());
}

struct Endpoint
{
    std::string_view path;
    bool takesRest;
    bool open; ///< without token
    Reply (*run)(const Call &call);
};

// The first one that fits; the last one takes everything.
constexpr std::array kEndpoints{
    Endpoint{"sys/health", false, true, getHealth},
    Endpoint{"sys/seal-status", false, true, getSealStatus},
    Endpoint{"sys/leader", false, true, getLeader},
    Endpoint{"auth/token/lookup-self", false, false, lookUpToken},
    Endpoint{"sys/mounts", false, false, listMounts},
    Endpoint{"sys/mounts/", true, false, useMount},
    Endpoint{"sys/internal/ui/mounts", false, false, listUiMounts},
    Endpoint{"sys/internal/ui/mounts/", true, false, getUiMount},
    Endpoint{"", true, false, useValue},
};

const Endpoint &endpointOf(std::string_view path) noexcept
{
    for (const Endpoint &each : kEndpoints) {
        if (each.takesRest ? path.starts_with(each.path) : path == each.path)
            return each;
    }
    return kEndpoints.back();
}

std::string tokenOf(const ServiceRequest &request)
{
    if (request.hasHeader("X-Vault-Token"))
        return std::string(request.header("X-Vault-Token"));
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view authorization = request.header("Authorization");
    return authorization.starts_with(kBearer) ? std::string(authorization.substr(kBearer.size()))
                                              : std::string();
}

} // namespace

VaultApi::VaultApi(KvMounts mounts, Secret token)
    : m_mounts(std::move(mounts)),
      m_token(std::move(token)),
      m_cluster(randomUuid().value_or(std::string()))
{
}

VaultApi::Reply VaultApi::answer(const ServiceRequest &request)
{
    constexpr std::string_view kRoot = "/v1/";
    if (!request.path.starts_with(kRoot))
        return refuse(404, {});
    std::string path = request.path.substr(kRoot.size());
    const Endpoint &endpoint = endpointOf(path);
    std::string token = tokenOf(request);
    if (!endpoint.open && !equalConstantTime(token, m_token.view()))
        return refuse(403, {"permission denied"});
    return endpoint.run(
        {m_mounts, request, path.substr(endpoint.path.size()), std::move(token), m_cluster});
}

void VaultApi::handle(const ServiceRequest &request, const Responder &responder)
{
    const Reply reply = answer(request);
    ServiceHeaders headers{{"Cache-Control", "no-store"}};
    if (reply.status == 204) {
        responder.send(reply.status, std::move(headers), {});
        return;
    }
    headers.emplace_back("Content-Type", "application/json");
    responder.send(reply.status, std::move(headers), reply.body.dump() + "\n");
}

} // namespace postern::gateway
