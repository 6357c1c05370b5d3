// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/alg.h"
#include "core/jose/key.h"

#include <string>
#include <string_view>

namespace postern::bench {

/// 272 bytes of claims, as an identity provider writes them.
[[nodiscard]] std::string_view claimsText();

/// What every peer is measured with: one key, one token. Lives as long as the program.
struct Subject
{
    AlgInfo alg;
    Key key;
    std::string publicPem, privatePem; ///< of a secret both are its octets
    std::string header; ///< as signed
    std::string token;
};

[[nodiscard]] const Subject &subject(Alg alg);

} // namespace postern::bench
