// SPDX-License-Identifier: Apache-2.0
#include "gateway/request/curl_line.h"

#include "core/bytes/encoding.h"
#include "core/text/trim.h"
#include "gateway/http/header_list.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::string_view kEnds = ";|&<>\n"; // of a command, outside quotes

class ShellWords
{
public:
    explicit ShellWords(std::string_view line) : m_line(line) {}

    Result<std::vector<std::string>> split()
    {
        while (m_at < m_line.size()) {
            const char c = m_line[m_at];
            if (isContinuation()) {
                m_at += m_line[m_at + 1] == '\r' ? 3 : 2;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                endWord();
                ++m_at;
            } else if (kEnds.contains(c) || (c == '#' && !m_inWord)) {
                break;
            } else if (!takeText()) {
                return fail(Errc::InvalidArgument, "a quote is never closed",
                            std::to_string(m_quote));
            }
        }
        endWord();
        return std::move(m_words);
    }

private:
    [[nodiscard]] bool isContinuation() const
    {
        const std::string_view rest = m_line.substr(m_at);
        return rest.starts_with("\\\n") || rest.starts_with("\\\r\n");
    }

    void endWord()
    {
        if (std::exchange(m_inWord, false))
            m_words.push_back(std::exchange(m_word, {}));
    }

    bool takeText()
    {
        m_inWord = true;
        m_quote = m_at;
        const char c = m_line[m_at++];
        switch (c) {
        case '\'':
            return takeSingle();
        case '"':
            return takeDouble();
        case '$':
            if (m_at < m_line.size() && m_line[m_at] == '\'') {
                ++m_at;
                return takeAnsi();
            }
            m_word += c;
            return true;
        case '\\':
            if (m_at < m_line.size())
                m_word += m_line[m_at++];
            return true;
        default:
            m_word += c;
            return true;
        }
    }

    bool takeSingle()
    {
        const std::size_t end = m_line.find('\'', m_at);
        if (end == std::string_view::npos)
            return false;
        m_word += m_line.substr(m_at, end - m_at);
        m_at = end + 1;
        return true;
    }

    bool takeDouble()
    {
        while (m_at < m_line.size()) {
            const char c = m_line[m_at++];
            if (c == '"')
                return true;
            if (c != '\\' || m_at == m_line.size()) {
                m_word += c;
                continue;
            }
            const char next = m_line[m_at++];
            // Only these are escaped within double quotes; a line end vanishes.
            if (next != '\n' && !std::string_view("\\\"$`").contains(next))
                m_word += '\\';
            if (next != '\n')
                m_word += next;
        }
        return false;
    }

    // $'…' as bash writes it: browsers' "copy as cURL" uses it for line ends and quotes.
    bool takeAnsi()
    {
        while (m_at < m_line.size()) {
            const char c = m_line[m_at++];
            if (c == '\'')
                return true;
            if (c != '\\' || m_at == m_line.size()) {
                m_word += c;
                continue;
            }
            takeEscape(m_line[m_at++]);
        }
        return false;
    }

    void takeEscape(char c)
    {
        constexpr std::string_view kFrom = "nrtabfve", kTo = "\n\r\t\a\b\f\v\x1b";
        if (const std::size_t at = kFrom.find(c); at != std::string_view::npos) {
            m_word += kTo[at];
        } else if (c == 'x') {
            m_word += static_cast<char>(takeHex(2));
        } else if (c == 'u') {
            appendUtf8(takeHex(4));
        } else {
            m_word += c;
        }
    }

    unsigned takeHex(std::size_t digits)
    {
        unsigned value = 0;
        for (std::size_t i = 0; i < digits && m_at < m_line.size(); ++i, ++m_at) {
            const unsigned char c = static_cast<unsigned char>(m_line[m_at]);
            if (!std::isxdigit(c))
                break;
            value = value * 16
                + static_cast<unsigned>(std::isdigit(c) ? c - '0' : std::tolower(c) - 'a' + 10);
        }
        return value;
    }

    void appendUtf8(unsigned code)
    {
        if (code < 0x80) {
            m_word += static_cast<char>(code);
        } else if (code < 0x800) {
            m_word += static_cast<char>(0xC0U | (code >> 6U));
            m_word += static_cast<char>(0x80U | (code & 0x3FU));
        } else {
            m_word += static_cast<char>(0xE0U | (code >> 12U));
            m_word += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
            m_word += static_cast<char>(0x80U | (code & 0x3FU));
        }
    }

    std::string_view m_line;
    std::size_t m_at = 0, m_quote = 0;
    bool m_inWord = false;
    std::string m_word;
    std::vector<std::string> m_words;
};

enum class Meaning : std::uint8_t {
    Nothing, ///< changes nothing of the request
    SkipValue, ///< neither does its value
    Method,
    Header,
    Data,
    DataRaw,
    DataUrlEncode,
    Json,
    User,
    Agent,
    Referer,
    Cookie,
    Url,
    Head,
    Get,
    Insecure,
    Compressed,
    Oauth,
};

