// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/key.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace postern {

/// A prepared verifier: one key, one algorithm, contexts made once and re-used. One thread only;
/// a worker keeps its own per credential.
class Verifier
{
public:
    /// \param relaxed the rules of APISIX and Kong: HMAC keys of any length, PSS salt of any length
    /// \return the verifier, or AlgKeyMismatch, KeyWeak, KeyUse, Crypto
    [[nodiscard]] static Result<Verifier> make(Alg alg, const Key &key, bool relaxed = false);
    Verifier(Verifier &&) noexcept;
    Verifier &operator=(Verifier &&) noexcept;
    ~Verifier();

    /// \param input the signing input: header "." payload, as received
    /// \param signature raw octets in JOSE form (ECDSA: r || s)
    /// \return nothing, or SignatureLength, SignatureMismatch
    [[nodiscard]] Result<void> verify(std::string_view input, std::string_view signature);
    /// The same without an error text; hot path.
    [[nodiscard]] bool fits(std::string_view input, std::string_view signature) noexcept;

private:
    struct State;
    explicit Verifier(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Where the randomness of a signature comes from. Deterministic: the same input gives the same
/// signature with ECDSA (RFC 6979) and ML-DSA (FIPS 204 3.4); for tests and known answers. Others
/// are not affected: HMAC, RSA PKCS#1 and EdDSA are deterministic anyway, PSS is always salted.
enum class Nonce : std::uint8_t { Random, Deterministic };

/// A prepared signer. One thread only.
class Signer
{
public:
    [[nodiscard]] static Result<Signer> make(Alg alg, const Key &key, bool relaxed = false,
                                             Nonce nonce = Nonce::Random);
    Signer(Signer &&) noexcept;
    Signer &operator=(Signer &&) noexcept;
    ~Signer();
    /// \return the signature in JOSE form
    [[nodiscard]] Result<std::string> sign(std::string_view input);

private:
    struct State;
    explicit Signer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace postern
