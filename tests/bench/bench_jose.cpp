// SPDX-License-Identifier: Apache-2.0
// JOSE: verify and sign, beside raw OpenSSL with a prepared context and libjwt 1.17
//
// Raw OpenSSL is the floor (signature only), libjwt the peer; one token, one run.

#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"
#include "core/crypto/handle.h"
#include "core/jose/ecdsa.h"
#include "core/jose/jws.h"
#include "core/jose/key_data.h"
#include "core/jose/signature.h"
#include "core/json/reader.h"

#include <benchmark/benchmark.h>
#include <jwt.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

using namespace postern;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;

// 272 bytes of claims, as an identity provider writes them.
const std::string kPayload =
    R"({"iss":"https://issuer.example/realms/main","sub":"f3b0c442-98fc-4c14-9afb-f4c8996fb924",)"
    R"("aud":["gateway","accounts"],"exp":4102444800,"nbf":1700000000,"iat":1700000000,)"
    R"("jti":"01HF7Y5Q8M3T9V1K6N2X4B7C8D","key":"jack-key","scope":"openid profile orders:read",)"
    R"("roles":["user"]})";

struct Subject
{
    AlgInfo alg;
    jwt_alg_t peer;
    Key key;
    std::string publicPem;
    std::string privatePem;
    std::string token;
};

jwt_alg_t peerAlg(Alg alg)
{
    switch (alg) {
    case Alg::HS256:
        return JWT_ALG_HS256;
    case Alg::RS256:
        return JWT_ALG_RS256;
    case Alg::ES256:
        return JWT_ALG_ES256;
    case Alg::ES384:
        return JWT_ALG_ES384;
    case Alg::PS256:
        return JWT_ALG_PS256;
    default:
        return JWT_ALG_INVAL;
    }
}

const Subject &subject(Alg alg)
{
    static std::map<Alg, Subject> subjects;
    const auto found = subjects.find(alg);
    if (found != subjects.end())
        return found->second;
    const AlgInfo &row = info(alg);
    Key key = *Key::generate(alg);
    std::string publicPem(key.data().secret.view());
    std::string privatePem = publicPem;
    if (row.keyType != KeyType::Oct) {
        publicPem = *key.toPem(false);
        privatePem = *key.toPem(true);
    }
    const std::string header = R"({"alg":")" + std::string(row.name) + R"(","typ":"JWT"})";
    std::string token = *signJws(header, kPayload, alg, key);
    return subjects
        .emplace(alg,
                 Subject{row, peerAlg(alg), std::move(key), std::move(publicPem),
                         std::move(privatePem), std::move(token)})
        .first->second;
}

/// Everything the request path does with a token: split, header, claims, times, signature.
class RequestPath
{
public:
    explicit RequestPath(const Subject &of)
        : m_alg(of.alg),
          m_verifier(*Verifier::make(of.alg.alg, of.key))
    {
    }

    bool accepts(std::string_view token)
    {
        const Result<CompactParts> parts = splitCompact(token);
        if (!parts || !decodeBase64UrlInto(parts->header, m_header)
            || !decodeBase64UrlInto(parts->payload, m_payload)
            || !decodeBase64UrlInto(parts->signature, m_signature))
            return false;
        std::array<WantedMember, 1> header = {WantedMember{.name = "alg"}};
        std::array<WantedMember, 3> claims = {
            WantedMember{.name = "exp"}, WantedMember{.name = "nbf"}, WantedMember{.name = "key"}};
        return readMembers(m_header, header) && header[0].text == m_alg.name
            && readMembers(m_payload, claims) && compareNumber(claims[0].text, kNow) > 0
            && compareNumber(claims[1].text, kNow) <= 0
            && m_verifier.fits(parts->signingInput, m_signature);
    }

private:
    AlgInfo m_alg;
    Verifier m_verifier;
    std::string m_header;
    std::string m_payload;
    std::string m_signature;
};

void verifyOurs(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    RequestPath path(of);
    for (auto _ : state) {
        if (!path.accepts(of.token))
            state.SkipWithError("refused");
    }
}

