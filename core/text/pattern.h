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

    /// True if the pattern matches anywhere. False also when the step limit is reached.
    [[nodiscard]] bool matches(std::string_view subject) const;
    /// The parts between matches, with captured groups in between, as ngx.re.split does.
    /// \return nullopt when the step limit is reached
    [[nodiscard]] std::optional<std::vector<std::string>> split(std::string_view subject) const;

private:
    struct Compiled;
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace postern
