// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/builtin.h"

#include "core/bytes/encoding.h"
#include "core/crypto/random.h"
#include "gateway/http/header_list.h"
#include "gateway/upstream/builtin_endpoints.h"
#include "gateway/upstream/echo.h"
#include "gateway/upstream/form_data.h"
#include "gateway/upstream/python_text.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <utility>

namespace postern::gateway {

namespace {

constexpr MethodBits kBodies = kPost | kPut | kPatch | kDelete;
constexpr MethodBits kAny = kGet | kBodies | kTrace;

constexpr std::array<std::string_view, 4> kShort{"args", "headers", "origin", "url"};
constexpr std::array<std::string_view, 8> kFull{"args",    "data", "files",  "form",
                                                "headers", "json", "origin", "url"};
constexpr std::array<std::string_view, 9> kAnything{"args", "data",   "files",  "form", "headers",
                                                    "json", "method", "origin", "url"};

void runGet(const BuiltinCall &call) { call.sendJson(echoRequest(call.request, kShort)); }

void runBody(const BuiltinCall &call) { call.sendJson(echoRequest(call.request, kFull)); }

void runAnything(const BuiltinCall &call) { call.sendJson(echoRequest(call.request, kAnything)); }

void runHeaders(const BuiltinCall &call)
{
    call.sendJson(Json::object({{"headers", echoHeaders(call.request)}}));
}

void runIp(const BuiltinCall &call)
{
    call.sendJson(Json::object({{"origin", echoOrigin(call.request)}}));
}

void runUserAgent(const BuiltinCall &call)
{
    const bool present = call.request.hasHeader("user-agent");
    call.sendJson(Json::object(
        {{"user-agent",
          present ? Json(headerTextToUtf8(call.request.header("user-agent"))) : Json()}}));
}

void runCookies(const BuiltinCall &call)
{
    call.sendJson(Json::object({{"cookies", echoCookies(call.request)}}));
}

void runSetCookies(const BuiltinCall &call)
{
    ServiceHeaders headers{{"Location", "/cookies"}};
    for (const auto &[name, values] : parseUrlEncoded(call.request.query)) {
        // Percent-encoding keeps separators and line ends out of the header.
        headers.emplace_back(
            "Set-Cookie",
            std::format("{}={}; Path=/", encodePercent(name), encodePercent(values.back())));
    }
    call.send(302, std::move(headers), {});
}

void runUuid(const BuiltinCall &call)
{
    auto &random = call.upstream.random();
    std::string octets(16, '\0');
    for (char &octet : octets)
        octet = static_cast<char>(random() & 0xffU);
    call.sendJson(Json::object({{"uuid", uuidText(std::move(octets), 4)}}));
}

void runJson(const BuiltinCall &call)
{
    const Json first = Json::object({{"title", "Wake up to WonderWidgets!"}, {"type", "all"}});
    const Json second =
        Json::object({{"items",
                       Json(Json::Array{Json("Why <em>WonderWidgets</em> are great"),
                                        Json("Who <em>buys</em> WonderWidgets")})},
                      {"title", "Overview"},
                      {"type", "all"}});
    call.sendJson(Json::object({{"slideshow",
                                 Json::object({{"author", "Yours Truly"},
                                               {"date", "date of publication"},
                                               {"slides", Json(Json::Array{first, second})},
                                               {"title", "Sample Slide Show"}})}}));
}

void runIndex(const BuiltinCall &call)
{
    std::string page = "<!DOCTYPE html>\n<title>Postern built-in upstream</title>\n"
                       "<h1>Postern built-in upstream</h1>\n<ul>\n";
    for (const BuiltinEndpoint &endpoint : builtinEndpoints())
        page += std::format("<li>{}</li>\n", endpoint.path);
    call.send(200, {{"Content-Type", "text/html; charset=utf-8"}}, page + "</ul>\n");
}

constexpr auto kEndpoints = std::to_array<BuiltinEndpoint>({
    {"/", false, kGet, runIndex},
    {"/get", false, kGet, runGet},
    {"/post", false, kPost, runBody},
    {"/put", false, kPut, runBody},
    {"/patch", false, kPatch, runBody},
    {"/delete", false, kDelete, runBody},
    {"/headers", false, kGet, runHeaders},
    {"/ip", false, kGet, runIp},
    {"/user-agent", false, kGet, runUserAgent},
    {"/anything", false, kAny, runAnything},
    {"/anything/", true, kAny, runAnything},
    {"/cookies", false, kGet, runCookies},
    {"/cookies/set", false, kGet, runSetCookies},
    {"/response-headers", false, kGet | kPost, runResponseHeaders},
    {"/uuid", false, kGet, runUuid},
    {"/json", false, kGet, runJson},
    {"/ws", false, kGet, runWebSocket},
    {"/status/", true, kAny, runStatus},
    {"/delay/", true, kAny, runDelay},
    {"/bytes/", true, kGet, runBytes},
    {"/stream/", true, kGet, runStream},
    {"/redirect/", true, kGet, runRedirect},
});

struct MethodName
{
    std::string_view name;
    MethodBits bit;
};

constexpr std::array<MethodName, 7> kMethods{{
    {"GET", kGet},
    {"HEAD", kGet},
    {"POST", kPost},
    {"PUT", kPut},
    {"PATCH", kPatch},
    {"DELETE", kDelete},
    {"TRACE", kTrace},
}};

std::string allowedMethods(MethodBits methods)
{
    std::string allow;
    for (const auto &[name, bit] : kMethods) {
        if (methods & bit)
            allow.append(name).append(", ");
    }
    return allow + "OPTIONS";
}

bool takesMethod(const BuiltinEndpoint &endpoint, std::string_view method)
{
    const auto *known = std::ranges::find(kMethods, method, &MethodName::name);
    return known != kMethods.end() && (endpoint.methods & known->bit);
}

const BuiltinEndpoint *findEndpoint(std::string_view path)
{
    const auto *found = std::ranges::find_if(kEndpoints, [path](const BuiltinEndpoint &endpoint) {
        return endpoint.takesRest ? path.starts_with(endpoint.path) : path == endpoint.path;
    });
    return found == kEndpoints.end() ? nullptr : found;
}

struct Page
{
    int status;
    std::string_view title, text;
};

constexpr std::array<Page, 4> kPages{{
    {400, "Bad Request",
     "The browser (or proxy) sent a request that this server could not understand."},
    {404, "Not Found",
     "The requested URL was not found on the server.  If you entered the URL manually please check "
     "your spelling and try again."},
    {405, "Method Not Allowed", "The method is not allowed for the requested URL."},
    {413, "Request Entity Too Large", "The data value transmitted exceeds the capacity limit."},
}};

} // namespace

std::span<const BuiltinEndpoint> builtinEndpoints() { return kEndpoints; }

ServiceHeaders builtinHeaders(const ServiceRequest &request)
{
    const std::string_view origin = request.header("origin");
    ServiceHeaders headers{
        {"Server", "postern-upstream"},
        {"Access-Control-Allow-Origin", origin.empty() ? "*" : std::string(origin)},
        {"Access-Control-Allow-Credentials", "true"},
    };
    if (request.method == "OPTIONS") {
        headers.emplace_back("Access-Control-Allow-Methods",
                             "GET, POST, PUT, DELETE, PATCH, OPTIONS");
        headers.emplace_back("Access-Control-Max-Age", "3600");
        const std::string_view wanted = request.header("access-control-request-headers");
        if (!wanted.empty())
            headers.emplace_back("Access-Control-Allow-Headers", wanted);
    }
    return headers;
}

void BuiltinCall::send(int status, ServiceHeaders headers, std::string_view body) const
{
    ServiceHeaders all = builtinHeaders(request);
    std::ranges::move(headers, std::back_inserter(all));
    responder.send(status, std::move(all), body);
}

void BuiltinCall::sendJson(const Json &value) const
{
    send(200, {{"Content-Type", "application/json"}}, pythonJson(value, PythonStyle::Pretty));
}

void BuiltinCall::sendPage(int status, ServiceHeaders headers) const
{
    const auto *page = std::ranges::find(kPages, status, &Page::status);
    headers.emplace_back("Content-Type", "text/html");
    send(status, std::move(headers),
         std::format("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n"
                     "<title>{0} {1}</title>\n<h1>{1}</h1>\n<p>{2}</p>\n",
                     page->status, page->title, page->text));
}

BuiltinUpstream::BuiltinUpstream() : m_random(std::random_device{}()) {}

void BuiltinUpstream::handle(const ServiceRequest &request, const Responder &responder)
{
    m_hits.fetch_add(1, std::memory_order_relaxed);
    BuiltinCall call{*this, request, responder, {}};
    if (request.bodyTooLarge) {
        call.sendPage(413);
        return;
    }
    const BuiltinEndpoint *endpoint = findEndpoint(request.path);
    if (!endpoint) {
        call.sendPage(404);
        return;
    }
    if (request.method == "OPTIONS") {
        call.send(200,
                  {{"Content-Type", "text/html; charset=utf-8"},
                   {"Allow", allowedMethods(endpoint->methods)}},
                  {});
        return;
    }
    if (!takesMethod(*endpoint, request.method)) {
        call.sendPage(405, {{"Allow", allowedMethods(endpoint->methods)}});
        return;
    }
    call.argument = std::string_view(request.path).substr(endpoint->path.size());
    endpoint->run(call);
}

} // namespace postern::gateway
