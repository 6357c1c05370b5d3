// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/jwt_login.h"

#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"
#include "core/jose/apisix_rules.h"

#include <utility>

namespace postern::gateway {

namespace {

std::size_t signatureSizeOf(const AlgInfo &alg, const Result<Key> &key)
{
    if (alg.pss)
        return apisix::kPssSize;
    if (alg.signatureSize != 0 || !key)
        return alg.signatureSize;
    if (alg.keyType == KeyType::Rsa)
        return (key->bits() + 7) / 8;
    return key->curve() == "Ed448" ? 114 : 64; // RFC 8032 5.1.6, 5.2.6
}

} // namespace

Result<Key> JwtLogin::readKey(const AlgInfo &alg, const Json &config)
{
    if (alg.keyType == KeyType::Oct) {
        const std::string_view secret = config.stringOr("secret", "");
        const Json *base64 = config.find("base64_secret");
        if (!base64 || !base64->asBool())
            return Key::fromSecret(Secret(secret));
        std::string octets;
        const bool readable = decodeBase64LaxInto(secret, octets); // as APISIX reads it
        if (!readable)
            return fail(Errc::Base64, "the secret is not base64");
        Result<Key> key = Key::fromSecret(Secret(octets));
        wipe(octets);
        return key;
    }
    return Key::fromPem(config.stringOr("public_key", ""))
        .and_then([&alg](Key &&key) -> Result<Key> {
            if (const Result<void> fits = key.allows(alg.alg, false, true); !fits)
                return std::unexpected(fits.error());
            return std::move(key);
        });
}

Result<Key> JwtLogin::readSigningKey(const AlgInfo &alg, const Json &config)
{
    if (alg.keyType == KeyType::Oct)
        return readKey(alg, config);
    const std::string_view pem = config.stringOr("private_key", "");
    if (pem.empty())
        return fail(Errc::KeyMissing, "the credential holds the public key only");
    return Key::fromPem(pem);
}

std::unique_ptr<const JwtLogin::Signing> JwtLogin::readSigning(const AlgInfo &alg,
                                                               const Json &config)
{
    constexpr std::int64_t kDay = 86400;
    const Json *const exp = config.find("exp");
    return std::make_unique<const Signing>(
        Signing{readSigningKey(alg, config), exp ? exp->asInteger().value_or(kDay) : kDay,
                std::string(alg.keyType == KeyType::Oct ? "" : config.stringOr("public_key", ""))});
}

Result<std::shared_ptr<const JwtLogin>> JwtLogin::make(const Json &config, const PluginEnv &env)
{
    const AlgInfo *alg = findAlg(config.stringOr("algorithm", "HS256"));
    if (!alg)
        return fail(Errc::PluginConfig, "the algorithm is not known", "/algorithm");
    const Json *grace = config.find("lifetime_grace_period");
    const Json *base64 = config.find("base64_secret");
    auto login = std::make_shared<JwtLogin>(*alg, readKey(*alg, config),
                                            grace ? grace->asInteger().value_or(0) : 0,
                                            base64 && base64->asBool(), env.workers);
    if (env.signEndpoint)
        login->m_signing = readSigning(*alg, config);
    return login;
}

JwtLogin::JwtLogin(const AlgInfo &alg, Result<Key> key, std::int64_t grace, bool base64Secret,
                   std::size_t workers)
    : m_alg(alg),
      m_key(std::move(key)),
      m_grace(grace),
      m_base64Secret(base64Secret),
      m_signatureSize(signatureSizeOf(alg, m_key)),
      m_verifiers(workers)
{
}

Verifier *JwtLogin::verifier(std::size_t worker) const
{
    std::unique_ptr<Verifier> &slot = m_verifiers.at(worker);
    if (!slot && m_key) {
        if (Result<Verifier> made = Verifier::make(m_alg.alg, *m_key, true))
            slot = std::make_unique<Verifier>(std::move(*made));
    }
    return slot.get();
}

} // namespace postern::gateway
