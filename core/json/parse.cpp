// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"

#include "core/bytes/utf8.h"
#include "core/json/scan.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <format>
#include <vector>

namespace postern {
namespace {

// Destruction, dump and comparison of a value recurse as deep as it is nested.
constexpr std::size_t kDepthCeiling = 1024;

// Recursive descent; every function returns false once m_error is set.
class Parser
{
public:
    Parser(std::string_view text, const JsonLimits &limits)
        : m_begin(text.data()),
          m_at(text.data()),
          m_end(text.data() + text.size()),
          m_limits(limits),
          m_depthLimit(std::min(limits.depth, kDepthCeiling))
    {
    }

    Result<Json> parse()
    {
        Json value;
        const auto size = static_cast<std::size_t>(m_end - m_begin);
        if (size > m_limits.size)
            return fail(Errc::JsonSize, std::format("{} bytes, at most {}", size, m_limits.size),
                        "1:1");
        if (!parseDocument(value))
            return std::unexpected(std::move(m_error));
        return value;
    }

private:
    bool parseDocument(Json &value)
    {
        if (std::string_view(m_at, m_end).starts_with("\xEF\xBB\xBF"))
            return refuse(m_at, Errc::Json, "a byte order mark is not allowed");
        skipSpace();
        if (!parseValue(value, 0))
            return false;
        skipSpace();
        return m_at == m_end || expected("end of text");
    }

    bool parseValue(Json &value, std::size_t depth)
    {
        if (m_at == m_end)
            return expected("a value");
        switch (*m_at) {
        case '{':
            return enter(depth) && parseObject(value.members(), depth + 1);
        case '[':
            return enter(depth) && parseArray(value.items(), depth + 1);
        case '"': {
            std::string text;
            if (!parseString(text))
                return false;
            value = Json(std::move(text));
            return true;
        }
        case 't':
            return parseWord("true", Json(true), value);
        case 'f':
            return parseWord("false", Json(false), value);
        case 'n':
            return parseWord("null", Json(), value);
        default:
            return parseNumber(value);
        }
    }

    bool enter(std::size_t depth)
    {
        if (depth >= m_depthLimit)
            return refuse(m_at, Errc::JsonDepth, std::format("at most {} levels", m_depthLimit));
        ++m_at;
        skipSpace();
        return true;
    }

    bool parseArray(Json::Array &items, std::size_t depth)
    {
        if (take(']'))
            return true;
        for (;;) {
            if (!parseValue(items.emplace_back(), depth))
                return false;
            skipSpace();
            if (take(']'))
                return true;
            if (!take(','))
                return expected("',' or ']' after an array item");
            skipSpace();
        }
    }

    bool parseObject(Json::Object &members, std::size_t depth)
    {
        if (take('}'))
            return true;
        // Where the names of this object start in m_nameOffsets, which all open objects share.
        const std::size_t firstOffset = m_nameOffsets.size();
        for (;;) {
            if (!parseMember(members, depth))
                return false;
            skipSpace();
            if (take('}'))
                break;
            if (!take(','))
                return expected("',' or '}' after a member");
            skipSpace();
        }
        const bool unique = settleDuplicates(members, firstOffset);
        m_nameOffsets.resize(firstOffset);
        return unique;
    }

    bool parseMember(Json::Object &members, std::size_t depth)
    {
        if (m_at == m_end || *m_at != '"')
            return expected(members.empty() ? "a member name or '}'" : "a member name");
        if (members.size() >= m_limits.members)
            return refuse(m_at, Errc::JsonSize,
                          std::format("an object has more than {} members", m_limits.members));
        m_nameOffsets.push_back(static_cast<std::size_t>(m_at - m_begin));
        auto &[name, value] = members.emplace_back();
        if (!parseString(name))
            return false;
        skipSpace();
        if (!take(':'))
            return expected("':' after the member name");
        skipSpace();
        return parseValue(value, depth);
    }

    // Finds equal names. Small objects are compared pairwise, larger ones sorted, so that no input
    // is quadratic.
    bool settleDuplicates(Json::Object &members, std::size_t firstOffset)
    {
        constexpr std::size_t kPairwise = 12;
        const std::size_t count = members.size();
        if (count <= kPairwise) {
            bool unique = true;
            for (std::size_t i = 1; unique && i < count; ++i) {
                for (std::size_t j = 0; unique && j < i; ++j)
                    unique = members[i].first != members[j].first;
            }
            if (unique)
                return true;
        }
        std::vector<std::uint32_t> order(count);
        for (std::size_t i = 0; i < count; ++i)
            order[i] = static_cast<std::uint32_t>(i);
        std::ranges::sort(order, [&members](std::uint32_t a, std::uint32_t b) {
            const int c = members[a].first.compare(members[b].first);
            return c != 0 ? c < 0 : a < b;
        });
        return m_limits.lastDuplicateWins ? dropDuplicates(members, order)
                                          : refuseDuplicates(members, order, firstOffset);
    }

    bool refuseDuplicates(const Json::Object &members, const std::vector<std::uint32_t> &order,
                          std::size_t firstOffset)
    {
        std::size_t earliest = members.size();
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (members[order[i]].first == members[order[i - 1]].first)
                earliest = std::min<std::size_t>(earliest, order[i]);
        }
        if (earliest == members.size())
            return true;
        return refuse(m_begin + m_nameOffsets[firstOffset + earliest], Errc::JsonDuplicateMember,
                      std::format("\"{}\"", shortened(members[earliest].first)));
    }

