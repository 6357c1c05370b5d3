// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/utf8.h"
#include "core/jose/lint_rules.h"

#include <algorithm>
#include <array>
#include <format>

// What the claims hold: private data, secrets, tokens, deceptive text.
namespace postern {

namespace {

constexpr std::size_t kLongText = 256;
constexpr std::size_t kMaxDepth = 16; // claims are flat; deeper text is not looked at

bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }
bool isWord(char c) noexcept
{
    return isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '_'
        || c == '.' || c == '+';
}

std::string lowered(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
    return out;
}

/// local@domain.tld, and nothing else.
bool isMailAddress(std::string_view text) noexcept
{
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.size() > 254)
        return false;
    const std::string_view domain = text.substr(at + 1);
    const std::size_t dot = domain.rfind('.');
    return dot != std::string_view::npos && dot > 0 && dot + 2 < domain.size()
        && std::ranges::all_of(text.substr(0, at), isWord) && std::ranges::all_of(domain, isWord);
}

/// An international number: "+49 30 123456".
bool isPhoneNumber(std::string_view text) noexcept
{
    if (!text.starts_with('+') || text.size() > 24)
        return false;
    const auto digits = std::ranges::count_if(text, isDigit);
    return digits >= 8 && digits <= 15 && std::ranges::all_of(text.substr(1), [](char c) {
               return isDigit(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == '.';
           });
}

bool isToken(std::string_view text) noexcept
{
    return (text.starts_with("ey") || text.starts_with("ew")) && text.size() > 20
        && std::ranges::count(text, '.') >= 2
        && std::ranges::all_of(text, [](char c) { return isWord(c) && c != '+'; });
}

/// Calls visit(name of the top claim, text) for every string below the claims.
void visitTexts(const Json &value, std::string_view claim, std::size_t depth, auto &visit)
{
    if (value.isString()) {
        visit(claim, value.asString());
        return;
    }
    if (depth > kMaxDepth)
        return;
    if (value.isArray()) {
        for (const Json &item : value.items())
            visitTexts(item, claim, depth + 1, visit);
    } else if (value.isObject()) {
        for (const auto &[name, member] : value.members())
            visitTexts(member, depth == 0 ? std::string_view(name) : claim, depth + 1, visit);
    }
}

/// Reports each claim once for which the predicate holds.
void reportTexts(const LintSubject &subject, LintReport &report, auto says)
{
    std::string_view last;
    auto visit = [&](std::string_view claim, std::string_view text) {
        if (!last.empty() && claim == last)
            return;
        const std::string remark = says(claim, text);
        if (remark.empty())
            return;
        last = claim;
        report.add(remark, std::format("payload/{}", claim));
    };
    visitTexts(subject.claims, {}, 0, visit);
}

void privateData(const LintSubject &subject, LintReport &report)
{
    reportTexts(subject, report, [](std::string_view, std::string_view text) -> std::string {
        if (isMailAddress(text))
            return "an e-mail address; everybody who sees the token can read it";
        if (isPhoneNumber(text))
            return "a phone number; everybody who sees the token can read it";
        if (text.size() > kLongText && !isToken(text) && std::ranges::count(text, ' ') > 10)
            return "a long text; everybody who sees the token can read it";
        return {};
    });
}

void secretInClaim(const LintSubject &subject, LintReport &report)
{
    constexpr std::array<std::string_view, 9> kNames = {
        "password", "passwd",     "secret",      "api_key",      "apikey",
        "api-key",  "privatekey", "private_key", "client_secret"};
    reportTexts(subject, report, [&](std::string_view claim, std::string_view text) -> std::string {
        if (text.contains("PRIVATE KEY-----"))
            return "a private key; a token is signed, not secret";
        const std::string name = lowered(claim);
        const bool named =
            std::ranges::any_of(kNames, [&](std::string_view word) { return name.contains(word); });
        return named && !text.empty() ? "this looks like a secret; a token is signed, not secret"
                                      : "";
    });
}

void nestedToken(const LintSubject &subject, LintReport &report)
{
    reportTexts(subject, report, [](std::string_view, std::string_view text) -> std::string {
        return isToken(text) ? "a token inside the token; whoever reads this one can use that one"
                             : "";
    });
}

void invisible(const LintSubject &subject, LintReport &report)
{
    const auto look = [&](const Json &object, std::string_view part) {
        for (const auto &[name, value] : object.members()) {
            if (hasInvisibleCharacters(name)
                || (value.isString() && hasInvisibleCharacters(value.asString())))
                report.add("invisible or direction-changing characters: it reads as something "
                           "that it is not",
                           std::format("{}/{}", part, name));
        }
    };
    look(subject.jws.header, "header");
    look(subject.claims, "payload");
}

/// Letters of other scripts that look like these, as UTF-8.
constexpr std::array<std::pair<std::string_view, char>, 20> kConfusable{{
    {"\u0430", 'a'}, {"\u0435", 'e'}, {"\u043e", 'o'}, {"\u0440", 'p'}, {"\u0441", 'c'},
    {"\u0443", 'y'}, {"\u0445", 'x'}, {"\u0456", 'i'}, {"\u0455", 's'}, {"\u0458", 'j'},
    {"\u0501", 'd'}, {"\u0432", 'b'}, {"\u0442", 't'}, {"\u043d", 'n'}, {"\u03b1", 'a'},
    {"\u03bf", 'o'}, {"\u03c1", 'p'}, {"\u03bd", 'v'}, {"\u03b9", 'i'}, {"\u0131", 'i'},
}};

/// The name as a hasty reader sees it.
std::string seenAs(std::string_view name)
{
    std::string out;
    for (std::size_t at = 0; at < name.size();) {
        const auto *same = std::ranges::find_if(
            kConfusable, [&](const auto &row) { return name.substr(at).starts_with(row.first); });
        if (same != kConfusable.end()) {
            out.push_back(same->second);
            at += same->first.size();
        } else if (name[at] == ' ' || hasInvisibleCharacters(name.substr(at, 3))) {
            at += name[at] == ' ' ? 1 : 3;
        } else {
            const char c = name[at++];
            out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
        }
    }
    return out;
}

void lookAlike(const LintSubject &subject, LintReport &report)
{
    constexpr std::array<std::string_view, 12> kNames = {
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "key", "scope", "roles", "groups", "azp"};
    for (const auto &[name, value] : subject.claims.members()) {
        const std::string seen = seenAs(name);
        if (seen != name && std::ranges::find(kNames, seen) != kNames.end())
            report.add(std::format("the claim looks like \"{}\" but is another: verifiers ignore "
                                   "it",
                                   seen),
                       std::format("payload/{}", name));
    }
}

using enum LintLevel;
constexpr std::array kChecks{
    LintCheck{{"private-data", Warning, "an e-mail address, phone number or long text in a claim"},
              ToldBy::Lint,
              privateData},
    LintCheck{{"secret-in-claim", Warning, "a password, secret or private key in a claim"},
              ToldBy::Lint,
              secretInClaim},
    LintCheck{{"nested-token", Warning, "a token in a claim"}, ToldBy::Lint, nestedToken},
    LintCheck{{"invisible-characters", Warning, "zero-width or direction-changing characters"},
              ToldBy::Lint,
              invisible},
    LintCheck{
        {"look-alike-claim", Warning, "a claim that looks like a registered one (Exp, \u0435xp)"},
        ToldBy::Lint,
        lookAlike},
};

} // namespace

bool hasInvisibleCharacters(std::string_view text) noexcept
{
    constexpr std::string_view kSoftHyphen = "\u00ad";
    constexpr std::string_view kArabicMark = "\u061c";
    if (text.contains(kSoftHyphen) || text.contains(kArabicMark) || text.contains("\ufeff"))
        return true;
    for (std::size_t at = text.find('\xE2'); at != std::string_view::npos;
         at = text.find('\xE2', at + 1)) {
        if (at + 2 >= text.size())
            return false;
        const auto second = static_cast<unsigned char>(text[at + 1]);
        const auto third = static_cast<unsigned char>(text[at + 2]);
        // U+200B..200F, U+202A..202E, U+2060..206F
        if ((second == 0x80
             && ((third >= 0x8B && third <= 0x8F) || (third >= 0xAA && third <= 0xAE)))
            || (second == 0x81 && third >= 0xA0 && third <= 0xAF))
            return true;
    }
    return false;
}

std::span<const LintCheck> lintContentChecks() noexcept { return kChecks; }

} // namespace postern
