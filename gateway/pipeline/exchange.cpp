// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/exchange.h"

#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"

#include <algorithm>

namespace postern::gateway {

namespace {

// nginx's NGX_ESCAPE_URI: what stays as it is when a changed path is written out again.
constexpr std::string_view kPathKeep = "!$&'()*+,/:;=@[]";

/// Room for a body that a recycled exchange keeps.
constexpr std::size_t kBodyKept = 16U * 1024;

constexpr std::string_view kMessageHead = "{\"message\":\"";
constexpr std::string_view kMessageTail = "\"}\n";

bool isPlainJson(std::string_view text) noexcept
{
    for (const char c : text) {
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20)
            return false;
    }
    return true;
}

struct Argument
{
    std::string_view raw; ///< "a=b" as written
    std::string_view name;
    std::string_view value;
    bool hasValue;
};

/// Takes the next argument off the query text. Empty ones ("&&") are skipped.
std::optional<Argument> takeArgument(std::string_view &rest) noexcept
{
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string_view raw = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (raw.empty())
            continue;
        const std::size_t equals = raw.find('=');
        if (equals == std::string_view::npos)
            return Argument{raw, raw, {}, false};
        return Argument{raw, raw.substr(0, equals), raw.substr(equals + 1), true};
    }
    return std::nullopt;
}

bool needsDecoding(std::string_view text) noexcept
{
    return text.find_first_of("%+") != std::string_view::npos;
}

bool nameMatches(std::string_view raw, std::string_view name)
{
    return needsDecoding(raw) ? decodePercent(raw, true) == name : raw == name;
}

std::string_view trimBlanks(std::string_view text) noexcept
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Takes the next "name=value" off a Cookie header.
std::string_view takeCookie(std::string_view &rest) noexcept
{
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trimBlanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return pair;
}

bool cookieIs(std::string_view pair, std::string_view name) noexcept
{
    return pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=';
}

} // namespace

void Exchange::clear()
{
    request.headers.clear();
    HeaderList requestHeaders = std::move(request.headers);
    request = {};
    request.headers = std::move(requestHeaders);
    reply.headers.clear();
    HeaderList replyHeaders = std::move(reply.headers);
    reply = {};
    reply.headers = std::move(replyHeaders);
    trace.reset();
    snapshot.reset();
    mergedChain.reset();
    route = nullptr;
    chain = nullptr;
    consumer = nullptr;
    credential = nullptr;
    externalUser.reset();
    tokenPayload.reset();
    matchedPattern = {};
    node = nullptr;
    response = nullptr;
    tls = nullptr;
    captures.clear();
    upstreamHost = {};
    nodeAddress = {};
    upstream = nullptr;
    requestId = {};
    now = {};
    refusedToken = {};
    responseHeadSize = 0;
    forwarding = Forwarding::Default;
    ran.clear();
    if (body.text.capacity() > kBodyKept)
        body.text = {};
    body.text.clear();
    body.declared = body.wanted = 0;
    body.complete = true;
    progress = {};
    filters.clear();
    if (wait.then)
        wait = {};
    bodyFilters.clear();
    arena.clear();
}

BodyState requestBody(Exchange &exchange, std::uint64_t limit) noexcept
{
    RequestBodyText &body = exchange.body;
    if (body.text.size() > limit || body.declared > limit)
        return BodyState::TooLarge;
    if (body.complete)
        return BodyState::Ready;
    body.wanted = limit;
    return BodyState::Unread;
}

void replyWithMessage(Exchange &exchange, int status, std::string_view message)
{
    Reply &reply = exchange.reply;
    reply.status = status;
    reply.page = false;
    reply.contentType = {};
    std::string escaped;
    if (!isPlainJson(message)) {
        escaped = Json(message).dump();
        message = std::string_view(escaped).substr(1, escaped.size() - 2);
    }
    reply.body = exchange.arena.join(exchange.arena.join(kMessageHead, message), kMessageTail);
}

void replyWithPage(Exchange &exchange, int status)
{
    exchange.reply.status = status;
    exchange.reply.page = true;
    exchange.reply.body = {};
    exchange.reply.contentType = {};
}

std::optional<std::string_view> queryArgument(Exchange &exchange, std::string_view name, int *count,
                                              bool *hasValue)
{
    std::optional<std::string_view> found;
    if (count)
        *count = 0;
    std::string_view rest = exchange.request.query;
    while (const auto argument = takeArgument(rest)) {
        if (!nameMatches(argument->name, name))
            continue;
        if (count)
            ++*count;
        if (found)
            continue;
        found = needsDecoding(argument->value)
            ? exchange.arena.copy(decodePercent(argument->value, true))
            : argument->value;
        if (hasValue)
            *hasValue = argument->hasValue;
        if (!count)
            break;
    }
    return found;
}

std::string escapePath(std::string_view path) { return encodePercent(path, kPathKeep); }

void removeQueryArgument(Exchange &exchange, std::string_view name)
{
    std::string query;
    bool removed = false;
    std::string_view rest = exchange.request.query;
    while (const auto argument = takeArgument(rest)) {
        if (nameMatches(argument->name, name)) {
            removed = true;
            continue;
        }
        if (!query.empty())
            query += '&';
        query += argument->raw;
    }
    if (!removed)
        return;
    std::string target = encodePercent(exchange.request.path, kPathKeep);
    const std::size_t at = target.size() + 1;
    if (!query.empty()) {
        target += '?';
        target += query;
    }
    Request &request = exchange.request;
    request.target = exchange.arena.copy(target);
    request.query = query.empty() ? std::string_view() : request.target.substr(at);
    request.targetChanged = true;
}

std::optional<std::string_view> cookieValue(const Exchange &exchange, std::string_view name)
{
    // The last of several wins, as in APISIX's cookie table.
    std::optional<std::string_view> found;
    for (const HeaderField &field : exchange.request.headers.fields()) {
        if (!equalsIgnoringCase(field.name, "cookie"))
            continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            const std::string_view pair = takeCookie(rest);
            if (cookieIs(pair, name))
                found = pair.substr(name.size() + 1);
        }
    }
    return found;
}

void removeCookie(Exchange &exchange, std::string_view name)
{
    std::string kept;
    for (const HeaderField &field : exchange.request.headers.fields()) {
        if (!equalsIgnoringCase(field.name, "cookie"))
            continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            const std::string_view pair = takeCookie(rest);
            if (pair.empty() || cookieIs(pair, name))
                continue;
            if (!kept.empty())
                kept += "; ";
            kept += pair;
        }
    }
    if (kept.empty())
        exchange.request.headers.remove("cookie");
    else
        exchange.request.headers.set("Cookie", exchange.arena.copy(kept));
    wipe(kept);
}

} // namespace postern::gateway
