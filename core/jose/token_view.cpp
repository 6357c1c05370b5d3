// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_view.h"

#include "core/bytes/encoding.h"
#include "core/bytes/utf8.h"
#include "core/jose/claim_checks.h"
#include "core/jose/jwe_facts.h"
#include "core/jose/jws_header.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <utility>

namespace postern {

namespace {

constexpr std::array<std::string_view, 3> kJwsParts = {"header", "payload", "signature"};
constexpr std::array<std::string_view, 5> kJweParts = {
    "header", "encrypted key", "initialization vector", "ciphertext", "authentication tag"};

constexpr bool isUrlCharacter(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
        || c == '_';
}

/// Where strict base64url ends: a foreign character, a length of 1 mod 4, unused bits that are set.
std::optional<std::size_t> faultOf(std::string_view text)
{
    const auto foreign = std::ranges::find_if_not(text, isUrlCharacter);
    if (foreign != text.end())
        return static_cast<std::size_t>(foreign - text.begin());
    if (decodeBase64Url(text))
        return std::nullopt;
    return text.empty() ? 0 : text.size() - 1;
}

/// Octets of the longest prefix that decodes.
std::string decodePrefix(std::string_view text, std::size_t end)
{
    std::string out;
    std::string_view prefix = text.substr(0, end);
    if (prefix.size() % 4 == 1)
        prefix.remove_suffix(1);
    // Unused bits and the other alphabet do not stop a reader from looking.
    if (!decodeBase64AnyInto(text, out) && !decodeBase64AnyInto(prefix, out))
        out.clear();
    return out;
}

/// The octet that "line:column" means; columns count characters.
std::optional<std::size_t> octetOf(std::string_view text, std::string_view place)
{
    const std::size_t colon = place.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::size_t line = 0, column = 0;
    const std::string_view first = place.substr(0, colon);
    const std::size_t start = first.rfind(':') == std::string_view::npos ? 0 : first.rfind(':') + 1;
    std::from_chars(first.data() + start, first.data() + first.size(), line);
    std::from_chars(place.data() + colon + 1, place.data() + place.size(), column);
    if (line == 0 || column == 0)
        return std::nullopt;
    std::size_t at = 0;
    for (; line > 1; --line) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos)
            return std::nullopt;
        at = end + 1;
    }
    for (; column > 1 && at < text.size(); --column) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
            ++at;
    }
    return at;
}

class Viewer
{
public:
    explicit Viewer(std::string_view text) { m_view.text = text; }

    TokenView view()
    {
        const std::string_view text = m_view.text;
        if (text.size() > kMaxTokenSize)
            fault({Errc::LimitExceeded,
                   std::format("a token of {} bytes; the limit is {}", text.size(), kMaxTokenSize),
                   {}});
        else if (text.starts_with('{'))
            viewJson();
        else
            viewCompact();
        return std::move(m_view);
    }

private:
    void fault(Error error, std::string part = {}, std::optional<std::size_t> offset = {},
               std::optional<std::size_t> octet = {})
    {
        m_view.faults.push_back({std::move(error), offset, octet, std::move(part)});
    }

    /// An SD-JWT is a JWT with disclosures behind it, each closed by a tilde. RFC 9901 4.
    std::string_view withoutDisclosures()
    {
        std::string_view text = m_view.text;
        const std::size_t tilde = text.find('~');
        const std::string_view jwt = text.substr(0, tilde);
        if (tilde == std::string_view::npos || !splitCompact(jwt))
            return text;
        m_view.isSdJwt = true;
        for (std::string_view rest = text.substr(tilde + 1); !rest.empty();) {
            const std::size_t end = rest.find('~');
            if (end == std::string_view::npos)
                break; // what stands behind the last tilde is a key binding JWT
            std::string octets;
            if (decodeBase64UrlInto(rest.substr(0, end), octets))
                m_view.disclosures.push_back(std::move(octets));
            rest.remove_prefix(end + 1);
        }
        fault({Errc::TokenCharacters,
               std::format("this is an SD-JWT (RFC 9901) with {} disclosures; its first part is "
                           "the JWT",
                           m_view.disclosures.size()),
               {}},
              {}, tilde);
        return jwt;
    }

