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
