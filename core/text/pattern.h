// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A compiled Perl-compatible regular expression over octets (PCRE2, just-in-time compiled).
/// Immutable after construction; any thread. Matching stops at a step limit, so that a pattern
/// from a configuration file cannot hang a worker.
class Pattern
{
public:
    enum class Option : std::uint8_t { None, CaseInsensitive, Utf8 };

    /// \return the pattern, or InvalidArgument with PCRE's words and the offset
    [[nodiscard]] static Result<Pattern> compile(std::string_view expression,
                                                 Option option = Option::None);

    /// \param options nginx Lua's letters: "i", "m", "s", "x", "u"; "j" and "o" change nothing here
    /// \return as above, also InvalidArgument for an unknown letter
    [[nodiscard]] static Result<Pattern> compile(std::string_view expression,
                                                 std::string_view options);

    /// True if the pattern matches anywhere. False also when the step limit is reached.
    [[nodiscard]] bool matches(std::string_view subject) const;
    /// The first match and its groups (unset ones empty), views of the subject. nullopt: none, or
    /// the step limit is reached.
    [[nodiscard]] std::optional<std::vector<std::string_view>>
    match(std::string_view subject) const;
    /// The subject with its first match, or all of them, replaced. In the replacement `$0`, `$1`,
    /// `${1}` ... stand for the groups and `$$` for `$`, as in ngx.re.sub.
    /// \param count gets how many were replaced
    /// \return nullopt when the step limit is reached
    [[nodiscard]] std::optional<std::string> replace(std::string_view subject,
                                                     std::string_view replacement, bool all,
                                                     std::size_t *count = nullptr) const;
    /// The parts between matches, with captured groups in between, as ngx.re.split does.
    /// \return nullopt when the step limit is reached
    [[nodiscard]] std::optional<std::vector<std::string>> split(std::string_view subject) const;

private:
    [[nodiscard]] static Result<Pattern> compileFlags(std::string_view expression,
                                                      std::uint32_t flags);
    struct Compiled;
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace postern
