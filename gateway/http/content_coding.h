// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::gateway {

/// The content codings that can be undone. RFC 9110 8.4.1, RFC 7932.
enum class ContentCoding : std::uint8_t { Identity, Gzip, Deflate, Brotli, Unknown };

/// The coding that a Content-Encoding field names; Identity if it is empty, Unknown for a list of
/// several.
[[nodiscard]] ContentCoding contentCodingOf(std::string_view field) noexcept;

/// Undoes a coding. `deflate` is taken with and without zlib's frame, as browsers take it.
/// \param limit the longest text that is made: what is longer is refused, not cut
/// \return the text, Unsupported for Unknown, InvalidArgument for data that are broken or end
/// early, or LimitExceeded
[[nodiscard]] Result<std::string> decodeContent(ContentCoding coding, std::string_view octets,
                                                std::uint64_t limit);

} // namespace postern::gateway
