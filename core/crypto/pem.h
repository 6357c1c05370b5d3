// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace postern {

/// One PEM block, re-written in canonical form. RFC 7468.
struct PemBlock
{
    std::string label; ///< "PUBLIC KEY", "RSA PRIVATE KEY", "CERTIFICATE", ...
    std::string text; ///< armour lines and a body of 64 columns, "\n" line ends
    bool encrypted = false; ///< PKCS#8 encryption or a Proc-Type header
    std::size_t next = 0; ///< behind the block, in the text it was read from
};

/// True if the text holds a PEM armour line.
[[nodiscard]] bool looksLikePem(std::string_view text) noexcept;

/// Finds the first block, from the offset on, that is a key or certificate ("EC PARAMETERS" is
/// passed over) and re-flows it: CRLF, blanks around lines, and bodies on one line are accepted,
/// since gateways' manuals print keys that way and OpenSSL refuses long lines.
/// \return the block, or KeyFormat whose detail says what is wrong (a missing line break after
/// BEGIN or before END, no END line, a character that is not base64) and whose where is
/// "line:column" of the text
[[nodiscard]] Result<PemBlock> readPem(std::string_view text, std::size_t from = 0);

} // namespace postern
