// SPDX-License-Identifier: Apache-2.0
#include "core/json/split.h"

#include "core/json/scan.h"

#include <cstddef>
#include <optional>

namespace postern {
namespace {

/// Behind the string that starts at `at`, or nullptr.
const char *skipString(const char *at, const char *end) noexcept
{
    for (++at; at != end;) {
        at = json::skipPlain(at, end);
        if (at == end)
            return nullptr;
        if (*at == '"')
            return at + 1;
        at += *at == '\\' && at + 1 != end ? 2 : 1;
    }
    return nullptr;
}

/// Behind the value that starts at `at`, or nullptr. Brackets are counted, not matched.
const char *skipValue(const char *at, const char *end) noexcept
{
    std::size_t depth = 0;
    while (at != end) {
        switch (*at) {
        case '"':
            at = skipString(at, end);
            if (!at)
                return nullptr;
            break;
        case '{':
        case '[':
            ++depth;
            ++at;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return at;
            --depth;
            ++at;
            break;
        case ',':
            if (depth == 0)
                return at;
            ++at;
            break;
        default:
            ++at;
        }
        // A string, an object or an array ends the value; words and numbers go on.
        if (depth == 0 && (at[-1] == '"' || at[-1] == '}' || at[-1] == ']'))
            return at;
    }
    return depth == 0 ? at : nullptr;
}

std::string_view trimmed(const char *from, const char *to) noexcept
{
    while (from != to && json::skipSpace(to - 1, to) == to)
        --to;
    return {from, to};
}

/// Walks over what stands between `open` and its closing bracket. `part` reads one item or member
/// and returns where it ends, or nullptr to stop.
/// \return behind the closing bracket, or nullptr
template <class Part>
const char *walk(const char *at, const char *end, char open, char close, const Part &part)
{
    if (at == end || *at != open)
        return nullptr;
    at = json::skipSpace(at + 1, end);
    for (bool first = true;; first = false) {
        if (at == end)
            return nullptr;
        if (*at == close && first)
            return at + 1;
        at = part(at, end);
        if (!at)
            return nullptr;
        at = json::skipSpace(at, end);
        if (at == end || (*at != ',' && *at != close))
            return nullptr;
        if (*at == close)
            return at + 1;
        at = json::skipSpace(at + 1, end);
    }
}

template <class Part> bool walkAll(std::string_view text, char open, char close, const Part &part)
{
    const char *const end = text.data() + text.size();
    const char *const behind = walk(json::skipSpace(text.data(), end), end, open, close, part);
    return behind && json::skipSpace(behind, end) == end;
}

using MemberFunction = std::function<bool(std::string_view, std::string_view)>;

/// Reads one member of an object. \return behind it, or nullptr
const char *walkMember(const char *at, const char *end, const MemberFunction &member)
{
    if (*at != '"')
        return nullptr;
    const char *const name = at + 1;
    at = skipString(at, end);
    if (!at)
        return nullptr;
    const std::string_view spelled(name, at - 1);
    at = json::skipSpace(at, end);
    if (spelled.contains('\\') || at == end || *at != ':')
        return nullptr;
    at = json::skipSpace(at + 1, end);
    const char *const behind = at == end ? nullptr : skipValue(at, end);
    return behind && member(spelled, trimmed(at, behind)) ? behind : nullptr;
}

} // namespace

bool splitJsonArray(std::string_view text, const std::function<bool(std::string_view)> &item)
{
    return walkAll(text, '[', ']', [&item](const char *at, const char *end) -> const char * {
        const char *const behind = skipValue(at, end);
        return behind && item(trimmed(at, behind)) ? behind : nullptr;
    });
}

bool splitJsonObjects(std::string_view text, const MemberFunction &member,
                      const std::function<bool(std::string_view)> &object)
{
    const auto part = [&member](const char *at, const char *end) {
        return walkMember(at, end, member);
    };
    return walkAll(text, '[', ']', [&](const char *at, const char *end) -> const char * {
        const char *const behind = walk(at, end, '{', '}', part);
        return behind && object({at, behind}) ? behind : nullptr;
    });
}

bool splitJsonObject(std::string_view text, const MemberFunction &member)
{
    return walkAll(text, '{', '}', [&member](const char *at, const char *end) {
        return walkMember(at, end, member);
    });
}

} // namespace postern
