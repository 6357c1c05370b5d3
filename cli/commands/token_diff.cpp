// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_diff.h"
#include "cli/admin_access.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/times.h"
#include "cli/token_key.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"the same claims, signed with two secrets",
            "postern token diff \"$(postern token mint --secret text:your-256-bit-secret --sub "
            "jack)\" \"$(postern token mint --secret text:jack-hs256-secret --sub jack)\"",
            Needs::Nothing, kNo},
    Example{"which of the two was signed with this secret",
            "postern token diff \"$(postern token mint --secret text:one --sub jack)\" \"$(postern "
            "token mint --secret text:two --sub carol)\" --secret text:two",
            Needs::Nothing, kNo},
    Example{"two files, for a script",
            "postern token mint --secret text:s --sub jack > a.txt && cp a.txt b.txt && postern "
            "token diff a.txt b.txt -o json"},
};

constexpr std::string_view kDescription =
    "Compares part by part and claim by claim. Order of members, spelling of numbers and white "
    "space are classes of their own: they change no meaning, but the signature covers them.\n\n"
    "Says which key signed each token where it is known: a well-known sample secret, the key that "
    "is given, or a consumer's credential of the running gateway, --config or --store.\n\n"
    "The exit code is 0 if the tokens are the same octet for octet, else 1.";

struct Options
{
    std::vector<std::string> tokens;
    TokenKeyOptions key;
};

struct Side
{
    DecodedJws token;
    std::string signer; ///< empty: not known
};

std::string pathText(const TokenDifference &difference)
{
    return difference.path.empty() ? std::string("(all)")
                                   : printable(std::string_view(difference.path).substr(1));
}

bool isTime(std::string_view path)
{
    return path == "/exp" || path == "/nbf" || path == "/iat" || path == "/auth_time";
}

/// "1734230400 (2024-12-15T02:40:00Z)".
std::string valueText(const TokenDifference &difference, const Json &value)
{
    std::string text = printable(value.dump());
    constexpr std::size_t kShown = 120;
    if (text.size() > kShown)
        text = text.substr(0, kShown) + "…";
    const auto time = isTime(difference.path) ? timeOfClaim(value) : std::nullopt;
    return time ? std::format("{} ({})", text, formatTime(*time)) : text;
}

std::string differenceText(const TokenDifference &difference)
{
    switch (difference.kind) {
    case DifferenceKind::Added:
        return std::format("+ {}: {}", pathText(difference),
                           valueText(difference, difference.after));
    case DifferenceKind::Removed:
        return std::format("- {}: {}", pathText(difference),
                           valueText(difference, difference.before));
    case DifferenceKind::Changed:
        return std::format("~ {}: {} -> {}", pathText(difference),
                           valueText(difference, difference.before),
                           valueText(difference, difference.after));
    case DifferenceKind::Spelling:
        return difference.before.isNull()
            ? std::string("spelling: escapes in strings differ")
            : std::format("spelling of {}: {} -> {}", pathText(difference),
                          difference.before.dump(), difference.after.dump());
    case DifferenceKind::Order:
        return std::format("order{}: {} -> {}",
                           difference.path.empty() ? "" : " in " + pathText(difference),
                           printable(difference.before.dump()), printable(difference.after.dump()));
    case DifferenceKind::WhiteSpace:
        return "white space differs";
    }
    return {};
}

void printPart(const Console &console, std::string_view part, PartRelation relation,
               const TokenDiff &diff)
{
    console.line(std::format(
        "{:<9}  {}", part,
        console.painted(relation == PartRelation::Same            ? Paint::Good
                            : relation == PartRelation::Different ? Paint::Bad
                                                                  : Paint::Warn,
                        relation == PartRelation::SameContent ? "same content, written differently"
                                                              : nameOf(relation))));
    for (const TokenDifference &difference : diff.differences) {
        if (difference.part == part)
            console.line(std::format("  {}", differenceText(difference)));
    }
}

