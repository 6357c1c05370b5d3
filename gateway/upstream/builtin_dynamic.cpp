// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "gateway/http/header_list.h"
#include "gateway/upstream/builtin_endpoints.h"
#include "gateway/upstream/echo.h"
#include "gateway/upstream/form_data.h"
#include "gateway/upstream/python_text.h"
#include "gateway/upstream/websocket.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::size_t kMaxBytes = 100U * 1024;
constexpr std::uint64_t kMaxLines = 100;
constexpr double kMaxDelay = 10;
constexpr std::size_t kMaxBacklog = 2 * WebSocketEcho::kMaxMessage;

template <class Number> std::optional<Number> parseNumber(std::string_view text)
{
    Number number{};
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end)
        return std::nullopt;
    return number;
}

struct WeightedStatus
{
    int status;
    double weight;
};

// "200", "200,500", "200:3,500:1". Only three-digit final codes: a 1xx would not end the exchange.
std::optional<std::vector<WeightedStatus>> parseStatuses(std::string_view text)
{
    std::vector<WeightedStatus> choices;
    while (true) {
        const auto comma = std::min(text.find(','), text.size());
        const std::string_view choice = text.substr(0, comma);
        const auto colon = choice.find(':');
        const auto status = parseNumber<int>(choice.substr(0, colon));
        const auto weight = colon == std::string_view::npos
            ? std::optional(1.0)
            : parseNumber<double>(choice.substr(colon + 1));
        // Written so that a NaN fails too.
        if (!status || *status < 200 || *status > 999 || !weight || !(*weight >= 0)
            || !(*weight <= 1e6))
            return std::nullopt;
        choices.push_back({*status, *weight});
        if (comma == text.size())
            return choices;
        text.remove_prefix(comma + 1);
    }
}

int chooseStatus(const std::vector<WeightedStatus> &choices, std::mt19937_64 &random)
{
    double total = 0;
    for (const WeightedStatus &choice : choices)
        total += choice.weight;
    double left = total > 0 ? std::uniform_real_distribution<>(0, total)(random) : 0;
    for (const WeightedStatus &choice : choices) {
        if (left < choice.weight)
            return choice.status;
        left -= choice.weight;
    }
    return choices.back().status;
}

struct StatusExtra
{
    int status;
    std::string_view header, value, body;
};

constexpr std::string_view kRealm = "Basic realm=\"Fake Realm\"";

