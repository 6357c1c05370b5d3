// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/crypto/hmac.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/plugin.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// The algorithms of hmac-auth, by APISIX's names.
struct HmacAlgorithm
{
    std::string_view name; ///< "hmac-sha256"
    std::string_view digest; ///< OpenSSL's name
};
inline constexpr std::array kHmacAlgorithms{HmacAlgorithm{"hmac-sha1", "SHA1"},
                                            HmacAlgorithm{"hmac-sha256", "SHA256"},
                                            HmacAlgorithm{"hmac-sha512", "SHA512"}};

/// The algorithm's place in kHmacAlgorithms; nullopt if it is not known.
[[nodiscard]] std::optional<std::size_t> findHmacAlgorithm(std::string_view name) noexcept;

/// What `Authorization: Signature keyId="…",algorithm="…",headers="…",signature="…"` says.
/// Views into the header. APISIX 3.11 and later, hmac-auth.
struct HmacParameters
{
    std::optional<std::string_view> keyId, algorithm, signature;
    std::optional<std::string_view> headers; ///< names, each followed by one blank but the last

    /// \param text what follows the word "Signature". Parts without `word="value"` are passed over,
    /// of equal words the last one counts.
    [[nodiscard]] static HmacParameters read(std::string_view text) noexcept;
    /// True if `name` stands among the headers, letter by letter.
    [[nodiscard]] bool covers(std::string_view name) const noexcept;
};

/// The hmac-auth part of a consumer or credential: a secret, and each worker's contexts for it.
class HmacLogin final : public CredentialKey
{
public:
    HmacLogin(std::string_view secret, std::size_t workers) : m_secret(secret), m_contexts(workers)
    {
    }
    /// The worker's own context, made at its first use. nullptr if the library refuses.
    [[nodiscard]] Hmac *context(std::size_t worker, std::size_t algorithm) const;

private:
    using Contexts = std::array<std::optional<Hmac>, kHmacAlgorithms.size()>;

    Secret m_secret;
    PerWorker<Contexts> m_contexts;
};

/// Calculates the signature the request ought to have: the key id and the lines its `headers`
/// parameter names, each with a line feed.
/// \return a view into `context`; empty if the library fails
[[nodiscard]] Hmac::Tag signRequest(Hmac &context, const Request &request,
                                    const HmacParameters &parameters);

/// The text that signRequest() signs, for people: one line, "⏎" for line feeds, and "…" for the
/// values of headers that may be secret.
[[nodiscard]] std::string shownSigningText(const Request &request,
                                           const HmacParameters &parameters);

} // namespace postern::gateway
