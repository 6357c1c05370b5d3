// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/control_capture.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "gateway/control/control_reply.h"
#include "gateway/http/header_list.h"
#include "gateway/observe/capture_mask.h"
#include "gateway/pipeline/trace.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <utility>

namespace postern::gateway {
namespace {

using Call = ControlApi::Call;

constexpr std::size_t kMaxBody = 16U * 1024 * 1024;
constexpr std::size_t kMinBytes = 64U * 1024;
constexpr std::size_t kMaxBytes = 4UL * 1024 * 1024 * 1024;

Json settingsJson(const CaptureSettings &settings)
{
    return Json::object({{"enabled", settings.enabled},
                         {"secrets", settings.secrets},
                         {"body_limit", static_cast<std::uint64_t>(settings.bodyLimit)},
                         {"bytes", static_cast<std::uint64_t>(settings.bytes)}});
}

Result<void> takeFlag(const Json &change, std::string_view name, bool &flag)
{
    const Json *const value = change.find(name);
    if (value && !value->isBool())
        return fail(Errc::InvalidArgument, "expected true or false", std::format("/{}", name));
    if (value)
        flag = value->asBool();
    return {};
}

Result<void> takeSize(const Json &change, std::string_view name, std::size_t least,
                      std::size_t most, std::size_t &size)
{
    const Json *const value = change.find(name);
    if (!value)
        return {};
    const auto number = value->asInteger();
    if (!number || *number < 0 || static_cast<std::uint64_t>(*number) < least
        || static_cast<std::uint64_t>(*number) > most)
        return fail(Errc::InvalidArgument,
                    std::format("expected a number of octets from {} to {}", least, most),
                    std::format("/{}", name));
    size = static_cast<std::size_t>(*number);
    return {};
}

/// Old servers spoke Latin-1; JSON speaks UTF-8.
std::string textOf(std::string_view octets)
{
    if (isUtf8(octets))
        return std::string(octets);
    constexpr unsigned char kHigh = 0x80;
    std::string text;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < kHigh) {
            text += c;
        } else {
            text += static_cast<char>(0xC0U | (octet >> 6U));
            text += static_cast<char>(kHigh | (octet & 0x3FU));
        }
    }
    return text;
}

std::string_view trimmed(std::string_view value)
{
    const std::size_t begin = std::min(value.find_first_not_of(" \t"), value.size());
    const std::size_t last = value.find_last_not_of(" \t");
    return last == std::string_view::npos ? std::string_view()
                                          : value.substr(begin, last + 1 - begin);
}

/// `{"line","headers":[[name, value], ...],"raw"}`
Json headJson(std::string_view head)
{
    if (head.empty())
        return {};
    std::string_view rest = head;
    Json line;
    Json fields = Json::array();
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find("\r\n"), rest.size());
        const std::string_view text = rest.substr(0, end);
        const std::size_t colon = text.find(':');
        if (line.isNull())
            line = Json(textOf(text));
        else if (colon != std::string_view::npos)
            fields.push_back(Json(Json::Array{Json(textOf(text.substr(0, colon))),
                                              Json(textOf(trimmed(text.substr(colon + 1))))}));
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return Json::object(
        {{"line", std::move(line)}, {"headers", std::move(fields)}, {"raw", textOf(head)}});
}

Json bodyJson(const CapturedBody &body)
{
    Json json = Json::object({{"size", body.size}, {"truncated", body.truncated()}});
    // A cut may go through a character: up to three octets less make it whole.
    std::string_view octets = body.octets;
    for (int i = 0; body.truncated() && i < 3 && !octets.empty() && !isUtf8(octets); ++i)
        octets.remove_suffix(1);
    if (isUtf8(octets))
        json.set("text", octets);
    else
        json.set("base64", encodeBase64(body.octets));
    return json;
}

Json withBody(Json head, const CapturedBody &body)
{
    if (!head.isNull())
        head.set("body", bodyJson(body));
    return head;
}

/// The rows of the request's head that a plugin looked at; from 0.
Json fieldsOf(const CredentialPlace &place, const Json &request)
{
    const std::string_view name = place.in == "cookie" ? std::string_view("cookie") : place.name;
    Json rows = Json::array();
    const Json *const fields = request.find("headers");
    if (place.in == "query" || !fields)
        return rows;
    std::uint64_t row = 0;
    for (const Json &field : fields->items()) {
        if (equalsIgnoringCase(field.items().front().asString(), name))
            rows.push_back(row);
        ++row;
    }
    return rows;
}

Json credentialsJson(const CapturedExchange &exchange, const Json &request)
{
    Json list = Json::array();
    for (const CredentialPlace &place : exchange.credentials)
        list.push_back(Json::object({{"step", static_cast<std::uint64_t>(place.step)},
                                     {"plugin", place.plugin},
                                     {"in", place.in},
                                     {"name", place.name},
                                     {"fields", fieldsOf(place, request)}}));
    return list;
}

