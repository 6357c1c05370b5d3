// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/random.h"

#include "core/bytes/encoding.h"
#include "core/crypto/openssl_error.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <vector>

namespace postern {

Result<Secret> randomOctets(std::size_t count)
{
    std::vector<std::byte> octets(count);
    if (RAND_priv_bytes_ex(nullptr, reinterpret_cast<unsigned char *>(octets.data()), count, 256)
        != 1)
        return std::unexpected(openSslError(Errc::Crypto, "no random numbers"));
    Secret secret{std::span<const std::byte>(octets)};
    OPENSSL_cleanse(octets.data(), octets.size());
    return secret;
}

std::string uuidText(std::string octets, unsigned version)
{
    octets[6] = static_cast<char>((static_cast<unsigned char>(octets[6]) & 0x0fU) | version << 4U);
    octets[8] = static_cast<char>((static_cast<unsigned char>(octets[8]) & 0x3fU) | 0x80U);
    std::string text = encodeHex(octets);
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        text.insert(dash, 1, '-');
    return text;
}

Result<std::string> randomUuid()
{
    return randomOctets(16).transform(
        [](const Secret &octets) { return uuidText(std::string(octets.view()), 4); });
}

} // namespace postern
