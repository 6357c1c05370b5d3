// SPDX-License-Identifier: Apache-2.0
#include "gateway/config_service.h"

#include "core/large_heap.h"
#include "gateway/observe/metrics.h"

#include <QLoggingCategory>

#include <utility>

namespace postern::gateway {

namespace {

Q_LOGGING_CATEGORY(lcConfig, "postern.config")

} // namespace

ConfigService::ConfigService(std::unique_ptr<Store> store, const PluginEnv &env, const Clock &clock,
                             Publish publish, RouterFlavour router)
    : m_store(std::move(store)),
      m_env(env),
      m_router(router),
      m_compiler(std::make_unique<SnapshotCompiler>(env, router)),
      m_clock(clock),
      m_publish(std::move(publish))
{
    m_store->watch([this](const std::vector<Change> &changes) { changed(changes); });
}

Result<void> ConfigService::load()
{
    auto compiler = std::make_unique<SnapshotCompiler>(m_env, m_router);
    auto documents = m_store->list("/");
    if (!documents)
        return std::unexpected(documents.error());
    const auto revision = m_store->revision();
    if (!revision)
        return std::unexpected(revision.error());
    constexpr std::size_t kMany = 10'000;
    constexpr std::size_t kHeapPerObject = 1024;
    if (documents->size() >= kMany)
        prepareLargeHeap(kHeapPerObject * documents->size());
    std::vector<Change> changes;
    changes.reserve(documents->size());
    for (Document &document : *documents) {
        std::string key = document.key;
        const std::uint64_t at = document.modRevision;
        changes.push_back(
            {std::move(key), std::make_shared<const Document>(std::move(document)), at});
    }
    m_compiler = std::move(compiler);
    if (m_env.metrics)
        m_env.metrics->noteChanges(changes);
    m_snapshot = m_compiler->apply(changes, *revision);
    m_publish(m_snapshot);
    return {};
}

Result<std::uint64_t> ConfigService::commit(Transaction transaction)
{
    return m_store->commit(std::move(transaction));
}

Result<void> ConfigService::poll()
{
    Result<void> polled = m_store->poll();
    if (!polled && polled.error().code == Errc::Conflict)
        polled = load();
    if (polled) {
        m_storeProblem.reset();
        return {};
    }
    if (!m_storeProblem)
        qCWarning(lcConfig, "the store cannot be read: %s", describe(polled.error()).c_str());
    m_storeProblem = polled.error();
    return polled;
}

std::vector<CompileProblem> ConfigService::problems() const
{
    std::vector<CompileProblem> problems = m_compiler->problems();
    if (m_storeProblem)
        problems.push_back({"store", *m_storeProblem});
    return problems;
}

void ConfigService::changed(const std::vector<Change> &changes)
{
    if (changes.empty())
        return;
    if (m_env.metrics)
        m_env.metrics->noteChanges(changes);
    m_snapshot = m_compiler->apply(changes, changes.back().revision);
    m_publish(m_snapshot);
}

} // namespace postern::gateway