struct Option
{
    char letter; ///< 0: none
    std::string_view name;
    Meaning meaning;
};
constexpr std::array kOptions{
    Option{'X', "request", Meaning::Method},
    Option{'H', "header", Meaning::Header},
    Option{'d', "data", Meaning::Data},
    Option{0, "data-ascii", Meaning::Data},
    Option{0, "data-binary", Meaning::Data},
    Option{0, "data-raw", Meaning::DataRaw},
    Option{0, "data-urlencode", Meaning::DataUrlEncode},
    Option{0, "json", Meaning::Json},
    Option{'u', "user", Meaning::User},
    Option{'A', "user-agent", Meaning::Agent},
    Option{'e', "referer", Meaning::Referer},
    Option{'b', "cookie", Meaning::Cookie},
    Option{0, "url", Meaning::Url},
    Option{'I', "head", Meaning::Head},
    Option{'G', "get", Meaning::Get},
    Option{'k', "insecure", Meaning::Insecure},
    Option{0, "compressed", Meaning::Compressed},
    Option{0, "oauth2-bearer", Meaning::Oauth},
    Option{'s', "silent", Meaning::Nothing},
    Option{'S', "show-error", Meaning::Nothing},
    Option{'v', "verbose", Meaning::Nothing},
    Option{'i', "include", Meaning::Nothing},
    Option{0, "show-headers", Meaning::Nothing},
    Option{'f', "fail", Meaning::Nothing},
    Option{0, "fail-with-body", Meaning::Nothing},
    Option{'L', "location", Meaning::Nothing},
    Option{'g', "globoff", Meaning::Nothing},
    Option{'N', "no-buffer", Meaning::Nothing},
    Option{'q', "disable", Meaning::Nothing},
    Option{'#', "progress-bar", Meaning::Nothing},
    Option{0, "no-progress-meter", Meaning::Nothing},
    Option{0, "http1.1", Meaning::Nothing},
    Option{0, "http2", Meaning::Nothing},
    Option{0, "basic", Meaning::Nothing},
    Option{0, "path-as-is", Meaning::Nothing},
    Option{'4', "ipv4", Meaning::Nothing},
    Option{'6', "ipv6", Meaning::Nothing},
    Option{'o', "output", Meaning::SkipValue},
    Option{'w', "write-out", Meaning::SkipValue},
    Option{'m', "max-time", Meaning::SkipValue},
    Option{'D', "dump-header", Meaning::SkipValue},
    Option{'c', "cookie-jar", Meaning::SkipValue},
    Option{0, "connect-timeout", Meaning::SkipValue},
    Option{0, "retry", Meaning::SkipValue},
    Option{0, "cacert", Meaning::SkipValue},
    Option{0, "resolve", Meaning::SkipValue},
    Option{0, "trace-ascii", Meaning::SkipValue},
};

bool takesValue(Meaning meaning) noexcept
{
    return meaning != Meaning::Nothing && meaning != Meaning::Head && meaning != Meaning::Get
        && meaning != Meaning::Insecure && meaning != Meaning::Compressed;
}

class CurlReader
{
public:
    explicit CurlReader(std::vector<std::string> words) : m_words(std::move(words)) {}

    Result<WebRequest> read()
    {
        while (m_next < m_words.size()) {
            const std::string word = m_words[m_next++];
            const bool option = !m_onlyUrls && word.size() > 1 && word.front() == '-';
            if (option && word == "--") {
                m_onlyUrls = true;
                continue;
            }
            const Result<void> taken = !option ? takeUrl(word)
                : word.starts_with("--")       ? takeLong(word)
                                               : takeLetters(word);
            if (!taken)
                return std::unexpected(taken.error());
        }
        return finish();
    }

private:
    Result<void> takeUrl(const std::string &word)
    {
        if (!m_request.url.empty())
            return fail(Errc::InvalidArgument, "a second URL", word);
        m_request.url = word.contains("://") ? word : "http://" + word;
        return {};
    }

    Result<void> takeLong(const std::string &word)
    {
        const std::string_view name = std::string_view(word).substr(2);
        const auto *option = std::ranges::find(kOptions, name, &Option::name);
        if (option == kOptions.end())
            return fail(Errc::InvalidArgument, "this option of curl is not understood", word);
        return apply(option->meaning, word, {});
    }