    void viewCompact()
    {
        const std::string_view token = withoutDisclosures();
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0;;) {
            const std::size_t dot = token.find('.', at);
            pieces.push_back(token.substr(at, dot == std::string_view::npos ? dot : dot - at));
            if (dot == std::string_view::npos || pieces.size() > 16)
                break;
            at = dot + 1;
        }
        const bool encrypted = pieces.size() == 5;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const std::string_view name = encrypted ? kJweParts[i]
                : i < kJwsParts.size()              ? kJwsParts[i]
                                                    : std::string_view("more");
            addPart(name, pieces[i], static_cast<std::size_t>(pieces[i].data() - token.data()));
        }
        readHeader();
        if (encrypted && m_view.header.isObject() && !m_view.isSdJwt) {
            m_view.shape = TokenShape::Jwe;
            m_view.jwe = jweFacts(m_view.header);
            return;
        }
        if (pieces.size() != 3)
            fault({Errc::TokenSegments,
                   token.empty() ? "the token is empty"
                                 : std::format("this has {} part{}", pieces.size(),
                                               pieces.size() == 1 ? "" : "s"),
                   {}},
                  {}, token.size());
        readPayload(token);
        const bool whole = pieces.size() == 3
            && std::ranges::all_of(m_view.parts, [](const TokenPart &part) { return part.whole; });
        const bool hasHeader = !m_view.parts.front().octets.empty();
        m_view.shape = whole && hasHeader && !m_view.isSdJwt ? TokenShape::Jws
            : looksLikeHeader() || pieces.size() > 1         ? TokenShape::Partial
                                                             : TokenShape::None;
    }

    bool looksLikeHeader() const
    {
        const std::string &octets = m_view.parts.front().octets;
        const std::size_t first = octets.find_first_not_of(" \t\r\n");
        return first != std::string::npos && octets[first] == '{';
    }

    void addPart(std::string_view name, std::string_view text, std::size_t begin)
    {
        TokenPart part{.name = name, .begin = begin, .size = text.size()};
        const std::optional<std::size_t> bad = faultOf(text);
        part.whole = !bad;
        part.octets = decodePrefix(text, bad.value_or(text.size()));
        if (bad) {
            const Result<std::string> strict = decodeBase64Url(text);
            fault({Errc::Base64, strict ? std::string() : strict.error().detail, std::string(name)},
                  std::string(name), begin + *bad);
        }
        m_view.parts.push_back(std::move(part));
    }

    /// Notes a fault of JSON inside of a part, also as a place in the token's text.
    void jsonFault(const TokenPart &part, Error error)
    {
        const std::optional<std::size_t> octet = octetOf(part.octets, error.where);
        std::optional<std::size_t> offset;
        if (octet && part.size > 0)
            offset = part.begin + std::min(*octet * 4 / 3, part.size - 1);
        fault(std::move(error), std::string(part.name), offset, octet);
    }

    void readHeader()
    {
        const TokenPart &part = m_view.parts.front();
        if (part.octets.empty())
            return;
        Result<Json> header = parseJoseHeader(part.octets);
        if (!header)
            return jsonFault(part, std::move(header.error()));
        m_view.header = std::move(*header);
        DecodedJws &jws = m_view.jws;
        jws.headerText = part.octets;
        jws.header = m_view.header;
        jws.alg = jws.header.stringOr("alg", "");
        jws.kid = jws.header.stringOr("kid", "");
        jws.unencoded = isUnencoded(jws.header);
        for (Result<void> checked : {checkHeaderTypes(jws.header), checkCritical(jws.header)}) {
            if (!checked)
                fault(std::move(checked.error()), "header");
        }
    }

    void readPayload(std::string_view token)
    {
        if (m_view.parts.size() < 2)
            return;
        DecodedJws &jws = m_view.jws;
        TokenPart &part = m_view.parts[1];
        if (jws.unencoded) {
            part.octets = token.substr(part.begin, part.size);
            part.whole = true;
            std::erase_if(m_view.faults,
                          [](const TokenFault &one) { return one.part == "payload"; });
        }
        jws.payloadText = part.octets;
        if (m_view.parts.size() == 3) {
            jws.signature = m_view.parts[2].octets;
            jws.signingInput = token.substr(0, m_view.parts[2].begin - 1);
        }
        parsePayload(part);
    }

    void parsePayload(const TokenPart &part)
    {
        if (part.octets.empty())
            return;
        Result<Json> payload = parseJson(part.octets, kClaimLimits);
        if (payload) {
            m_view.payload = std::move(*payload);
            return;
        }
        payload.error().where = std::format("payload:{}", payload.error().where);
        jsonFault(part, std::move(payload.error()));
    }

    void viewJson()
    {
        m_view.form = inspectJsonJws(m_view.text);
        for (const Error &finding : m_view.form.findings) {
            const bool top = !finding.where.empty() && finding.where.front() >= '0'
                && finding.where.front() <= '9';
            fault(finding, {}, top ? octetOf(m_view.text, finding.where) : std::nullopt);
        }
        const auto encrypted = [](const Error &one) { return one.code == Errc::TokenEncrypted; };
        if (std::ranges::any_of(m_view.form.findings, encrypted)) {
            m_view.shape = TokenShape::Jwe;
            m_view.faults.clear();
            readJsonJwe();
            return;
        }
        for (const JsonSignature &one : m_view.form.signatures) {
            for (const Error &finding : one.findings)
                fault(finding);
        }
        m_view.shape = m_view.form.signatures.empty() ? TokenShape::Partial : TokenShape::JwsJson;
        if (!m_view.form.signatures.empty()) {
            m_view.jws = m_view.form.signatures.front().jws;
            m_view.header = m_view.jws.header;
        }
        m_view.payload = parseJson(m_view.form.payloadText, kClaimLimits).value_or(Json());
    }

    void readJsonJwe()
    {
        const Json form = parseJson(m_view.text).value_or(Json());
        std::string octets;
        if (decodeBase64UrlInto(form.stringOr("protected", ""), octets))
            m_view.header = parseJoseHeader(octets).value_or(Json::object());
        for (const std::string_view name : {"unprotected", "header"}) {
            if (const Json *more = form.find(name); more && more->isObject()) {
                for (const auto &[member, value] : more->members()) {
                    if (!m_view.header.contains(member))
                        m_view.header.set(member, value);
                }
            }
        }
        m_view.jws.headerText = std::move(octets);
        m_view.jwe = jweFacts(m_view.header);
    }

    TokenView m_view;
};

} // namespace

std::string_view nameOf(TokenShape shape) noexcept
{
    constexpr std::array<std::string_view, 5> kNames = {"jws", "jws-json", "jwe", "partial",
                                                        "none"};
    return kNames[std::to_underlying(shape)];
}

std::string_view TokenView::headerText() const noexcept
{
    return parts.empty() ? std::string_view(jws.headerText) : std::string_view(parts[0].octets);
}

std::string_view TokenView::payloadText() const noexcept
{
    if (shape == TokenShape::JwsJson)
        return form.payloadText;
    return shape == TokenShape::Jwe || parts.size() < 2 ? std::string_view()
                                                        : std::string_view(parts[1].octets);
}

TokenView viewToken(std::string_view text) { return Viewer(text).view(); }

std::string replaceInvalidUtf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
        const std::size_t length = utf8SequenceLength(at, end);
        if (length == 0)
            out.append("\xEF\xBF\xBD");
        else
            out.append(at, length);
        at += length == 0 ? 1 : length;
    }
    return out;
}

} // namespace postern
