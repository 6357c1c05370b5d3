// SPDX-License-Identifier: Apache-2.0
#include "gateway/config_service.h"

#include <utility>

namespace postern::gateway {

ConfigService::ConfigService(std::unique_ptr<Store> store, const PluginEnv &env, const Clock &clock,
                             Publish publish)
    : m_store(std::move(store)),
      m_compiler(env),
      m_clock(clock),
      m_publish(std::move(publish))
{
    m_store->watch([this](const std::vector<Change> &changes) { changed(changes); });
}

Result<void> ConfigService::load()
{
    auto documents = m_store->list("/");
    if (!documents)
        return std::unexpected(documents.error());
    const auto revision = m_store->revision();
    if (!revision)
        return std::unexpected(revision.error());
    std::vector<Change> changes;
    changes.reserve(documents->size());
    for (Document &document : *documents) {
        std::string key = document.key;
        const std::uint64_t at = document.modRevision;
        changes.push_back(
            {std::move(key), std::make_shared<const Document>(std::move(document)), at});
    }
    m_snapshot = m_compiler.apply(changes, *revision);
    m_publish(m_snapshot);
    return {};
}

Result<std::uint64_t> ConfigService::commit(Transaction transaction)
{
    return m_store->commit(std::move(transaction));
}

Result<void> ConfigService::poll() { return m_store->poll(); }

void ConfigService::changed(const std::vector<Change> &changes)
{
    if (changes.empty())
        return;
    m_snapshot = m_compiler.apply(changes, changes.back().revision);
    m_publish(m_snapshot);
}

} // namespace postern::gateway
