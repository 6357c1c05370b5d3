// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Byte radix trees that answer "which keys are prefixes of this text, longest first". Several
/// trees share one pool, so that thousands of small ones (one per host) stay compact. Keys are
/// views: whoever owns their text outlives the forest. Any thread once planted.
class RadixForest
{
public:
    static constexpr std::uint32_t kNone = 0xffffffffU;

    struct Entry
    {
        std::string_view key;
        std::uint32_t value;
    };

    /// Adds a tree. \param entries sorted by key (as bytes), keys unique
    /// \return its root, or kNone when there are no entries
    std::uint32_t plant(std::span<const Entry> entries);

    /// The node of the longest key that is a prefix of the text; kNone if none is.
    [[nodiscard]] std::uint32_t deepest(std::uint32_t root, std::string_view text) const noexcept;
    /// The node of the next shorter key, or kNone.
    [[nodiscard]] std::uint32_t shorter(std::uint32_t node) const noexcept
    {
        return m_nodes[node].shorter;
    }
    [[nodiscard]] std::uint32_t value(std::uint32_t node) const noexcept
    {
        return m_nodes[node].value;
    }

private:
    static constexpr std::size_t kInline = 14; ///< digits fit; the node is 40 bytes

    struct Node
    {
        const char *label = nullptr; ///< what leads here from the parent, first byte included
        std::uint32_t length = 0;
        std::uint32_t children = 0; ///< index of the first; they lie side by side
        std::uint32_t value = kNone;
        std::uint32_t shorter = kNone;
        std::uint16_t childCount = 0;
        /// First bytes of the children, where they are few: one cache line less per level.
        std::array<char, kInline> bytes{};
    };

    struct Task
    {
        std::uint32_t node;
        std::size_t first, last, depth;
    };

    void grow(const Task &task, std::span<const Entry> entries, std::vector<Task> &tasks);

    std::vector<Node> m_nodes;
    std::vector<char> m_firstBytes; ///< of each node's label, so that siblings are one memchr
};

} // namespace postern::gateway
