// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Bump allocator for the text of one exchange. Its own thread only. Views stay valid until
/// clear(); blocks are kept for the next exchange.
class Arena
{
public:
    /// Uninitialised room for `size` characters.
    [[nodiscard]] char *allocate(std::size_t size)
    {
        while (m_block < m_blocks.size() && m_blocks[m_block].size - m_used < size) {
            ++m_block;
            m_used = 0;
        }
        if (m_block == m_blocks.size()) {
            const std::size_t room = size > kBlock ? size : kBlock;
            m_blocks.push_back({std::make_unique_for_overwrite<char[]>(room), room});
            m_used = 0;
        }
        char *at = m_blocks[m_block].text.get() + m_used;
        m_used += size;
        return at;
    }

    /// A copy of the text that lives as long as the exchange.
    [[nodiscard]] std::string_view copy(std::string_view text)
    {
        if (text.empty())
            return {};
        char *at = allocate(text.size());
        std::memcpy(at, text.data(), text.size());
        return {at, text.size()};
    }

    /// The two texts joined.
    [[nodiscard]] std::string_view join(std::string_view a, std::string_view b)
    {
        char *at = allocate(a.size() + b.size());
        std::memcpy(at, a.data(), a.size());
        std::memcpy(at + a.size(), b.data(), b.size());
        return {at, a.size() + b.size()};
    }

    /// Forgets everything; keeps one block of ordinary size.
    void clear() noexcept
    {
        if (m_blocks.size() > 1)
            m_blocks.resize(1);
        if (!m_blocks.empty() && m_blocks.front().size > kBlock)
            m_blocks.clear();
        m_block = 0;
        m_used = 0;
    }

private:
    static constexpr std::size_t kBlock = 4096;
    struct Block
    {
        std::unique_ptr<char[]> text;
        std::size_t size;
    };
    std::vector<Block> m_blocks;
    std::size_t m_block = 0;
    std::size_t m_used = 0;
};

} // namespace postern::gateway
