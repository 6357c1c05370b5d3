// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"
#include "core/jose/alg.h"

#include <optional>
#include <string_view>

namespace postern {

/// Tries many HMAC secrets on one signature with one re-keyed context. One thread.
class SecretProbe
{
public:
    /// \param input,signature must outlive the probe; the signature's octets
    /// \return nothing unless the algorithm is HMAC and the signature has its length
    [[nodiscard]] static std::optional<SecretProbe> make(Alg alg, std::string_view input,
                                                         std::string_view signature);

    [[nodiscard]] bool fits(std::string_view secret) noexcept;

private:
    SecretProbe(MacCtx context, std::string_view input, std::string_view signature);
    MacCtx m_context;
    std::string_view m_input, m_signature;
};

} // namespace postern
