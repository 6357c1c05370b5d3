// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/hmac.h"

#include "core/crypto/digest.h"

#include <openssl/core_names.h>

#include <string>
#include <utility>

namespace postern {

namespace {

const unsigned char *octetsOf(std::string_view text) noexcept
{
    // a null pointer would mean "the same key again"
    return reinterpret_cast<const unsigned char *>(text.empty() ? "" : text.data());
}

} // namespace

std::optional<Hmac> Hmac::make(std::string_view digest, std::string_view key)
{
    MacCtx context(EVP_MAC_CTX_new(fetchedHmac()));
    std::string name(digest);
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_init(context.get(), octetsOf(key), key.size(), parameters.data()) != 1)
        return std::nullopt;
    return Hmac(std::move(context));
}

bool Hmac::begin() noexcept { return EVP_MAC_init(m_context.get(), nullptr, 0, nullptr) == 1; }

bool Hmac::update(std::string_view octets) noexcept
{
    return EVP_MAC_update(m_context.get(), octetsOf(octets), octets.size()) == 1;
}

Hmac::Tag Hmac::finish() noexcept
{
    std::size_t written = 0;
    if (EVP_MAC_final(m_context.get(), m_tag.data(), &written, m_tag.size()) != 1)
        return {};
    return {reinterpret_cast<const char *>(m_tag.data()), written};
}

} // namespace postern
