// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/digest.h"

#include "core/crypto/handle.h"

#include <array>

namespace postern {

namespace {

struct Entry
{
    std::string_view name;
    Digest digest;
};

} // namespace

const EVP_MD *fetchedDigest(std::string_view name) noexcept
{
    static const std::array entries = {
        Entry{"SHA256", Digest(EVP_MD_fetch(nullptr, "SHA256", nullptr))},
        Entry{"SHA384", Digest(EVP_MD_fetch(nullptr, "SHA384", nullptr))},
        Entry{"SHA512", Digest(EVP_MD_fetch(nullptr, "SHA512", nullptr))},
        Entry{"SHA1", Digest(EVP_MD_fetch(nullptr, "SHA1", nullptr))},
    };
    for (const Entry &entry : entries) {
        if (entry.name == name)
            return entry.digest.get();
    }
    return nullptr;
}

EVP_MAC *fetchedHmac() noexcept
{
    static const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    return mac.get();
}

std::string sha256(std::string_view octets)
{
    std::string out(32, '\0');
    EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char *>(out.data()), nullptr,
               fetchedDigest("SHA256"), nullptr);
    return out;
}

} // namespace postern
