// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwt.h"

#include "core/jose/hints.h"
#include "core/jose/key_data.h"
#include "core/jose/lint.h"
#include "core/jose/signature.h"
#include "core/json/parse.h"
#include "core/json/reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <limits>
#include <utility>

namespace postern {

namespace {

constexpr JsonLimits kPayloadLimits{
    .size = 192UL * 1024, .depth = 64, .members = 10'000, .lexeme = 1024};

std::int64_t plus(std::int64_t a, std::int64_t b) noexcept
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return b > 0 ? std::numeric_limits<std::int64_t>::max()
                     : std::numeric_limits<std::int64_t>::min();
    return sum;
}

std::string_view typeName(const Json &value) noexcept
{
    constexpr std::array<std::string_view, 6> kNames = {"null",     "a boolean", "a number",
                                                        "a string", "an array",  "an object"};
    return kNames[std::to_underlying(value.type())];
}

/// "2024-12-15T02:40:00Z", or the number where the calendar ends.
std::string dateText(const Json &number)
{
    constexpr std::int64_t kLast = 9'223'372'036; // of a Timestamp
    if (compareNumber(number.lexeme(), kLast) > 0 || compareNumber(number.lexeme(), -kLast) < 0)
        return std::string(number.lexeme());
    const auto seconds = static_cast<std::int64_t>(std::floor(number.asDouble()));
    return formatTime(Timestamp(std::chrono::seconds(seconds)));
}

/// "3 s", "706 d"; empty where the calendar ends.
std::string distanceText(const Json &number, std::int64_t now)
{
    const double distance = std::abs(number.asDouble() - static_cast<double>(now));
    if (distance > 9e9)
        return {};
    return formatDistance(std::chrono::seconds(static_cast<std::int64_t>(distance)));
}

/// RFC 7515 4.1.9: media types compare without case; "application/" may be left out.
std::string normalisedType(std::string_view type)
{
    std::string text = type.contains('/') ? "" : "application/";
    for (const char c : type)
        text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
    return text;
}

/// One verification: the policy applied step by step, every result noted.
class Verification
{
public:
    Verification(std::string_view token, const Key &key, const JwtPolicy &policy,
                 const Clock &clock)
        : m_token(token),
          m_key(key),
          m_policy(policy),
          m_now(clock.unixSeconds())
    {
    }

    JwtVerdict run()
    {
        InspectedJws inspected = inspectJws(m_token);
        for (Error &finding : inspected.findings)
            refuse(idOf(finding), std::move(finding));
        m_jws = std::move(inspected.token);
        if (m_jws.signingInput.empty())
            return std::move(m_verdict);
        checkSignature();
        checkType();
        Json claims;
        if (Result<Json> parsed = parseClaims()) {
            claims = std::move(*parsed);
            checkClaims(claims);
        } else {
            refuse("payload", std::move(parsed.error()));
        }
        for (std::string &warning :
             lintToken(m_jws, claims, m_now, m_token.size(), !m_policy.audience.empty()))
            m_verdict.warnings.push_back(std::move(warning));
        m_verdict.valid = std::ranges::all_of(m_verdict.checks, &JwtCheck::ok);
        m_verdict.token = std::move(m_jws);
        return std::move(m_verdict);
    }

private:
    static std::string_view idOf(const Error &finding)
    {
        if (finding.code == Errc::Crit)
            return "crit";
        for (const std::string_view part : {"header", "payload", "signature"}) {
            if (finding.where.starts_with(part))
                return part;
        }
        return "token";
    }

    void accept(std::string_view id, std::string detail)
    {
        m_verdict.checks.push_back({std::string(id), true, {}, std::move(detail)});
    }
    void refuse(std::string_view id, Errc reason, std::string detail)
    {
        m_verdict.checks.push_back({std::string(id), false, reason, std::move(detail)});
    }
    void refuse(std::string_view id, Error error) { refuse(id, error.code, describe(error)); }

