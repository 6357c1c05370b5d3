// SPDX-License-Identifier: Apache-2.0
#include "core/config/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <format>

namespace postern {
namespace {

bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }

bool isNameCharacter(char c) noexcept
{
    return isDigit(c) || c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> words) noexcept
{
    return std::ranges::find(words, text) != words.end();
}

std::string_view takeDigits(std::string_view &text) noexcept
{
    const auto end = std::ranges::find_if_not(text, isDigit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

bool takeSign(std::string_view &text, std::string &out, bool keepPlus)
{
    if (!text.starts_with('-') && !text.starts_with('+'))
        return false;
    if (keepPlus || text.front() == '-')
        out += text.front();
    text.remove_prefix(1);
    return true;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?, spelled as JSON wants it.
std::optional<std::string> decimalLexeme(std::string_view text)
{
    std::string lexeme;
    takeSign(text, lexeme, false);
    std::string_view whole = takeDigits(text);
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = takeDigits(text);
    }
    if (whole.empty() && fraction.empty())
        return std::nullopt;
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    lexeme.append(whole.empty() ? std::string_view("0") : whole);
    if (!fraction.empty())
        lexeme.append(".").append(fraction);
    if (text.starts_with('e') || text.starts_with('E')) {
        lexeme += text.front();
        text.remove_prefix(1);
        takeSign(text, lexeme, true);
        const std::string_view exponent = takeDigits(text);
        if (exponent.empty())
            return std::nullopt;
        lexeme.append(exponent);
    }
    return text.empty() ? std::optional(std::move(lexeme)) : std::nullopt;
}

struct BasedNumber
{
    bool isOne = false;
    std::optional<Json> value; ///< nullopt: does not fit
};

/// 0x1F or 0o17
BasedNumber basedNumber(std::string_view text)
{
    const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
    if (base == 0 || text.size() < 3)
        return {};
    std::uint64_t value = 0;
    const char *const textEnd = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + 2, textEnd, value, base);
    if (end != textEnd || error == std::errc::invalid_argument)
        return {};
    if (error != std::errc())
        return {true, std::nullopt};
    return {true, Json(value)};
}

} // namespace

std::optional<Json> resolvePlainScalar(std::string_view text)
{
    if (isOneOf(text, {"", "~", "null", "Null", "NULL"}))
        return Json();
    if (isOneOf(text, {"true", "True", "TRUE"}))
        return Json(true);
    if (isOneOf(text, {"false", "False", "FALSE"}))
        return Json(false);
    if (BasedNumber based = basedNumber(text); based.isOne)
        return std::move(based.value);
    if (std::optional<std::string> lexeme = decimalLexeme(text))
        return Json::number(std::move(*lexeme));
    std::string_view magnitude = text;
    if (magnitude.starts_with('-') || magnitude.starts_with('+'))
        magnitude.remove_prefix(1);
    if (isOneOf(magnitude, {".inf", ".Inf", ".INF"}) || isOneOf(text, {".nan", ".NaN", ".NAN"}))
        return std::nullopt;
    return Json(text);
}

Result<std::string> interpolate(std::string_view text, const VariableLookup &variables)
{
    std::string out;
    while (true) {
        const std::size_t at = text.find("${");
        if (at == std::string_view::npos)
            return out.append(text);
        if (at > 0 && text[at - 1] == '$') {
            out.append(text.substr(0, at - 1)).append("${");
            text.remove_prefix(at + 2);
            continue;
        }
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos)
            return fail(Errc::Config, "${ without }; write $${ for a literal ${");
        out.append(text.substr(0, at));
        const std::string_view inside = text.substr(at + 2, end - at - 2);
        const std::size_t colon = inside.find(":-");
        const std::string name(inside.substr(0, colon));
        if (name.empty() || !std::ranges::all_of(name, isNameCharacter))
            return fail(Errc::Config, std::format("\"{}\" is no variable name", name));
        const std::optional<std::string> value = variables(name);
        // As in a shell, :- also replaces an empty value.
        if (colon != std::string_view::npos && (!value || value->empty()))
            out.append(inside.substr(colon + 2));
        else if (value)
            out.append(*value);
        else
            return fail(Errc::Config,
                        std::format("environment variable {0} is not set; set it or write "
                                    "${{{0}:-default}}",
                                    name));
        text.remove_prefix(end + 1);
    }
}

} // namespace postern
