// SPDX-License-Identifier: Apache-2.0
#include "core/jose/signature.h"

#include "core/bytes/secret.h"
#include "core/crypto/digest.h"
#include "core/crypto/openssl_error.h"
#include "core/jose/ecdsa.h"
#include "core/jose/key_data.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

using DigestValue = std::array<unsigned char, EVP_MAX_MD_SIZE>;

const unsigned char *octets(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

std::size_t signatureSize(const AlgInfo &alg, const Key::Data &key)
{
    if (alg.signatureSize != 0)
        return alg.signatureSize;
    // RSA: the modulus; EdDSA: the curve's own.
    return static_cast<std::size_t>(EVP_PKEY_get_size(key.pkey.get()));
}

/// What signing and verifying share. The Key keeps the OpenSSL key alive.
struct Prepared
{
    Key key;
    const AlgInfo *alg;
    std::size_t size; ///< of a signature in JOSE form
    MacCtx mac; ///< HMAC: keyed once, re-initialised with a null key
    PkeyCtx pkey; ///< the others: initialised once
    DigestCtx digest; ///< RSA, EC
    const EVP_MD *md = nullptr; ///< fetched once

    bool hmac(std::string_view input, DigestValue &out) const noexcept
    {
        std::size_t written = 0;
        return EVP_MAC_init(mac.get(), nullptr, 0, nullptr) == 1
            && EVP_MAC_update(mac.get(), octets(input), input.size()) == 1
            && EVP_MAC_final(mac.get(), out.data(), &written, out.size()) == 1 && written == size;
    }
    /// The octets that go into the primitive: the digest, or for EdDSA and ML-DSA the input itself.
    bool hash(std::string_view input, DigestValue &space, std::string_view &out) const noexcept
    {
        if (!md) {
            out = input;
            return true;
        }
        unsigned int written = 0;
        if (EVP_DigestInit_ex2(digest.get(), md, nullptr) != 1
            || EVP_DigestUpdate(digest.get(), input.data(), input.size()) != 1
            || EVP_DigestFinal_ex(digest.get(), space.data(), &written) != 1)
            return false;
        out = {reinterpret_cast<const char *>(space.data()), written};
        return true;
    }
};

bool keyMac(Prepared &state)
{
    state.mac.reset(EVP_MAC_CTX_new(fetchedHmac()));
    std::string name(state.alg->digest);
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    const Secret &secret = state.key.data().secret;
    return state.mac
        && EVP_MAC_init(state.mac.get(), secret.bytes().data(), secret.size(), parameters.data())
        == 1;
}

/// Padding and digest; a failure ignored here would sign with other parameters than promised.
bool setParameters(const Prepared &state, int saltLength)
{
    EVP_PKEY_CTX *context = state.pkey.get();
    if (state.alg->keyType == KeyType::Rsa
        && EVP_PKEY_CTX_set_rsa_padding(context,
                                        state.alg->pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING)
            != 1)
        return false;
    if (EVP_PKEY_CTX_set_signature_md(context, state.md) != 1)
        return false;
    return !state.alg->pss || EVP_PKEY_CTX_set_rsa_pss_saltlen(context, saltLength) == 1;
}

/// What a prepared context is for.
struct Purpose
{
    bool signing = false;
    bool relaxed = false;
    Nonce nonce = Nonce::Random;

    // OpenSSL's own default accepts a salt of any length; RFC 7518 3.5 fixes it.
    [[nodiscard]] int saltLength() const noexcept
    {
        return relaxed && !signing ? RSA_PSS_SALTLEN_AUTO : RSA_PSS_SALTLEN_DIGEST;
    }
};

/// EdDSA and ML-DSA are one-shot: they hash by themselves, a digest name makes them fail.
bool keyOneShot(const Prepared &state, const Purpose &purpose)
{
    const char *const name = EVP_PKEY_get0_type_name(state.key.data().pkey.get());
    const SignatureAlgorithm signature(EVP_SIGNATURE_fetch(nullptr, name, nullptr));
    int deterministic = 1;
    const std::array parameters = {
        OSSL_PARAM_construct_int(OSSL_SIGNATURE_PARAM_DETERMINISTIC, &deterministic),
        OSSL_PARAM_construct_end()};
    const bool unsalted =
        state.alg->keyType == KeyType::Akp && purpose.nonce == Nonce::Deterministic;
    EVP_PKEY_CTX *const context = state.pkey.get();
    return signature
        && (purpose.signing ? EVP_PKEY_sign_message_init(context, signature.get(),
                                                         unsalted ? parameters.data() : nullptr)
                            : EVP_PKEY_verify_message_init(context, signature.get(), nullptr))
        == 1;
}

/// RFC 6979, instead of a random k.
bool fixNonce(const Prepared &state, const Purpose &purpose)
{
    if (!purpose.signing || purpose.nonce == Nonce::Random || state.alg->keyType != KeyType::Ec)
        return true;
    unsigned type = 1;
    const std::array parameters = {
        OSSL_PARAM_construct_uint(OSSL_SIGNATURE_PARAM_NONCE_TYPE, &type),
        OSSL_PARAM_construct_end()};
    return EVP_PKEY_CTX_set_params(state.pkey.get(), parameters.data()) == 1;
}

bool keyPkey(Prepared &state, const Purpose &purpose)
{
    EVP_PKEY *pkey = state.key.data().pkey.get();
    state.pkey.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
    if (!state.pkey)
        return false;
    EVP_PKEY_CTX *context = state.pkey.get();
    if (state.alg->digest.empty())
        return keyOneShot(state, purpose);
    state.md = fetchedDigest(state.alg->digest);
    state.digest.reset(EVP_MD_CTX_new());
    const int ready = purpose.signing ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context);
    return ready == 1 && state.digest && setParameters(state, purpose.saltLength())
        && fixNonce(state, purpose);
}