    void checkSignature()
    {
        const Result<Alg> alg = selectAlg(m_jws, m_policy.algs);
        if (!alg)
            return refuse("alg", alg.error());
        accept("alg", std::format("ok ({})", info(*alg).name));
        if (const Result<void> kid = checkKid(m_jws, m_key); !kid)
            refuse("kid", kid.error());
        const bool usable = checkKey(*alg);
        // A weak key is refused, but whether it signed the token is worth knowing all the same.
        if (usable)
            compareSignature(*alg);
    }

    /// \return false if the key cannot even be tried
    bool checkKey(Alg alg)
    {
        const Result<void> strict = m_key.allows(alg, false, false);
        const std::string what = describeKey(m_key.data());
        if (strict) {
            accept("key", std::format("ok ({})", what));
            return true;
        }
        if (strict.error().code != Errc::KeyWeak) {
            refuse("key", strict.error());
            return false;
        }
        if (m_policy.relaxed) {
            accept("key", std::format("ok ({})", what));
            m_verdict.warnings.push_back(std::format("weak key: {}", strict.error().detail));
        } else {
            refuse("key", strict.error());
        }
        return true;
    }

    void compareSignature(Alg alg)
    {
        const bool weak = !m_key.allows(alg, false, false);
        Result<Verifier> verifier = Verifier::make(alg, m_key, m_policy.relaxed || weak);
        if (!verifier)
            return refuse("signature", verifier.error());
        const Result<void> fits = verifier->verify(m_jws.signingInput, m_jws.signature);
        if (fits) {
            accept("signature", std::format("ok ({})", info(alg).name));
            warnOfSample();
            return;
        }
        if (fits.error().code == Errc::SignatureMismatch)
            refuse("signature", Errc::SignatureMismatch, "MISMATCH");
        else
            refuse("signature", fits.error());
        m_verdict.hints = explainMismatch(m_jws, m_key);
    }

    void warnOfSample()
    {
        const Secret &secret = m_key.data().secret;
        if (m_key.type() == KeyType::Oct
            && std::ranges::find(sampleSecrets(), secret.view()) != sampleSecrets().end())
            m_verdict.warnings.emplace_back("well-known secret: anybody can sign such a token");
    }

    void checkType()
    {
        if (!m_policy.type)
            return;
        const std::string_view type = m_jws.header.stringOr("typ", "");
        if (normalisedType(type) == normalisedType(*m_policy.type))
            accept("typ", "ok");
        else
            refuse("typ", Errc::TokenType,
                   std::format("\"{}\", demanded is \"{}\"", type, *m_policy.type));
    }

    Result<Json> parseClaims() const
    {
        Result<Json> claims = parseJson(m_jws.payloadText, kPayloadLimits);
        if (claims && !claims->isObject())
            return fail(Errc::TokenPayload, std::format("it is {}", typeName(*claims)));
        return claims;
    }

    void checkClaims(const Json &claims)
    {
        for (const std::string &name : m_policy.required) {
            if (!claims.contains(name))
                refuse(name, Errc::ClaimMissing, std::format("the claim {} is missing", name));
        }
        checkExpiry(claims);
        checkNotBefore(claims);
        checkIssuedAt(claims);
        checkAudience(claims);
        checkText(claims, "iss", m_policy.issuer, Errc::Issuer);
        checkText(claims, "sub", m_policy.subject, Errc::Subject);
        checkText(claims, "jti", std::nullopt, Errc::ClaimType);
    }

    /// The claim if it is a finite number; notes the fault if it is something else. RFC 7519 2.
    const Json *date(const Json &claims, std::string_view name)
    {
        const Json *value = claims.find(name);
        if (!value)
            return nullptr;
        if (!value->isNumber()) {
            refuse(name, Errc::NumericDate,
                   std::format("must be a number, is {}", typeName(*value)));
            return nullptr;
        }
        if (!std::isfinite(value->asDouble())) {
            refuse(name, Errc::NumericDate,
                   std::format("{} is not a finite number", value->lexeme()));
            return nullptr;
        }
        return value;
    }

