// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/json/scan.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <format>
#include <vector>

namespace postern {
namespace {

// The tokens of lua-cjson 2.1 and the places where it gives up: it is laxer than RFC 8259 (raw
// control characters, any octets, leading zeros, NaN), and a NUL ends the text for it.
struct Token
{
    std::string_view name; // as lua-cjson prints it
    std::size_t index = 0; // where it starts, or where the fault is
    bool fault = false;
};

constexpr std::string_view kEnd = "T_END";
constexpr std::string_view kString = "T_STRING";

class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    Token next()
    {
        while (m_at < m_text.size() && std::string_view(" \t\n\r").contains(m_text[m_at]))
            ++m_at;
        const std::size_t start = m_at;
        switch (peek(0)) {
        case '\0':
            return {kEnd, start};
        case '{':
            return punctuation("T_OBJ_BEGIN");
        case '}':
            return punctuation("T_OBJ_END");
        case '[':
            return punctuation("T_ARR_BEGIN");
        case ']':
            return punctuation("T_ARR_END");
        case ',':
            return punctuation("T_COMMA");
        case ':':
            return punctuation("T_COLON");
        case '"':
            return string();
        default:
            return word();
        }
    }

private:
    [[nodiscard]] char peek(std::size_t ahead) const
    {
        return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0';
    }

    Token punctuation(std::string_view name) { return {name, m_at++}; }

    Token string()
    {
        const std::size_t start = m_at++;
        for (; peek(0) != '"'; ++m_at) {
            if (peek(0) == '\0')
                return {"unexpected end of string", m_at, true};
            if (peek(0) != '\\')
                continue;
            if (peek(1) != 'u') {
                if (!std::string_view("\"\\/bfnrt").contains(peek(1)) || peek(1) == '\0')
                    return {"invalid escape code", m_at, true};
                ++m_at;
                continue;
            }
            const json::Escape escape = json::readEscape(m_text.data() + m_at, textEnd());
            if (escape.fault != json::EscapeFault::None)
                return {"invalid unicode escape code", m_at, true};
            m_at = static_cast<std::size_t>(escape.next - m_text.data()) - 1;
        }
        ++m_at;
        return {kString, start};
    }

    Token word()
    {
        const std::size_t start = m_at;
        constexpr std::pair<std::string_view, std::string_view> kWords[] = {
            {"true", "T_BOOLEAN"}, {"false", "T_BOOLEAN"}, {"null", "T_NULL"}};
        for (const auto &[text, name] : kWords) {
            if (m_text.substr(m_at).starts_with(text)) {
                m_at += text.size();
                return {name, start};
            }
        }
        const bool number = peek(0) == '-' || json::isDigit(peek(0));
        if (!number && !looksLikeOddNumber())
            return {"invalid token", start, true};
        const std::size_t length = numberLength();
        if (length == 0)
            return {"invalid number", start, true};
        m_at += length;
        return {"T_NUMBER", start};
    }

    // +1, inf and nan in any case are numbers to lua-cjson's default configuration.
    [[nodiscard]] bool looksLikeOddNumber() const
    {
        const auto lower = [this](std::size_t i) { return static_cast<char>(peek(i) | 0x20); };
        const char word[] = {lower(0), lower(1), lower(2)};
        const std::string_view three(word, 3);
        return peek(0) == '+' || three == "inf" || three == "nan";
    }

    // strtod's idea of a number, on at most as much text as a number can sensibly have.
    [[nodiscard]] std::size_t numberLength() const
    {
        constexpr std::size_t kLongest = 4096;
        const std::string copy(m_text.substr(m_at, kLongest));
        char *end = nullptr;
        std::strtod(copy.c_str(), &end);
        return static_cast<std::size_t>(end - copy.c_str());
    }

    [[nodiscard]] const char *textEnd() const { return m_text.data() + m_text.size(); }

    std::string_view m_text;
    std::size_t m_at = 0;
};

// Walks the text as lua-cjson's decoder does, with its nesting on a heap stack.
class Walker
{
public:
    explicit Walker(std::string_view text) : m_scanner(text) {}

    // The failure text, or nothing if lua-cjson would have accepted.
    std::string walk()
    {
        Token token = m_scanner.next();
        for (;;) {
            if (!value(token))
                return std::move(m_failure);
            // After a value: close what is complete, stop at the next value to read.
            for (;;) {
                if (m_open.empty()) {
                    token = m_scanner.next();
                    return token.name == kEnd ? std::string() : unexpected("the end", token);
                }
                if (m_fresh) { // an object or array was just opened: its first element is next
                    m_fresh = false;
                    token = m_scanner.next();
                    if (token.name == closing()) {
                        m_open.pop_back();
                        continue;
                    }
                } else {
                    token = m_scanner.next();
                    if (token.name == closing()) {
                        m_open.pop_back();
                        continue;
                    }
                    if (token.name != "T_COMMA")
                        return unexpected(m_open.back() == '{' ? "comma or object end"
                                                               : "comma or array end",
                                          token);
                    token = m_scanner.next();
                }
                break;
            }
            if (m_open.back() == '{' && !memberName(token))
                return std::move(m_failure);
        }
    }

private:
    [[nodiscard]] std::string_view closing() const
    {
        return m_open.back() == '{' ? "T_OBJ_END" : "T_ARR_END";
    }

    // Replaces the name's token by the first token of its value.
    bool memberName(Token &token)
    {
        if (token.name != kString) {
            m_failure = unexpected("object key string", token);
            return false;
        }
        token = m_scanner.next();
        if (token.name != "T_COLON") {
            m_failure = unexpected("colon", token);
            return false;
        }
        token = m_scanner.next();
        return true;
    }

    bool value(const Token &token)
    {
        constexpr std::size_t kDeepest = 1000;
        const bool opens = token.name == "T_OBJ_BEGIN" || token.name == "T_ARR_BEGIN";
        if (opens) {
            m_open.push_back(token.name == "T_OBJ_BEGIN" ? '{' : '[');
            m_fresh = true;
            if (m_open.size() <= kDeepest)
                return true;
            m_failure = std::format("Found too many nested data structures ({}) at character {}",
                                    m_open.size(), token.index + 1);
            return false;
        }
        constexpr std::string_view kScalars[] = {kString, "T_NUMBER", "T_BOOLEAN", "T_NULL"};
        if (std::ranges::contains(kScalars, token.name))
            return true;
        m_failure = unexpected("value", token);
        return false;
    }

    static std::string unexpected(std::string_view what, const Token &token)
    {
        return std::format("Expected {} but found {} at character {}", what, token.name,
                           token.index + 1);
    }

    Scanner m_scanner;
    std::vector<char> m_open;
    bool m_fresh = false;
    std::string m_failure;
};

} // namespace

std::string cjsonErrorText(std::string_view text)
{
    std::string said = Walker(text).walk();
    if (!said.empty())
        return said;
    const Result<Json> parsed = parseJson(text);
    return parsed ? std::string() : describe(parsed.error());
}

} // namespace postern
