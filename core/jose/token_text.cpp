// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_text.h"

#include "core/json/parse.h"
#include "core/text/trim.h"

#include <algorithm>
#include <array>
#include <optional>

namespace postern {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool isTokenCharacter(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
        || c == '_' || c == '.';
}

// A JOSE header is a JSON object, so its base64url starts with "ey" ({") or "ew" ({ and space).
bool looksLikeToken(std::string_view word) noexcept
{
    const auto dots = std::ranges::count(word, '.');
    return (word.starts_with("ey") || word.starts_with("ew")) && (dots == 2 || dots == 4);
}

// The first run of token characters that looks like a token.
std::string_view firstToken(std::string_view text) noexcept
{
    for (std::size_t at = 0; at < text.size();) {
        if (!isTokenCharacter(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && isTokenCharacter(text[end]))
            ++end;
        if (const auto word = text.substr(at, end - at); looksLikeToken(word))
            return word;
        at = end;
    }
    return {};
}

std::string withoutSpace(std::string_view text)
{
    std::string out(text);
    std::erase_if(out, [](char c) { return kSpace.contains(c); });
    return out;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool startsWithWord(std::string_view text, std::string_view word) noexcept
{
    return text.size() > word.size()
        && std::ranges::equal(text.substr(0, word.size()), word, {}, lower, lower);
}

std::optional<std::string> fromJson(std::string_view text)
{
    const Result<Json> json = parseJson(text);
    if (!json || !json->isObject())
        return std::nullopt;
    for (const std::string_view name : {"access_token", "id_token", "token"}) {
        if (const Json *member = json->find(name); member && member->isString())
            return member->asString();
    }
    return std::nullopt;
}

// A JWS or JWE in JSON form, RFC 7515 7.2, RFC 7516 7.2.
bool isJsonForm(std::string_view text)
{
    const Result<Json> json = parseJson(text);
    return json
        && (json->contains("signatures") || json->contains("signature")
            || json->contains("ciphertext"));
}

// How the text around a token is called in the note.
std::string nameOfCut(std::string_view text)
{
    if (startsWithWord(text, "bearer "))
        return "\"Bearer\"";
    if (startsWithWord(text, "curl "))
        return "the curl line around it";
    if (text.starts_with('"') || text.starts_with('\''))
        return "the quotes";
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && colon < 64
        && text.substr(0, colon).find_first_of(" \t\"'{") == std::string_view::npos)
        return "the header name";
    return "the text around it";
}

FoundToken findOne(std::string_view text)
{
    if (text.starts_with('{')) {
        if (isJsonForm(text))
            return {std::string(text), {}};
        if (auto token = fromJson(text))
            return {std::move(*token), "the JSON around it"};
    }
    if (text.find_first_of(kSpace) == std::string_view::npos
        && (text.starts_with("ey") || text.starts_with("ew")))
        return {std::string(text), {}};
    if (const std::string_view token = firstToken(text); !token.empty()) {
        // A token that was broken over lines continues behind the break.
        const std::string joined = withoutSpace(text);
        if (text.starts_with(token) && std::ranges::all_of(joined, isTokenCharacter))
            return {joined, "line breaks"};
        return {std::string(token), nameOfCut(text)};
    }
    if (std::string joined = withoutSpace(text); looksLikeToken(joined))
        return {std::move(joined), "line breaks"};
    return {std::string(text), {}};
}

} // namespace

std::vector<FoundToken> findTokens(std::string_view text)
{
    text = trimmed(text);
    std::vector<std::string_view> lines;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        if (const auto line = trimmed(rest.substr(0, end)); !line.empty())
            lines.push_back(line);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const auto withToken = std::ranges::count_if(
        lines, [](std::string_view line) { return !firstToken(line).empty(); });
    std::vector<FoundToken> found;
    if (withToken < 2) {
        if (!text.empty())
            found.push_back(findOne(text));
        return found;
    }
    for (const std::string_view line : lines)
        found.push_back(findOne(line));
    return found;
}

} // namespace postern