Result<Prepared> prepare(Alg alg, const Key &key, const Purpose &purpose)
{
    if (const Result<void> allowed = key.allows(alg, purpose.signing, purpose.relaxed); !allowed)
        return std::unexpected(allowed.error());
    Prepared state{.key = key, .alg = &info(alg), .size = 0, .mac = {}, .pkey = {}, .digest = {}};
    state.size = signatureSize(*state.alg, key.data());
    const bool ready = state.alg->keyType == KeyType::Oct ? keyMac(state) : keyPkey(state, purpose);
    if (!ready)
        return std::unexpected(openSslError(
            Errc::AlgKeyMismatch,
            std::format("{} cannot be used with {}", state.alg->name, describeKey(key.data()))));
    return state;
}

} // namespace

struct Verifier::State : Prepared
{
};

struct Signer::State : Prepared
{
};

Verifier::Verifier(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Verifier::Verifier(Verifier &&) noexcept = default;
Verifier &Verifier::operator=(Verifier &&) noexcept = default;
Verifier::~Verifier() = default;

Result<Verifier> Verifier::make(Alg alg, const Key &key, bool relaxed)
{
    Result<Prepared> state = prepare(alg, key, {.relaxed = relaxed});
    if (!state)
        return std::unexpected(state.error());
    return Verifier(std::make_unique<State>(std::move(*state)));
}

bool Verifier::fits(std::string_view input, std::string_view signature) noexcept
{
    const State &state = *m_state;
    if (signature.size() != state.size)
        return false;
    DigestValue space;
    if (state.alg->keyType == KeyType::Oct)
        return state.hmac(input, space)
            && CRYPTO_memcmp(space.data(), signature.data(), state.size) == 0;
    std::string_view message;
    if (!state.hash(input, space, message))
        return false;
    int verdict = 0;
    if (state.alg->keyType == KeyType::Ec) {
        const EcdsaDer der = ecdsaToDer(signature);
        verdict = EVP_PKEY_verify(state.pkey.get(), der.octets.data(), der.size, octets(message),
                                  message.size());
    } else {
        verdict = EVP_PKEY_verify(state.pkey.get(), octets(signature), signature.size(),
                                  octets(message), message.size());
    }
    if (verdict == 1)
        return true;
    clearOpenSslErrors(); // negative values are failures too
    return false;
}

Result<void> Verifier::verify(std::string_view input, std::string_view signature)
{
    const State &state = *m_state;
    if (signature.size() != state.size) {
        std::string detail =
            std::format("{} bytes, {} makes {}", signature.size(), state.alg->name, state.size);
        if (signature.empty())
            detail = "the signature is empty";
        else if (state.alg->keyType == KeyType::Ec
                 && ecdsaFromDer(signature, state.size / 2).has_value())
            detail += "; it is DER, JWS demands r || s";
        return fail(Errc::SignatureLength, std::move(detail));
    }
    if (!fits(input, signature))
        return fail(Errc::SignatureMismatch);
    return {};
}

Signer::Signer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Signer::Signer(Signer &&) noexcept = default;
Signer &Signer::operator=(Signer &&) noexcept = default;
Signer::~Signer() = default;

Result<Signer> Signer::make(Alg alg, const Key &key, bool relaxed, Nonce nonce)
{
    Result<Prepared> state =
        prepare(alg, key, {.signing = true, .relaxed = relaxed, .nonce = nonce});
    if (!state)
        return std::unexpected(state.error());
    return Signer(std::make_unique<State>(std::move(*state)));
}

Result<std::string> Signer::sign(std::string_view input)
{
    const State &state = *m_state;
    DigestValue space;
    if (state.alg->keyType == KeyType::Oct) {
        if (!state.hmac(input, space))
            return std::unexpected(openSslError(Errc::Crypto, "HMAC"));
        return std::string(reinterpret_cast<const char *>(space.data()), state.size);
    }
    std::string_view message;
    if (!state.hash(input, space, message))
        return std::unexpected(openSslError(Errc::Crypto, "digest"));
    // ECDSA writes DER, which is up to 9 octets longer than r || s.
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(state.key.data().pkey.get())), '\0');
    std::size_t size = out.size();
    if (EVP_PKEY_sign(state.pkey.get(), reinterpret_cast<unsigned char *>(out.data()), &size,
                      octets(message), message.size())
        != 1)
        return std::unexpected(openSslError(Errc::Crypto, "signing"));
    out.resize(size);
    if (state.alg->keyType != KeyType::Ec)
        return out;
    std::optional<std::string> raw = ecdsaFromDer(out, state.size / 2);
    if (!raw)
        return fail(Errc::Crypto, "ECDSA");
    return std::move(*raw);
}

} // namespace postern
