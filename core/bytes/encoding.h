// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <string>
#include <string_view>

namespace postern {

/// Base64url without padding. RFC 7515 2, RFC 4648 5.
[[nodiscard]] std::string encodeBase64Url(std::string_view octets);
/// Strict: alphabet A-Z a-z 0-9 - _ only, no padding, no length 1 mod 4, unused bits zero.
/// \return the octets, or Errc::Base64 with detail naming the offset of the first offending
/// character
[[nodiscard]] Result<std::string> decodeBase64Url(std::string_view text);
/// As decodeBase64Url, into `out` (cleared first; keeps its capacity). No error text; hot path.
[[nodiscard]] bool decodeBase64UrlInto(std::string_view text, std::string &out);
/// As nginx decodes base64url, which APISIX uses for signatures: ends at the first '=', whatever
/// follows it, and ignores unused bits.
[[nodiscard]] bool decodeBase64UrlLaxInto(std::string_view text, std::string &out);
/// As nginx decodes base64: the standard alphabet, ends at the first '=', ignores unused bits.
[[nodiscard]] bool decodeBase64LaxInto(std::string_view text, std::string &out);
/// As APISIX reads token parts: both alphabets, padding optional, unused bits ignored.
[[nodiscard]] bool decodeBase64AnyInto(std::string_view text, std::string &out);

/// Standard base64 with padding. RFC 4648 4.
[[nodiscard]] std::string encodeBase64(std::string_view octets);
/// Strict standard base64; padding required.
[[nodiscard]] Result<std::string> decodeBase64(std::string_view text);

[[nodiscard]] std::string encodeHex(std::string_view octets); ///< lower case
[[nodiscard]] Result<std::string> decodeHex(std::string_view text);

/// %XX decoding of a path or query component; malformed escapes stay as they are.
/// \param plusIsSpace as in application/x-www-form-urlencoded
[[nodiscard]] std::string decodePercent(std::string_view text, bool plusIsSpace = false);
/// Encodes everything but RFC 3986 unreserved characters and those in `keep`.
[[nodiscard]] std::string encodePercent(std::string_view text, std::string_view keep = {});

/// True if the octets are well-formed UTF-8 (no overlongs, no surrogates).
[[nodiscard]] bool isUtf8(std::string_view octets) noexcept;

} // namespace postern
