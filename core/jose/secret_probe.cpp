// SPDX-License-Identifier: Apache-2.0
#include "core/jose/secret_probe.h"

#include "core/bytes/secret.h"
#include "core/crypto/digest.h"

#include <openssl/core_names.h>

#include <array>
#include <string>
#include <utility>

namespace postern {

SecretProbe::SecretProbe(MacCtx context, std::string_view input, std::string_view signature)
    : m_context(std::move(context)),
      m_input(input),
      m_signature(signature)
{
}

std::optional<SecretProbe> SecretProbe::make(Alg alg, std::string_view input,
                                             std::string_view signature)
{
    const AlgInfo &row = info(alg);
    if (row.keyType != KeyType::Oct || signature.size() != row.signatureSize)
        return std::nullopt;
    MacCtx context(EVP_MAC_CTX_new(fetchedHmac()));
    std::string name(row.digest);
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1)
        return std::nullopt;
    return SecretProbe(std::move(context), input, signature);
}

bool SecretProbe::fits(std::string_view secret) noexcept
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
    std::size_t size = 0;
    const auto octets = [](std::string_view text) {
        return reinterpret_cast<const unsigned char *>(text.data());
    };
    // An empty secret would leave the previous key in place.
    if (secret.empty() || EVP_MAC_init(m_context.get(), octets(secret), secret.size(), nullptr) != 1
        || EVP_MAC_update(m_context.get(), octets(m_input), m_input.size()) != 1
        || EVP_MAC_final(m_context.get(), mac.data(), &size, mac.size()) != 1)
        return false;
    return equalConstantTime({reinterpret_cast<const char *>(mac.data()), size}, m_signature);
}

} // namespace postern
