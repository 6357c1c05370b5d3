// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Remembers that a token's signature fitted, and nothing else: claims, consumer and access rules
/// are looked at on every request. Keyed by the digest of the whole token and by who verified it
/// under which configuration; holds no token. One thread only.
class TokenCache
{
public:
    static constexpr std::size_t kEntries = 4096;
    static constexpr std::int64_t kMaxAge = 300; ///< seconds

    /// Under which configuration a token was verified. Every part is unique per compilation.
    struct Scope
    {
        std::uint64_t credential = 0;
        std::uint64_t consumer = 0;
        std::uint64_t plugin = 0; ///< the plugin's configuration on its route or service
        bool operator==(const Scope &) const = default;
    };
    using Digest = std::array<unsigned char, 32>;

    TokenCache();

    /// SHA-256 of the whole token; nullopt if the library fails (then nothing is remembered).
    [[nodiscard]] static std::optional<Digest> digest(std::string_view token) noexcept;

    [[nodiscard]] bool contains(const Digest &digest, const Scope &scope,
                                std::int64_t now) const noexcept;
    /// Call only after the signature fitted and every claim was accepted.
    /// \param expires the token's exp; it is remembered until then, kMaxAge at most
    void insert(const Digest &digest, const Scope &scope, std::int64_t now,
                std::optional<std::int64_t> expires);
    [[nodiscard]] std::size_t size() const noexcept { return m_used; }

private:
    static constexpr std::size_t kWays = 8;
    struct Entry
    {
        Digest digest{};
        Scope scope;
        std::int64_t until = 0; ///< UNIX seconds; 0: empty
    };

    [[nodiscard]] std::size_t setOf(const Digest &digest) const noexcept;

    std::uint64_t m_seed;
    std::vector<Entry> m_entries; ///< made when the first token enters
    std::size_t m_used = 0;
};

} // namespace postern::gateway
