// SPDX-License-Identifier: Apache-2.0
#include "gateway/change_journal.h"

#include "core/bytes/encoding.h"
#include "core/crypto/random.h"

#include <algorithm>
#include <ranges>
#include <string_view>
#include <unordered_set>

namespace postern::gateway {

ChangeJournal::ChangeJournal()
{
    constexpr std::size_t kSize = 8;
    if (const auto octets = randomOctets(kSize))
        m_instance = encodeHex(octets->view());
}

void ChangeJournal::restart(std::uint64_t revision)
{
    m_touched.clear();
    m_floor = m_revision = revision;
}

void ChangeJournal::note(std::span<const Change> changes)
{
    if (changes.size() > kKept) {
        restart(changes.back().revision);
        return;
    }
    for (const Change &change : changes) {
        m_touched.push_back({change.revision, change.key});
        m_revision = std::max(m_revision, change.revision);
    }
    // A commit is known as a whole or not at all.
    while (m_touched.size() > kKept
           || (!m_touched.empty() && m_touched.front().revision <= m_floor)) {
        m_floor = std::max(m_floor, m_touched.front().revision);
        m_touched.pop_front();
    }
}

std::optional<std::vector<TouchedKey>> ChangeJournal::since(std::uint64_t revision) const
{
    if (revision < m_floor || revision > m_revision)
        return std::nullopt;
    std::vector<TouchedKey> keys;
    std::unordered_set<std::string_view> told;
    for (const TouchedKey &touched : m_touched | std::views::reverse) {
        if (touched.revision <= revision)
            break;
        if (told.insert(touched.key).second)
            keys.push_back(touched);
    }
    std::ranges::reverse(keys);
    return keys;
}

} // namespace postern::gateway
