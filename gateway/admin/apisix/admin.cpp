// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/admin.h"

#include "core/bytes/encoding.h"
#include "core/json/cjson.h"
#include "gateway/admin/apisix/introspection.h"
#include "gateway/admin/apisix/number.h"

#include <algorithm>
#include <format>

namespace postern::gateway {
namespace {

constexpr std::string_view kRoot = "/apisix/admin";
constexpr std::string_view kFromFile =
    "the configuration comes from a standalone file: change that file";
constexpr std::string_view kConfigs = "/configs";
constexpr std::string_view kValidate = "/configs/validate";
constexpr std::string_view kMethods[] = {"GET", "PUT", "POST", "DELETE", "PATCH"};

// Empty segments do not count, as nginx merges slashes before anybody looks.
std::vector<std::string> split(std::string_view path)
{
    std::vector<std::string> segments;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        if (end > 0)
            segments.emplace_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return segments;
}

bool hasHeader(const AdminReply &reply, std::string_view name)
{
    return std::ranges::contains(reply.headers, name, &std::pair<std::string, std::string>::first);
}

AdminReply preflight()
{
    AdminReply reply;
    reply.headers = {{"Content-Type", "text/plain"},
                     {"Access-Control-Allow-Methods", "POST, GET, PUT, OPTIONS, DELETE, PATCH"},
                     {"Access-Control-Allow-Headers", "*"}};
    return reply;
}

AdminReply unauthorised(std::string_view why)
{
    return jsonReply(401,
                     Json::object({{"error_msg", "failed to check token"}, {"description", why}}));
}

// What is echoed must be JSON again.
std::string printable(std::string_view octets)
{
    return isUtf8(octets) ? std::string(octets) : encodePercent(octets, " {}[]\":,");
}

// As the original: what it writes itself is chunked, what the web server writes is not.
void sendReply(const Responder &responder, AdminReply reply)
{
    if (reply.body.empty() || reply.body.starts_with('<'))
        responder.send(reply.status, std::move(reply.headers), reply.body);
    else
        responder.sendChunked(reply.status, std::move(reply.headers), reply.body);
}

} // namespace

ApisixAdmin::ApisixAdmin(ConfigService &config, AdminOptions options)
    : m_options(std::move(options)),
      m_config(config),
      m_configs(m_options.provider == Provider::Api ? std::make_unique<StandaloneConfigs>(config)
                                                    : nullptr),
      m_resources(config, m_options)
{
}

void ApisixAdmin::handle(const ServiceRequest &request, const Responder &responder)
{
    const auto reply = std::make_shared<AdminReply>();
    settle([&] { *reply = answer(request); },
           [reply, responder] { sendReply(responder, std::move(*reply)); });
}

void ApisixAdmin::apply(std::span<const ObjectChange> changes, bool dry,
                        const std::function<void(const Result<ApplyOutcome> &)> &done)
{
    const auto outcome = std::make_shared<Result<ApplyOutcome>>();
    settle([&] { *outcome = applyNow(changes, dry); }, [outcome, done] { done(*outcome); });
}

Result<ApplyOutcome> ApisixAdmin::applyNow(std::span<const ObjectChange> changes, bool dry)
{
    if (m_options.provider == Provider::File)
        return fail(Errc::Unsupported, std::string(kFromFile));
    if (m_configs)
        return fail(Errc::Unsupported,
                    "the configuration is replaced as a whole: PUT /apisix/admin/configs");
    return m_resources.apply(changes, dry);
}

void ApisixAdmin::settle(const std::function<void()> &write, std::function<void()> answered)
{
    ManagedSecrets *secrets = m_config.secrets();
    if (secrets)
        secrets->expectNothing();
    write();
    // What was written may refer to secrets: its answer waits for them, the others' do not.
    if (secrets && secrets->expectsAnswers())
        secrets->whenSettled(std::move(answered));
    else
        answered();
}

AdminReply ApisixAdmin::answer(const ServiceRequest &request)
{
    AdminReply reply = route(request);
    if (!hasHeader(reply, "Content-Type"))
        reply.headers.emplace_back("Content-Type", "application/json");
    reply.headers.emplace_back("Server", m_options.serverToken);
    if (!m_options.cors && request.method != "OPTIONS")
        return reply;
    reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
    reply.headers.emplace_back("Access-Control-Allow-Credentials", "true");
    reply.headers.emplace_back("Access-Control-Max-Age", "3600");
    if (request.method != "OPTIONS")
        reply.headers.emplace_back("Access-Control-Expose-Headers", "*");
    return reply;
}

AdminReply ApisixAdmin::route(const ServiceRequest &request)
{
    if (!peerAllowed(request, m_options))
        return pageReply(403);
    if (!m_options.requireKey && !hostIsOwn(request))
        return errorReply(
            403,
            std::format("the host \"{}\" is not allowed here", printable(request.header("Host"))));
    if (request.method == "OPTIONS")
        return preflight();
    const std::string_view path = request.path;
    if (!path.starts_with(kRoot))
        return pageReply(404);
    const std::string_view rest = path.substr(kRoot.size());
    if (m_configs)
        return standalone(request, rest);
    if (request.method == "HEAD")
        return rest.empty() || rest == "/" ? AdminReply() : pageReply(404);
    auto segments = split(rest);
    if (!rest.starts_with('/') || segments.empty()
        || !std::ranges::contains(kMethods, request.method))
        return pageReply(404);
    if (const std::string_view refusal = refusalOfKey(request, m_options); !refusal.empty())
        return unauthorised(refusal);
    if (request.method == "POST" && rest == kValidate)
        return validateConfigs(m_config, request, m_options.maxBody);
    return authorised(request, std::move(segments));
}

AdminReply ApisixAdmin::standalone(const ServiceRequest &request, std::string_view rest)
{
    const bool validates = rest == kValidate && request.method == "POST";
    const bool whole = rest == kConfigs
        && (request.method == "GET" || request.method == "PUT" || request.method == "HEAD");
    if (!validates && !whole)
        return pageReply(404);
    if (const std::string_view refusal = refusalOfKey(request, m_options); !refusal.empty())
        return unauthorised(refusal);
    return validates ? validateConfigs(m_config, request, m_options.maxBody)
                     : m_configs->answer(request);
}

AdminReply ApisixAdmin::authorised(const ServiceRequest &request, std::vector<std::string> segments)
{
    const bool plugins = segments[0] == "plugins" && segments.size() == 2;
    if (plugins && segments[1] == "list" && request.method == "GET")
        return pluginListReply(request, m_config);
    if (plugins && segments[1] == "reload") {
        if (request.method != "PUT")
            return errorReply(405,
                              std::format("please use PUT method to reload the plugins, {} method "
                                          "is not allowed.",
                                          request.method));
        AdminReply done;
        done.body = "done";
        return done;
    }
    if (segments.size() == 3 && segments[0] == "schema" && segments[1] == "validate"
        && request.method == "POST") {
        AdminReply refusal;
        auto sent = body(request, refusal);
        return sent ? validateReply(segments[2], *std::move(sent), m_config) : refusal;
    }
    if (segments[0] == "schema" && segments.size() > 2 && segments[1] == "plugins")
        segments.erase(segments.begin());
    return resource(request, segments);
}

AdminReply ApisixAdmin::resource(const ServiceRequest &request,
                                 const std::vector<std::string> &segments)
{
    const std::string &type = segments[0];
    if (type == "stream_routes")
        return errorReply(400, "stream mode is disabled, can not add stream routes");
    const bool introspection = type == "schema" || type == "plugins";
    ResourceRequest asked;
    asked.resource = findResource(type);
    if (!introspection && (!asked.resource || type == "credentials"))
        return errorReply(404, "Unsupported resource type: " + printable(type));
    if (introspection && request.method != "GET")
        return errorReply(404, "not found");

    if (m_options.provider == Provider::File && request.method != "GET")
        return errorReply(405, kFromFile);

    AdminReply refusal;
    auto sent = body(request, refusal);
    if (!sent)
        return refusal;
    asked.body = *std::move(sent);
    if (const auto [value, present] = request.argument("ttl"); present) {
        asked.ttl = luaNumber(value);
        if (!asked.ttl)
            return errorReply(400, "invalid argument ttl: should be a number");
    }

    const std::string name = segments.size() > 1 ? segments[1] : std::string();
    std::size_t used = 2;
    if (type == "consumers" && segments.size() > 2 && segments[2] == "credentials") {
        asked.resource = &credentialsResource;
        asked.subject = {segments.size() > 3 ? segments[3] : std::string(), name};
        used = 4;
    } else if (asked.resource && asked.resource->idInParent && segments.size() > 2) {
        asked.subject = {segments[2], name};
        used = 3;
    } else if (asked.resource && asked.resource->idInParent && request.method != "GET") {
        asked.subject = {{}, name};
    } else if (!asked.resource || !asked.resource->idInParent) {
        asked.subject = {name, {}};
    }
    if (segments.size() > used)
        asked.subPath.assign(segments.begin() + static_cast<std::ptrdiff_t>(used), segments.end());

    AdminReply reply = type == "schema" ? schemaReply(printable(name), m_config)
        : type == "plugins"             ? pluginReply(request, name, m_config)
                                        : m_resources.answer(request, std::move(asked));
    reply.headers.emplace_back("X-API-VERSION", m_options.version == ApiVersion::V2 ? "v2" : "v3");
    return reply;
}

Result<std::optional<Json>> ApisixAdmin::body(const ServiceRequest &request,
                                              AdminReply &refusal) const
{
    if (request.bodyTooLarge || request.body.size() > m_options.maxBody) {
        refusal = bodyTooLargeReply(request, m_options.maxBody);
        return fail(Errc::HttpBodyTooLarge);
    }
    if (request.body.empty())
        return std::nullopt;
    auto parsed = parseCjson(request.body, {.lastDuplicateWins = true});
    if (parsed)
        return *std::move(parsed);
    refusal = jsonReply(
        400,
        Json::object({{"error_msg", "invalid request body: " + cjsonErrorText(request.body)},
                      {"req_body", printable(request.body)}}));
    return std::unexpected(parsed.error());
}

} // namespace postern::gateway
