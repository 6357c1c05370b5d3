// SPDX-License-Identifier: Apache-2.0
#include "core/text/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <format>

namespace postern {
namespace {

constexpr std::uint32_t kMatchLimit = 200'000;
constexpr std::uint32_t kDepthLimit = 10'000;

template <auto Free> struct Deleter
{
    template <class T> void operator()(T *pointer) const noexcept { Free(pointer); }
};
using Code = std::unique_ptr<pcre2_code, Deleter<pcre2_code_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Deleter<pcre2_match_context_free>>;
using MatchBlock = std::unique_ptr<pcre2_match_data, Deleter<pcre2_match_data_free>>;

PCRE2_SPTR octets(std::string_view text) noexcept
{
    // PCRE2 10.43 and later accept a null pointer only with length 0; older ones never.
    return reinterpret_cast<PCRE2_SPTR>(text.data() ? text.data() : "");
}

} // namespace

struct Pattern::Compiled
{
    Code code;
    MatchContext context;

    [[nodiscard]] int match(std::string_view subject, std::size_t from, std::uint32_t flags,
                            pcre2_match_data *block) const noexcept
    {
        return pcre2_match(code.get(), octets(subject), subject.size(), from, flags, block,
                           context.get());
    }
};

Result<Pattern> Pattern::compile(std::string_view expression, Option option)
{
    std::uint32_t flags = 0;
    if (option == Option::CaseInsensitive)
        flags = PCRE2_CASELESS;
    else if (option == Option::Utf8)
        flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    return compileFlags(expression, flags);
}

Result<Pattern> Pattern::compile(std::string_view expression, std::string_view options)
{
    std::uint32_t flags = 0;
    for (const char letter : options) {
        switch (letter) {
        case 'i':
            flags |= PCRE2_CASELESS;
            break;
        case 'm':
            flags |= PCRE2_MULTILINE;
            break;
        case 's':
            flags |= PCRE2_DOTALL;
            break;
        case 'x':
            flags |= PCRE2_EXTENDED;
            break;
        case 'a':
            flags |= PCRE2_ANCHORED;
            break;
        case 'D':
            flags |= PCRE2_DUPNAMES;
            break;
        case 'u':
        case 'U':
            flags |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
            break;
        case 'j':
        case 'o':
        case 'd':
        case 'J':
            break;
        default:
            return fail(Errc::InvalidArgument,
                        std::format("unknown flag \"{}\" (flags \"{}\")", letter, options));
        }
    }
    return compileFlags(expression, flags);
}

Result<Pattern> Pattern::compileFlags(std::string_view expression, std::uint32_t flags)
{
    int error = 0;
    std::size_t offset = 0;
    Code code(
        pcre2_compile(octets(expression), expression.size(), flags, &error, &offset, nullptr));
    if (!code) {
        std::array<PCRE2_UCHAR, 200> words{};
        pcre2_get_error_message(error, words.data(), words.size());
        return fail(Errc::InvalidArgument,
                    std::format("regular expression: {} at offset {}",
                                reinterpret_cast<const char *>(words.data()), offset));
    }
    // Without JIT support the interpreter does the same, slower.
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
    MatchContext context(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context.get(), kMatchLimit);
    pcre2_set_depth_limit(context.get(), kDepthLimit);
    Pattern pattern;
    pattern.m_compiled = std::make_shared<Compiled>(std::move(code), std::move(context));
    return pattern;
}

bool Pattern::matches(std::string_view subject) const
{
    const MatchBlock block(pcre2_match_data_create_from_pattern(m_compiled->code.get(), nullptr));
    return m_compiled->match(subject, 0, 0, block.get()) >= 0;
}

namespace {

std::string_view groupOf(std::string_view subject, const std::size_t *bounds, std::size_t group)
{
    const std::size_t from = bounds[2 * group];
    const std::size_t to = bounds[2 * group + 1];
    return from == PCRE2_UNSET || from > to ? std::string_view() : subject.substr(from, to - from);
}

/// Appends the replacement with its groups filled in.
void expand(std::string &out, std::string_view replacement, std::string_view subject,
            const std::size_t *bounds, std::size_t groups)
{
    for (std::size_t at = 0; at < replacement.size(); ++at) {
        if (replacement[at] != '$' || at + 1 == replacement.size()) {
            out += replacement[at];
            continue;
        }
        std::size_t digits = at + 1;
        const bool braces = replacement[digits] == '{';
        digits += braces ? 1 : 0;
        std::size_t group = 0;
        std::size_t end = digits;
        for (; end < replacement.size() && replacement[end] >= '0' && replacement[end] <= '9'
             && end < digits + 3;
             ++end)
            group = group * 10 + static_cast<std::size_t>(replacement[end] - '0');
        const bool closed = !braces || (end < replacement.size() && replacement[end] == '}');
        if (end == digits || !closed) {
            out += '$';
            at += replacement[at + 1] == '$' ? 1 : 0;
            continue;
        }
        if (group < groups)
            out += groupOf(subject, bounds, group);
        at = end - (braces ? 0 : 1);
    }
}

} // namespace

std::optional<std::vector<std::string_view>> Pattern::match(std::string_view subject) const
{
    const MatchBlock block(pcre2_match_data_create_from_pattern(m_compiled->code.get(), nullptr));
    const int groups = m_compiled->match(subject, 0, 0, block.get());
    if (groups < 0)
        return std::nullopt;
    std::vector<std::string_view> found;
    for (std::size_t group = 0; group < static_cast<std::size_t>(groups); ++group)
        found.push_back(groupOf(subject, pcre2_get_ovector_pointer(block.get()), group));
    return found;
}

std::optional<std::string> Pattern::replace(std::string_view subject, std::string_view replacement,
                                            bool all, std::size_t *count) const
{
    const MatchBlock block(pcre2_match_data_create_from_pattern(m_compiled->code.get(), nullptr));
    std::string out;
    std::size_t done = 0;
    std::size_t copied = 0;
    std::size_t from = 0;
    while (from <= subject.size() && (all || done == 0)) {
        const int groups = m_compiled->match(subject, from, 0, block.get());
        if (groups == PCRE2_ERROR_NOMATCH)
            break;
        const std::size_t *bounds = pcre2_get_ovector_pointer(block.get());
        // \K can put the start of a match behind its end.
        if (groups < 0 || bounds[0] < copied || bounds[1] < bounds[0])
            return std::nullopt;
        out += subject.substr(copied, bounds[0] - copied);
        expand(out, replacement, subject, bounds, static_cast<std::size_t>(groups));
        copied = bounds[1];
        ++done;
        from = bounds[1] + (bounds[0] == bounds[1] ? 1 : 0); // an empty match must not repeat
    }
    out += subject.substr(copied);
    if (count)
        *count = done;
    return out;
}

std::optional<std::vector<std::string>> Pattern::split(std::string_view subject) const
{
    const MatchBlock block(pcre2_match_data_create_from_pattern(m_compiled->code.get(), nullptr));
    std::vector<std::string> parts;
    std::size_t begin = 0;
    std::size_t from = 0;
    while (from <= subject.size()) {
        const int groups = m_compiled->match(subject, from, PCRE2_NOTEMPTY, block.get());
        if (groups == PCRE2_ERROR_NOMATCH)
            break;
        if (groups < 0)
            return std::nullopt;
        const std::size_t *bounds = pcre2_get_ovector_pointer(block.get());
        // \K can put the start of a match behind its end.
        if (bounds[0] < begin || bounds[1] <= begin || bounds[0] > bounds[1])
            return std::nullopt;
        parts.emplace_back(subject.substr(begin, bounds[0] - begin));
        for (std::size_t group = 1; group < static_cast<std::size_t>(groups); ++group) {
            if (bounds[2 * group] != PCRE2_UNSET)
                parts.emplace_back(
                    subject.substr(bounds[2 * group], bounds[2 * group + 1] - bounds[2 * group]));
        }
        begin = from = bounds[1];
    }
    parts.emplace_back(subject.substr(begin));
    return parts;
}

} // namespace postern
