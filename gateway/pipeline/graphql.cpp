// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/graphql.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

namespace {

bool startsName(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isInName(char c) noexcept { return startsName(c) || (c >= '0' && c <= '9'); }

/// The lexical side: names, punctuators, strings; what is insignificant is skipped.
class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_rest(text) {}

    /// The next character that counts; 0 at the end.
    char peek()
    {
        skipInsignificant();
        return m_rest.empty() ? '\0' : m_rest.front();
    }
    /// Takes a punctuator. \return false if something else comes
    bool take(std::string_view punctuator)
    {
        skipInsignificant();
        if (!m_rest.starts_with(punctuator))
            return false;
        m_rest.remove_prefix(punctuator.size());
        return true;
    }
    /// Takes a name; empty if none comes.
    std::string_view takeName()
    {
        if (!startsName(peek()))
            return {};
        const auto end = std::ranges::find_if_not(m_rest, isInName);
        const auto size = static_cast<std::size_t>(end - m_rest.begin());
        const std::string_view name = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return name;
    }
    /// Takes anything between this bracket and the one that closes it.
    bool skipBalanced(char open)
    {
        if (!take({&open, 1}))
            return false;
        for (std::size_t depth = 1; depth > 0;) {
            const char c = peek();
            if (c == '\0')
                return false;
            if (c == '"') {
                if (!skipString())
                    return false;
                continue;
            }
            depth += c == '(' || c == '{' || c == '[' ? 1U : 0U;
            depth -= c == ')' || c == '}' || c == ']' ? 1U : 0U;
            m_rest.remove_prefix(1);
        }
        return true;
    }
    bool skipString()
    {
        const bool block = m_rest.starts_with("\"\"\"");
        const std::string_view quote = block ? "\"\"\"" : "\"";
        m_rest.remove_prefix(quote.size());
        while (!m_rest.empty()) {
            if (m_rest.starts_with(quote)) {
                m_rest.remove_prefix(quote.size());
                return true;
            }
            if (!block && m_rest.front() == '\n')
                return false;
            const bool escaped = block ? m_rest.starts_with("\\\"\"\"") : m_rest.front() == '\\';
            m_rest.remove_prefix(std::min<std::size_t>(m_rest.size(), escaped ? 2 : 1));
        }
        return false;
    }

private:
    void skipInsignificant()
    {
        constexpr std::string_view kBom = "\xef\xbb\xbf";
        for (;;) {
            const std::size_t blanks =
                std::min(m_rest.find_first_not_of(" \t\r\n,"), m_rest.size());
            m_rest.remove_prefix(blanks);
            if (m_rest.starts_with(kBom))
                m_rest.remove_prefix(kBom.size());
            else if (m_rest.starts_with('#'))
                m_rest.remove_prefix(std::min(m_rest.find_first_of("\r\n"), m_rest.size()));
            else
                return;
        }
    }

    std::string_view m_rest;
};

bool skipDirectives(Scanner &in)
{
    while (in.take("@")) {
        if (in.takeName().empty() || (in.peek() == '(' && !in.skipBalanced('(')))
            return false;
    }
    return true;
}

/// A field, fragment spread or inline fragment of the outermost selection.
bool readSelection(Scanner &in, std::vector<std::string> &fields)
{
    if (in.take("...")) {
        const std::string_view name = in.takeName();
        if (!name.empty() && name != "on") {
            fields.emplace_back(name); // as APISIX tells a spread: by its fragment's name
            return skipDirectives(in);
        }
        if (name == "on" && in.takeName().empty())
            return false;
        return skipDirectives(in) && in.skipBalanced('{');
    }
    std::string_view name = in.takeName();
    if (!name.empty() && in.take(":"))
        name = in.takeName(); // what came first was an alias
    if (name.empty())
        return false;
    fields.emplace_back(name);
    return (in.peek() != '(' || in.skipBalanced('(')) && skipDirectives(in)
        && (in.peek() != '{' || in.skipBalanced('{'));
}

bool readSelections(Scanner &in, std::vector<std::string> &fields)
{
    if (!in.take("{"))
        return false;
    while (!in.take("}")) {
        if (!readSelection(in, fields))
            return false;
    }
    return !fields.empty();
}

} // namespace

std::optional<GraphqlOperation> parseGraphql(std::string_view document)
{
    Scanner in(document);
    // Fragments may come before the operation that uses them.
    for (;;) {
        GraphqlOperation found;
        if (in.peek() == '{') {
            found.operation = "query";
            return readSelections(in, found.rootFields) ? std::optional(std::move(found))
                                                        : std::nullopt;
        }
        found.operation = in.takeName();
        if (found.operation == "fragment") {
            if (in.takeName().empty() || in.takeName() != "on" || in.takeName().empty()
                || !skipDirectives(in) || !in.skipBalanced('{'))
                return std::nullopt;
            continue;
        }
        if (found.operation != "query" && found.operation != "mutation"
            && found.operation != "subscription")
            return std::nullopt;
        found.name = in.takeName();
        if ((in.peek() == '(' && !in.skipBalanced('(')) || !skipDirectives(in)
            || !readSelections(in, found.rootFields))
            return std::nullopt;
        return found;
    }
}

} // namespace postern::gateway
