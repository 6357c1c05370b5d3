// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jws.h"

#include "core/bytes/encoding.h"
#include "core/jose/jws_header.h"
#include "core/jose/signature.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

constexpr std::array<bool, 256> compactCharacters()
{
    std::array<bool, 256> table{};
    for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_."))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}
constexpr std::array<bool, 256> kCompact = compactCharacters();

std::string quoted(char c)
{
    if (c > ' ' && c <= '~')
        return std::format("'{}'", c);
    return std::format("byte 0x{:02x}", static_cast<unsigned char>(c));
}

Error badCharacter(std::string_view token, std::size_t offset)
{
    std::string detail = std::format("{} at offset {}", quoted(token[offset]), offset);
    if (token[offset] == '~')
        detail += "; this looks like an SD-JWT (RFC 9901)";
    // Of the other base64 forms, so that it is worth saying what is wrong.
    switch (token[offset]) {
    case '=':
        return {Errc::Base64, detail + "; JWS leaves the padding out", {}};
    case '+':
    case '/':
        return {Errc::Base64, detail + "; JWS uses base64url, with - and _", {}};
    default:
        return {Errc::TokenCharacters, std::move(detail), {}};
    }
}

Result<std::string> decodePart(std::string_view text, std::string_view part)
{
    Result<std::string> octets = decodeBase64Url(text);
    if (!octets)
        octets.error().where = part;
    return octets;
}

/// The header as far as it can be read, every fault noted.
void readHeader(DecodedJws &jws, std::vector<Error> &findings)
{
    Result<Json> header = parseJoseHeader(jws.headerText);
    if (!header) {
        findings.push_back(std::move(header.error()));
        return;
    }
    jws.header = std::move(*header);
    jws.alg = jws.header.stringOr("alg", "");
    jws.kid = jws.header.stringOr("kid", "");
    jws.unencoded = isUnencoded(jws.header);
    if (Result<void> checked = checkHeaderTypes(jws.header); !checked)
        findings.push_back(std::move(checked.error()));
}

/// What the payload part holds: base64url, the payload itself, or nothing because it is detached.
void readPayload(std::string_view part, const JwsReading &reading, InspectedJws &out)
{
    DecodedJws &jws = out.token;
    if (reading.detached) {
        if (!part.empty())
            out.findings.push_back(
                {Errc::DetachedPayload, "the token holds a payload of its own", "payload"});
        jws.payloadText = *reading.detached;
        jws.signingInput =
            signingInputOf(std::string_view(jws.signingInput).substr(0, jws.signingInput.find('.')),
                           jws.payloadText, jws.unencoded);
        return;
    }
    if (jws.unencoded) {
        jws.payloadText = part;
        return;
    }
    if (Result<std::string> octets = decodePart(part, "payload"))
        jws.payloadText = std::move(*octets);
    else
        out.findings.push_back(std::move(octets.error()));
}

/// Decodes what can be decoded and notes every fault.
void decodeParts(const CompactParts &parts, const JwsReading &reading, InspectedJws &out)
{
    DecodedJws &jws = out.token;
    jws.signingInput = parts.signingInput;
    if (Result<std::string> octets = decodePart(parts.header, "header")) {
        jws.headerText = std::move(*octets);
        readHeader(jws, out.findings);
    } else {
        out.findings.push_back(std::move(octets.error()));
    }
    if (Result<void> critical = checkCritical(jws.header); !critical)
        out.findings.push_back(std::move(critical.error()));
    else if (reading.jwt && jws.unencoded)
        out.findings.push_back({Errc::B64InJwt, {}, "header/b64"});
    readPayload(parts.payload, reading, out);
    if (Result<std::string> octets = decodePart(parts.signature, "signature"))
        jws.signature = std::move(*octets);
    else
        out.findings.push_back(std::move(octets.error()));
    if (jws.payloadText.size() > kMaxPayloadSize)
        out.findings.push_back({Errc::LimitExceeded,
                                std::format("a payload of {} bytes; the limit is {}",
                                            jws.payloadText.size(), kMaxPayloadSize),
                                "payload"});
}

/// An unencoded payload may hold any character but a dot. RFC 7797 5.2.
std::optional<CompactParts> splitUnencoded(std::string_view token)
{
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    if (token.size() > kMaxTokenSize || first == std::string_view::npos || first == last
        || token.find('.', first + 1) != last)
        return std::nullopt;
    const Result<std::string> octets = decodeBase64Url(token.substr(0, first));
    const Result<Json> header = octets ? parseJoseHeader(*octets) : std::unexpected(octets.error());
    if (!header || !isUnencoded(*header))
        return std::nullopt;
    return CompactParts{token.substr(0, first), token.substr(first + 1, last - first - 1),
                        token.substr(last + 1), token.substr(0, last)};
}

/// "none", "NoNe", "none ": whatever somebody might take for it.
bool isNoneInAnySpelling(std::string_view alg)
{
    constexpr std::string_view kBlank(" \t\r\n\0", 5);
    const std::size_t first = alg.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return false;
    alg = alg.substr(first, alg.find_last_not_of(kBlank) - first + 1);
    constexpr std::string_view kNone = "none";
    return std::ranges::equal(alg, kNone, [](char a, char b) { return (a | 0x20) == b; });
}

} // namespace

