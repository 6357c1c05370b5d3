// SPDX-License-Identifier: Apache-2.0
#include "core/config/standalone.h"

#include "core/json/parse.h"
#include "core/text/trim.h"

#include <algorithm>
#include <cstdlib>
#include <format>
#include <optional>
#include <utility>

namespace postern {
namespace {

constexpr std::string_view kOpen = "${{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kEndMark = "#END";

std::optional<std::string> processEnvironment(const std::string &name)
{
    const char *value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

bool isNameCharacter(char c) noexcept
{
    return (c >= '0' && c <= '9') || c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

TextPlace placeAt(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    const std::size_t start = before.rfind('\n') + 1; // npos + 1 is 0
    return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1, offset - start + 1};
}

/// The opposite of placeAt().
std::size_t offsetOf(std::string_view text, TextPlace place)
{
    std::size_t start = 0;
    for (std::size_t line = 1; line < place.line; ++line) {
        const std::size_t end = text.find('\n', start);
        if (end == std::string_view::npos)
            return text.size();
        start = end + 1;
    }
    return start + place.column - 1;
}

struct Replaced
{
    std::string text;
    bool used = false; ///< something was replaced
};

/// What stands between the braces: the variable's value, or its default.
Result<std::string> valueOf(std::string_view inside, const VariableLookup &variables)
{
    const std::size_t assign = inside.find(":=");
    const std::string name(trimmed(inside.substr(0, assign)));
    if (auto value = variables(name))
        return *std::move(value);
    if (assign != std::string_view::npos)
        return std::string(trimmed(inside.substr(assign + 2)));
    return fail(Errc::Config,
                "failed to handle configuration: can't find environment variable " + name);
}

/// \return the text with its variables replaced; where is the offset of one that is not set
Result<Replaced> replaceVariables(std::string_view text, const VariableLookup &variables)
{
    Replaced replaced;
    std::size_t from = 0;
    for (std::size_t at = text.find(kOpen); at != std::string_view::npos;
         at = text.find(kOpen, at)) {
        const std::size_t begin = at + kOpen.size();
        const std::size_t line = std::min(text.find('\n', begin), text.size());
        const std::size_t length = text.substr(begin, line - begin).find(kClose);
        const std::string_view inside = length == std::string_view::npos
            ? std::string_view()
            : trimmed(text.substr(begin, length));
        if (inside.empty() || !isNameCharacter(inside.front())) {
            at = length == std::string_view::npos ? line : begin;
            continue;
        }
        auto value = valueOf(inside, variables);
        if (!value)
            return fail(Errc::Config, value.error().detail, std::to_string(at));
        replaced.text.append(text.substr(from, at - from)).append(*value);
        replaced.used = true;
        from = at = begin + length + kClose.size();
    }
    replaced.text.append(text.substr(from));
    return replaced;
}

/// As Lua's tonumber() and the two words: what a variable's text stands for outside of quotes.
std::optional<Json> typedValue(std::string_view text)
{
    if (text == "true" || text == "false")
        return Json(text == "true");
    auto number = parseJson(trimmed(text));
    return number && number->isNumber() ? std::optional(*std::move(number)) : std::nullopt;
}

Result<void> replaceIn(Json &value, const VariableLookup &variables)
{
    if (value.isString()) {
        if (!value.asString().contains(kOpen))
            return {};
        auto replaced = replaceVariables(value.asString(), variables);
        if (!replaced)
            return fail(Errc::Config, replaced.error().detail);
        if (!replaced->used)
            return {};
        const auto typed = typedValue(replaced->text);
        value = typed ? *typed : Json(std::move(replaced->text));
        return {};
    }
    if (value.isArray()) {
        for (Json &item : value.items()) {
            if (auto done = replaceIn(item, variables); !done)
                return done;
        }
    }
    if (!value.isObject())
        return {};
    std::vector<std::pair<std::string, std::string>> renamed;
    for (auto &[name, member] : value.members()) {
        if (name.contains(kOpen)) {
            auto replaced = replaceVariables(name, variables);
            if (!replaced)
                return fail(Errc::Config, replaced.error().detail);
            renamed.emplace_back(name, std::move(replaced->text));
        }
        if (auto done = replaceIn(member, variables); !done)
            return done;
    }
    for (const auto &[from, to] : renamed) {
        if (from == to)
            continue;
        Json member = std::move(*value.find(from));
        value.erase(from);
        value.set(to, std::move(member));
    }
    return {};
}

/// The text in quotes that reaches up to the end mark, because its closing quote is missing: the
/// parser takes the end of the file for it.
const YamlNode *swallowsEndMark(const YamlNode &node, std::string_view text)
{
    if (node.kind == YamlNode::Kind::Scalar) {
        if (!node.scalar.isString() || !trimmed(node.scalar.asString()).ends_with(kEndMark))
            return nullptr;
        const std::size_t begin = offsetOf(text, node.place);
        const bool quoted = begin < text.size() && (text[begin] == '"' || text[begin] == '\'');
        return quoted && text.find(text[begin], begin + 1) == std::string_view::npos ? &node
                                                                                     : nullptr;
    }
    // It can only be the last one.
    if (!node.items.empty())
        return swallowsEndMark(node.items.back(), text);
    return node.members.empty() ? nullptr : swallowsEndMark(node.members.back().value, text);
}

Error tooLong(std::string_view file, std::size_t limit, std::string_view advice)
{
    return {Errc::Config,
            std::format("the file is longer than {} MiB{}", limit / (1024U * 1024), advice),
            std::string(file)};
}

Result<Json> parseLarge(std::string_view text)
{
    return parseJson(text, {.size = kMaxStandaloneJson, .members = 1'000'000});
}

/// YAML that is JSON, but for comments behind it: read a hundred times as fast.
std::optional<Json> jsonOf(std::string_view yaml)
{
    std::string_view text = trimmed(yaml);
    while (!text.empty()) {
        const std::size_t line = text.rfind('\n') + 1;
        if (!trimmed(text.substr(line)).starts_with('#'))
            break;
        text = trimmed(text.substr(0, line));
    }
    if (!text.starts_with('{') || !text.ends_with('}'))
        return std::nullopt;
    auto value = parseLarge(text);
    return value ? std::optional(*std::move(value)) : std::nullopt;
}

} // namespace

std::string StandaloneDocument::placeOf(std::string_view pointer) const
{
    if (!m_source) {
        auto source = m_text.size() <= kMaxStandaloneYaml ? parseYaml(m_text, m_file, {})
                                                          : Result<YamlNode>(YamlNode());
        m_source = std::make_shared<const YamlNode>(source ? *std::move(source) : YamlNode());
    }
    const TextPlace place = m_source->nearest(pointer).place;
    return place.line == 0 ? m_file + ": " + std::string(pointer) : formatPlace(m_file, place);
}

Result<StandaloneDocument> parseStandalone(std::string text, std::string_view file,
                                           StandaloneSyntax syntax, const VariableLookup &variables)
{
    const VariableLookup lookup = variables ? variables : VariableLookup(processEnvironment);
    StandaloneDocument document;
    document.m_file = file;
    if (syntax == StandaloneSyntax::Json) {
        if (text.size() > kMaxStandaloneJson)
            return std::unexpected(tooLong(file, kMaxStandaloneJson, ""));
        auto root = parseLarge(text);
        if (!root)
            return fail(Errc::Config, describe({root.error().code, root.error().detail, {}}),
                        std::format("{}:{}", file, root.error().where));
        document.root = *std::move(root);
        document.m_text = std::move(text);
        if (auto replaced = replaceIn(document.root, lookup); !replaced) {
            const auto raw = replaceVariables(document.m_text, lookup);
            const std::size_t at = raw ? 0 : std::stoull(raw.error().where);
            return fail(Errc::Config, replaced.error().detail,
                        formatPlace(file, placeAt(document.m_text, at)));
        }
    } else {
        if (text.size() > kMaxStandaloneJson)
            return std::unexpected(tooLong(file, kMaxStandaloneJson, ""));
        auto replaced = replaceVariables(text, lookup);
        if (!replaced)
            return fail(Errc::Config, replaced.error().detail,
                        formatPlace(file, placeAt(text, std::stoull(replaced.error().where))));
        document.m_text = std::move(replaced->text);
        if (auto root = jsonOf(document.m_text)) {
            document.root = *std::move(root);
        } else if (document.m_text.size() > kMaxStandaloneYaml) {
            return std::unexpected(
                tooLong(file, kMaxStandaloneYaml, "; what is larger can be written as JSON"));
        } else {
            auto node = parseYaml(document.m_text, file, {});
            if (!node)
                return std::unexpected(node.error());
            if (const YamlNode *open = swallowsEndMark(*node, document.m_text))
                return fail(Errc::Config, "the quote is not closed",
                            formatPlace(file, open->place));
            document.root = node->toJson();
            document.m_source = std::make_shared<const YamlNode>(*std::move(node));
        }
    }
    if (document.root.isNull())
        document.root = Json::object();
    if (!document.root.isObject())
        return fail(Errc::Config, "the file is a mapping of lists, as in \"routes: [...]\"",
                    document.placeOf(""));
    return document;
}

bool hasEndMark(std::string_view text) noexcept
{
    constexpr std::size_t kLast = 10;
    text.remove_prefix(text.size() - std::min(text.size(), kLast));
    const std::size_t mark = text.rfind(kEndMark);
    return mark != std::string_view::npos
        && text.find_first_not_of(" \t\r\n\v\f", mark + kEndMark.size()) == std::string_view::npos;
}

} // namespace postern
