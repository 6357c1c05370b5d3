// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"
#include "tests/bench/jose_subject.h"

#include <array>
#include <string>
#include <string_view>

namespace postern::bench {

/// The floor: OpenSSL's own calls with prepared contexts, the signature and nothing else. ECDSA
/// stays DER.
class RawOpenSsl
{
public:
    RawOpenSsl(const Subject &of, bool forSigning);

    [[nodiscard]] bool verify();
    /// \return the size of the signature; 0: failed
    [[nodiscard]] std::size_t sign();

private:
    bool prepareMac(const Subject &of);
    bool prepareKey(const Subject &of, bool forSigning);
    std::size_t mac();
    /// What the key signs: the hash, or for Edwards curves the input.
    std::string_view digested();

    bool m_ready = false;
    std::string m_input, m_signature;
    MacCtx m_mac;
    PkeyCtx m_key;
    SignatureAlgorithm m_primitive;
    DigestCtx m_digest;
    const EVP_MD *m_md = nullptr;
    std::array<unsigned char, EVP_MAX_MD_SIZE> m_hash{};
    std::array<unsigned char, 512> m_out{};
};

} // namespace postern::bench
