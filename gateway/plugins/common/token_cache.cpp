// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/token_cache.h"

#include "core/crypto/digest.h"
#include "core/crypto/handle.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <span>

namespace postern::gateway {

namespace {

std::uint64_t randomSeed()
{
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

} // namespace

TokenCache::TokenCache() : m_seed(randomSeed()) {}

std::optional<TokenCache::Digest> TokenCache::digest(std::string_view token) noexcept
{
    thread_local const DigestCtx context(EVP_MD_CTX_new());
    const EVP_MD *sha256 = fetchedDigest("SHA256");
    Digest out;
    unsigned size = 0;
    if (!sha256 || !context || EVP_DigestInit_ex2(context.get(), sha256, nullptr) != 1
        || EVP_DigestUpdate(context.get(), token.data(), token.size()) != 1
        || EVP_DigestFinal_ex(context.get(), out.data(), &size) != 1 || size != out.size())
        return std::nullopt;
    return out;
}

std::size_t TokenCache::setOf(const Digest &digest) const noexcept
{
    // Seeded, so that nobody can prepare tokens that meet in one set.
    std::uint64_t head = 0;
    std::memcpy(&head, digest.data(), sizeof head);
    head = (head ^ m_seed) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(head >> 32U) % (kEntries / kWays) * kWays;
}

bool TokenCache::contains(const Digest &digest, const Scope &scope, std::int64_t now) const noexcept
{
    if (m_entries.empty())
        return false;
    const Entry *entry = m_entries.data() + setOf(digest);
    for (std::size_t way = 0; way < kWays; ++way, ++entry) {
        if (entry->digest != digest || entry->scope != scope)
            continue;
        // the second bound: a clock that was set back must not lengthen a life
        return entry->until > now && entry->until <= now + kMaxAge;
    }
    return false;
}

void TokenCache::insert(const Digest &digest, const Scope &scope, std::int64_t now,
                        std::optional<std::int64_t> expires)
{
    const std::int64_t until = std::min(expires.value_or(now + kMaxAge), now + kMaxAge);
    if (until <= now)
        return;
    if (m_entries.empty())
        m_entries.resize(kEntries);
    const std::span<Entry> set(m_entries.data() + setOf(digest), kWays);
    auto place = std::ranges::find_if(
        set, [&](const Entry &entry) { return entry.digest == digest && entry.scope == scope; });
    if (place == set.end())
        place = std::ranges::min_element(set, {}, &Entry::until); // empty ones come first
    if (place->until == 0)
        ++m_used;
    *place = {digest, scope, until};
}

} // namespace postern::gateway
