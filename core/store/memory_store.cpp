// SPDX-License-Identifier: Apache-2.0
#include "core/store/memory_store.h"

namespace postern {

Result<std::optional<Document>> MemoryStore::get(std::string_view key)
{
    const auto found = m_documents.find(key);
    if (found == m_documents.end())
        return std::nullopt;
    return found->second;
}

Result<std::vector<Document>> MemoryStore::list(std::string_view prefix)
{
    std::vector<Document> found;
    for (auto at = m_documents.lower_bound(prefix);
         at != m_documents.end() && at->first.starts_with(prefix); ++at)
        found.push_back(at->second);
    return found;
}

Result<std::uint64_t> MemoryStore::commit(const Transaction &transaction)
{
    if (const auto sound = checkTransaction(transaction); !sound)
        return std::unexpected(sound.error());
    for (const Transaction::Expect &expect : transaction.expects) {
        const auto found = m_documents.find(expect.key);
        const std::uint64_t actual = found == m_documents.end() ? 0 : found->second.modRevision;
        if (actual != expect.modRevision)
            return std::unexpected(conflict(expect, actual));
    }
    const std::uint64_t next = m_revision + 1;
    std::vector<Change> changes;
    changes.reserve(transaction.deletes.size() + transaction.puts.size());
    for (const std::string &key : transaction.deletes) {
        if (m_documents.erase(key) > 0)
            changes.push_back({key, std::nullopt, next});
    }
    for (const Transaction::Put &put : transaction.puts) {
        Document &document = m_documents[put.key];
        if (document.createRevision == 0) {
            document.key = put.key;
            document.createRevision = next;
        }
        document.value = put.value;
        document.modRevision = next;
        changes.push_back({put.key, document, next});
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
