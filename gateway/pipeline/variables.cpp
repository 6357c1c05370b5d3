// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/variables.h"

#include "gateway/pipeline/body_variables.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/pipeline/variable_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace postern::gateway {

namespace {

using Text = std::optional<std::string_view>;

/// `:name` of the pattern that matched, in radixtree_uri_with_parameter.
Text pathParameter(const Exchange &exchange, std::string_view name)
{
    std::string_view pattern = exchange.matchedPattern;
    std::string_view path = exchange.request.path;
    const auto segment = [](std::string_view &rest) {
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        return part;
    };
    while (!pattern.empty()) {
        if (pattern.starts_with('*'))
            return name == pattern.substr(1) ? Text(path) : std::nullopt;
        const std::string_view part = segment(pattern);
        const std::string_view value = segment(path);
        if (part.starts_with(':') && part.substr(1) == name)
            return value;
    }
    return std::nullopt;
}

VariableValue fromText(Text text)
{
    VariableValue made;
    if (text) {
        made.kind = VariableValue::Kind::Text;
        made.text = *text;
    }
    return made;
}

std::string lowerUnderscored(std::string_view name)
{
    std::string made(name);
    for (char &c : made) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c | 0x20);
        else if (c == '-')
            c = '_';
    }
    return made;
}

constexpr std::string_view kBlanks = " \t\r\n\f\v";

std::string_view trimBlanks(std::string_view text) noexcept
{
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool isNameCharacter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// What stands behind a '$': the text between braces, or a bare name. Empty: no variable.
/// \param size gets how much of `rest` it takes
std::string_view takeName(std::string_view rest, Template::Names names, std::size_t &size) noexcept
{
    if (rest.starts_with('{')) {
        const std::size_t end = rest.find('}');
        if (end == std::string_view::npos || trimBlanks(rest.substr(1, end - 1)).empty())
            return {};
        size = end + 1;
        return trimBlanks(rest.substr(1, end - 1));
    }
    const auto end = std::ranges::find_if_not(rest, [names](char c) {
        return isNameCharacter(c) || (c == '.' && names == Template::Names::Dotted);
    });
    size = static_cast<std::size_t>(end - rest.begin());
    return rest.substr(0, size);
}

} // namespace

Variable::Variable(std::string_view name) : m_name(name)
{
    struct Prefix
    {
        std::string_view text;
        Source source;
    };
    static constexpr std::array kPrefixes{
        Prefix{"http_", Source::Header},
        Prefix{"sent_http_", Source::SentHeader},
        Prefix{"upstream_http_", Source::SentHeader},
        Prefix{"arg_", Source::Argument},
        Prefix{"cookie_", Source::Cookie},
        Prefix{"uri_param_", Source::PathParameter},
        Prefix{"post_arg_", Source::FormArgument},
        Prefix{"post_arg.", Source::BodyMember},
        Prefix{"graphql_", Source::Graphql},
    };
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (!name.empty() && std::ranges::all_of(name, isDigit)) {
        std::from_chars(name.data(), name.data() + name.size(), m_group);
        m_source = Source::Capture;
        return;
    }
    if ((m_get = findVariable(name))) {
        m_source = Source::Fixed;
        return;
    }
    for (const Prefix &prefix : kPrefixes) {
        if (!name.starts_with(prefix.text) || name.size() == prefix.text.size())
            continue;
        m_source = prefix.source;
        m_key = name.substr(prefix.text.size());
    }
    if (m_source == Source::Header || m_source == Source::SentHeader)
        m_key = lowerUnderscored(m_key);
    if (m_source != Source::BodyMember)
        return;
    if (auto path = JsonPath::compile("$." + m_key))
        m_path = std::move(*path);
    else
        m_source = Source::Unknown;
}

bool Variable::needsBody() const noexcept
{
    return m_source == Source::FormArgument || m_source == Source::BodyMember
        || m_source == Source::Graphql || m_name == "request_body";
}

VariableValue Variable::value(Exchange &exchange) const
{
    switch (m_source) {
    case Source::Fixed:
        return fromText(m_get(exchange));
    case Source::Header:
        return fromText(headerVariable(exchange, exchange.request.headers, m_key));
    case Source::SentHeader:
        return exchange.response
            ? fromText(headerVariable(exchange, exchange.response->headers, m_key))
            : VariableValue();
    case Source::Argument:
        return fromText(queryArgument(exchange, m_key));
    case Source::Cookie:
        return fromText(cookieValue(exchange, m_key));
    case Source::PathParameter:
        return fromText(pathParameter(exchange, m_key));
    case Source::FormArgument:
        return formArgument(exchange, m_key);
    case Source::BodyMember:
        return bodyMember(exchange, *m_path, m_key.contains('*'));
    case Source::Graphql:
        return graphqlVariable(exchange, m_key);
    case Source::Capture:
        return m_group < exchange.captures.size() ? fromText(exchange.captures[m_group])
                                                  : VariableValue();
    case Source::Unknown:
        break;
    }
    return {};
}

std::optional<std::string_view> Variable::text(Exchange &exchange) const
{
    const VariableValue found = value(exchange);
    switch (found.kind) {
    case VariableValue::Kind::Text:
    case VariableValue::Kind::Number:
        return found.text;
    case VariableValue::Kind::Boolean:
        return found.flag ? "true" : "false";
    case VariableValue::Kind::List:
        return exchange.arena.copy(Json(found.list).dump());
    case VariableValue::Kind::Absent:
        break;
    }
    return std::nullopt;
}

Template::Template(std::string_view text, Names names) : m_text(text)
{
    std::size_t from = 0; // of the text that waits for its variable
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at)) {
        std::size_t size = 0;
        const bool escaped = at > 0 && text[at - 1] == '\\';
        std::string_view name =
            escaped ? std::string_view() : takeName(text.substr(at + 1), names, size);
        if (name.empty()) {
            ++at;
            continue;
        }
        std::optional<std::string> otherwise;
        if (const std::size_t mark = name.find("??"); mark != std::string_view::npos) {
            otherwise = trimBlanks(name.substr(mark + 2));
            name = trimBlanks(name.substr(0, mark));
        }
        m_parts.push_back(
            {std::string(text.substr(from, at - from)), Variable(name), std::move(otherwise)});
        at = from = at + 1 + size;
    }
    if (!m_parts.empty())
        m_rest = text.substr(from);
}

bool Template::needsBody() const noexcept
{
    return std::ranges::any_of(m_parts, [](const Part &part) { return part.variable.needsBody(); });
}

bool Template::resolves(Exchange &exchange) const
{
    return std::ranges::any_of(m_parts, [&exchange](const Part &part) {
        return part.otherwise || part.variable.text(exchange).has_value();
    });
}

std::string_view Template::evaluate(Exchange &exchange) const
{
    return evaluate(exchange, nullptr);
}

std::string_view Template::evaluate(Exchange &exchange,
                                    std::string (*escape)(std::string_view)) const
{
    if (literal())
        return m_text;
    std::string out;
    for (const Part &part : m_parts) {
        out += part.before;
        if (const auto value = part.variable.text(exchange))
            out += escape ? escape(*value) : *value;
        else if (part.otherwise)
            out += escape ? escape(*part.otherwise) : *part.otherwise;
    }
    out += m_rest;
    return exchange.arena.copy(out);
}

} // namespace postern::gateway