/// Signature only, with OpenSSL's own calls and a prepared context.
void verifyOpenSsl(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    const CompactParts parts = *splitCompact(of.token);
    const std::string signature = *decodeBase64Url(parts.signature);
    const auto *input = reinterpret_cast<const unsigned char *>(parts.signingInput.data());
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    if (of.alg.keyType == KeyType::Oct) {
        const MacCtx mac(EVP_MAC_CTX_new(fetchedHmac()));
        char name[] = "SHA256";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
            OSSL_PARAM_construct_end()};
        const Secret &secret = of.key.data().secret;
        EVP_MAC_init(mac.get(), secret.bytes().data(), secret.size(), parameters);
        for (auto _ : state) {
            std::size_t size = 0;
            EVP_MAC_init(mac.get(), nullptr, 0, nullptr);
            EVP_MAC_update(mac.get(), input, parts.signingInput.size());
            EVP_MAC_final(mac.get(), hash.data(), &size, hash.size());
            if (CRYPTO_memcmp(hash.data(), signature.data(), size) != 0)
                state.SkipWithError("refused");
        }
        return;
    }
    const PkeyCtx context(EVP_PKEY_CTX_new_from_pkey(nullptr, of.key.data().pkey.get(), nullptr));
    if (of.alg.keyType == KeyType::Okp) {
        const SignatureAlgorithm primitive(EVP_SIGNATURE_fetch(nullptr, "ED25519", nullptr));
        EVP_PKEY_verify_message_init(context.get(), primitive.get(), nullptr);
        for (auto _ : state) {
            if (EVP_PKEY_verify(context.get(),
                                reinterpret_cast<const unsigned char *>(signature.data()),
                                signature.size(), input, parts.signingInput.size())
                != 1)
                state.SkipWithError("refused");
        }
        return;
    }
    const EVP_MD *md = fetchedDigest(of.alg.digest);
    const DigestCtx digest(EVP_MD_CTX_new());
    EVP_PKEY_verify_init(context.get());
    if (of.alg.pss)
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_signature_md(context.get(), md);
    if (of.alg.pss)
        EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), RSA_PSS_SALTLEN_DIGEST);
    // ECDSA: the floor is given its DER for free.
    const EcdsaDer der = of.alg.keyType == KeyType::Ec ? ecdsaToDer(signature) : EcdsaDer{};
    const unsigned char *octets = of.alg.keyType == KeyType::Ec
        ? der.octets.data()
        : reinterpret_cast<const unsigned char *>(signature.data());
    const std::size_t size = of.alg.keyType == KeyType::Ec ? der.size : signature.size();
    for (auto _ : state) {
        unsigned int written = 0;
        EVP_DigestInit_ex2(digest.get(), md, nullptr);
        EVP_DigestUpdate(digest.get(), input, parts.signingInput.size());
        EVP_DigestFinal_ex(digest.get(), hash.data(), &written);
        if (EVP_PKEY_verify(context.get(), octets, size, hash.data(), written) != 1)
            state.SkipWithError("refused");
    }
}

void verifyLibjwt(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    jwt_valid_t *rules = nullptr;
    jwt_valid_new(&rules, of.peer);
    jwt_valid_set_now(rules, static_cast<time_t>(kNow));
    for (auto _ : state) {
        jwt_t *jwt = nullptr;
        if (jwt_decode(&jwt, of.token.c_str(),
                       reinterpret_cast<const unsigned char *>(of.publicPem.data()),
                       static_cast<int>(of.publicPem.size()))
            != 0) {
            state.SkipWithError("libjwt refuses it");
            break;
        }
        if (jwt_validate(jwt, rules) != 0)
            state.SkipWithError("libjwt finds it not valid");
        jwt_free(jwt);
    }
    jwt_valid_free(rules);
}

void signOurs(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    const std::string header = R"({"alg":")" + std::string(of.alg.name) + R"(","typ":"JWT"})";
    Signer signer = *Signer::make(alg, of.key);
    for (auto _ : state) {
        std::string token = encodeBase64Url(header);
        token.append(".").append(encodeBase64Url(kPayload));
        const std::string signature = *signer.sign(token);
        token.append(".").append(encodeBase64Url(signature));
        benchmark::DoNotOptimize(token);
    }
}

void signLibjwt(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    for (auto _ : state) {
        jwt_t *jwt = nullptr;
        jwt_new(&jwt);
        jwt_add_grants_json(jwt, kPayload.c_str());
        if (jwt_set_alg(jwt, of.peer, reinterpret_cast<const unsigned char *>(of.privatePem.data()),
                        static_cast<int>(of.privatePem.size()))
            != 0) {
            state.SkipWithError("libjwt refuses the key");
            jwt_free(jwt);
            break;
        }
        char *token = jwt_encode_str(jwt);
        if (!token) {
            state.SkipWithError("libjwt cannot sign");
            jwt_free(jwt);
            break;
        }
        jwt_free_str(token);
        jwt_free(jwt);
    }
}

/// What a caller without a prepared Verifier pays: the whole library call, JSON tree included.
void verifyWhole(benchmark::State &state, Alg alg)
{
    const Subject &of = subject(alg);
    for (auto _ : state) {
        if (!verifyJws(of.token, of.key))
            state.SkipWithError("refused");
    }
}

} // namespace

int main(int argc, char **argv)
{
    for (const Alg alg :
         {Alg::HS256, Alg::RS256, Alg::PS256, Alg::ES256, Alg::ES384, Alg::Ed25519}) {
        const std::string name(info(alg).name);
        const bool peer = peerAlg(alg) != JWT_ALG_INVAL && alg != Alg::PS256;
        benchmark::RegisterBenchmark("verify/" + name + "/postern", verifyOurs, alg);
        benchmark::RegisterBenchmark("verify/" + name + "/openssl-raw", verifyOpenSsl, alg);
        if (peer)
            benchmark::RegisterBenchmark("verify/" + name + "/libjwt-1.17", verifyLibjwt, alg);
        benchmark::RegisterBenchmark("verify/" + name + "/postern-unprepared", verifyWhole, alg);
        benchmark::RegisterBenchmark("sign/" + name + "/postern", signOurs, alg);
        if (peer)
            benchmark::RegisterBenchmark("sign/" + name + "/libjwt-1.17", signLibjwt, alg);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
