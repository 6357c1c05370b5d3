// SPDX-License-Identifier: Apache-2.0
#include "core/jose/lint.h"

#include "core/json/reader.h"

#include <algorithm>
#include <array>
#include <format>

namespace postern {

namespace {

constexpr std::int64_t kYear = 365LL * 86400;
constexpr std::int64_t kMilliseconds = 100'000'000'000; // year 5138 in seconds, 1973 in ms
constexpr std::size_t kCookieLimit = 4096;
constexpr std::size_t kHeaderLimit = 8192;

/// A time claim's number, if it is one.
const Json *dateOf(const Json &claims, std::string_view name)
{
    const Json *value = claims.find(name);
    return value && value->isNumber() ? value : nullptr;
}

void lintTimes(const Json &claims, std::int64_t now, std::vector<std::string> &out)
{
    const Json *exp = dateOf(claims, "exp");
    const Json *nbf = dateOf(claims, "nbf");
    const Json *iat = dateOf(claims, "iat");
    if (!claims.contains("exp"))
        out.emplace_back("no exp: the token never expires");
    for (const std::string_view name : {"exp", "nbf", "iat"}) {
        const Json *date = dateOf(claims, name);
        if (date && compareNumber(date->lexeme(), kMilliseconds) > 0)
            out.push_back(std::format("{} in milliseconds?: {} seconds is far in the future", name,
                                      date->lexeme()));
        else if (date && name == "exp" && compareNumber(date->lexeme(), now + kYear) > 0)
            out.emplace_back("long life: exp is more than a year ahead");
    }
    // Display only, so the rounding of a double does no harm here.
    if (exp && nbf && exp->asDouble() <= nbf->asDouble())
        out.emplace_back("exp before nbf: the token can never be valid");
    if (exp && iat && iat->asDouble() > exp->asDouble())
        out.emplace_back("iat after exp: it was issued after its end");
    if (iat && compareNumber(iat->lexeme(), now) > 0)
        out.emplace_back("iat in the future: the issuer's clock is ahead");
}

void lintHeader(const DecodedJws &token, std::vector<std::string> &out)
{
    if (token.alg == "EdDSA")
        out.emplace_back("EdDSA: the name is deprecated by RFC 9864 in favour of Ed25519 and "
                         "Ed448");
    for (const std::string_view name : {"jku", "x5u", "jwk", "x5c"}) {
        if (token.header.contains(name))
            out.push_back(std::format("{}: a key named by the token itself is ignored", name));
    }
    const bool odd = token.kid.contains("..") || std::ranges::any_of(token.kid, [](char c) {
                         return c == '\'' || c == '"' || c == '/' || c == ';'
                             || static_cast<unsigned char>(c) < 0x20;
                     });
    if (odd)
        out.emplace_back("kid: it holds characters that are used in attacks on key look-ups");
}

} // namespace

std::vector<std::string> lintToken(const DecodedJws &token, const Json &claims, std::int64_t now,
                                   std::size_t size, bool audienceChecked)
{
    std::vector<std::string> out;
    lintHeader(token, out);
    if (claims.isObject()) {
        lintTimes(claims, now, out);
        if (!audienceChecked && claims.contains("aud"))
            out.emplace_back("aud not checked: no audience was demanded");
    }
    if (size > kHeaderLimit)
        out.push_back(std::format("large: {} bytes; many servers refuse headers over 8 KiB", size));
    else if (size > kCookieLimit)
        out.push_back(std::format("large: {} bytes; cookies end at 4 KiB", size));
    return out;
}

} // namespace postern
