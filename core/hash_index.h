// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace postern {

/// A 64-bit hash of text, for tables whose keys come from the configuration: not keyed, and so not
/// for keys that a client can insert.
[[nodiscard]] inline std::uint64_t hashText(std::string_view text) noexcept
{
    const auto mix = [](std::uint64_t a, std::uint64_t b) {
        __extension__ using Wide = unsigned __int128;
        const Wide product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    constexpr std::uint64_t kOne = 0x9e3779b97f4a7c15U;
    constexpr std::uint64_t kTwo = 0xd6e8feb86659fd93U;
    std::uint64_t hash = text.size() * kOne + kTwo;
    const char *at = text.data();
    std::size_t left = text.size();
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        hash = mix(hash ^ word, kOne);
    }
    if (left > 0) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, left);
        hash = mix(hash ^ word, kTwo);
    }
    return mix(hash, kTwo);
}

/// Open addressing from hash to a 32-bit number. Whoever owns the keys compares them. Any thread
/// once filled.
class HashIndex
{
public:
    static constexpr std::uint32_t kNone = 0xffffffffU;

    /// Makes room for `count` entries; forgets what was there.
    void reset(std::size_t count)
    {
        m_slots.assign(std::bit_ceil(count * 2 + 2), Slot{});
        m_mask = m_slots.size() - 1;
    }

    /// The key must not be there yet, and room for it must be.
    void insert(std::uint64_t hash, std::uint32_t number) noexcept
    {
        std::size_t at = hash & m_mask;
        while (m_slots[at].number != kNone)
            at = (at + 1) & m_mask;
        m_slots[at] = {tag(hash), number};
    }

    /// \param equal tells whether the entry of that number is the one looked for
    template <class Equal>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, Equal equal) const noexcept
    {
        if (m_slots.empty())
            return kNone;
        for (std::size_t at = hash & m_mask; m_slots[at].number != kNone; at = (at + 1) & m_mask) {
            if (m_slots[at].tag == tag(hash) && equal(m_slots[at].number))
                return m_slots[at].number;
        }
        return kNone;
    }

private:
    struct Slot
    {
        std::uint32_t tag = 0;
        std::uint32_t number = kNone;
    };
    static std::uint32_t tag(std::uint64_t hash) noexcept
    {
        return static_cast<std::uint32_t>(hash >> 32);
    }

    std::vector<Slot> m_slots;
    std::size_t m_mask = 0;
};

/// Whether two of the hashes are the same.
[[nodiscard]] bool anyRepeats(std::span<const std::uint64_t> hashes);

} // namespace postern
