// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_diff.h"

#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postern {

namespace {

constexpr std::size_t kMaxDepth = 64; // what the parser accepts

/// JSON text without the white space between its tokens.
std::string withoutSpace(std::string_view text)
{
    std::string out;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\' && i + 1 < text.size()) {
            out.append(text.substr(i++, 2));
            continue;
        }
        if (c == '"')
            inString = !inString;
        if (inString || !std::string_view(" \t\r\n").contains(c))
            out.push_back(c);
    }
    return out;
}

std::string pointer(const std::string &path, std::string_view name)
{
    std::string out = path + '/';
    for (const char c : name) { // RFC 6901 3
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out.push_back(c);
    }
    return out;
}

Json namesOf(const Json &object)
{
    Json names = Json::array();
    for (const auto &[name, value] : object.members())
        names.push_back(name);
    return names;
}

/// The members of `object` that the other has too, in order.
std::vector<std::string_view> common(const Json &object, const Json &other)
{
    std::vector<std::string_view> names;
    for (const auto &[name, value] : object.members()) {
        if (other.contains(name))
            names.push_back(name);
    }
    return names;
}

class Comparison
{
public:
    Comparison(std::string part, std::vector<TokenDifference> &out)
        : m_part(std::move(part)),
          m_out(out)
    {
    }

    [[nodiscard]] PartRelation compare(const std::string &before, const std::string &after)
    {
        if (before == after)
            return PartRelation::Same;
        const Result<Json> a = parseJson(before);
        const Result<Json> b = parseJson(after);
        if (!a || !b) {
            add(DifferenceKind::Changed, {}, Json(before), Json(after));
            return PartRelation::Different;
        }
        values(*a, *b, {}, 0);
        const std::string plainBefore = withoutSpace(before);
        const std::string plainAfter = withoutSpace(after);
        if ((plainBefore.size() == before.size()) != (plainAfter.size() == after.size())
            || plainBefore == plainAfter)
            add(DifferenceKind::WhiteSpace, {}, {}, {});
        else if (!m_found) // escapes: \u0041 for A
            add(DifferenceKind::Spelling, {}, {}, {});
        return m_content ? PartRelation::Different : PartRelation::SameContent;
    }

private:
    void add(DifferenceKind kind, std::string path, Json before, Json after)
    {
        m_found = true;
        m_content = m_content || kind == DifferenceKind::Added || kind == DifferenceKind::Removed
            || kind == DifferenceKind::Changed;
        m_out.push_back({m_part, kind, std::move(path), std::move(before), std::move(after)});
    }

    void values(const Json &a, const Json &b, const std::string &path, std::size_t depth)
    {
        if (a.isObject() && b.isObject() && depth < kMaxDepth)
            objects(a, b, path, depth);
        else if (a.isArray() && b.isArray() && depth < kMaxDepth)
            arrays(a, b, path, depth);
        else if (!(a == b))
            add(DifferenceKind::Changed, path, a, b);
        else if (a.isNumber() && a.lexeme() != b.lexeme())
            add(DifferenceKind::Spelling, path, a, b);
    }

    void objects(const Json &a, const Json &b, const std::string &path, std::size_t depth)
    {
        for (const auto &[name, value] : a.members()) {
            if (const Json *other = b.find(name))
                values(value, *other, pointer(path, name), depth + 1);
            else
                add(DifferenceKind::Removed, pointer(path, name), value, {});
        }
        for (const auto &[name, value] : b.members()) {
            if (!a.contains(name))
                add(DifferenceKind::Added, pointer(path, name), {}, value);
        }
        if (common(a, b) != common(b, a))
            add(DifferenceKind::Order, path, namesOf(a), namesOf(b));
    }

    void arrays(const Json &a, const Json &b, const std::string &path, std::size_t depth)
    {
        const std::size_t both = std::min(a.size(), b.size());
        for (std::size_t i = 0; i < both; ++i)
            values(a.items()[i], b.items()[i], pointer(path, std::to_string(i)), depth + 1);
        for (std::size_t i = both; i < a.size(); ++i)
            add(DifferenceKind::Removed, pointer(path, std::to_string(i)), a.items()[i], {});
        for (std::size_t i = both; i < b.size(); ++i)
            add(DifferenceKind::Added, pointer(path, std::to_string(i)), {}, b.items()[i]);
    }

    std::string m_part;
    std::vector<TokenDifference> &m_out;
    bool m_found = false, m_content = false;
};

} // namespace

std::string_view nameOf(DifferenceKind kind) noexcept
{
    constexpr std::array<std::string_view, 6> kNames = {"added",    "removed", "changed",
                                                        "spelling", "order",   "white-space"};
    return kNames[std::to_underlying(kind)];
}

std::string_view nameOf(PartRelation relation) noexcept
{
    constexpr std::array<std::string_view, 3> kNames = {"same", "same content", "different"};
    return kNames[std::to_underlying(relation)];
}

TokenDiff diffTokens(const DecodedJws &before, const DecodedJws &after)
{
    TokenDiff diff;
    diff.header =
        Comparison("header", diff.differences).compare(before.headerText, after.headerText);
    diff.payload =
        Comparison("payload", diff.differences).compare(before.payloadText, after.payloadText);
    diff.signatureSame = before.signature == after.signature;
    return diff;
}

} // namespace postern
