// SPDX-License-Identifier: Apache-2.0
#include "core/json/json.h"

#include "core/json/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace postern {
namespace {

const std::string kNoString;
const Json::Array kNoItems;
const Json::Object kNoMembers;

template <class Number> std::string shortest(Number value)
{
    std::array<char, 32> text;
    const auto [end, fault] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

void appendEscaped(std::string &out, char c)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    constexpr std::string_view kFrom = "\"\\\b\f\n\r\t";
    constexpr std::string_view kTo = "\"\\bfnrt";
    out.push_back('\\');
    if (const std::size_t i = kFrom.find(c); i != std::string_view::npos) {
        out.push_back(kTo[i]);
        return;
    }
    out += "u00";
    out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
    out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
}

void appendString(std::string &out, std::string_view text)
{
    out.push_back('"');
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octet = static_cast<unsigned char>(text[i]);
        if (octet >= 0x20 && octet != '"' && octet != '\\')
            continue;
        out.append(text, plain, i - plain);
        appendEscaped(out, text[i]);
        plain = i + 1;
    }
    out.append(text, plain);
    out.push_back('"');
}

// Compact with indent 0.
class Writer
{
public:
    Writer(std::string &out, int indent) : m_out(out), m_indent(static_cast<std::size_t>(indent)) {}

    void write(const Json &value)
    {
        switch (value.type()) {
        case Json::Type::Null:
            m_out += "null";
            break;
        case Json::Type::Boolean:
            m_out += value.asBool() ? "true" : "false";
            break;
        case Json::Type::Number:
            m_out += value.lexeme();
            break;
        case Json::Type::String:
            appendString(m_out, value.asString());
            break;
        case Json::Type::Array:
            list('[', value.items(), ']', [this](const Json &item) { write(item); });
            break;
        case Json::Type::Object:
            list('{', value.members(), '}', [this](const Json::Member &member) {
                appendString(m_out, member.first);
                m_out += m_indent > 0 ? ": " : ":";
                write(member.second);
            });
            break;
        }
    }

private:
    template <class List, class Each>
    void list(char open, const List &elements, char close, const Each &each)
    {
        m_out.push_back(open);
        ++m_level;
        bool first = true;
        for (const auto &element : elements) {
            if (!first)
                m_out.push_back(',');
            first = false;
            newline();
            each(element);
        }
        --m_level;
        if (!elements.empty())
            newline();
        m_out.push_back(close);
    }

    void newline()
    {
        if (m_indent == 0)
            return;
        m_out.push_back('\n');
        m_out.append(m_level * m_indent, ' ');
    }

    std::string &m_out;
    std::size_t m_indent;
    std::size_t m_level = 0;
};

bool sameMembers(const Json::Object &a, const Json::Object &b)
{
    if (a.size() != b.size())
        return false;
    // Usually the order is the same; when it is not, sorted views keep this from being quadratic.
    if (std::ranges::equal(a, b, {}, &Json::Member::first, &Json::Member::first))
        return std::ranges::equal(a, b, {}, &Json::Member::second, &Json::Member::second);
    const auto sorted = [](const Json::Object &members) {
        std::vector<const Json::Member *> view;
        view.reserve(members.size());
        for (const Json::Member &member : members)
            view.push_back(&member);
        std::ranges::sort(view, {},
                          [](const Json::Member *m) -> const std::string & { return m->first; });
        return view;
    };
    return std::ranges::equal(
        sorted(a), sorted(b),
        [](const Json::Member *x, const Json::Member *y) { return *x == *y; });
}

} // namespace

Json::Json(std::int64_t value) : m_value(Number{shortest(value)}) {}
Json::Json(std::uint64_t value) : m_value(Number{shortest(value)}) {}

Json::Json(double value)
{
    if (std::isfinite(value))
        m_value = Number{shortest(value)};
}

Json Json::number(std::string lexeme)
{
    Json value;
    value.m_value = Number{std::move(lexeme)};
    return value;
}

bool Json::asBool(bool otherwise) const noexcept
{
    const bool *value = std::get_if<bool>(&m_value);
    return value ? *value : otherwise;
}

const std::string &Json::asString() const noexcept
{
    const auto *value = std::get_if<std::string>(&m_value);
    return value ? *value : kNoString;
}

const Json::Array &Json::items() const noexcept
{
    const auto *value = std::get_if<Array>(&m_value);
    return value ? *value : kNoItems;
}

const Json::Object &Json::members() const noexcept
{
    const auto *value = std::get_if<Object>(&m_value);
    return value ? *value : kNoMembers;
}

Json::Array &Json::items()
{
    auto *value = std::get_if<Array>(&m_value);
    return value ? *value : m_value.emplace<Array>();
}

Json::Object &Json::members()
{
    auto *value = std::get_if<Object>(&m_value);
    return value ? *value : m_value.emplace<Object>();
}

std::string_view Json::lexeme() const noexcept
{
    const auto *value = std::get_if<Number>(&m_value);
    return value ? std::string_view(value->lexeme) : std::string_view();
}

double Json::asDouble(double otherwise) const noexcept
{
    return isNumber() ? json::doubleOf(lexeme()) : otherwise;
}

std::optional<std::int64_t> Json::asInteger() const noexcept
{
    return isNumber() ? json::integerOf(lexeme()) : std::nullopt;
}

std::size_t Json::size() const noexcept { return isArray() ? items().size() : members().size(); }

const Json *Json::find(std::string_view name) const noexcept
{
    const Object &all = members();
    const auto found = std::ranges::find(all, name, &Member::first);
    return found == all.end() ? nullptr : &found->second;
}

Json *Json::find(std::string_view name) noexcept
{
    return const_cast<Json *>(std::as_const(*this).find(name));
}

std::string_view Json::stringOr(std::string_view name, std::string_view otherwise) const noexcept
{
    const Json *value = find(name);
    return value && value->isString() ? std::string_view(value->asString()) : otherwise;
}

Json &Json::set(std::string_view name, Json value)
{
    if (Json *existing = find(name)) {
        *existing = std::move(value);
        return *existing;
    }
    return members().emplace_back(std::string(name), std::move(value)).second;
}

bool Json::erase(std::string_view name)
{
    return isObject()
        && std::erase_if(members(), [name](const Member &member) { return member.first == name; })
        > 0;
}

std::string Json::dump(int indent) const
{
    std::string out;
    Writer(out, std::max(indent, 0)).write(*this);
    return out;
}

void Json::dumpTo(std::string &out) const { Writer(out, 0).write(*this); }

bool Json::operator==(const Json &other) const noexcept
{
    if (type() != other.type())
        return false;
    switch (type()) {
    case Type::Null:
        return true;
    case Type::Boolean:
        return asBool() == other.asBool();
    case Type::Number:
        return json::compareDecimals(lexeme(), other.lexeme()) == 0;
    case Type::String:
        return asString() == other.asString();
    case Type::Array:
        return items() == other.items();
    case Type::Object:
        return sameMembers(members(), other.members());
    }
    return false;
}

} // namespace postern