std::string signerText(const Side &side, std::string_view name)
{
    return side.signer.empty() ? std::format("{}: key not known", name)
                               : std::format("{} fits {}", name, printable(side.signer));
}

void printText(const Console &console, const TokenDiff &diff, const Side &a, const Side &b)
{
    printPart(console, "header", diff.header, diff);
    printPart(console, "payload", diff.payload, diff);
    console.line(std::format("{:<9}  {}  ({}; {})", "signature",
                             console.painted(diff.signatureSame ? Paint::Good : Paint::Bad,
                                             diff.signatureSame ? "same" : "differs"),
                             signerText(a, "A"), signerText(b, "B")));
}

Json toJson(const TokenDiff &diff, const Side &a, const Side &b)
{
    Json differences = Json::array();
    for (const TokenDifference &difference : diff.differences) {
        Json row = Json::object({{"part", difference.part},
                                 {"kind", nameOf(difference.kind)},
                                 {"path", difference.path}});
        if (!difference.before.isNull())
            row.set("a", difference.before);
        if (!difference.after.isNull())
            row.set("b", difference.after);
        differences.push_back(std::move(row));
    }
    const auto signer = [](const Side &side) {
        return side.signer.empty() ? Json() : Json(side.signer);
    };
    return Json::object({{"version", 1},
                         {"same", diff.same()},
                         {"header", nameOf(diff.header)},
                         {"payload", nameOf(diff.payload)},
                         {"signature", diff.signatureSame ? "same" : "different"},
                         {"differences", std::move(differences)},
                         {"signers", Json::object({{"a", signer(a)}, {"b", signer(b)}})}});
}

Result<std::vector<WhyCandidate>> candidatesOf(ArgumentReader &reader, const TokenKeyOptions &key)
{
    std::vector<WhyCandidate> candidates;
    const auto credential = tokenCredential(key);
    if (!credential)
        return std::unexpected(credential.error());
    if (!key.secret.empty() || (!*credential && !key.key.empty()) || !key.jwks.empty()) {
        Result<Key> given = tokenKey(reader, key);
        if (!given)
            return std::unexpected(given.error());
        candidates.push_back({key.secret.empty() ? "the given key" : "the given secret",
                              std::move(*given),
                              {},
                              true});
    }
    for (WhyCandidate &known : consumerKeys(key.source))
        candidates.push_back(std::move(known));
    return candidates;
}

int run(Console &console, const Options &options)
{
    ArgumentReader reader(console);
    const Result<std::vector<std::string>> tokens = reader.tokens(options.tokens);
    if (!tokens)
        return console.fail(tokens.error());
    if (tokens->size() != 2)
        return console.fail({Errc::Usage,
                             std::format("two tokens are compared; there {} {}",
                                         tokens->size() == 1 ? "is" : "are", tokens->size()),
                             {}});
    const auto candidates = candidatesOf(reader, options.key);
    if (!candidates)
        return console.fail(candidates.error());
    std::array<Side, 2> sides;
    for (std::size_t i = 0; i < sides.size(); ++i) {
        InspectedJws inspected = inspectJws(tokens->at(i));
        if (inspected.token.signingInput.empty()) {
            Error error = std::move(inspected.findings.front());
            error.where = i == 0 ? "first token" : "second token";
            return console.fail(error);
        }
        sides[i].token = std::move(inspected.token);
        sides[i].signer = gateway::signerOf(sides[i].token, *candidates);
    }
    const TokenDiff diff = diffTokens(sides[0].token, sides[1].token);
    const bool same = tokens->at(0) == tokens->at(1);
    if (console.json())
        console.document(toJson(diff, sides[0], sides[1]));
    else if (!console.quiet)
        printText(console, diff, sides[0], sides[1]);
    return same ? kYes : kNo;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("tokens", options->tokens,
                   "two tokens, @files, or standard input with one on each line");
    addTokenKeyOptions(app, options->key);
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenDiffCommand{"token diff", "compare two tokens, claim by claim", kExamples,
                               define, kDescription};

} // namespace postern::cli
