// SPDX-License-Identifier: Apache-2.0
#include "gateway/standalone/configs.h"

#include "core/config/standalone.h"
#include "core/config/yaml.h"
#include "core/config/yaml_format.h"
#include "core/json/cjson.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/standalone/items.h"

#include <algorithm>
#include <expected>
#include <format>
#include <optional>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::string_view kYaml = "application/yaml";
constexpr std::string_view kDigest = "X-Digest";
constexpr std::string_view kModified = "X-Last-Modified";

struct Sent
{
    Json root; ///< an object
    bool yaml = false;
};

AdminReply invalidBody(std::string_view why)
{
    return errorReply(400, std::format("invalid request body: {}", why));
}

/// The request's configuration, or why it is none.
std::expected<Sent, AdminReply> readBody(const ServiceRequest &request, std::size_t limit)
{
    if (request.bodyTooLarge || request.body.size() > limit)
        return std::unexpected(bodyTooLargeReply(request, limit));
    if (request.body.empty())
        return std::unexpected(invalidBody("empty request body"));
    Sent sent;
    sent.yaml = request.header("Content-Type").starts_with(kYaml);
    if (sent.yaml) {
        const auto node = request.body.size() > kMaxStandaloneYaml
            ? Result<YamlNode>(fail(Errc::Config))
            : parseYaml(request.body, "body", {});
        if (!node || node->kind == YamlNode::Kind::Scalar)
            return std::unexpected(invalidBody("invalid yaml request body"));
        sent.root = node->toJson();
    } else {
        auto json = parseCjson(
            request.body,
            {.size = kMaxStandaloneJson, .members = 1'000'000, .lastDuplicateWins = true});
        if (!json)
            return std::unexpected(invalidBody(cjsonErrorText(request.body)));
        sent.root = *std::move(json);
    }
    if (sent.root.isArray() && sent.root.size() == 0)
        sent.root = Json::object();
    if (!sent.root.isObject())
        return std::unexpected(invalidBody("the configuration is an object"));
    return sent;
}

std::optional<std::string> wrongVersion(const Json &root, std::string_view type)
{
    const std::string member = versionMember(type);
    const Json *version = root.find(member);
    if (!version || version->isNumber())
        return std::nullopt;
    return member + " must be a number";
}

/// Every fault in the order of the types; a wrong version comes before the items.
std::vector<StandaloneFault> faultsOf(const Json &root, std::vector<StandaloneFault> items)
{
    std::vector<StandaloneFault> faults;
    for (const std::string_view type : standaloneTypes()) {
        if (auto wrong = wrongVersion(root, type))
            faults.push_back({type, std::nullopt, {}, *std::move(wrong), {}});
        for (StandaloneFault &fault : items) {
            if (fault.type == type)
                faults.push_back(std::move(fault));
        }
    }
    return faults;
}

/// The versions after a PUT, and what stays as it is.
struct Versions
{
    Json numbers = Json::object(); ///< by member name
    std::set<std::string_view> kept;
};

Versions versionsAfter(const Json &root, const Json &current)
{
    Versions versions;
    for (const std::string_view type : standaloneTypes()) {
        const std::string member = versionMember(type);
        const Json *sent = root.find(member);
        const Json &stored = *current.find(member);
        if (sent && sent->isNumber() && sent->asDouble() == stored.asDouble())
            versions.kept.insert(type);
        const auto next = stored.asInteger();
        versions.numbers.set(member,
                             sent       ? *sent
                                 : next ? Json(*next + 1)
                                        : Json(stored.asDouble() + 1));
    }
    return versions;
}

std::optional<std::string> lowerVersion(const Versions &versions, const Json &current)
{
    for (const auto &[member, version] : versions.numbers.members()) {
        const Json &stored = *current.find(member);
        if (version.asDouble() < stored.asDouble())
            return std::format("{} must be greater than or equal to ({})", member, idText(stored));
    }
    return std::nullopt;
}

} // namespace

StandaloneConfigs::StandaloneConfigs(ConfigService &config)
    : m_config(config),
      m_state(config),
      m_current(Json::object())
{
    for (const std::string_view type : standaloneTypes())
        m_current.set(versionMember(type), 0);
}

