// SPDX-License-Identifier: Apache-2.0
#include "core/jose/lint.h"

#include "core/jose/lint_rules.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

// Trying secrets hashes the whole token each time.
constexpr std::size_t kLargestTried = 32UL * 1024;

std::array<std::span<const LintCheck>, 4> allChecks() noexcept
{
    return {lintHeaderChecks(), lintClaimChecks(), lintContentChecks(), lintKeyChecks()};
}

/// The claims as far as they can be read; notes what is wrong with them.
Json readClaims(const DecodedJws &jws, std::vector<Error> &faults)
{
    if (jws.signingInput.empty() || jws.payloadText.empty())
        return {};
    Result<Json> claims = parseJson(jws.payloadText);
    if (!claims) {
        const bool duplicate = claims.error().code == Errc::JsonDuplicateMember;
        claims.error().where = std::format("payload:{}", claims.error().where);
        faults.push_back(std::move(claims.error()));
        if (!duplicate)
            return {};
        // The other rules still have something to say.
        return parseJson(jws.payloadText, {.lastDuplicateWins = true}).value_or(Json());
    }
    if (!claims->isObject()) {
        faults.push_back({Errc::TokenPayload, {}, "payload"});
        return {};
    }
    return std::move(*claims);
}

void trySecrets(LintSubject &subject)
{
    const LintOptions &options = subject.options;
    if (!options.trySecrets || subject.jws.signingInput.size() > kLargestTried)
        return;
    subject.secret = findSecret(subject.jws, SecretList::builtIn());
    if (!subject.secret)
        subject.secret = findSecretInToken(subject.jws, subject.claims);
    if (!subject.secret && options.secrets) {
        subject.secret = findSecret(subject.jws, *options.secrets);
        subject.fromList = subject.secret.has_value();
    }
}

} // namespace

std::string_view nameOf(LintLevel level) noexcept
{
    constexpr std::array<std::string_view, 3> kNames = {"info", "warning", "error"};
    return kNames[std::to_underlying(level)];
}

std::vector<LintRule> lintRules()
{
    std::vector<LintRule> rules;
    for (const std::span<const LintCheck> checks : allChecks()) {
        for (const LintCheck &check : checks)
            rules.push_back(check.rule);
    }
    return rules;
}

std::vector<LintFinding> lint(std::string_view token, const LintOptions &options)
{
    InspectedJws inspected = inspectJws(token);
    const Json claims = readClaims(inspected.token, inspected.findings);
    LintSubject subject{inspected.token, inspected.findings, claims, token.size(), options, {}};
    trySecrets(subject);
    std::vector<LintFinding> findings;
    LintReport report(findings);
    for (const std::span<const LintCheck> checks : allChecks()) {
        for (const LintCheck &check : checks) {
            report.begin(check.rule);
            check.run(subject, report);
        }
    }
    return findings;
}

std::vector<std::string> lintIds(std::string_view token, const LintOptions &options)
{
    std::vector<std::string> ids;
    for (const LintFinding &finding : lint(token, options)) {
        if (std::ranges::find(ids, finding.id) == ids.end())
            ids.emplace_back(finding.id);
    }
    return ids;
}

std::vector<std::string> lintToken(const DecodedJws &token, const Json &claims, std::int64_t now,
                                   std::size_t size, bool audienceChecked)
{
    const LintOptions options{
        .now = now, .audienceChecked = audienceChecked, .secrets = nullptr, .trySecrets = false};
    const LintSubject subject{token, {}, claims, size, options, {}};
    std::vector<LintFinding> findings;
    LintReport report(findings);
    for (const std::span<const LintCheck> checks : allChecks()) {
        for (const LintCheck &check : checks) {
            if (check.toldBy == ToldBy::Verdict || check.rule.level == LintLevel::Info)
                continue;
            report.begin(check.rule);
            check.run(subject, report);
        }
    }
    std::vector<std::string> out;
    out.reserve(findings.size());
    for (const LintFinding &finding : findings)
        out.push_back(std::format("{}: {}", finding.id, finding.text));
    return out;
}

} // namespace postern
