// SPDX-License-Identifier: Apache-2.0
#include "core/jose/claim_checks.h"

#include "core/clock.h"
#include "core/jose/jws_header.h"
#include "core/json/parse.h"
#include "core/json/reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <limits>
#include <optional>
#include <utility>

namespace postern {

namespace {

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

class ClaimChecks
{
public:
    ClaimChecks(const Json &claims, const JwtPolicy &policy, std::int64_t now,
                std::vector<JwtCheck> &checks)
        : m_claims(claims),
          m_policy(policy),
          m_now(now),
          m_checks(checks)
    {
    }

    void run()
    {
        for (const std::string &name : m_policy.required) {
            if (!m_claims.contains(name))
                refuse(name, Errc::ClaimMissing, std::format("the claim {} is missing", name));
        }
        checkExpiry();
        checkNotBefore();
        checkIssuedAt();
        checkAudience();
        checkText("iss", m_policy.issuer, Errc::Issuer);
        checkText("sub", m_policy.subject, Errc::Subject);
        checkText("jti", std::nullopt, Errc::ClaimType);
    }

private:
    void accept(std::string_view id, std::string detail)
    {
        m_checks.push_back({std::string(id), true, {}, std::move(detail), Stage::Claims});
    }
    void refuse(std::string_view id, Errc reason, std::string detail)
    {
        m_checks.push_back({std::string(id), false, reason, std::move(detail), Stage::Claims});
    }

    /// The claim if it is a finite number; notes the fault if it is something else. RFC 7519 2.
    const Json *date(std::string_view name)
    {
        const Json *value = m_claims.find(name);
        if (!value)
            return nullptr;
        if (Result<void> number = checkNumericDate(*value); !number) {
            refuse(name, number.error().code, std::move(number.error().detail));
            return nullptr;
        }
        return value;
    }

    // Bounds are moved instead of the claim, so that no claim is ever rounded or wraps.
    void checkExpiry()
    {
        const Json *exp = date("exp");
        if (!exp)
            return;
        if (compareNumber(exp->lexeme(), saturatingSum(m_now, -m_policy.leeway)) > 0)
            return accept("exp", std::format("ok ({})", dateAndDistance(*exp, m_now, ", in ")));
        refuse("exp", Errc::TokenExpired,
               std::format("expired {}", dateAndDistance(*exp, m_now, ", ", " ago")));
    }

    void checkNotBefore()
    {
        const Json *nbf = date("nbf");
        if (!nbf)
            return;
        if (compareNumber(nbf->lexeme(), saturatingSum(m_now, m_policy.leeway)) <= 0)
            return accept("nbf", std::format("ok ({})", dateText(*nbf)));
        refuse("nbf", Errc::TokenNotYetValid,
               std::format("not valid before {}", dateAndDistance(*nbf, m_now, ", in ")));
    }

    void checkIssuedAt()
    {
        const bool wanted = m_policy.maxAge.has_value();
        if (wanted && !m_claims.contains("iat"))
            return refuse("iat", Errc::ClaimMissing,
                          "the claim iat is missing, so the age cannot be told");
        const Json *iat = date("iat");
        if (!iat || !wanted)
            return;
        const std::int64_t oldest =
            saturatingSum(saturatingSum(m_now, -*m_policy.maxAge), -m_policy.leeway);
        if (compareNumber(iat->lexeme(), oldest) < 0)
            return refuse("iat", Errc::TokenTooOld,
                          std::format("issued {}", dateAndDistance(*iat, m_now, ", ", " ago")));
        if (compareNumber(iat->lexeme(), saturatingSum(m_now, m_policy.leeway)) > 0)
            return refuse("iat", Errc::TokenNotYetValid,
                          std::format("issued in the future, {}", dateText(*iat)));
        accept("iat", std::format("ok ({})", dateText(*iat)));
    }

    void checkAudience()
    {
        const Json *aud = m_claims.find("aud");
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
    void checkText(std::string_view name, const std::optional<std::string> &demanded, Errc reason)
    {
        const Json *value = m_claims.find(name);
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

    const Json &m_claims;
    const JwtPolicy &m_policy;
    std::int64_t m_now;
    std::vector<JwtCheck> &m_checks;
};

} // namespace

std::string_view typeName(const Json &value) noexcept
{
    constexpr std::array<std::string_view, 6> kNames = {"null",     "a boolean", "a number",
                                                        "a string", "an array",  "an object"};
    return kNames[std::to_underlying(value.type())];
}

std::int64_t saturatingSum(std::int64_t a, std::int64_t b) noexcept
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        return b > 0 ? std::numeric_limits<std::int64_t>::max()
                     : std::numeric_limits<std::int64_t>::min();
    return sum;
}

std::string dateAndDistance(const Json &number, std::int64_t now, std::string_view joint,
                            std::string_view behind)
{
    std::string text = dateText(number);
    if (const std::string distance = distanceText(number, now); !distance.empty())
        text.append(joint).append(distance).append(behind);
    return text;
}

Result<void> checkNumericDate(const Json &value)
{
    if (!value.isNumber())
        return fail(Errc::NumericDate, std::format("must be a number, is {}", typeName(value)));
    if (!std::isfinite(value.asDouble()))
        return fail(Errc::NumericDate, std::format("{} is not a finite number", value.lexeme()));
    return {};
}

Result<Json> parseClaims(std::string_view payloadText)
{
    Result<Json> claims = parseJson(payloadText, kClaimLimits);
    if (!claims && claims.error().code == Errc::Json)
        claims.error().code = Errc::PayloadJson;
    if (claims && !claims->isObject())
        return fail(Errc::TokenPayload, std::format("it is {}", typeName(*claims)));
    return claims;
}

void checkClaims(const Json &claims, const JwtPolicy &policy, std::int64_t now,
                 std::vector<JwtCheck> &checks)
{
    ClaimChecks(claims, policy, now, checks).run();
}

} // namespace postern
