// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace postern::json {

/// Compares two valid JSON numbers by value, exactly, whatever their size. \return -1, 0, 1
[[nodiscard]] int compareDecimals(std::string_view a, std::string_view b) noexcept;

/// The value if it is integral ("5", "5.0", "5e0") and fits.
[[nodiscard]] std::optional<std::int64_t> integerOf(std::string_view lexeme) noexcept;

/// The nearest double; out of range gives an infinity or a zero of the right sign.
[[nodiscard]] double doubleOf(std::string_view lexeme) noexcept;

} // namespace postern::json
