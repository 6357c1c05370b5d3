// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/capture_mask.h"

#include "core/bytes/encoding.h"
#include "gateway/http/header_list.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace postern::gateway {
namespace {

/// Fields whose value begins with a scheme.
constexpr std::array<std::string_view, 2> kSchemed{"authorization", "proxy-authorization"};
constexpr std::array<std::string_view, 8> kSchemes{"basic", "bearer",    "digest",    "dpop",
                                                   "hmac",  "negotiate", "signature", "token"};
/// What usually carries a credential, also where no plugin looked for one.
constexpr std::array<std::string_view, 5> kUsual{"apikey", "x-api-key", "jwt", "access_token",
                                                 "api_key"};
/// Shorter texts stand in too many places that have nothing to do with them.
constexpr std::size_t kShortest = 4;

bool names(std::span<const std::string_view> list, std::string_view name)
{
    return std::ranges::any_of(
        list, [name](std::string_view one) { return equalsIgnoringCase(one, name); });
}

bool isTokenCharacter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
        || c == '_' || c == '=';
}

/// Where the signature of the compact token at `at` is; npos if there is no such token.
std::size_t signatureOf(std::string_view text, std::size_t at, std::size_t &end)
{
    std::size_t signature = std::string_view::npos;
    int dots = 0;
    for (end = at; end < text.size(); ++end) {
        if (text[end] == '.' && dots < 2) {
            if (++dots == 2)
                signature = end + 1;
        } else if (!isTokenCharacter(text[end])) {
            break;
        }
    }
    return signature;
}

class Masker
{
public:
    explicit Masker(const std::vector<CredentialPlace> &places) : m_places(places) {}

    /// Masks fields by their names, and remembers what they held.
    void head(std::string &head)
    {
        const std::size_t line = endOfLine(head);
        std::string fields;
        for (std::size_t at = line; at < head.size();) {
            // What is no HTTP may end its lines otherwise.
            const std::size_t begin = std::min(head.find('\n', at), head.size() - 1) + 1;
            const std::string_view text = std::string_view(head).substr(begin);
            const std::size_t size = endOfLine(text);
            fields.append(head, at, begin - at).append(field(text.substr(0, size)));
            at = begin + size;
        }
        // The line comes last: its arguments may be what a field gave away.
        head = requestLine(head.substr(0, line)).append(fields);
    }

    /// Masks what was remembered, and tokens.
    void text(std::string &text) const
    {
        for (const std::string &secret : m_secrets)
            replaceAll(text, secret);
        std::string out;
        std::size_t done = 0;
        for (std::size_t at = text.find("eyJ"); at != std::string::npos;) {
            std::size_t end = 0;
            const std::size_t signature = signatureOf(text, at, end);
            if (signature != std::string::npos && signature < end) {
                out.append(text, done, signature - done).append(kMask);
                done = end;
            }
            at = text.find("eyJ", end);
        }
        if (done > 0)
            text = out.append(text, done);
    }

private:
    [[nodiscard]] bool isCredential(std::string_view name) const
    {
        return names(kUsual, name)
            || std::ranges::any_of(m_places, [name](const CredentialPlace &place) {
                   return equalsIgnoringCase(place.name, name);
               });
    }

    /// Without the end of the line.
    static std::size_t endOfLine(std::string_view text)
    {
        const std::size_t feed = std::min(text.find('\n'), text.size());
        return feed > 0 && feed < text.size() && text[feed - 1] == '\r' ? feed - 1 : feed;
    }

    /// In one pass: the text may be made of nothing else.
    static void replaceAll(std::string &text, std::string_view secret)
    {
        std::size_t at = text.find(secret);
        if (at == std::string::npos)
            return;
        std::string out;
        std::size_t done = 0;
        for (; at != std::string::npos; at = text.find(secret, done)) {
            out.append(text, done, at - done).append(kMask);
            done = at + secret.size();
        }
        text = out.append(text, done);
    }

    [[nodiscard]] bool isKnown(std::string_view value) const
    {
        return std::ranges::contains(m_secrets, decodePercent(value, true));
    }

    void remember(std::string_view secret)
    {
        if (secret.size() >= kShortest)
            m_secrets.emplace_back(secret);
    }