    // The last value wins, in the place of the first.
    static bool dropDuplicates(Json::Object &members, const std::vector<std::uint32_t> &order)
    {
        std::vector<bool> dropped(members.size());
        for (std::size_t first = 0, i = 1; i < order.size(); ++i) {
            if (members[order[i]].first != members[order[first]].first) {
                first = i;
                continue;
            }
            members[order[first]].second = std::move(members[order[i]].second);
            dropped[order[i]] = true;
        }
        std::size_t index = 0;
        std::erase_if(members, [&](const Json::Member &) { return dropped[index++]; });
        return true;
    }

    bool parseString(std::string &out)
    {
        ++m_at;
        for (;;) {
            const char *const plain = m_at;
            m_at = json::skipPlain(m_at, m_end);
            out.append(plain, m_at);
            if (m_at == m_end)
                return expected("'\"' at the end of the string");
            if (*m_at == '"') {
                ++m_at;
                return true;
            }
            if (*m_at == '\\') {
                if (!parseEscape(out))
                    return false;
            } else if (static_cast<unsigned char>(*m_at) < 0x20) {
                return refuse(m_at, Errc::Json,
                              std::format("{} inside a string must be escaped", found()));
            } else {
                const std::size_t length = utf8SequenceLength(m_at, m_end);
                if (length == 0)
                    return refuse(m_at, Errc::Utf8, std::format("{} inside a string", found()));
                out.append(m_at, length);
                m_at += length;
            }
        }
    }

    bool parseEscape(std::string &out)
    {
        const json::Escape escape = json::readEscape(m_at, m_end);
        switch (escape.fault) {
        case json::EscapeFault::None:
            appendUtf8(out, escape.scalar);
            m_at = escape.next;
            return true;
        case json::EscapeFault::Letter:
            ++m_at;
            return expected("one of \"\\/bfnrtu after a backslash");
        case json::EscapeFault::Hex:
            return refuse(m_at, Errc::Json, "expected four hexadecimal digits after \\u");
        case json::EscapeFault::Surrogate:
            return refuse(m_at, Errc::Json, "a lone surrogate is not a character");
        }
        return false;
    }

    bool parseNumber(Json &value)
    {
        if (*m_at != '-' && !json::isDigit(*m_at))
            return expected("a value");
        const char *const start = m_at;
        const json::NumberScan scan = json::skipNumber(m_at, m_end);
        m_at = scan.at;
        if (!scan.valid)
            return expected("a digit");
        if (m_at != m_end && json::isDigit(*m_at))
            return refuse(start, Errc::Json, "a number must not start with 0");
        const auto length = static_cast<std::size_t>(m_at - start);
        if (length > m_limits.lexeme)
            return refuse(
                start, Errc::JsonSize,
                std::format("a number of {} characters, at most {}", length, m_limits.lexeme));
        value = Json::number(std::string(start, length));
        return true;
    }

    bool parseWord(std::string_view word, Json meaning, Json &value)
    {
        const std::size_t length = std::min(word.size(), static_cast<std::size_t>(m_end - m_at));
        for (std::size_t i = 0; i < word.size(); ++i) {
            if (i < length && m_at[i] == word[i])
                continue;
            m_at += i;
            return expected(std::format("'{}'", word));
        }
        m_at += word.size();
        value = std::move(meaning);
        return true;
    }

    void skipSpace() { m_at = json::skipSpace(m_at, m_end); }

    bool take(char c)
    {
        if (m_at == m_end || *m_at != c)
            return false;
        ++m_at;
        return true;
    }

    [[nodiscard]] std::string found() const
    {
        if (m_at == m_end)
            return "end of text";
        if (*m_at > ' ' && *m_at < 0x7F)
            return std::format("'{}'", *m_at);
        if (const std::size_t length = utf8SequenceLength(m_at, m_end); length > 1)
            return std::format("'{}'", std::string_view(m_at, length));
        return std::format("byte 0x{:02x}", static_cast<unsigned char>(*m_at));
    }

    bool expected(std::string_view what)
    {
        return refuse(m_at, Errc::Json, std::format("expected {}, found {}", what, found()));
    }

    bool refuse(const char *at, Errc code, std::string detail)
    {
        m_error = {code, std::move(detail), place(at)};
        return false;
    }

    // Lines and characters, both from 1; computed only for an error.
    [[nodiscard]] std::string place(const char *at) const
    {
        const auto lines = std::count(m_begin, at, '\n');
        const char *line = at;
        while (line != m_begin && line[-1] != '\n')
            --line;
        const auto characters = std::count_if(
            line, at, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
        return std::format("{}:{}", lines + 1, characters + 1);
    }

    static std::string_view shortened(std::string_view name)
    {
        constexpr std::size_t kShown = 64;
        std::size_t length = std::min(name.size(), kShown);
        while (length < name.size() && (static_cast<unsigned char>(name[length]) & 0xC0) == 0x80)
            --length;
        return name.substr(0, length);
    }

    const char *m_begin;
    const char *m_at;
    const char *m_end;
    const JsonLimits &m_limits;
    std::size_t m_depthLimit;
    std::vector<std::size_t> m_nameOffsets;
    Error m_error;
};

} // namespace

Result<Json> parseJson(std::string_view text, const JsonLimits &limits)
{
    return Parser(text, limits).parse();
}

} // namespace postern
