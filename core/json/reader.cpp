// SPDX-License-Identifier: Apache-2.0
#include "core/json/reader.h"

#include "core/bytes/utf8.h"
#include "core/json/decimal.h"
#include "core/json/scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace postern {
namespace {

using json::skipSpace;

// The end of a string whose first character is at `at`, past the closing quote; nullptr if it is
// not valid. `escaped` is set if it holds an escape.
const char *skipString(const char *at, const char *end, bool &escaped) noexcept
{
    for (;;) {
        at = json::skipPlain(at, end);
        if (at == end)
            return nullptr;
        if (*at == '"')
            return at + 1;
        if (*at == '\\') {
            const json::Escape escape = json::readEscape(at, end);
            if (escape.fault != json::EscapeFault::None)
                return nullptr;
            escaped = true;
            at = escape.next;
            continue;
        }
        if (static_cast<unsigned char>(*at) < 0x80)
            return nullptr; // a raw control character
        const std::size_t length = utf8SequenceLength(at, end);
        if (length == 0)
            return nullptr;
        at += length;
    }
}

const char *skipWord(const char *at, const char *end, std::string_view word) noexcept
{
    return static_cast<std::size_t>(end - at) >= word.size()
            && std::memcmp(at, word.data(), word.size()) == 0
        ? at + word.size()
        : nullptr;
}

// A scalar, or nullptr; containers are not for here.
const char *skipScalar(const char *at, const char *end) noexcept
{
    if (at == end)
        return nullptr;
    bool escaped = false;
    switch (*at) {
    case '"':
        return skipString(at + 1, end, escaped);
    case 't':
        return skipWord(at, end, "true");
    case 'f':
        return skipWord(at, end, "false");
    case 'n':
        return skipWord(at, end, "null");
    default: {
        const json::NumberScan number = json::skipNumber(at, end);
        return number.valid ? number.at : nullptr;
    }
    }
}

// The name and colon before a member's value; nullptr if they are not there.
const char *skipName(const char *at, const char *end) noexcept
{
    if (at == end || *at != '"')
        return nullptr;
    bool escaped = false;
    at = skipString(at + 1, end, escaped);
    if (!at)
        return nullptr;
    at = skipSpace(at, end);
    return at != end && *at == ':' ? skipSpace(at + 1, end) : nullptr;
}

// A whole array or object at `at`. Which kind each open level is, is one bit of `objects`, so
// nothing recurses. `depth` is how many levels may be open.
const char *skipContainer(const char *at, const char *end, std::size_t depth) noexcept
{
    std::uint64_t objects = 0;
    std::size_t level = 0;
    for (;;) {
        if (at == end)
            return nullptr;
        if (*at == '{' || *at == '[') {
            if (level == depth)
                return nullptr;
            const bool object = *at == '{';
            objects = objects << 1 | (object ? 1U : 0U);
            ++level;
            at = skipSpace(at + 1, end);
            if (at == end)
                return nullptr;
            if (*at != (object ? '}' : ']')) {
                at = object ? skipName(at, end) : at;
                if (!at)
                    return nullptr;
                continue;
            }
        } else {
            at = skipScalar(at, end);
            if (!at)
                return nullptr;
            at = skipSpace(at, end);
        }
        // After a value: close levels until one goes on.
        for (;;) {
            if (at == end)
                return nullptr;
            const bool object = (objects & 1) != 0;
            if (*at == ',') {
                at = skipSpace(at + 1, end);
                at = object ? skipName(at, end) : at;
                if (!at)
                    return nullptr;
                break;
            }
            if (*at != (object ? '}' : ']'))
                return nullptr;
            ++at;
            if (--level == 0)
                return at;
            objects >>= 1;
            at = skipSpace(at, end);
        }
    }
}

// Whether a validated raw name that holds escapes spells `name`.
bool spells(std::string_view raw, std::string_view name) noexcept
{
    const char *at = raw.data();
    const char *const end = at + raw.size();
    while (at != end) {
        char octets[4] = {*at};
        std::size_t length = 1;
        if (*at == '\\') {
            const json::Escape escape = json::readEscape(at, end);
            length = encodeUtf8(escape.scalar, octets);
            at = escape.next;
        } else {
            ++at;
        }
        if (!name.starts_with(std::string_view(octets, length)))
            return false;
        name.remove_prefix(length);
    }
    return name.empty();
}

WantedMember *wantedAs(std::span<WantedMember> wanted, std::string_view raw, bool escaped) noexcept
{
    for (WantedMember &member : wanted) {
        if (escaped ? spells(raw, member.name)
                    : raw.size() == member.name.size()
                    && std::memcmp(raw.data(), member.name.data(), raw.size()) == 0)
            return &member;
    }
    return nullptr;
}

Json::Type typeAt(char first) noexcept
{
    switch (first) {
    case '{':
        return Json::Type::Object;
    case '[':
        return Json::Type::Array;
    case '"':
        return Json::Type::String;
    case 't':
    case 'f':
        return Json::Type::Boolean;
    case 'n':
        return Json::Type::Null;
    default:
        return Json::Type::Number;
    }
}

// The value at `at`, noted in `member` if it is wanted. `depth` levels may open inside.
const char *readValue(const char *at, const char *end, std::size_t depth,
                      WantedMember *member) noexcept
{
    if (at == end)
        return nullptr;
    const char *const start = at;
    bool escaped = false;
    if (*at == '"')
        at = skipString(at + 1, end, escaped);
    else
        at = *at == '{' || *at == '[' ? skipContainer(at, end, depth) : skipScalar(at, end);
    if (!at || !member)
        return at;
    member->type = typeAt(*start);
    member->present = true;
    member->escaped = escaped;
    member->text =
        *start == '"' ? std::string_view(start + 1, at - 1) : std::string_view(start, at);
    return at;
}

} // namespace