    /// What of this value may be shown.
    std::string shown(std::string_view value)
    {
        std::size_t end = 0;
        const std::size_t signature =
            value.starts_with("eyJ") ? signatureOf(value, 0, end) : std::string_view::npos;
        if (signature != std::string_view::npos && end == value.size()) {
            remember(value.substr(signature));
            return std::string(value.substr(0, signature)).append(kMask);
        }
        if (value.empty())
            return {};
        remember(value);
        if (std::string decoded = decodePercent(value, true); decoded != value)
            remember(decoded);
        return std::string(kMask);
    }

    /// The user's name and password of `Basic`, which an upstream may echo.
    void rememberPassword(std::string_view credentials)
    {
        std::string octets;
        if (!decodeBase64AnyInto(credentials, octets))
            return;
        remember(octets);
        if (const std::size_t colon = octets.find(':'); colon != std::string::npos)
            remember(std::string_view(octets).substr(colon + 1));
    }

    std::string schemed(std::string_view value)
    {
        const std::size_t space = value.find(' ');
        const std::string_view scheme = value.substr(0, std::min(space, value.size()));
        if (space == std::string_view::npos || !names(kSchemes, scheme))
            return shown(value);
        const std::size_t begin = value.find_first_not_of(' ', space);
        if (begin == std::string_view::npos)
            return std::string(value);
        const std::string_view credentials = value.substr(begin);
        if (equalsIgnoringCase(scheme, "basic"))
            rememberPassword(credentials);
        // RFC 9110 11.4: parameters may be told, the signature among them may not.
        if (const std::size_t at = credentials.find("signature=\""); at != std::string_view::npos) {
            const std::size_t from = at + std::string_view("signature=\"").size();
            const std::size_t to = std::min(credentials.find('"', from), credentials.size());
            remember(credentials.substr(from, to - from));
            return std::string(value.substr(0, begin + from))
                .append(kMask)
                .append(credentials.substr(to));
        }
        return std::string(value.substr(0, begin)).append(shown(credentials));
    }

    /// "a=1; b=2" or "a=1&b=2"
    std::string pairs(std::string_view list, char separator)
    {
        std::string out;
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(separator), list.size());
            const std::string_view pair = list.substr(0, end);
            const std::size_t equals = pair.find('=');
            const std::size_t begin = std::min(pair.find_first_not_of(' '), pair.size());
            const bool credential = equals != std::string_view::npos && begin < equals
                && (isCredential(decodePercent(pair.substr(begin, equals - begin)))
                    || isKnown(pair.substr(equals + 1)));
            if (credential)
                out.append(pair.substr(0, equals + 1)).append(shown(pair.substr(equals + 1)));
            else
                out.append(pair);
            if (end < list.size())
                out += separator;
            list.remove_prefix(std::min(end + 1, list.size()));
        }
        return out;
    }

    std::string requestLine(std::string_view line)
    {
        const std::size_t question = line.find('?');
        if (question == std::string_view::npos)
            return std::string(line);
        const std::size_t end = std::min(line.find(' ', question), line.size());
        return std::string(line.substr(0, question + 1))
            .append(pairs(line.substr(question + 1, end - question - 1), '&'))
            .append(line.substr(end));
    }

    std::string field(std::string_view line)
    {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            return std::string(line);
        const std::string_view name = line.substr(0, colon);
        const std::size_t begin = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
        const std::size_t last = line.find_last_not_of(" \t");
        const std::string_view value = line.substr(begin, begin > last ? 0 : last + 1 - begin);
        std::string out(line.substr(0, begin));
        if (equalsIgnoringCase(name, "cookie"))
            out.append(pairs(value, ';'));
        else if (names(kSchemed, name) || isCredential(name))
            out.append(schemed(value));
        else
            return std::string(line);
        return out.append(line.substr(begin + value.size()));
    }

    const std::vector<CredentialPlace> &m_places;
    std::vector<std::string> m_secrets;
};

} // namespace

void maskCredentials(CapturedExchange &exchange)
{
    Masker masker(exchange.credentials);
    masker.head(exchange.request);
    masker.head(exchange.upstream);
    for (std::string *text : {&exchange.request, &exchange.upstream, &exchange.response,
                              &exchange.requestBody.octets, &exchange.responseBody.octets})
        masker.text(*text);
    exchange.masked = true;
}

} // namespace postern::gateway