Json timingJson(const CapturedExchange &exchange)
{
    using Point = CapturedExchange::Clock::time_point;
    const std::array<std::pair<std::string_view, Point>, 6> points{
        {{"decided_us", exchange.decided},
         {"upstream_tried_us", exchange.upstreamTried},
         {"upstream_connected_us", exchange.upstreamConnected},
         {"upstream_first_byte_us", exchange.upstreamFirstByte},
         {"upstream_last_byte_us", exchange.upstreamLastByte},
         {"total_us", exchange.done}}};
    Json timing = Json::object();
    for (const auto &[name, point] : points) {
        const auto since =
            std::chrono::duration_cast<std::chrono::microseconds>(point - exchange.begun);
        timing.set(name, point == Point{} ? Json() : Json(std::int64_t{since.count()}));
    }
    return timing;
}

void sendExchange(const Responder &responder, std::shared_ptr<const CapturedExchange> exchange,
                  bool reveal)
{
    if (!exchange) {
        sendError(
            responder,
            {Errc::NotFound, "nothing is kept of this exchange: POST /v1/capture starts it", {}});
        return;
    }
    if (exchange->masked && reveal) {
        sendError(responder,
                  {Errc::Permission,
                   "credentials were not kept: capture was enabled without \"secrets\":true",
                   "reveal"});
        return;
    }
    if (!exchange->masked && !reveal) {
        auto masked = std::make_shared<CapturedExchange>(*exchange);
        maskCredentials(*masked);
        exchange = std::move(masked);
    }
    sendJson(responder, 200, exchangeToJson(*exchange));
}

} // namespace

Result<CaptureSettings> changedCapture(CaptureSettings settings, std::string_view text)
{
    const auto change = parseJson(text);
    if (!change)
        return std::unexpected(change.error());
    if (!change->isObject())
        return fail(Errc::InvalidArgument, "expected an object");
    constexpr std::array<std::string_view, 4> kMembers{"enabled", "secrets", "body_limit", "bytes"};
    for (const auto &[name, value] : change->members()) {
        if (!std::ranges::contains(kMembers, name))
            return fail(Errc::InvalidArgument, "unknown member", std::format("/{}", name));
    }
    const auto taken =
        takeFlag(*change, "enabled", settings.enabled)
            .and_then([&] { return takeFlag(*change, "secrets", settings.secrets); })
            .and_then(
                [&] { return takeSize(*change, "body_limit", 0, kMaxBody, settings.bodyLimit); })
            .and_then(
                [&] { return takeSize(*change, "bytes", kMinBytes, kMaxBytes, settings.bytes); });
    if (!taken)
        return std::unexpected(taken.error());
    return settings;
}

Json exchangeToJson(const CapturedExchange &exchange)
{
    Json request = headJson(exchange.request);
    if (!exchange.parsed && !request.isNull()) { // there are no lines to speak of
        request.set("line", nullptr);
        request.set("headers", Json::array());
    }
    Json credentials = credentialsJson(exchange, request);
    return Json::object({{"id", traceId(exchange.id)},
                         {"time", formatTime(exchange.received, true)},
                         {"masked", exchange.masked},
                         {"parsed", exchange.parsed},
                         {"request", withBody(std::move(request), exchange.requestBody)},
                         {"upstream", headJson(exchange.upstream)},
                         {"response", withBody(headJson(exchange.response), exchange.responseBody)},
                         {"credentials", std::move(credentials)},
                         {"timing", timingJson(exchange)}});
}

void getCapture(const Call &call)
{
    sendJson(call.responder, 200, settingsJson(call.host.captureSettings()));
}

void postCapture(const Call &call)
{
    const auto settings = changedCapture(call.host.captureSettings(), call.request.body);
    if (!settings) {
        sendError(call.responder, settings.error());
        return;
    }
    call.host.configureCapture(*settings, [responder = call.responder, settings = *settings] {
        sendJson(responder, 200, settingsJson(settings));
    });
}

void getExchange(const Call &call)
{
    const auto id = parseTraceId(call.argument);
    if (!id) {
        sendError(call.responder,
                  {Errc::InvalidArgument, "not a trace id: ten characters as 01JF8Z6Q3M", {}});
        return;
    }
    const bool reveal = call.request.argument("reveal").first == "true";
    call.host.findExchange(
        *id,
        [responder = call.responder, reveal](std::shared_ptr<const CapturedExchange> exchange) {
            sendExchange(responder, std::move(exchange), reveal);
        });
}

} // namespace postern::gateway