bool readMembers(std::string_view text, std::span<WantedMember> wanted, std::size_t depth) noexcept
{
    for (WantedMember &member : wanted)
        member.present = member.escaped = false;
    constexpr std::size_t kDeepest = 64; // one bit each in skipContainer()
    const std::size_t inner = std::clamp<std::size_t>(depth, 1, kDeepest) - 1;
    const char *const end = text.data() + text.size();
    const char *at = skipSpace(text.data(), end);
    if (at == end || *at != '{' || depth == 0)
        return false;
    at = skipSpace(at + 1, end);
    if (at != end && *at == '}')
        return skipSpace(at + 1, end) == end;
    for (;;) {
        if (at == end || *at != '"')
            return false;
        const char *const name = at + 1;
        bool escaped = false;
        at = skipString(name, end, escaped);
        if (!at)
            return false;
        WantedMember *const member = wantedAs(wanted, std::string_view(name, at - 1), escaped);
        at = skipSpace(at, end);
        if (at == end || *at != ':')
            return false;
        at = readValue(skipSpace(at + 1, end), end, inner, member);
        if (!at)
            return false;
        at = skipSpace(at, end);
        if (at == end)
            return false;
        if (*at == '}')
            return skipSpace(at + 1, end) == end;
        if (*at != ',')
            return false;
        at = skipSpace(at + 1, end);
    }
}

std::string unescapeJson(std::string_view raw)
{
    std::string out;
    out.reserve(raw.size());
    const char *at = raw.data();
    const char *const end = at + raw.size();
    while (at != end) {
        const char *const backslash = std::find(at, end, '\\');
        out.append(at, backslash);
        if (backslash == end)
            break;
        const json::Escape escape = json::readEscape(backslash, end);
        if (escape.fault != json::EscapeFault::None) { // not validated: keep what stands there
            out.append(backslash, end);
            break;
        }
        appendUtf8(out, escape.scalar);
        at = escape.next;
    }
    return out;
}

int compareNumber(std::string_view lexeme, std::int64_t bound) noexcept
{
    std::int64_t plain = 0;
    const auto [stop, fault] = std::from_chars(lexeme.data(), lexeme.data() + lexeme.size(), plain);
    if (fault == std::errc() && stop == lexeme.data() + lexeme.size())
        return plain < bound ? -1 : plain > bound ? 1 : 0;
    std::array<char, 24> text;
    const auto [last, unused] = std::to_chars(text.data(), text.data() + text.size(), bound);
    return json::compareDecimals(lexeme, std::string_view(text.data(), last));
}

} // namespace postern
