// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace postern {

/// An ECDSA signature as OpenSSL wants it: DER, at most 139 octets (P-521).
struct EcdsaDer
{
    std::array<unsigned char, 144> octets;
    std::size_t size = 0;
};

/// r || s of equal width to DER, by hand: no allocation on the request path. RFC 7518 3.4.
/// \param raw an even number of octets, at most 132
[[nodiscard]] EcdsaDer ecdsaToDer(std::string_view raw) noexcept;

/// DER to r || s, each `width` octets. \return nothing if it is not a strict DER signature
[[nodiscard]] std::optional<std::string> ecdsaFromDer(std::string_view der, std::size_t width);

} // namespace postern
