// SPDX-License-Identifier: Apache-2.0
#include "cli/token_why.h"

#include "cli/admin_access.h"
#include "cli/exit_codes.h"
#include "core/jose/misfit.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <format>
#include <memory>
#include <optional>

namespace postern::cli {
namespace {

constexpr std::string_view kGivenSecret = "the given secret", kGivenKey = "the given key";

/// The octets of a key file, which may themselves have been the secret.
Secret octetsOf(const std::string &argument)
{
    if (argument.empty() || argument == "-" || argument.starts_with("env:")
        || argument.starts_with("consumer:") || argument.starts_with("cred:"))
        return {};
    if (argument.starts_with("-----BEGIN") || argument.starts_with('{'))
        return Secret(argument);
    Result<std::string> octets =
        readFile(argument.starts_with('@') ? argument.substr(1) : argument);
    if (!octets)
        return {};
    Secret secret{std::string_view(*octets)};
    wipe(*octets);
    return secret;
}

/// Every key of a set: the one that the kid names is no better than the others here.
Result<std::vector<WhyCandidate>> keysOfSet(const std::string &path)
{
    const Result<std::string> text = readFile(path.starts_with('@') ? path.substr(1) : path);
    const Result<Json> json = text ? parseJson(*text) : std::unexpected(text.error());
    if (!json)
        return std::unexpected(json.error());
    std::vector<WhyCandidate> keys;
    const Json *const list = json->find("keys");
    for (const Json &jwk : list ? list->items() : Json::Array{*json}) {
        if (Result<Key> key = Key::fromJwk(jwk))
            keys.push_back(
                {std::format("key \"{}\" of the set", key->kid()), std::move(*key), {}, true});
    }
    if (keys.empty())
        return fail(Errc::KeyMissing, "the set holds no usable key", path);
    return keys;
}

Result<std::vector<WhyCandidate>> candidatesOf(ArgumentReader &reader,
                                               const WhyArguments &arguments)
{
    const TokenKeyOptions &options = arguments.key;
    const auto credential = tokenCredential(options);
    if (!credential)
        return std::unexpected(credential.error());
    std::vector<WhyCandidate> candidates;
    if (*credential) {
        Result<Key> key = keyOf(**credential, false);
        if (!key)
            return std::unexpected(key.error());
        candidates.push_back({nameOf(**credential), std::move(*key), {}, true});
    } else if (!options.jwks.empty()) {
        auto keys = keysOfSet(options.jwks);
        if (!keys)
            return keys;
        candidates = std::move(*keys);
    } else if (!options.secret.empty() || !options.key.empty()) {
        Result<Key> key = tokenKey(reader, options);
        if (!key)
            return std::unexpected(key.error());
        const bool secret = !options.secret.empty();
        candidates.push_back({std::string(secret ? kGivenSecret : kGivenKey), std::move(*key),
                              octetsOf(options.key), true});
    }
    // The others: whose token is it then?
    for (WhyCandidate &other : consumerKeys(options.source)) {
        const bool known = std::ranges::any_of(
            candidates, [&](const WhyCandidate &one) { return one.name == other.name; });
        if (!known)
            candidates.push_back(std::move(other));
    }
    return candidates;
}

Json toJson(const Misfit &answer)
{
    Json found = Json::array();
    for (const WhyFinding &finding : answer.report.found)
        found.push_back(Json::object({{"id", finding.id}, {"text", printable(finding.sentence)}}));
    Json tried = Json::array();
    for (const std::string &what : answer.report.tried)
        tried.push_back(what);
    return Json::object(
        {{"version", 1},
         {"alg", printable(answer.alg)},
         {"key", answer.key.empty() ? Json() : Json(answer.key)},
         {"fits", answer.fits},
         {"obstacle", answer.obstacle.empty() ? Json() : Json(printable(answer.obstacle))},
         {"found", std::move(found)},
         {"tried", std::move(tried)},
         {"attempts", std::uint64_t{answer.report.attempts}},
         {"complete", !answer.report.outOfTime},
         {"ms", std::int64_t{answer.took.count()}}});
}

void printText(const Console &console, const Misfit &answer)
{
    const std::string with =
        answer.key.empty() ? " (no key given)" : std::format(" ({})", printable(answer.key));
    console.line(std::format("signature: {}{}",
                             console.painted(answer.fits ? Paint::Good : Paint::Bad,
                                             answer.fits ? "fits" : "does not fit"),
                             with));
    if (answer.fits)
        return;
    if (!answer.obstacle.empty())
        console.line(std::format("note: {}", printable(answer.obstacle)));
    for (const WhyFinding &finding : answer.report.found)
        console.line(std::format("{}: {} [{}]", console.painted(Paint::Bold, "found"),
                                 printable(finding.sentence), finding.id));
    if (answer.report.found.empty())
        console.line(std::format("{}: nothing explains it", console.painted(Paint::Warn, "found")));
    for (const std::string &what : answer.report.tried)
        console.line(std::format("tried: {}", what));
    console.line(std::format("{} signatures in {} ms{}", answer.report.attempts,
                             answer.took.count(),
                             answer.report.outOfTime ? "; stopped before the end" : ""));
}

} // namespace

void addWhyOptions(CLI::App &app, WhyArguments &arguments)
{
    app.add_flag("--why", arguments.wanted,
                 "search for the reason that the signature does not fit the key");
    addTokenKeyOptions(app, arguments.key);
    app.add_option("--weak-list", arguments.weakList,
                   "with --why: also try the secrets of this file, one on a line");
}

int explainTokens(const Console &console, ArgumentReader &reader,
                  const std::vector<std::string> &tokens, const WhyArguments &arguments)
{
    const auto candidates = candidatesOf(reader, arguments);
    if (!candidates)
        return console.fail(candidates.error());
    std::optional<SecretList> secrets;
    if (!arguments.weakList.empty()) {
        Result<std::string> text = readFile(arguments.weakList);
        if (!text)
            return console.fail(text.error());
        secrets.emplace(std::move(*text));
    }
    int exit = kYes;
    for (const std::string &token : tokens) {
        const InspectedJws inspected = inspectJws(token);
        if (inspected.token.signingInput.empty()) {
            exit = std::max(exit, console.fail(inspected.findings.front()));
            continue;
        }
        const Misfit answer =
            explainMisfit(inspected.token, *candidates, {.secrets = secrets ? &*secrets : nullptr});
        if (console.json())
            console.document(toJson(answer), tokens.size() > 1);
        else if (!console.quiet)
            printText(console, answer);
        if (!answer.fits && answer.report.found.empty())
            exit = std::max(exit, static_cast<int>(kNo));
    }
    return exit;
}

} // namespace postern::cli
