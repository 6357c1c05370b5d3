// SPDX-License-Identifier: Apache-2.0
#include "gateway/request/redact.h"

#include "core/bytes/encoding.h"
#include "core/text/trim.h"
#include "gateway/http/header_list.h"

#include <algorithm>
#include <array>

namespace postern::gateway {

namespace {

constexpr std::array<std::string_view, 9> kArguments{
    "apikey", "api_key", "key", "jwt", "token", "access_token", "id_token", "secret", "password"};

bool holds(const std::vector<std::string> &names, std::string_view name) noexcept
{
    return std::ranges::any_of(
        names, [name](const std::string &each) { return equalsIgnoringCase(each, name); });
}

/// Three parts of base64url: a compact JWS.
bool isToken(std::string_view text) noexcept
{
    return std::ranges::count(text, '.') == 2 && text.starts_with("ey");
}

std::string redactToken(std::string_view token)
{
    return std::string(token.substr(0, token.rfind('.') + 1)).append(kRedacted);
}

std::string redactCookies(std::string_view value)
{
    std::string shown;
    while (!value.empty()) {
        const std::size_t end = std::min(value.find(';'), value.size());
        const std::string_view pair = trimmed(value.substr(0, end));
        value.remove_prefix(std::min(end + 1, value.size()));
        shown.append(shown.empty() ? "" : "; ").append(pair.substr(0, pair.find('=')));
        shown.append("=").append(kRedacted);
    }
    return shown;
}

/// "name=value; Path=/; HttpOnly": what is behind the first pair are attributes.
std::string redactSetCookie(std::string_view value)
{
    const std::size_t end = std::min(value.find(';'), value.size());
    return redactCookies(value.substr(0, end)).append(value.substr(end));
}

std::string redactCredential(std::string_view value)
{
    const std::size_t blank = value.find(' ');
    const std::string_view scheme =
        blank == std::string_view::npos ? std::string_view() : value.substr(0, blank);
    const std::string_view rest = value.substr(scheme.empty() ? 0 : blank + 1);
    std::string shown(scheme);
    if (!scheme.empty())
        shown += ' ';
    return isToken(rest) ? shown + redactToken(rest) : shown.append(kRedacted);
}

} // namespace

SecretPlaces SecretPlaces::of(const Json &trace)
{
    SecretPlaces places;
    const Json *steps = trace.find("steps");
    for (const Json &step : steps ? steps->items() : Json::Array()) {
        const Json *detail = step.stringOr("step", "") == "extract" ? step.find("detail") : nullptr;
        if (!detail)
            continue;
        const std::string_view where = detail->stringOr("where", "");
        const std::string name(detail->stringOr("name", ""));
        if (where.starts_with("header"))
            places.headers.push_back(name);
        else if (where.starts_with("query"))
            places.arguments.push_back(name);
        else if (where.starts_with("cookie"))
            places.cookies.push_back(name);
    }
    return places;
}

bool SecretPlaces::isSecretHeader(std::string_view name) const noexcept
{
    return gateway::isSecretHeader(name) || holds(headers, name);
}

bool SecretPlaces::isSecretArgument(std::string_view name) const noexcept
{
    return std::ranges::any_of(
               kArguments, [name](std::string_view each) { return equalsIgnoringCase(each, name); })
        || holds(arguments, name);
}

std::string redactHeader(std::string_view name, std::string_view value, const SecretPlaces &places)
{
    if (!places.isSecretHeader(name) || value.empty())
        return std::string(value);
    if (equalsIgnoringCase(name, "cookie"))
        return redactCookies(value);
    if (equalsIgnoringCase(name, "set-cookie"))
        return redactSetCookie(value);
    return redactCredential(value);
}

std::vector<TargetPiece> targetPieces(std::string_view target, const SecretPlaces &places)
{
    std::vector<TargetPiece> pieces;
    std::size_t begin = 0; // of what is not in a piece yet
    const std::size_t query = std::min(target.find('#'), target.size()); // where it ends
    std::size_t at = target.find('?');
    at = at == std::string_view::npos ? query : at + 1;
    while (at < query) {
        const std::size_t end = std::min(target.find('&', at), query);
        const std::string_view pair = target.substr(at, end - at);
        const std::size_t equals = pair.find('=');
        std::string name = decodePercent(pair.substr(0, equals), true);
        if (equals != std::string_view::npos && places.isSecretArgument(name)) {
            const std::size_t value = at + equals + 1;
            pieces.push_back({target.substr(begin, value - begin)});
            pieces.push_back({target.substr(value, end - value), std::move(name)});
            begin = end;
        }
        at = end + 1;
    }
    if (begin < target.size())
        pieces.push_back({target.substr(begin)});
    return pieces;
}

std::string redactTarget(std::string_view target, const SecretPlaces &places)
{
    std::string shown;
    for (const TargetPiece &piece : targetPieces(target, places)) {
        if (piece.secret.empty())
            shown.append(piece.text);
        else
            shown.append(isToken(piece.text) ? redactToken(piece.text) : std::string(kRedacted));
    }
    return shown;
}

WebRequest redactRequest(WebRequest request, const SecretPlaces &places)
{
    request.url = redactTarget(request.url, places);
    for (auto &[name, value] : request.headers)
        value = redactHeader(name, value, places);
    return request;
}

WebRequest removeLogin(WebRequest request, const SecretPlaces &places)
{
    std::erase_if(request.headers,
                  [&places](const auto &field) { return places.isSecretHeader(field.first); });
    const std::size_t query = request.url.find('?');
    if (query == std::string::npos)
        return request;
    std::string kept = request.url.substr(0, query);
    char separator = '?';
    std::string_view rest = std::string_view(request.url).substr(query + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        if (places.isSecretArgument(decodePercent(pair.substr(0, pair.find('=')), true)))
            continue;
        kept.append(1, separator).append(pair);
        separator = '&';
    }
    request.url = std::move(kept);
    return request;
}

} // namespace postern::gateway
