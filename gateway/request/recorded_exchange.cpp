// SPDX-License-Identifier: Apache-2.0
#include "gateway/request/recorded_exchange.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "core/version.h"
#include "gateway/http/header_list.h"
#include "gateway/request/redact.h"

#include <QByteArrayView>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <format>

namespace postern::gateway {

namespace {

Json headersToJson(const WebRequest::Headers &headers, const SecretPlaces &places)
{
    Json list = Json::array();
    for (const auto &[name, value] : headers)
        list.push_back(
            Json::object({{"name", name}, {"value", redactHeader(name, value, places)}}));
    return list;
}

WebRequest::Headers headersOf(const Json *list)
{
    WebRequest::Headers headers;
    for (const Json &each : list ? list->items() : Json::Array())
        headers.emplace_back(each.stringOr("name", ""), each.stringOr("value", ""));
    return headers;
}

Json contentOf(const RecordedMessage &message)
{
    Json content =
        Json::object({{"size", message.bodySize}, {"mimeType", message.header("content-type")}});
    const QByteArrayView octets(message.body.data(), static_cast<qsizetype>(message.body.size()));
    if (octets.isValidUtf8()) {
        content.set("text", message.body);
    } else {
        content.set("text", encodeBase64(message.body));
        content.set("encoding", "base64");
    }
    return content;
}

std::string bodyOf(const Json *content)
{
    if (!content)
        return {};
    const std::string_view text = content->stringOr("text", "");
    if (content->stringOr("encoding", "") != "base64")
        return std::string(text);
    return decodeBase64(text).value_or(std::string());
}

Json queryOf(std::string_view target, const SecretPlaces &places)
{
    Json list = Json::array();
    const std::size_t mark = target.find('?');
    std::string_view rest =
        mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string_view pair = rest.substr(0, end);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string name = decodePercent(pair.substr(0, equals), true);
        const std::string value =
            decodePercent(pair.substr(std::min(equals + 1, pair.size())), true);
        list.push_back(Json::object(
            {{"name", name},
             {"value", places.isSecretArgument(name) ? std::string(kRedacted) : value}}));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return list;
}

double millisecondsOf(const Json &trace, std::string_view name)
{
    const Json *timing = trace.find("timing");
    const Json *micros = timing ? timing->find(name) : nullptr;
    return micros ? micros->asDouble() / 1000 : 0;
}

std::string shownTarget(const RecordedExchange &exchange)
{
    return !exchange.request.target.empty() ? exchange.request.target
                                            : std::string(exchange.trace.stringOr("target", "/"));
}

Json requestToJson(const RecordedExchange &exchange, std::string_view origin,
                   const SecretPlaces &places)
{
    const std::string target = redactTarget(shownTarget(exchange), places);
    const RecordedMessage &request = exchange.request;
    Json out = Json::object({
        {"method",
         request.method.empty() ? exchange.trace.stringOr("method", "GET") : request.method},
        {"url", std::string(origin) + target},
        {"httpVersion", "HTTP/1.1"},
        {"cookies", Json::array()},
        {"headers", headersToJson(request.headers, places)},
        {"queryString", queryOf(target, places)},
        {"headersSize", -1},
        {"bodySize", request.bodySize},
    });
    if (!request.body.empty()) {
        Json data = contentOf(request);
        data.erase("size");
        out.set("postData", std::move(data));
    }
    return out;
}

Json responseToJson(const RecordedExchange &exchange, const SecretPlaces &places)
{
    const Json *status = exchange.trace.find("status");
    return Json::object({
        {"status", status ? *status : Json(exchange.response.status)},
        {"statusText", ""},
        {"httpVersion", "HTTP/1.1"},
        {"cookies", Json::array()},
        {"headers", headersToJson(exchange.response.headers, places)},
        {"content", contentOf(exchange.response)},
        {"redirectURL", ""},
        {"headersSize", -1},
        {"bodySize", exchange.response.bodySize},
    });
}

Json entryOf(const RecordedExchange &exchange, std::string_view origin)
{
    const SecretPlaces places = SecretPlaces::of(exchange.trace);
    const double total = millisecondsOf(exchange.trace, "total_us");
    Json trace = exchange.trace;
    if (const Json *target = trace.find("target"); target && target->isString())
        trace.set("target", redactTarget(target->asString(), places));
    Json entry = Json::object({
        {"startedDateTime", exchange.trace.stringOr("time", "1970-01-01T00:00:00Z")},
        {"time", total},
        {"request", requestToJson(exchange, origin, places)},
        {"response", responseToJson(exchange, places)},
        {"cache", Json::object()},
        {"timings", Json::object({{"send", 0}, {"wait", total}, {"receive", 0}})},
        {"_postern", Json::object({{"marked", exchange.marked}, {"trace", std::move(trace)}})},
    });
    if (!exchange.comment.empty())
        entry.set("comment", exchange.comment);
    return entry;
}

/// A trace for what another program recorded: no steps, nobody decided.
Json foreignTrace(const Json &entry, const RecordedExchange &exchange, std::string_view url)
{
    WebRequest request;
    request.url = url;
    const Json *time = entry.find("time");
    Json trace = Json::object({{"id", nullptr},
                               {"time", entry.stringOr("startedDateTime", "")},
                               {"method", exchange.request.method},
                               {"target", exchange.request.target},
                               {"host", request.host()},
                               {"status", exchange.response.status},
                               {"route", nullptr},
                               {"consumer", nullptr},
                               {"decision", ""},
                               {"steps", Json::array()}});
    const double micros = time ? time->asDouble() * 1000 : 0;
    trace.set("timing", Json::object({{"total_us", static_cast<std::int64_t>(micros)}}));
    return trace;
}

Result<RecordedExchange> exchangeOf(const Json &entry, std::size_t number)
{
    const Json *request = entry.find("request");
    const Json *response = entry.find("response");
    if (!request || !request->isObject())
        return fail(Errc::Json, "an entry without a request",
                    std::format("/log/entries/{}/request", number));
    RecordedExchange exchange;
    WebRequest url;
    url.url = request->stringOr("url", "");
    exchange.request.present = true;
    exchange.request.method = request->stringOr("method", "GET");
    exchange.request.target = url.target();
    exchange.request.headers = headersOf(request->find("headers"));
    exchange.request.body = bodyOf(request->find("postData"));
    exchange.request.bodySize = exchange.request.body.size();
    if (response) {
        exchange.response.present = true;
        const Json *status = response->find("status");
        exchange.response.status = static_cast<int>(status ? status->asInteger().value_or(0) : 0);
        exchange.response.headers = headersOf(response->find("headers"));
        exchange.response.body = bodyOf(response->find("content"));
        exchange.response.bodySize = exchange.response.body.size();
    }
    exchange.comment = entry.stringOr("comment", "");
    const Json *own = entry.find("_postern");
    const Json *trace = own ? own->find("trace") : nullptr;
    const Json *marked = own ? own->find("marked") : nullptr;
    exchange.marked = marked && marked->asBool();
    exchange.trace = trace && trace->isObject() ? *trace : foreignTrace(entry, exchange, url.url);
    return exchange;
}

RecordedMessage capturedMessage(const Json *message)
{
    RecordedMessage out;
    if (!message || !message->isObject())
        return out;
    out.present = true;
    const std::string_view line = message->stringOr("line", "");
    const std::size_t first = std::min(line.find(' '), line.size());
    const std::string_view rest = line.substr(std::min(first + 1, line.size()));
    if (line.starts_with("HTTP/")) {
        std::from_chars(rest.data(), rest.data() + rest.size(), out.status);
    } else {
        out.method = line.substr(0, first);
        out.target = rest.substr(0, rest.find(' '));
    }
    const Json *headers = message->find("headers");
    for (const Json &field : headers ? headers->items() : Json::Array()) {
        if (field.size() == 2)
            out.headers.emplace_back(field.items()[0].asString(), field.items()[1].asString());
    }
    if (const Json *body = message->find("body")) {
        const Json *size = body->find("size");
        const Json *base64 = body->find("base64");
        out.body = base64 ? decodeBase64(base64->asString()).value_or(std::string())
                          : std::string(body->stringOr("text", ""));
        const std::int64_t whole = size ? size->asInteger().value_or(0) : 0;
        out.bodySize = static_cast<std::uint64_t>(std::max<std::int64_t>(whole, 0));
    }
    return out;
}

} // namespace

void readCapture(const Json &answer, RecordedExchange &exchange)
{
    const Json *parsed = answer.find("parsed");
    if (!parsed || parsed->asBool(true))
        exchange.request = capturedMessage(answer.find("request"));
    exchange.toUpstream = capturedMessage(answer.find("upstream"));
    exchange.response = capturedMessage(answer.find("response"));
    const Json *masked = answer.find("masked");
    exchange.masked = masked && masked->asBool();
    if (const Json *timing = answer.find("timing"))
        exchange.timing = *timing;
}

std::string_view RecordedMessage::header(std::string_view name) const noexcept
{
    const auto found = std::ranges::find_if(
        headers, [name](const auto &field) { return equalsIgnoringCase(field.first, name); });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

WebRequest RecordedExchange::asRequest(std::string_view origin) const
{
    WebRequest out;
    out.method = request.present ? request.method : std::string(trace.stringOr("method", "GET"));
    out.url = std::string(origin) + shownTarget(*this);
    const std::size_t scheme = origin.find("://");
    const std::string_view own =
        scheme == std::string_view::npos ? origin : origin.substr(scheme + 3);
    for (const auto &[name, value] : request.headers) {
        // what every client adds by itself
        const bool implied = equalsIgnoringCase(name, "connection")
            || equalsIgnoringCase(name, "content-length")
            || (equalsIgnoringCase(name, "host") && value == own);
        if (!implied)
            out.headers.emplace_back(name, value);
    }
    if (!request.present) {
        const std::string_view host = trace.stringOr("host", "");
        if (!host.empty() && host != own)
            out.headers.emplace_back("Host", host);
    }
    out.body = request.body;
    return out;
}

Json writeHar(const std::vector<RecordedExchange> &exchanges, std::string_view origin)
{
    Json entries = Json::array();
    for (const RecordedExchange &exchange : exchanges)
        entries.push_back(entryOf(exchange, origin));
    const Json creator = Json::object({{"name", "Postern"}, {"version", kVersion}});
    return Json::object(
        {{"log",
          Json::object(
              {{"version", "1.2"}, {"creator", creator}, {"entries", std::move(entries)}})}});
}

Result<std::vector<RecordedExchange>> readHar(std::string_view text)
{
    const auto document = parseJson(text, {.lastDuplicateWins = true});
    if (!document)
        return std::unexpected(document.error());
    const Json *log = document->find("log");
    const Json *entries = log ? log->find("entries") : nullptr;
    if (!entries || !entries->isArray())
        return fail(Errc::Json, "not an HTTP archive", "/log/entries");
    std::vector<RecordedExchange> exchanges;
    for (const Json &entry : entries->items()) {
        auto exchange = exchangeOf(entry, exchanges.size());
        if (!exchange)
            return std::unexpected(exchange.error());
        exchanges.push_back(std::move(*exchange));
    }
    return exchanges;
}

} // namespace postern::gateway
