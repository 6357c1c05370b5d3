// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/radix_tree.h"

#include <algorithm>
#include <cstring>

namespace postern::gateway {

std::uint32_t RadixForest::plant(std::span<const Entry> entries)
{
    if (entries.empty())
        return kNone;
    const auto root = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.emplace_back();
    m_firstBytes.push_back(0);
    // A work list, not recursion: keys that nest thousands deep must not exhaust the stack.
    std::vector<Task> tasks{{root, 0, entries.size(), 0}};
    while (!tasks.empty()) {
        const Task task = tasks.back();
        tasks.pop_back();
        grow(task, entries, tasks);
    }
    return root;
}

void RadixForest::grow(const Task &task, std::span<const Entry> entries, std::vector<Task> &tasks)
{
    // The entries are sorted: what the first and the last share, all share.
    const std::string_view low = entries[task.first].key;
    const std::string_view high = entries[task.last - 1].key;
    std::size_t end = task.depth;
    while (end < low.size() && end < high.size() && low[end] == high[end])
        ++end;

    m_nodes[task.node].label = low.data() + task.depth;
    m_nodes[task.node].length = static_cast<std::uint32_t>(end - task.depth);
    if (end > task.depth)
        m_firstBytes[task.node] = low[task.depth];

    std::size_t first = task.first;
    if (low.size() == end)
        m_nodes[task.node].value = entries[first++].value;

    const auto children = static_cast<std::uint32_t>(m_nodes.size());
    const std::uint32_t shorter =
        m_nodes[task.node].value != kNone ? task.node : m_nodes[task.node].shorter;
    while (first < task.last) {
        const char byte = entries[first].key[end];
        std::size_t last = first + 1;
        while (last < task.last && entries[last].key[end] == byte)
            ++last;
        tasks.push_back({static_cast<std::uint32_t>(m_nodes.size()), first, last, end});
        m_nodes.emplace_back().shorter = shorter;
        m_firstBytes.push_back(byte);
        first = last;
    }
    m_nodes[task.node].children = children;
    const std::size_t count = m_nodes.size() - children;
    m_nodes[task.node].childCount = static_cast<std::uint16_t>(count);
    if (count <= kInline)
        std::memcpy(m_nodes[task.node].bytes.data(), m_firstBytes.data() + children, count);
}

std::uint32_t RadixForest::deepest(std::uint32_t root, std::string_view text) const noexcept
{
    std::uint32_t found = kNone;
    std::uint32_t at = root;
    std::size_t known = 0; // of the label: a child's first byte was found by its parent
    while (at != kNone) {
        const Node &node = m_nodes[at];
        if (text.size() < node.length)
            break;
        if (node.length > known
            && std::memcmp(text.data() + known, node.label + known, node.length - known) != 0)
            break;
        text.remove_prefix(node.length);
        if (node.value != kNone)
            found = at;
        if (text.empty() || node.childCount == 0)
            break;
        const char *bytes =
            node.childCount <= kInline ? node.bytes.data() : m_firstBytes.data() + node.children;
        const void *hit = std::memchr(bytes, text.front(), node.childCount);
        if (!hit)
            break;
        at = node.children + static_cast<std::uint32_t>(static_cast<const char *>(hit) - bytes);
        known = 1;
    }
    return found;
}

} // namespace postern::gateway
