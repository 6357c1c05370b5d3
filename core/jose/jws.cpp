// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jws.h"

#include "core/bytes/encoding.h"
#include "core/jose/signature.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

constexpr std::size_t kMaxToken = 256UL * 1024;
constexpr std::size_t kMaxKid = 1024;
constexpr std::size_t kMaxCrit = 16;
constexpr JsonLimits kHeaderLimits{.size = 16UL * 1024, .depth = 64, .members = 1000, .lexeme = 64};

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
    return {Errc::TokenCharacters, std::move(detail), {}};
}

// crit must not name what every implementation understands. RFC 7515 4.1.11.
constexpr std::array<std::string_view, 20> kBaseMembers = {
    "alg",  "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty",
    "crit", "enc", "zip", "epk", "apu", "apv", "iv",  "tag",      "p2s", "p2c"};

/// One entry of crit: a string, once, present, not of the base specifications, understood.
Result<void> checkCritical(const Json &header, const Json::Array &names, std::size_t index)
{
    const std::string where = std::format("/crit/{}", index);
    if (!names[index].isString())
        return fail(Errc::Crit, "crit must hold strings", where);
    const std::string &name = names[index].asString();
    if (std::ranges::find(kBaseMembers, name) != kBaseMembers.end())
        return fail(Errc::Crit, "crit must not name a member of the base specifications", where);
    for (std::size_t i = 0; i < index; ++i) {
        if (names[i].asString() == name)
            return fail(Errc::Crit, "crit names a member twice", where);
    }
    if (!header.contains(name))
        return fail(Errc::Crit, std::format("crit names \"{}\", which the header lacks", name),
                    where);
    if (name != "b64")
        return fail(Errc::Crit, std::format("\"{}\"", name), where);
    return {};
}

Result<void> checkCrit(const Json &header)
{
    if (const Json *b64 = header.find("b64")) {
        if (!b64->isBool())
            return fail(Errc::Crit, "b64 must be a boolean", "/b64");
        if (!b64->asBool())
            return fail(Errc::Crit, "payloads without base64url (RFC 7797) are not accepted",
                        "/b64");
    }
    const Json *crit = header.find("crit");
    if (!crit)
        return {};
    if (!crit->isArray() || crit->size() == 0 || crit->size() > kMaxCrit)
        return fail(Errc::Crit, "crit must be an array of 1 to 16 names", "/crit");
    for (std::size_t i = 0; i < crit->size(); ++i) {
        if (const Result<void> checked = checkCritical(header, crit->items(), i); !checked)
            return checked;
    }
    return {};
}

Result<void> checkHeader(const Json &header)
{
    for (const std::string_view name : {"typ", "kid", "cty"}) {
        const Json *value = header.find(name);
        if (value && !value->isString())
            return fail(Errc::TokenHeader, "must be a string", std::format("/{}", name));
    }
    if (header.stringOr("kid", "").size() > kMaxKid)
        return fail(Errc::LimitExceeded, "the key id is longer than 1024 bytes", "/kid");
    return checkCrit(header);
}

Result<std::string> decodePart(std::string_view text, std::string_view part)
{
    Result<std::string> octets = decodeBase64Url(text);
    if (!octets)
        octets.error().where = part;
    return octets;
}

/// Decodes what can be decoded and notes every fault.
void decodeParts(const CompactParts &parts, InspectedJws &out)
{
    DecodedJws &jws = out.token;
    jws.signingInput = parts.signingInput;
    const auto take = [&](std::string_view text, std::string_view part, std::string &into) {
        Result<std::string> octets = decodePart(text, part);
        if (octets)
            into = std::move(*octets);
        else
            out.findings.push_back(std::move(octets.error()));
        return octets.has_value();
    };
    if (take(parts.header, "header", jws.headerText)) {
        Result<Json> header = parseJson(jws.headerText, kHeaderLimits);
        if (!header) {
            header.error().where = std::format("header:{}", header.error().where);
            out.findings.push_back(std::move(header.error()));
        } else if (!header->isObject()) {
            out.findings.push_back({Errc::TokenHeader, {}, "header"});
        } else {
            jws.header = std::move(*header);
            jws.alg = jws.header.stringOr("alg", "");
            jws.kid = jws.header.stringOr("kid", "");
            if (Result<void> checked = checkHeader(jws.header); !checked) {
                checked.error().where = "header" + checked.error().where;
                out.findings.push_back(std::move(checked.error()));
            }
        }
    }
    take(parts.payload, "payload", jws.payloadText);
    take(parts.signature, "signature", jws.signature);
}

bool isNoneInAnySpelling(std::string_view alg)
{
    constexpr std::string_view kNone = "none";
    return std::ranges::equal(alg, kNone, [](char a, char b) { return (a | 0x20) == b; });
}

} // namespace

Result<CompactParts> splitCompact(std::string_view token)
{
    if (token.size() > kMaxToken)
        return fail(Errc::LimitExceeded,
                    std::format("a token of {} bytes; the limit is {}", token.size(), kMaxToken));
    if (token.starts_with('{'))
        return fail(Errc::TokenShape, "this is a JWS in JSON form");
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
        return fail(Errc::TokenShape,
                    token.empty() ? "the token is empty"
                                  : std::format("{} part{}", count + 1, count == 0 ? "" : "s"));
    if (dots[0] == 0)
        return fail(Errc::TokenShape, "the header is empty");
    return CompactParts{token.substr(0, dots[0]), token.substr(dots[0] + 1, dots[1] - dots[0] - 1),
                        token.substr(dots[1] + 1), token.substr(0, dots[1])};
}

InspectedJws inspectJws(std::string_view token)
{
    InspectedJws out;
    Result<CompactParts> parts = splitCompact(token);
    if (parts)
        decodeParts(*parts, out);
    else
        out.findings.push_back(std::move(parts.error()));
    return out;
}

Result<DecodedJws> decodeJws(std::string_view token)
{
    InspectedJws inspected = inspectJws(token);
    if (!inspected.findings.empty())
        return std::unexpected(std::move(inspected.findings.front()));
    return std::move(inspected.token);
}

Result<Alg> selectAlg(const DecodedJws &token, const std::vector<Alg> &allowed)
{
    const Json *member = token.header.find("alg");
    if (!member || !member->isString())
        return fail(Errc::AlgMissing, member ? "alg is not a string" : "", "header/alg");
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

Result<DecodedJws> verifyJws(std::string_view token, const Key &key,
                             const std::vector<Alg> &allowed)
{
    Result<DecodedJws> jws = decodeJws(token);
    if (!jws)
        return jws;
    const Result<Alg> alg = selectAlg(*jws, allowed);
    if (!alg)
        return std::unexpected(alg.error());
    if (const Result<void> kid = checkKid(*jws, key); !kid)
        return std::unexpected(kid.error());
    Result<Verifier> verifier = Verifier::make(*alg, key);
    if (!verifier)
        return std::unexpected(verifier.error());
    if (const Result<void> fits = verifier->verify(jws->signingInput, jws->signature); !fits)
        return std::unexpected(fits.error());
    return jws;
}

Result<std::string> signJws(std::string_view headerText, std::string_view payloadText, Alg alg,
                            const Key &key, bool relaxed)
{
    Result<Signer> signer = Signer::make(alg, key, relaxed);
    if (!signer)
        return std::unexpected(signer.error());
    std::string token = encodeBase64Url(headerText);
    token.append(".").append(encodeBase64Url(payloadText));
    const Result<std::string> signature = signer->sign(token);
    if (!signature)
        return std::unexpected(signature.error());
    return token.append(".").append(encodeBase64Url(*signature));
}

} // namespace postern
