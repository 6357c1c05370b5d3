// SPDX-License-Identifier: Apache-2.0
#include "core/jose/lint_fix.h"

#include "core/clock.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kThousand = 1000;

/// What an edit works on; it says what it did, or nothing.
struct Subject
{
    const LintFinding &finding;
    const LintFixContext &context;
    Json &header, &payload;

    [[nodiscard]] std::string member() const
    {
        const std::string_view place = finding.place;
        const std::size_t slash = place.find('/');
        return slash == std::string_view::npos ? std::string()
                                               : std::string(place.substr(slash + 1));
    }
    [[nodiscard]] Json &part() const
    {
        return finding.place.starts_with("header") ? header : payload;
    }
    [[nodiscard]] std::optional<std::int64_t> seconds(std::string_view claim) const
    {
        const Json *const value = payload.find(claim);
        return value && value->isNumber() ? value->asInteger() : std::nullopt;
    }
};
using Said = std::optional<std::string>;

/// The token lives an hour from now, whatever it said.
Said endInAnHour(const Subject &it)
{
    it.payload.set("exp", Json(it.context.now + kHour));
    const auto iat = it.seconds("iat");
    if (!iat || it.context.now - *iat < 23 * kHour)
        return "set exp to 1 h from now";
    it.payload.set("iat", Json(it.context.now)); // its whole life counts
    return "set iat to now and exp to 1 h from now";
}

/// A token that has ended lives as long again as it was meant to.
Said renew(const Subject &it)
{
    const auto exp = it.seconds("exp"), iat = it.seconds("iat");
    std::int64_t life = exp && iat ? *exp - *iat : kHour;
    if (life <= 0 || life > 24 * kHour)
        life = kHour;
    it.payload.set("exp", Json(it.context.now + life));
    if (it.payload.contains("iat"))
        it.payload.set("iat", Json(it.context.now));
    return std::format("set exp to {} from now", formatDistance(std::chrono::seconds(life)));
}

Said setToNow(const Subject &it, std::string_view claim)
{
    it.payload.set(claim, Json(it.context.now));
    return std::format("set {} to now", claim);
}

Said nbfNow(const Subject &it) { return setToNow(it, "nbf"); }
Said iatNow(const Subject &it) { return setToNow(it, "iat"); }

Said dropNbf(const Subject &it)
{
    it.payload.erase("nbf");
    return "take nbf away";
}

Said iatBeforeExp(const Subject &it)
{
    if (it.seconds("exp").value_or(0) > it.context.now)
        return setToNow(it, "iat");
    it.payload.erase("iat");
    return "take iat away";
}

Said toSeconds(const Subject &it)
{
    const std::string claim = it.member();
    const auto milliseconds = it.seconds(claim);
    if (!milliseconds)
        return std::nullopt;
    it.payload.set(claim, Json(*milliseconds / kThousand));
    return std::format("write {} in seconds", claim);
}

/// "1700000000" or "2026-01-01T00:00:00Z" become the number they mean.
Said toNumber(const Subject &it)
{
    const std::string claim = it.member();
    const Json *const value = it.payload.find(claim);
    if (value == nullptr || !value->isString())
        return std::nullopt;
    const std::string text = value->asString();
    if (Result<Json> number = parseJson(text); number && number->isNumber()) {
        it.payload.set(claim, std::move(*number));
        return std::format("write {} as a number", claim);
    }
    // no distances from now: those the writer of the token did not mean
    const bool isDate = text.size() > 10 && text[4] == '-' && text[7] == '-';
    const Result<Timestamp> time =
        isDate ? parseTime(text, Timestamp{}) : fail(Errc::InvalidArgument, "not a date");
    if (!time)
        return std::nullopt;
    it.payload.set(
        claim,
        Json(std::int64_t{
            std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count()}));
    return std::format("write {} as a number of seconds", claim);
}

Said addKeyClaim(const Subject &it)
{
    const std::string_view claim = it.context.profile == LintProfile::Kong ? "iss" : "key";
    if (it.context.keyClaim.empty() || it.context.profile == LintProfile::Strict)
        return std::nullopt;
    it.payload.set(claim, Json(it.context.keyClaim));
    return std::format("add {} \"{}\"", claim, it.context.keyClaim);
}

/// What APISIX reads from `key`, Kong reads from `iss`.
Said renameKeyClaim(const Subject &it)
{
    const Json *const key = it.payload.find("key");
    if (it.context.profile != LintProfile::Kong || key == nullptr || it.payload.contains("iss"))
        return std::nullopt;
    for (auto &[name, value] : it.payload.members()) {
        if (name == "key")
            name = "iss";
    }
    return "call the claim key iss";
}

Said useAlgorithm(const Subject &it)
{
    if (it.context.algorithm.empty() || it.header.stringOr("alg", "") == it.context.algorithm)
        return std::nullopt;
    it.header.set("alg", Json(it.context.algorithm));
    return std::format("set alg to {}, which the key is for", it.context.algorithm);
}

Said takeAway(const Subject &it)
{
    const std::string member = it.member();
    return !member.empty() && it.part().erase(member) ? Said(std::format("take {} away", member))
                                                      : std::nullopt;
}

struct Row
{
    std::string_view rule;
    Said (*edit)(const Subject &);
};
constexpr std::array kRows{
    Row{"exp-not-number", toNumber},
    Row{"time-not-number", toNumber},
    Row{"expired", renew},
    Row{"no-exp", endInAnHour},
    Row{"long-life", endInAnHour},
    Row{"exp-far-future", endInAnHour},
    Row{"exp-looks-like-milliseconds", toSeconds},
    Row{"time-looks-like-milliseconds", toSeconds},
    Row{"nbf-future", nbfNow},
    Row{"nbf-after-exp", dropNbf},
    Row{"iat-future", iatNow},
    Row{"iat-after-exp", iatBeforeExp},
    Row{"no-iat", iatNow},
    Row{"no-key-claim", addKeyClaim},
    Row{"key-claim", renameKeyClaim},
    Row{"alg-none", useAlgorithm},
    Row{"alg-unknown", useAlgorithm},
    Row{"alg-mismatch", useAlgorithm},
    Row{"remote-key-url", takeAway},
    Row{"embedded-key", takeAway},
    Row{"kid-suspicious", takeAway},
    Row{"zip-in-jws", takeAway},
    Row{"private-data", takeAway},
    Row{"secret-in-claim", takeAway},
    Row{"nested-token", takeAway},
};

} // namespace

std::optional<LintFix> fixFor(const LintFinding &finding, const Json &header, const Json &payload,
                              const LintFixContext &context)
{
    const auto *const row = std::ranges::find(kRows, finding.id, &Row::rule);
    if (row == kRows.end() || !header.isObject() || !payload.isObject())
        return std::nullopt;
    LintFix fix{{}, header, payload};
    Said said = row->edit({finding, context, fix.header, fix.payload});
    if (!said)
        return std::nullopt;
    fix.sentence = std::move(*said);
    return fix;
}

std::vector<std::string_view> fixableRules()
{
    std::vector<std::string_view> rules;
    for (const Row &row : kRows)
        rules.push_back(row.rule);
    return rules;
}

} // namespace postern
