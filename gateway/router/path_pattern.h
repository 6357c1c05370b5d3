// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// A route's uri, compiled. `*` spans any characters (a name behind it up to the next '/' is only a
/// name: `/a/*rest`); `:name` as a whole segment, where parameters are on, is one non-empty
/// segment. Views into the pattern's text. Immutable.
class PathPattern
{
public:
    PathPattern(std::string_view text, bool parameters);

    /// What every matching path starts with: the text up to the first `*` or `:name`.
    [[nodiscard]] std::string_view literal() const noexcept { return m_literal; }
    [[nodiscard]] bool exact() const noexcept { return m_parts.empty(); }
    /// True if a path that starts with literal() always matches (`/a/*`, `/a/*rest`).
    [[nodiscard]] bool pure() const noexcept
    {
        return m_parts.size() == 1 && m_parts.front().kind == Kind::Any;
    }
    /// \param rest what follows literal() in the path
    [[nodiscard]] bool matchesRest(std::string_view rest) const noexcept;
    /// Any path.
    [[nodiscard]] bool matches(std::string_view path) const noexcept;

private:
    enum class Kind : std::uint8_t { Literal, Any, Segment };
    struct Part
    {
        Kind kind;
        std::string_view text; ///< Literal only
    };

    std::string_view m_literal;
    std::vector<Part> m_parts; ///< behind the literal
};

} // namespace postern::gateway
