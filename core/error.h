// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace postern {

/// What went wrong, for programs. The rows live in core/errors.def.
enum class Errc : std::uint16_t {
#define X(name, slug, sentence) name,
#include "core/errors.def"
#undef X
};

/// An error as a value: what a program branches on, what a person reads, and where it is.
struct Error
{
    Errc code = Errc::Internal;
    std::string detail; ///< UTF-8, for the user; never a secret
    std::string where; ///< JSON pointer, header name, or file:line:column; may be empty

    bool operator==(const Error &) const = default;
};

template <class T> using Result = std::expected<T, Error>;

/// Stable, space-free name of a code ("expired"): JSON output, traces, exit reasons.
[[nodiscard]] std::string_view slug(Errc code) noexcept;

/// The English sentence of a code, without a trailing dot.
[[nodiscard]] std::string_view sentence(Errc code) noexcept;

/// "where: sentence: detail", with the empty parts left out.
[[nodiscard]] std::string describe(const Error &error);

/// Shorthand for `return fail(Errc::Json, "…", "/a/b");`.
[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string detail = {},
                                                 std::string where = {})
{
    return std::unexpected(Error{code, std::move(detail), std::move(where)});
}

} // namespace postern
