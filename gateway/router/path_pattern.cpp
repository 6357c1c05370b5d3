// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/path_pattern.h"

#include <algorithm>

namespace postern::gateway {

namespace {

/// Where the next `*`, or `:` at the start of a segment, is.
std::size_t findWild(std::string_view text, std::size_t from, bool parameters) noexcept
{
    for (std::size_t i = from; i < text.size(); ++i) {
        if (text[i] == '*')
            return i;
        const bool segmentStart = i > 0 && text[i - 1] == '/';
        if (parameters && segmentStart && text[i] == ':' && i + 1 < text.size()
            && text[i + 1] != '/')
            return i;
    }
    return text.size();
}

} // namespace

PathPattern::PathPattern(std::string_view text, bool parameters)
{
    std::size_t at = findWild(text, 0, parameters);
    m_literal = text.substr(0, at);
    while (at < text.size()) {
        const bool segmentStart = at == 0 || text[at - 1] == '/';
        m_parts.push_back({text[at] == '*' ? Kind::Any : Kind::Segment, {}});
        // A name belongs to its wildcard; behind a '*' inside a segment (`/a*b`) it is text.
        ++at;
        if (segmentStart)
            at = std::min(text.find('/', at), text.size());
        const std::size_t next = findWild(text, at, parameters);
        if (next > at)
            m_parts.push_back({Kind::Literal, text.substr(at, next - at)});
        at = next;
    }
}

bool PathPattern::matchesRest(std::string_view rest) const noexcept
{
    // The usual glob walk: on a mismatch only the last '*' takes one character more. That is
    // enough, because what follows the last '*' can match later whatever the earlier ones took.
    std::size_t part = 0;
    std::size_t at = 0;
    std::size_t starPart = m_parts.size();
    std::size_t starAt = 0;
    for (;;) {
        bool fits = false;
        if (part == m_parts.size()) {
            if (at == rest.size())
                return true;
        } else if (m_parts[part].kind == Kind::Any) {
            if (part + 1 == m_parts.size())
                return true;
            starPart = part++;
            starAt = at;
            continue;
        } else if (m_parts[part].kind == Kind::Literal) {
            fits = rest.substr(at).starts_with(m_parts[part].text);
            at += fits ? m_parts[part].text.size() : 0;
        } else {
            const std::size_t end = std::min(rest.find('/', at), rest.size());
            fits = end > at;
            at = end;
        }
        if (fits) {
            ++part;
            continue;
        }
        if (starPart == m_parts.size() || starAt >= rest.size())
            return false;
        at = ++starAt;
        part = starPart + 1;
    }
}

bool PathPattern::matches(std::string_view path) const noexcept
{
    if (exact())
        return path == m_literal;
    return path.starts_with(m_literal) && matchesRest(path.substr(m_literal.size()));
}

} // namespace postern::gateway