Result<CompactParts> splitCompact(std::string_view token)
{
    if (token.size() > kMaxTokenSize)
        return fail(
            Errc::LimitExceeded,
            std::format("a token of {} bytes; the limit is {}", token.size(), kMaxTokenSize));
    if (token.starts_with('{'))
        return fail(Errc::TokenNotCompact);
    std::array<std::size_t, 2> dots{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (!kCompact[static_cast<unsigned char>(token[i])])
            return std::unexpected(badCharacter(token, i));
        if (token[i] == '.') {
            if (count < dots.size())
                dots[count] = i;
            ++count;
        }
    }
    if (count == 4)
        return fail(Errc::TokenEncrypted, "five parts");
    if (count != 2)
        return fail(Errc::TokenSegments,
                    token.empty()
                        ? "the token is empty"
                        : std::format("this has {} part{}", count + 1, count == 0 ? "" : "s"));
    if (dots[0] == 0)
        return fail(Errc::TokenSegments, "the header is empty");
    return CompactParts{token.substr(0, dots[0]), token.substr(dots[0] + 1, dots[1] - dots[0] - 1),
                        token.substr(dots[1] + 1), token.substr(0, dots[1])};
}

InspectedJws inspectJws(std::string_view token, const JwsReading &reading)
{
    InspectedJws out;
    Result<CompactParts> parts = splitCompact(token);
    if (!parts) {
        if (const std::optional<CompactParts> unencoded = splitUnencoded(token))
            parts = *unencoded;
    }
    if (parts)
        decodeParts(*parts, reading, out);
    else
        out.findings.push_back(std::move(parts.error()));
    return out;
}

Result<DecodedJws> decodeJws(std::string_view token, const JwsReading &reading)
{
    InspectedJws inspected = inspectJws(token, reading);
    if (!inspected.findings.empty())
        return std::unexpected(std::move(inspected.findings.front()));
    return std::move(inspected.token);
}

Result<Alg> selectAlg(const DecodedJws &token, const std::vector<Alg> &allowed)
{
    const Json *member = token.header.find("alg");
    if (!member)
        return fail(Errc::AlgMissing, {}, "header/alg");
    if (!member->isString())
        return fail(Errc::AlgType, {}, "header/alg");
    if (isNoneInAnySpelling(token.alg))
        return fail(Errc::AlgNone, std::format("\"{}\"", token.alg), "header/alg");
    const AlgInfo *alg = findAlg(token.alg);
    if (!alg)
        return fail(Errc::AlgUnknown, std::format("\"{}\"", token.alg), "header/alg");
    if (!allowed.empty() && std::ranges::find(allowed, alg->alg) == allowed.end()) {
        std::string names;
        for (const Alg one : allowed)
            names.append(names.empty() ? "" : ", ").append(info(one).name);
        return fail(Errc::AlgNotAllowed, std::format("{} (allowed: {})", alg->name, names),
                    "header/alg");
    }
    return alg->alg;
}

Result<void> checkKid(const DecodedJws &token, const Key &key)
{
    if (token.kid.empty() || key.kid().empty() || token.kid == key.kid())
        return {};
    return fail(Errc::KidMismatch,
                std::format("the token names \"{}\", the key is \"{}\"", token.kid, key.kid()),
                "header/kid");
}

Result<void> verifySignature(const DecodedJws &jws, const Key &key, const std::vector<Alg> &allowed)
{
    const Result<Alg> alg = selectAlg(jws, allowed);
    if (!alg)
        return std::unexpected(alg.error());
    if (Result<void> kid = checkKid(jws, key); !kid)
        return kid;
    Result<Verifier> verifier = Verifier::make(*alg, key);
    if (!verifier)
        return std::unexpected(verifier.error());
    return verifier->verify(jws.signingInput, jws.signature);
}

Result<DecodedJws> verifyJws(std::string_view token, const Key &key,
                             const std::vector<Alg> &allowed, const JwsReading &reading)
{
    Result<DecodedJws> jws = decodeJws(token, reading);
    if (!jws)
        return jws;
    if (Result<void> verified = verifySignature(*jws, key, allowed); !verified)
        return std::unexpected(std::move(verified.error()));
    return jws;
}

std::string signingInputOf(std::string_view header, std::string_view payloadText, bool unencoded)
{
    std::string input(header);
    return input.append(".").append(unencoded ? std::string(payloadText)
                                              : encodeBase64Url(payloadText));
}

Result<std::string> signJws(std::string_view headerText, std::string_view payloadText, Alg alg,
                            const Key &key, bool relaxed, bool detached)
{
    Result<Signer> signer = Signer::make(alg, key, relaxed);
    if (!signer)
        return std::unexpected(signer.error());
    const Result<Json> header = parseJoseHeader(headerText);
    const bool unencoded = header && isUnencoded(*header);
    if (unencoded && !detached && payloadText.contains('.'))
        return fail(Errc::InvalidArgument,
                    "an unencoded payload with a dot must be detached (RFC 7797 5.2)");
    const std::string first = encodeBase64Url(headerText);
    std::string token = signingInputOf(first, payloadText, unencoded);
    const Result<std::string> signature = signer->sign(token);
    if (!signature)
        return std::unexpected(signature.error());
    if (detached)
        token = first + '.';
    return token.append(".").append(encodeBase64Url(*signature));
}

} // namespace postern
