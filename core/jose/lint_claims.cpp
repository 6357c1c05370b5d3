// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"
#include "core/jose/lint_rules.h"
#include "core/json/reader.h"

#include <algorithm>
#include <array>
#include <format>
#include <limits>

namespace postern {

namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kYear = 365 * kDay;
constexpr std::int64_t kMillisecondsFrom = 100'000'000'000; // year 5138 in seconds, 1973 in ms
constexpr std::int64_t kMillisecondsTo = 100'000'000'000'000; // year 5138 in ms

/// A time claim's number, if it is one.
const Json *dateOf(const LintSubject &subject, std::string_view name)
{
    const Json *value = subject.claims.find(name);
    return value && value->isNumber() ? value : nullptr;
}

bool looksLikeMilliseconds(const Json &date)
{
    return compareNumber(date.lexeme(), kMillisecondsFrom) > 0
        && compareNumber(date.lexeme(), kMillisecondsTo) < 0;
}

std::int64_t plus(std::int64_t a, std::int64_t b) noexcept
{
    std::int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

std::string placeOf(std::string_view claim) { return std::format("payload/{}", claim); }

void notNumber(const LintSubject &subject, LintReport &report, std::string_view name)
{
    const Json *value = subject.claims.find(name);
    if (value && !value->isNumber())
        report.add(std::format("{} must be a number of seconds, not {}", name,
                               value->isString() ? "a string" : value->dump().substr(0, 40)),
                   placeOf(name));
}

void expNotNumber(const LintSubject &subject, LintReport &report)
{
    notNumber(subject, report, "exp");
}

void timeNotNumber(const LintSubject &subject, LintReport &report)
{
    notNumber(subject, report, "nbf");
    notNumber(subject, report, "iat");
}

void expired(const LintSubject &subject, LintReport &report)
{
    const Json *exp = dateOf(subject, "exp");
    if (!exp || compareNumber(exp->lexeme(), subject.options.now) > 0)
        return;
    const std::optional<std::int64_t> seconds = exp->asInteger();
    if (seconds && *seconds > 0)
        report.add(
            std::format("it expired {}, {} ago",
                        formatTime(Timestamp(std::chrono::seconds(*seconds))),
                        formatDistance(std::chrono::seconds(subject.options.now - *seconds))),
            "payload/exp");
    else
        report.add("it has expired", "payload/exp");
}

void noExp(const LintSubject &subject, LintReport &report)
{
    if (subject.claims.isObject() && !subject.claims.contains("exp"))
        report.add("the token never expires", "payload");
}

bool isFarAhead(const LintSubject &subject, const Json &exp)
{
    return compareNumber(exp.lexeme(), plus(subject.options.now, kYear)) > 0;
}

void farFuture(const LintSubject &subject, LintReport &report)
{
    const Json *exp = dateOf(subject, "exp");
    if (exp && isFarAhead(subject, *exp) && !looksLikeMilliseconds(*exp))
        report.add("exp is more than a year ahead", "payload/exp");
}

void longLife(const LintSubject &subject, LintReport &report)
{
    const Json *exp = dateOf(subject, "exp");
    if (!exp || isFarAhead(subject, *exp) || compareNumber(exp->lexeme(), subject.options.now) <= 0)
        return;
    const Json *iat = dateOf(subject, "iat");
    const std::optional<std::int64_t> issued = iat ? iat->asInteger() : std::nullopt;
    const std::int64_t start = std::min(issued.value_or(subject.options.now), subject.options.now);
    if (compareNumber(exp->lexeme(), plus(start, kDay)) <= 0)
        return;
    const std::int64_t life = exp->asInteger().value_or(start + kDay + 1) - start;
    report.add(std::format("it lives {}; a leaked token is good that long",
                           formatDistance(std::chrono::seconds(life))),
               "payload/exp");
}

void milliseconds(const LintSubject &subject, LintReport &report)
{
    const Json *exp = dateOf(subject, "exp");
    if (exp && looksLikeMilliseconds(*exp))
        report.add(std::format("exp {} looks like milliseconds; it counts seconds, so the token "
                               "practically never expires",
                               exp->lexeme()),
                   "payload/exp");
}

void timeMilliseconds(const LintSubject &subject, LintReport &report)
{
    for (const std::string_view name : {"nbf", "iat"}) {
        const Json *date = dateOf(subject, name);
        if (date && looksLikeMilliseconds(*date))
            report.add(std::format("{} {} looks like milliseconds; it counts seconds", name,
                                   date->lexeme()),
                       placeOf(name));
    }
}

void nbfFuture(const LintSubject &subject, LintReport &report)
{
    const Json *nbf = dateOf(subject, "nbf");
    if (nbf && compareNumber(nbf->lexeme(), subject.options.now) > 0)
        report.add("nbf is in the future: it is not valid yet", "payload/nbf");
}

void iatFuture(const LintSubject &subject, LintReport &report)
{
    const Json *iat = dateOf(subject, "iat");
    if (iat && compareNumber(iat->lexeme(), subject.options.now) > 0)
        report.add("iat is in the future: the issuer's clock is ahead", "payload/iat");
}

// Display only, so the rounding of a double does no harm in these two.
void nbfAfterExp(const LintSubject &subject, LintReport &report)
{
    const Json *exp = dateOf(subject, "exp");
    const Json *nbf = dateOf(subject, "nbf");
    if (exp && nbf && exp->asDouble() <= nbf->asDouble())
        report.add("nbf is not before exp: the token can never be valid", "payload/nbf");
}

void iatAfterExp(const LintSubject &subject, LintReport &report)
{
    const Json *exp = dateOf(subject, "exp");
    const Json *iat = dateOf(subject, "iat");
    if (exp && iat && iat->asDouble() > exp->asDouble())
        report.add("iat is after exp: it was issued after its end", "payload/iat");
}

void noIat(const LintSubject &subject, LintReport &report)
{
    if (subject.claims.isObject() && !subject.claims.contains("iat"))
        report.add("the issue time is missing", "payload");
}

void audNotChecked(const LintSubject &subject, LintReport &report)
{
    if (!subject.options.audienceChecked && subject.claims.contains("aud"))
        report.add("the token is for a certain audience, and none was demanded", "payload/aud");
}

void noKeyClaim(const LintSubject &subject, LintReport &report)
{
    if (!subject.claims.isObject())
        return;
    if (subject.options.profile == LintProfile::Apisix && !subject.claims.contains("key"))
        report.add("APISIX jwt-auth finds the consumer by the claim key (key_claim_name)",
                   "payload");
    if (subject.options.profile == LintProfile::Kong && !subject.claims.contains("iss")
        && !subject.jws.header.contains("iss"))
        report.add("Kong jwt finds the credential by the claim iss (key_claim_name)", "payload");
}

void keyClaim(const LintSubject &subject, LintReport &report)
{
    if (subject.options.profile != LintProfile::Apisix && subject.claims.contains("key"))
        report.add("\"key\" is the APISIX default; Kong looks for \"iss\"", "payload/key");
}

using enum LintLevel;
constexpr std::array kChecks{
    LintCheck{{"exp-not-number", Error, "exp is no JSON number"}, ToldBy::Verdict, expNotNumber},
    LintCheck{
        {"time-not-number", Error, "nbf or iat is no JSON number"}, ToldBy::Verdict, timeNotNumber},
    LintCheck{{"expired", Error, "exp has passed"}, ToldBy::Verdict, expired},
    LintCheck{{"no-exp", Warning, "no exp"}, ToldBy::Lint, noExp},
    LintCheck{{"long-life", Warning, "lives longer than 24 hours"}, ToldBy::Lint, longLife},
    LintCheck{
        {"exp-far-future", Warning, "exp is more than a year ahead"}, ToldBy::Lint, farFuture},
    LintCheck{{"exp-looks-like-milliseconds", Warning, "exp above 100000000000"},
              ToldBy::Lint,
              milliseconds},
    LintCheck{{"time-looks-like-milliseconds", Warning, "nbf or iat above 100000000000"},
              ToldBy::Lint,
              timeMilliseconds},
    LintCheck{{"nbf-future", Warning, "nbf has not come yet"}, ToldBy::Verdict, nbfFuture},
    LintCheck{{"nbf-after-exp", Warning, "nbf at or after exp"}, ToldBy::Lint, nbfAfterExp},
    LintCheck{{"iat-future", Warning, "iat has not come yet"}, ToldBy::Lint, iatFuture},
    LintCheck{{"iat-after-exp", Warning, "iat after exp"}, ToldBy::Lint, iatAfterExp},
    LintCheck{{"no-iat", Info, "no iat"}, ToldBy::Lint, noIat},
    LintCheck{{"aud-not-checked", Warning, "aud is there, but no audience was demanded"},
              ToldBy::Lint,
              audNotChecked},
    LintCheck{{"no-key-claim", Warning, "the claim by which the gateway finds the consumer"},
              ToldBy::Lint,
              noKeyClaim},
    LintCheck{
        {"key-claim", Info, "the claim key, which only APISIX reads"}, ToldBy::Lint, keyClaim},
};

} // namespace

std::span<const LintCheck> lintClaimChecks() noexcept { return kChecks; }

} // namespace postern
