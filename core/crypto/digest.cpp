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

std::string digestOf(std::string_view octets, std::string_view name, std::size_t size)
{
    std::string out(size, '\0');
    EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char *>(out.data()), nullptr,
               fetchedDigest(name), nullptr);
    return out;
}

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

std::string sha256(std::string_view octets) { return digestOf(octets, "SHA256", 32); }

std::string sha512(std::string_view octets) { return digestOf(octets, "SHA512", 64); }

} // namespace postern
