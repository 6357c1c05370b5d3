// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace postern::gateway {

/// Reads a Date header as nginx does: the three forms of RFC 9110 5.6.7
/// ("Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
/// "Sun Nov  6 08:49:37 1994"). The name of the day, the rest of the month's name and what follows
/// the time ("GMT" or not) are not looked at.
/// \return UNIX seconds, nullopt if it is none of them. Any thread, no allocation
[[nodiscard]] std::optional<std::int64_t> parseHttpDate(std::string_view text) noexcept;

} // namespace postern::gateway
