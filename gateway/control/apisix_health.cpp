// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/apisix_health.h"

#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/control/apisix_items.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <utility>
#include <vector>

namespace postern::gateway {
namespace {

constexpr std::array<std::string_view, 3> kChecked{"routes", "services", "upstreams"};

/// The object's checks, its own or those of its inline upstream.
std::optional<Json> checksOf(const Document &document)
{
    if (!document.value.contains("checks"))
        return std::nullopt;
    const auto object = parseJson(document.value, {.lastDuplicateWins = true});
    if (!object)
        return std::nullopt;
    const Json *inner = object->find("upstream");
    const Json *checks = object->find("checks");
    if (!checks && inner)
        checks = inner->find("checks");
    return checks ? std::optional(*checks) : std::nullopt;
}

std::string typeOf(const Json &checks)
{
    for (const std::string_view kind : {"active", "passive"}) {
        if (const Json *part = checks.find(kind))
            return std::string(part->stringOr("type", "http"));
    }
    return "http";
}

Json nodeOf(const CheckedNode &node)
{
    return Json::object({{"ip", node.ip},
                         {"port", unsigned{node.port}},
                         {"hostname", node.hostname},
                         {"status", healthStatusName(node.status)},
                         {"counter",
                          Json::object({{"success", node.counter.success},
                                        {"http_failure", node.counter.httpFailure},
                                        {"tcp_failure", node.counter.tcpFailure},
                                        {"timeout_failure", node.counter.timeoutFailure}})}});
}

/// What is known of one object; nothing if it has no checks.
std::optional<Json> healthOf(const ApisixControlSource &source, const Document &document)
{
    const auto checks = checksOf(document);
    if (!checks)
        return std::nullopt;
    Json::Array nodes;
    const auto known = source.health ? source.health->checkedUpstream(document.key) : std::nullopt;
    if (known) {
        for (const CheckedNode &node : known->nodes)
            nodes.push_back(nodeOf(node));
    }
    return Json::object({{"name", shownKey(source, document.key)},
                         {"type", known ? known->type : typeOf(*checks)},
                         {"nodes", shownList(std::move(nodes))}});
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string rowOf(std::size_t number, const Json &upstream, const Json &node)
{
    const std::string_view status = node.stringOr("status", "");
    const Json &counter = *node.find("counter");
    std::string row = status.ends_with("unhealthy") ? "<tr bgcolor=\"#FF0000\">" : "<tr>";
    const auto cell = [&row](std::string_view text) {
        row.append("\n<td>").append(escaped(text)).append("</td>");
    };
    cell(std::to_string(number));
    cell(upstream.stringOr("name", ""));
    cell(upstream.stringOr("type", ""));
    cell(std::format("{}:{}", node.stringOr("ip", ""), node.find("port")->lexeme()));
    cell(status);
    for (const std::string_view name :
         {"success", "tcp_failure", "http_failure", "timeout_failure"})
        cell(counter.find(name)->lexeme());
    return row.append("\n</tr>\n");
}

AdminReply pageOf(const std::vector<Json> &upstreams)
{
    AdminReply reply;
    reply.headers = {{"Content-Type", "text/html"}};
    reply.body = "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                 "<title>APISIX upstream check status</title>\n</head>\n<body>\n"
                 "<h1>APISIX upstream check status</h1>\n"
                 "<table style=\"background-color:white\" cellspacing=\"0\" cellpadding=\"3\" "
                 "border=\"1\">\n<tr bgcolor=\"#C0C0C0\">";
    for (const char *title : {"Index", "Upstream", "Check type", "Host", "Status", "Success counts",
                              "TCP Failures", "HTTP Failures", "TIMEOUT Failures"})
        reply.body.append("\n<th>").append(title).append("</th>");
    reply.body += "\n</tr>\n";
    std::size_t number = 0;
    for (const Json &upstream : upstreams) {
        for (const Json &node : upstream.find("nodes")->items())
            reply.body += rowOf(++number, upstream, node);
    }
    reply.body += "</table>\n</body>\n</html>\n";
    return reply;
}

bool wantsPage(const ServiceRequest &request)
{
    return request.header("accept").contains("text/html");
}

} // namespace

AdminReply allHealth(const ApisixControlSource &source, const ServiceRequest &request)
{
    std::vector<Json> upstreams;
    for (const std::string_view type : kChecked) {
        const auto documents = loadedDocuments(source, type);
        if (!documents)
            return failureReply(documents.error());
        for (const Document &document : *documents) {
            if (auto health = healthOf(source, document))
                upstreams.push_back(*std::move(health));
        }
    }
    return wantsPage(request) ? pageOf(upstreams) : jsonReply(200, shownList(std::move(upstreams)));
}

AdminReply oneHealth(const ApisixControlSource &source, const ServiceRequest &request,
                     std::string_view rest)
{
    const std::size_t slash = rest.find('/');
    const std::string type(rest.substr(0, slash));
    if (slash == std::string_view::npos || slash + 1 == rest.size())
        return errorReply(404, "missing src id for src type " + type);
    const std::string id(rest.substr(slash + 1, rest.find('/', slash + 1) - slash - 1));
    const bool known = std::ranges::contains(kChecked, type);
    if (!known && type != "stream_routes")
        return errorReply(400, "invalid src type " + type);
    const std::string notFound = std::format("{}[{}] not found", type, id);
    if (!known)
        return errorReply(404, notFound);
    const auto document = source.config.store().get(buildStorageKey({type, {}, id}));
    if (!document)
        return failureReply(document.error());
    if (!*document)
        return errorReply(404, notFound);
    auto health = healthOf(source, **document);
    if (!health)
        return errorReply(404, std::format("no checker for {}[{}]", type, id));
    return wantsPage(request) ? pageOf({*std::move(health)}) : jsonReply(200, *health);
}

} // namespace postern::gateway