    // Bounds are moved instead of the claim, so that no claim is ever rounded or wraps.
    void checkExpiry(const Json &claims)
    {
        const Json *exp = date(claims, "exp");
        if (!exp)
            return;
        const std::string distance = distanceText(*exp, m_now);
        if (compareNumber(exp->lexeme(), plus(m_now, -m_policy.leeway)) > 0)
            return accept("exp",
                          std::format("ok ({}{}{})", dateText(*exp),
                                      distance.empty() ? "" : ", in ", distance));
        refuse("exp", Errc::TokenExpired,
               std::format("expired {}{}{}{}", dateText(*exp), distance.empty() ? "" : ", ",
                           distance, distance.empty() ? "" : " ago"));
    }

    void checkNotBefore(const Json &claims)
    {
        const Json *nbf = date(claims, "nbf");
        if (!nbf)
            return;
        if (compareNumber(nbf->lexeme(), plus(m_now, m_policy.leeway)) <= 0)
            return accept("nbf", std::format("ok ({})", dateText(*nbf)));
        const std::string distance = distanceText(*nbf, m_now);
        refuse("nbf", Errc::TokenNotYetValid,
               std::format("not valid before {}{}{}", dateText(*nbf),
                           distance.empty() ? "" : ", in ", distance));
    }

    void checkIssuedAt(const Json &claims)
    {
        const bool wanted = m_policy.maxAge.has_value();
        if (wanted && !claims.contains("iat"))
            return refuse("iat", Errc::ClaimMissing,
                          "the claim iat is missing, so the age cannot be told");
        const Json *iat = date(claims, "iat");
        if (!iat || !wanted)
            return;
        const std::int64_t oldest = plus(plus(m_now, -*m_policy.maxAge), -m_policy.leeway);
        if (compareNumber(iat->lexeme(), oldest) < 0)
            return refuse(
                "iat", Errc::TokenTooOld,
                std::format("issued {}, {} ago", dateText(*iat), distanceText(*iat, m_now)));
        if (compareNumber(iat->lexeme(), plus(m_now, m_policy.leeway)) > 0)
            return refuse("iat", Errc::TokenNotYetValid,
                          std::format("issued in the future, {}", dateText(*iat)));
        accept("iat", std::format("ok ({})", dateText(*iat)));
    }

    void checkAudience(const Json &claims)
    {
        const Json *aud = claims.find("aud");
        const bool wanted = !m_policy.audience.empty();
        if (!aud) {
            if (wanted)
                refuse("aud", Errc::ClaimMissing, "the claim aud is missing");
            return;
        }
        const bool wellFormed = aud->isString()
            || (aud->isArray() && std::ranges::all_of(aud->items(), &Json::isString));
        if (!wellFormed)
            return refuse("aud", Errc::ClaimType, "must be a string or an array of strings");
        if (!wanted)
            return;
        const auto isOurs = [&](const Json &value) {
            return std::ranges::find(m_policy.audience, value.asString())
                != m_policy.audience.end();
        };
        if (aud->isString() ? isOurs(*aud) : std::ranges::any_of(aud->items(), isOurs))
            return accept("aud", "ok");
        refuse("aud", Errc::Audience, std::format("the token is for {}", aud->dump()));
    }

    /// iss, sub, jti: a string, compared exactly, without any normalisation. RFC 7519 2.
    void checkText(const Json &claims, std::string_view name,
                   const std::optional<std::string> &demanded, Errc reason)
    {
        const Json *value = claims.find(name);
        if (!value) {
            if (demanded)
                refuse(name, Errc::ClaimMissing, std::format("the claim {} is missing", name));
            return;
        }
        if (!value->isString()) {
            if (demanded || !m_policy.relaxed)
                refuse(name, Errc::ClaimType,
                       std::format("must be a string, is {}", typeName(*value)));
            return;
        }
        if (!demanded)
            return;
        if (value->asString() == *demanded)
            return accept(name, "ok");
        refuse(name, reason,
               std::format("\"{}\", demanded is \"{}\"", value->asString(), *demanded));
    }

    std::string_view m_token;
    const Key &m_key;
    const JwtPolicy &m_policy;
    std::int64_t m_now;
    DecodedJws m_jws;
    JwtVerdict m_verdict;
};

} // namespace

JwtVerdict verifyJwt(std::string_view token, const Key &key, const JwtPolicy &policy,
                     const Clock &clock)
{
    return Verification(token, key, policy, clock).run();
}

} // namespace postern