AdminReply StandaloneConfigs::answer(const ServiceRequest &request)
{
    if (request.method == "PUT")
        return put(request);
    if (request.method == "GET")
        return get(request);
    AdminReply reply; // HEAD
    addMetadata(reply);
    return reply;
}

std::int64_t StandaloneConfigs::versionOf(std::string_view key) const
{
    if (const auto own = m_state.modified().find(key); own != m_state.modified().end())
        return own->second;
    const auto parts = parseStorageKey(key);
    const std::string_view type = !parts ? std::string_view()
        : parts->kind == "credentials"   ? "consumers"
                                         : parts->kind;
    const Json *version = m_current.find(versionMember(type));
    return version ? version->asInteger().value_or(0) : 0;
}

void StandaloneConfigs::addMetadata(AdminReply &reply) const
{
    if (const Json *modified = m_current.find(kModified))
        reply.headers.emplace_back(kModified, modified->lexeme());
    if (const Json *digest = m_current.find(kDigest))
        reply.headers.emplace_back(kDigest, digest->asString());
}

AdminReply StandaloneConfigs::get(const ServiceRequest &request) const
{
    AdminReply reply;
    if (request.header("Accept").starts_with(kYaml)) {
        reply.body = formatYaml(m_current);
        reply.headers.emplace_back("Content-Type", kYaml);
    } else {
        reply = jsonReply(200, m_current);
    }
    addMetadata(reply);
    return reply;
}

AdminReply StandaloneConfigs::put(const ServiceRequest &request)
{
    if (!request.hasHeader(kDigest))
        return errorReply(400, "missing digest header");
    const std::string digest(request.header(kDigest));
    auto sent = readBody(request, kMaxStandaloneJson);
    if (!sent)
        return std::move(sent.error());
    if (const Json *stored = m_current.find(kDigest); stored && stored->asString() == digest) {
        AdminReply same;
        same.status = 204;
        return same;
    }
    const Versions versions = versionsAfter(sent->root, m_current);
    if (versions.kept.contains("plugins")) {
        const Json *enabled = m_current.find("plugins");
        sent->root.set("plugins", enabled ? *enabled : Json());
    }
    StandaloneItems read = readStandaloneItems(m_config, sent->root, sent->yaml);
    if (const auto faults = faultsOf(sent->root, std::move(read.faults)); !faults.empty())
        return errorReply(400, faults.front().text);
    if (const auto lower = lowerVersion(versions, m_current))
        return errorReply(400, *lower);

    if (const auto applied = m_state.apply(std::move(read.items), {.kept = versions.kept});
        !applied)
        return failureReply(applied.error());
    m_config.setPlugins(std::move(read.plugins));
    Json next = Json::object();
    for (const std::string_view type : standaloneTypes()) {
        const std::string member = versionMember(type);
        next.set(member, *versions.numbers.find(member));
        Json *items = (versions.kept.contains(type) ? m_current : sent->root).find(type);
        if (items && items->size() > 0)
            next.set(type, std::move(*items));
    }
    next.set(kModified, m_config.clock().unixSeconds());
    next.set(kDigest, digest);
    m_current = std::move(next);
    m_received = true;
    AdminReply accepted;
    accepted.status = 202;
    addMetadata(accepted);
    return accepted;
}

AdminReply validateConfigs(ConfigService &config, const ServiceRequest &request,
                           std::size_t maxBody)
{
    auto sent = readBody(request, maxBody);
    if (!sent)
        return std::move(sent.error());
    const Json root = sent->root;
    const auto faults =
        faultsOf(root, readStandaloneItems(config, std::move(sent->root), sent->yaml).faults);
    if (faults.empty())
        return jsonReply(200, Json::object());
    Json errors = Json::array();
    for (const StandaloneFault &fault : faults) {
        Json error = Json::object({{"resource_type", fault.type}});
        if (fault.index) {
            error.set("resource_id", fault.id);
            error.set("index", static_cast<std::uint64_t>(*fault.index));
        }
        error.set("error", fault.text);
        errors.push_back(std::move(error));
    }
    return jsonReply(400,
                     Json::object({{"error_msg", "Configuration validation failed"},
                                   {"errors", std::move(errors)}}));
}

} // namespace postern::gateway