constexpr std::array<StatusExtra, 10> kStatusExtras{{
    {301, "Location", "/redirect/1", {}},
    {302, "Location", "/redirect/1", {}},
    {303, "Location", "/redirect/1", {}},
    {305, "Location", "/redirect/1", {}},
    {307, "Location", "/redirect/1", {}},
    {401, "WWW-Authenticate", kRealm, {}},
    {406, "Content-Type", "application/json",
     R"({"message": "Client did not request a supported media type.", "accept": ["image/webp", )"
     R"("image/svg+xml", "image/jpeg", "image/png", "image/*"]})"},
    {407, "Proxy-Authenticate", kRealm, {}},
    {402, "X-More-Info", "http://vimeo.com/22053820", "Payment required\n"},
    {418, "X-More-Info", "http://tools.ietf.org/html/rfc2324", "\n    -=[ teapot ]=-\n\n"},
}};

bool hasToken(std::string_view list, std::string_view token)
{
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        std::string_view item = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
        item = item.substr(0, item.find_last_not_of(" \t") + 1);
        if (equalsIgnoringCase(item, token))
            return true;
    }
    return false;
}

// A name or value from the query string must not end the header section.
bool isFieldText(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool isFieldName(std::string_view name)
{
    constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            || kTokenMarks.contains(c);
    });
}

// Framing is the server's; a query string must not contradict it.
bool isFraming(std::string_view name)
{
    static constexpr std::array<std::string_view, 5> kFraming{"content-length", "transfer-encoding",
                                                              "connection", "upgrade", "trailer"};
    return std::ranges::any_of(
        kFraming, [name](std::string_view other) { return equalsIgnoringCase(name, other); });
}

} // namespace

void runStatus(const BuiltinCall &call)
{
    const auto choices = parseStatuses(call.argument);
    if (!choices) {
        call.send(400, {{"Content-Type", "text/html; charset=utf-8"}}, "Invalid status code");
        return;
    }
    const int status = chooseStatus(*choices, call.upstream.random());
    const auto *extra = std::ranges::find(kStatusExtras, status, &StatusExtra::status);
    ServiceHeaders headers;
    std::string_view body;
    if (extra != kStatusExtras.end()) {
        headers.emplace_back(extra->header, extra->value);
        body = extra->body;
    }
    if (status != 204 && status != 304 && status != 406)
        headers.emplace_back("Content-Type", "text/html; charset=utf-8");
    call.send(status, std::move(headers), body);
}

void runDelay(const BuiltinCall &call)
{
    static constexpr std::array<std::string_view, 7> kKeys{"args",    "data",   "files", "form",
                                                           "headers", "origin", "url"};
    const auto seconds = parseNumber<double>(call.argument);
    if (!seconds || !(*seconds >= 0)) {
        call.sendPage(400);
        return;
    }
    const std::chrono::duration<double> delay(std::min(*seconds, kMaxDelay));
    Reactor &reactor = call.responder.reactor();
    ServiceHeaders headers = builtinHeaders(call.request);
    headers.emplace_back("Content-Type", "application/json");
    const auto timer = reactor.callAfter(
        std::chrono::duration_cast<Reactor::Clock::duration>(delay),
        [responder = call.responder, headers = std::move(headers),
         body = pythonJson(echoRequest(call.request, kKeys), PythonStyle::Pretty)] {
            responder.send(200, headers, body);
        });
    call.responder.onClosed([&reactor, timer] { reactor.cancel(timer); });
}

void runBytes(const BuiltinCall &call)
{
    const auto wanted = parseNumber<std::uint64_t>(call.argument);
    if (!wanted) {
        call.sendPage(404);
        return;
    }
    std::uint64_t seed = call.upstream.random()();
    if (const auto [text, present] = call.request.argument("seed"); present) {
        const auto number = parseNumber<std::int64_t>(text);
        if (!number) {
            call.sendPage(400);
            return;
        }
        seed = *number < 0 ? 0 - static_cast<std::uint64_t>(*number)
                           : static_cast<std::uint64_t>(*number);
    }
    call.send(200, {{"Content-Type", "application/octet-stream"}},
              pythonRandomBytes(seed, std::min<std::uint64_t>(*wanted, kMaxBytes)));
}

void runStream(const BuiltinCall &call)
{
    static constexpr std::array<std::string_view, 4> kKeys{"url", "args", "headers", "origin"};
    const auto lines = parseNumber<std::uint64_t>(call.argument);
    if (!lines) {
        call.sendPage(404);
        return;
    }
    ServiceHeaders headers = builtinHeaders(call.request);
    headers.emplace_back("Content-Type", "application/json");
    call.responder.start(200, std::move(headers));
    Json line = echoRequest(call.request, kKeys);
    for (std::uint64_t id = 0; id < std::min(*lines, kMaxLines); ++id) {
        line.set("id", Json(id));
        call.responder.write(pythonJson(line, PythonStyle::Line));
    }
    call.responder.finish();
}

void runRedirect(const BuiltinCall &call)
{
    const auto times = parseNumber<std::uint64_t>(call.argument);
    if (!times || *times == 0) {
        call.sendPage(404);
        return;
    }
    const std::string next = *times == 1 ? "/get" : "/redirect/" + std::to_string(*times - 1);
    call.send(302, {{"Location", next}, {"Content-Type", "text/html; charset=utf-8"}}, {});
}

void runResponseHeaders(const BuiltinCall &call)
{
    const FieldMap fields = parseUrlEncoded(call.request.query);
    Json shown = Json::object({{"Content-Length", ""}, {"Content-Type", "application/json"}});
    ServiceHeaders headers;
    bool ownType = true;
    for (const auto &[name, values] : fields) {
        if (!isFieldName(name) || !std::ranges::all_of(values, isFieldText)) {
            call.sendPage(400);
            return;
        }
        if (isFraming(name))
            continue;
        ownType = ownType && !equalsIgnoringCase(name, "content-type");
        Json::Array list;
        for (const std::string &value : values) {
            headers.emplace_back(name, value);
            list.emplace_back(lossyUtf8(value));
        }
        if (!ownType && equalsIgnoringCase(name, "content-type"))
            shown.erase("Content-Type");
        shown.set(name, list.size() == 1 ? std::move(list.front()) : Json(std::move(list)));
    }
    if (ownType)
        headers.emplace_back("Content-Type", "application/json");

    // The body names its own length: repeat until it is true.
    std::string body = pythonJson(shown, PythonStyle::Pretty);
    for (std::size_t said = 0; said != body.size();) {
        said = body.size();
        shown.set("Content-Length", std::to_string(said));
        body = pythonJson(shown, PythonStyle::Pretty);
    }
    call.send(200, std::move(headers), body);
}

void runWebSocket(const BuiltinCall &call)
{
    const ServiceRequest &request = call.request;
    const std::string_view key = request.header("sec-websocket-key");
    if (request.method != "GET" || !hasToken(request.header("upgrade"), "websocket")
        || !hasToken(request.header("connection"), "upgrade") || !isWebSocketKey(key)) {
        call.send(426, {{"Upgrade", "websocket"}, {"Content-Type", "text/plain"}},
                  "This is a WebSocket echo: connect with ws://\n");
        return;
    }
    if (request.header("sec-websocket-version") != "13") {
        call.send(426, {{"Sec-WebSocket-Version", "13"}, {"Content-Type", "text/plain"}},
                  "Only version 13 (RFC 6455) is spoken here\n");
        return;
    }
    ServiceHeaders headers{{"Upgrade", "websocket"},
                           {"Connection", "Upgrade"},
                           {"Sec-WebSocket-Accept", webSocketAccept(key)}};
    const std::string_view protocols = request.header("sec-websocket-protocol");
    if (!protocols.empty())
        headers.emplace_back("Sec-WebSocket-Protocol",
                             protocols.substr(0, protocols.find_first_of(", ")));

    call.responder.upgrade(std::move(headers),
                           [responder = call.responder,
                            echo = std::make_shared<WebSocketEcho>()](std::string_view octets) {
                               const auto answer = echo->feed(octets);
                               if (!answer.octets.empty())
                                   responder.write(answer.octets);
                               // A client that sends but never reads must not fill the memory.
                               if (responder.backlog() > kMaxBacklog)
                                   responder.close();
                               else if (answer.close)
                                   responder.finish();
                           });
}

} // namespace postern::gateway
