// SPDX-License-Identifier: Apache-2.0
#include "core/store/memory_store.h"

#include <utility>

namespace postern {

Result<std::optional<Document>> MemoryStore::get(std::string_view key)
{
    const auto found = m_documents.find(key);
    if (found == m_documents.end())
        return std::nullopt;
    return **found;
}

Result<std::vector<Document>> MemoryStore::list(std::string_view prefix)
{
    std::vector<Document> found;
    for (auto at = m_documents.lower_bound(prefix);
         at != m_documents.end() && (*at)->key.starts_with(prefix); ++at)
        found.push_back(**at);
    return found;
}

Result<std::uint64_t> MemoryStore::commit(Transaction transaction)
{
    if (const auto sound = checkTransaction(transaction); !sound)
        return std::unexpected(sound.error());
    for (const Transaction::Expect &expect : transaction.expects) {
        const auto found = m_documents.find(expect.key);
        const std::uint64_t actual = found == m_documents.end() ? 0 : (*found)->modRevision;
        if (actual != expect.modRevision)
            return std::unexpected(conflict(expect, actual));
    }
    const std::uint64_t next = m_revision + 1;
    std::vector<Change> changes;
    changes.reserve(transaction.deletes.size() + transaction.puts.size());
    for (const std::string &key : transaction.deletes) {
        const auto found = m_documents.find(key);
        if (found == m_documents.end())
            continue;
        m_documents.erase(found);
        changes.push_back({key, nullptr, next});
    }
    auto at = m_documents.begin();
    for (Transaction::Put &put : transaction.puts) {
        auto document =
            std::make_shared<Document>(Document{put.key, std::move(put.value), next, next});
        // What comes in order, or counts up, belongs behind the one before.
        if (at != m_documents.end() && (*at)->key < put.key)
            ++at;
        const bool fits = at != m_documents.end() && put.key < (*at)->key
            && at != m_documents.begin() && (*std::prev(at))->key < put.key;
        if (!fits)
            at = m_documents.lower_bound(put.key);
        if (at != m_documents.end() && (*at)->key == put.key) {
            document->createRevision = (*at)->createRevision;
            at = m_documents.erase(at);
        }
        changes.push_back({std::move(put.key), document, next});
        at = m_documents.insert(at, std::move(document));
    }
    // As etcd: what changes nothing makes no revision.
    if (changes.empty())
        return m_revision;
    m_revision = next;
    if (m_watcher)
        m_watcher(changes);
    return m_revision;
}

} // namespace postern
