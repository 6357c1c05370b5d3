// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/key.h"
#include "core/jose/signature.h"
#include "core/json/json.h"
#include "gateway/pipeline/plugin.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// The jwt-auth part of a consumer or credential: one algorithm, one key, prepared. Immutable but
/// for each worker's own verifier.
class JwtLogin final : public CredentialKey
{
public:
    /// \param config valid, defaults filled in, references resolved
    /// \return PluginConfig if the algorithm is unknown. A key that cannot be used is kept as such:
    /// its tokens are refused with the reason, as APISIX does.
    [[nodiscard]] static Result<std::shared_ptr<const JwtLogin>> make(const Json &config,
                                                                      const PluginEnv &env);
    /// The key of that configuration, read for its algorithm.
    /// \return KeyFormat, KeyType, AlgKeyMismatch, Base64, ...
    [[nodiscard]] static Result<Key> readKey(const AlgInfo &alg, const Json &config);

    /// The key that makes tokens for that configuration.
    /// \return as readKey(); KeyMissing where only the client has it
    [[nodiscard]] static Result<Key> readSigningKey(const AlgInfo &alg, const Json &config);

    JwtLogin(const AlgInfo &alg, Result<Key> key, std::int64_t grace, bool base64Secret,
             std::size_t workers);

    [[nodiscard]] const AlgInfo &alg() const noexcept { return m_alg; }
    [[nodiscard]] const Result<Key> &key() const noexcept { return m_key; }
    [[nodiscard]] std::int64_t grace() const noexcept { return m_grace; } ///< seconds
    [[nodiscard]] bool base64Secret() const noexcept { return m_base64Secret; }
    /// Octets a signature of this key has.
    [[nodiscard]] std::size_t signatureSize() const noexcept { return m_signatureSize; }
    /// What makes tokens at the endpoint that APISIX had up to 3.10.
    struct Signing
    {
        Result<Key> key;
        std::int64_t lifetime; ///< seconds: `exp` of the credential
        std::string publicKey; ///< PEM, for the token's header; empty with HMAC
    };
    /// nullptr where that endpoint is not offered.
    [[nodiscard]] const Signing *signing() const noexcept { return m_signing.get(); }
    /// The worker's own verifier, made at its first use. nullptr if the key cannot be used.
    [[nodiscard]] Verifier *verifier(std::size_t worker) const;

private:
    [[nodiscard]] static std::unique_ptr<const Signing> readSigning(const AlgInfo &alg,
                                                                    const Json &config);

    const AlgInfo &m_alg;
    Result<Key> m_key;
    std::int64_t m_grace;
    bool m_base64Secret;
    std::size_t m_signatureSize;
    PerWorker<Verifier> m_verifiers;
    std::unique_ptr<const Signing> m_signing;
};

} // namespace postern::gateway
