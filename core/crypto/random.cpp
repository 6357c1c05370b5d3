// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/random.h"

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

} // namespace postern