    // "-sXPOST", "-H": letters up to the first that takes a value, which is the rest or the next
    // word.
    Result<void> takeLetters(const std::string &word)
    {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const auto *option = std::ranges::find(kOptions, word[i], &Option::letter);
            if (option == kOptions.end())
                return fail(Errc::InvalidArgument, "this option of curl is not understood",
                            std::string("-") + word[i]);
            const bool value = takesValue(option->meaning);
            std::optional<std::string> rest;
            if (value && i + 1 < word.size())
                rest = word.substr(i + 1);
            if (const auto taken = apply(option->meaning, word, std::move(rest)); !taken)
                return taken;
            if (value)
                break;
        }
        return {};
    }

    Result<void> apply(Meaning meaning, const std::string &word, std::optional<std::string> value)
    {
        if (takesValue(meaning) && !value) {
            if (m_next == m_words.size())
                return fail(Errc::InvalidArgument, "the option needs a value", word);
            value = m_words[m_next++];
        }
        return use(meaning, word, value ? std::move(*value) : std::string());
    }

    Result<void> use(Meaning meaning, const std::string &word, std::string value)
    {
        switch (meaning) {
        case Meaning::Nothing:
        case Meaning::SkipValue:
            break;
        case Meaning::Method:
            m_method = std::move(value);
            break;
        case Meaning::Header:
            return takeHeader(value);
        case Meaning::Data:
        case Meaning::DataUrlEncode:
        case Meaning::Json:
            if (value.starts_with('@'))
                return fail(Errc::InvalidArgument, "files are not read: paste their content", word);
            return takeData(meaning, std::move(value));
        case Meaning::DataRaw:
            return takeData(meaning, std::move(value));
        case Meaning::User:
            m_request.setHeader("Authorization", "Basic " + encodeBase64(value));
            break;
        case Meaning::Oauth:
            m_request.setHeader("Authorization", "Bearer " + value);
            break;
        case Meaning::Agent:
            m_request.setHeader("User-Agent", value);
            break;
        case Meaning::Referer:
            m_request.setHeader("Referer", value);
            break;
        case Meaning::Cookie:
            m_request.setHeader("Cookie", value);
            break;
        case Meaning::Url:
            return takeUrl(value);
        case Meaning::Head:
            m_head = true;
            break;
        case Meaning::Get:
            m_asQuery = true;
            break;
        case Meaning::Insecure:
            m_request.insecure = true;
            break;
        case Meaning::Compressed:
            m_request.setHeader("Accept-Encoding", "deflate, gzip");
            break;
        }
        return {};
    }

    Result<void> takeHeader(const std::string &text)
    {
        const std::size_t colon = text.find(':');
        if (colon == std::string::npos) {
            if (!text.ends_with(';')) // "Name;" sends an empty one
                return fail(Errc::InvalidArgument, "a header is written as Name: value", text);
            m_request.headers.emplace_back(text.substr(0, text.size() - 1), "");
            return {};
        }
        const std::string_view value = trimmed(std::string_view(text).substr(colon + 1));
        if (value.empty()) // "Name:" takes one of curl's own headers away
            m_request.removeHeader(text.substr(0, colon));
        else
            m_request.headers.emplace_back(text.substr(0, colon), value);
        return {};
    }

    Result<void> takeData(Meaning meaning, std::string value)
    {
        if (meaning == Meaning::DataUrlEncode) {
            const std::size_t equals = value.find('=');
            value = equals == std::string::npos
                ? encodePercent(value)
                : (equals == 0 ? std::string() : value.substr(0, equals + 1))
                    + encodePercent(std::string_view(value).substr(equals + 1));
        }
        m_json = m_json || meaning == Meaning::Json;
        if (m_hasData && meaning != Meaning::Json)
            m_request.body += '&';
        m_request.body += value;
        m_hasData = true;
        return {};
    }

    Result<WebRequest> finish()
    {
        if (m_request.url.empty())
            return fail(Errc::InvalidArgument, "the curl line has no URL", "curl");
        if (m_asQuery && m_hasData) {
            m_request.url += (m_request.url.contains('?') ? '&' : '?') + m_request.body;
            m_request.body.clear();
            m_hasData = false;
        }
        if (m_hasData && !m_request.header("Content-Type"))
            m_request.headers.emplace_back(
                "Content-Type", m_json ? "application/json" : "application/x-www-form-urlencoded");
        if (m_json && !m_request.header("Accept"))
            m_request.headers.emplace_back("Accept", "application/json");
        m_request.method = !m_method.empty() ? m_method
            : m_head                         ? "HEAD"
            : m_hasData                      ? "POST"
                                             : "GET";
        return std::move(m_request);
    }

    std::vector<std::string> m_words;
    std::size_t m_next = 1; // behind "curl"
    WebRequest m_request;
    std::string m_method;
    bool m_head = false, m_asQuery = false, m_json = false, m_hasData = false, m_onlyUrls = false;
};

/// What may stand before the command when a line was copied from a document.
std::string_view withoutPrompt(std::string_view line) noexcept
{
    line = trimmed(line);
    for (const std::string_view prompt : {"$ ", "# ", "> ", "sudo "}) {
        if (line.starts_with(prompt))
            line = trimmed(line.substr(prompt.size()));
    }
    return line;
}

} // namespace

Result<std::vector<std::string>> splitShellWords(std::string_view line)
{
    return ShellWords(line).split();
}

bool looksLikeCurl(std::string_view text) noexcept
{
    text = withoutPrompt(text);
    return text.starts_with("curl ") || text.starts_with("curl\t") || text.starts_with("curl\\\n");
}

Result<WebRequest> readCurlLine(std::string_view line)
{
    auto words = splitShellWords(withoutPrompt(line));
    if (!words)
        return std::unexpected(words.error());
    if (words->empty() || words->front() != "curl")
        return fail(Errc::InvalidArgument, "not a curl command line",
                    words->empty() ? std::string() : words->front());
    return CurlReader(std::move(*words)).read();
}

} // namespace postern::gateway
