// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/jose/alg.h"
#include "core/jose/key.h"
#include "core/json/json.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A JWK set. RFC 7517 5. A plain value; any thread.
class KeySet
{
public:
    /// A member of the set that cannot be used; the set stays usable without it.
    struct Skipped
    {
        std::size_t index = 0; ///< in `keys`
        std::string kid;
        std::string keyType; ///< its `kty`
        Error error; ///< its where is the pointer inside the set: "/keys/0/crv"
    };

    static constexpr std::size_t kMaxKeys = 1000;
    static constexpr std::size_t kMaxSize = 1024UL * 1024; ///< bytes of text

    KeySet() = default;

    /// An object with the array `keys`; members that are unknown or broken are skipped, a second
    /// copy of the same key as well.
    /// \param acceptSingle take a bare JWK as a set of one: for people, not for gateways
    /// \return KeySetShape, LimitExceeded
    [[nodiscard]] static Result<KeySet> fromJson(const Json &document, bool acceptSingle = false);
    /// The same from text. \return also the errors of parseJson()
    [[nodiscard]] static Result<KeySet> parse(std::string_view text, bool acceptSingle = false);

    [[nodiscard]] std::span<const Key> keys() const noexcept { return m_keys; }
    [[nodiscard]] std::span<const Skipped> skipped() const noexcept { return m_skipped; }
    [[nodiscard]] bool empty() const noexcept { return m_keys.empty(); }

    /// The key for a token: those that may be used with the algorithm (type, curve, use, key_ops,
    /// alg, size), then the one with exactly the token's kid; a token without kid needs exactly one
    /// key that fits. Nothing is ever chosen by trial. RFC 8725 3.1, RFC 7515 4.1.4.
    /// \param kid the token's; nullopt if it has none
    /// A broken member of that kid and type counts as a second one: it may be the one that is
    /// meant.
    /// \return KeyMissing, KeyAmbiguous, or what is wrong with the only key of that kid
    [[nodiscard]] Result<Key> select(Alg alg, std::optional<std::string_view> kid,
                                     bool forSigning = false, bool relaxedHmac = false) const;
    /// Every key that could be meant, in the order of the set: for people who look.
    [[nodiscard]] std::vector<Key> candidates(Alg alg, std::optional<std::string_view> kid,
                                              bool forSigning = false,
                                              bool relaxedHmac = false) const;

    /// Appends a key. The same key (by thumbprint) is replaced in its place when the new one knows
    /// more: the private part. \return Conflict if another key has the same kid
    [[nodiscard]] Result<void> add(Key key);
    /// Takes the keys of that kid or SHA-256 thumbprint away. \return how many
    std::size_t remove(std::string_view kidOrThumbprint);
    /// Adds every key of the other set.
    [[nodiscard]] Result<void> merge(const KeySet &other);
    /// What may be published: public parts only. \param dropSecrets leave HMAC secrets out
    /// \return KeyType if the set holds an HMAC secret and they are not to be dropped
    [[nodiscard]] Result<KeySet> publicPart(bool dropSecrets = false) const;

    /// {"keys":[…]} with the other members of the document.
    [[nodiscard]] Json toJson(bool includePrivate) const;
    /// The kids, or "(none)", for error texts: "a, b, (none)".
    [[nodiscard]] std::string kidList() const;

private:
    std::vector<Key> m_keys;
    std::vector<Skipped> m_skipped;
    Json m_otherMembers = Json::object();
};

} // namespace postern
