// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/templates.h"

#include <cctype>
#include <optional>

namespace postern::cli {
namespace {

class CallReader
{
public:
    explicit CallReader(std::string_view text) noexcept : m_rest(text) {}

    std::optional<TemplateCall> read()
    {
        TemplateCall call;
        call.function = name();
        if (call.function.empty() || !take('('))
            return std::nullopt;
        while (!take(')')) {
            const std::string parameter = name();
            if (!parameter.empty() && !take('='))
                return std::nullopt;
            const std::optional<std::string> value = quoted();
            if (!value)
                return std::nullopt;
            if (parameter.empty())
                call.arguments.push_back(*value);
            else
                call.named[parameter] = *value;
            if (!take(',') && !peek(')'))
                return std::nullopt;
        }
        if (take('.'))
            call.member = name();
        skipSpace();
        return m_rest.empty() ? std::optional(std::move(call)) : std::nullopt;
    }

private:
    void skipSpace() noexcept
    {
        while (m_rest.starts_with(' ') || m_rest.starts_with('\t'))
            m_rest.remove_prefix(1);
    }
    bool peek(char c) noexcept
    {
        skipSpace();
        return m_rest.starts_with(c);
    }
    bool take(char c) noexcept
    {
        if (!peek(c))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    std::string name()
    {
        skipSpace();
        std::size_t end = 0;
        while (
            end < m_rest.size()
            && (std::isalnum(static_cast<unsigned char>(m_rest[end])) != 0 || m_rest[end] == '_'))
            ++end;
        std::string out(m_rest.substr(0, end));
        m_rest.remove_prefix(end);
        return out;
    }
    std::optional<std::string> quoted()
    {
        skipSpace();
        const char quote = m_rest.empty() ? '\0' : m_rest.front();
        if (quote != '\'' && quote != '"')
            return std::nullopt;
        const std::size_t end = m_rest.find(quote, 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        std::string out(m_rest.substr(1, end - 1));
        m_rest.remove_prefix(end + 1);
        return out;
    }

    std::string_view m_rest;
};

} // namespace

Result<std::string>
expandTemplates(std::string_view text,
                const std::function<Result<std::string>(const TemplateCall &)> &evaluate)
{
    std::string out;
    for (;;) {
        const std::size_t open = text.find("{{");
        out += text.substr(0, open);
        if (open == std::string_view::npos)
            return out;
        const std::size_t close = text.find("}}", open);
        if (close == std::string_view::npos)
            return fail(Errc::Config, "\"}}\" is missing", std::string(text));
        const std::string_view inner = text.substr(open + 2, close - open - 2);
        const std::optional<TemplateCall> call = CallReader(inner).read();
        if (!call)
            return fail(Errc::Config,
                        "write {{ token('jack', ttl='1h') }} or {{ credential('alice').key }}",
                        std::string(inner));
        const Result<std::string> value = evaluate(*call);
        if (!value)
            return value;
        out += *value;
        text.remove_prefix(close + 2);
    }
}

} // namespace postern::cli
