// SPDX-License-Identifier: Apache-2.0
#include "gateway/config_service.h"

#include "core/large_heap.h"
#include "gateway/observe/metrics.h"
#include "gateway/pipeline/missing_logins.h"

#include <QLoggingCategory>

#include <algorithm>
#include <utility>

namespace postern::gateway {

namespace {

Q_LOGGING_CATEGORY(lcConfig, "postern.config")

constexpr std::string_view kManagers = "/apisix/secrets/";

} // namespace

ConfigService::ConfigService(std::unique_ptr<Store> store, const PluginEnv &env, const Clock &clock,
                             Publish publish, ManagedSecrets *secrets, Routing routing)
    : m_store(std::move(store)),
      m_env(env),
      m_routing(std::move(routing)),
      m_compiler(std::make_unique<SnapshotCompiler>(env, m_routing)),
      m_clock(clock),
      m_publish(std::move(publish)),
      m_secrets(secrets)
{
    if (m_secrets) {
        m_secrets->onChanged([this](const std::vector<std::string> &keys) { recompile(keys); });
        m_missingLogins = std::make_shared<const MissingLogins>([this](MissingLogins::Done done) {
            m_secrets->askForLogins([this, done = std::move(done)] { done(m_snapshot); });
        });
    }
    m_store->watch([this](const std::vector<Change> &changes) { changed(changes); });
}

Result<void> ConfigService::load()
{
    auto compiler = std::make_unique<SnapshotCompiler>(m_env, m_routing);
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
    if (m_secrets) {
        m_secrets->forgetAll();
        for (const Change &change : changes) {
            if (change.key.starts_with(kManagers))
                static_cast<void>(m_secrets->applyManager(change)); // everything is compiled below
        }
    }
    if (m_env.metrics)
        m_env.metrics->noteChanges(changes);
    m_journal.restart(*revision);
    publish(m_compiler->apply(changes, *revision));
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
    problems.insert(problems.end(), m_sourceProblems.begin(), m_sourceProblems.end());
    if (m_storeProblem)
        problems.push_back({"store", *m_storeProblem});
    if (!m_secrets)
        return problems;
    const std::size_t leftOut = problems.size();
    for (CompileProblem &problem : m_secrets->problems()) {
        const auto end = problems.begin() + static_cast<std::ptrdiff_t>(leftOut);
        if (std::find_if(problems.begin(), end,
                         [&](const CompileProblem &known) { return known.key == problem.key; })
            == end)
            problems.push_back(std::move(problem));
    }
    return problems;
}

/// Tells the secrets what is about to be compiled.
/// \return what has to be compiled besides: users of values that went with their manager
std::vector<Change> ConfigService::applyManagers(std::span<const Change> changes)
{
    std::vector<std::string> users;
    for (const Change &change : changes) {
        m_secrets->forget(change.key);
        if (change.key.starts_with(kManagers)) {
            for (std::string &user : m_secrets->applyManager(change))
                users.push_back(std::move(user));
        }
    }
    std::erase_if(users, [&](const std::string &user) {
        return std::ranges::contains(changes, user, &Change::key);
    });
    return storedAgain(users);
}

std::vector<Change> ConfigService::storedAgain(const std::vector<std::string> &keys)
{
    std::vector<Change> changes;
    for (const std::string &key : keys) {
        m_secrets->forget(key);
        auto document = m_store->get(key);
        if (!document || !*document)
            continue; // its deletion is told by the watch
        const std::uint64_t revision = (*document)->modRevision;
        changes.push_back({key, std::make_shared<const Document>(std::move(**document)), revision});
    }
    return changes;
}

/// Values that these objects refer to have come or changed.
void ConfigService::recompile(const std::vector<std::string> &keys)
{
    const std::vector<Change> changes = storedAgain(keys);
    if (changes.empty())
        return;
    publish(m_compiler->apply(changes, m_snapshot ? m_snapshot->revision : 0));
}

void ConfigService::publish(std::shared_ptr<const Snapshot> snapshot)
{
    if (m_secrets && m_secrets->lacksLogins()) {
        auto lacking = std::make_shared<Snapshot>(*snapshot);
        lacking->missingLogins = m_missingLogins;
        snapshot = std::move(lacking);
    }
    m_snapshot = std::move(snapshot);
    m_publish(m_snapshot);
}

void ConfigService::changed(const std::vector<Change> &changes)
{
    if (changes.empty())
        return;
    const std::uint64_t revision = changes.back().revision;
    m_journal.note(changes);
    if (m_env.metrics)
        m_env.metrics->noteChanges(changes);
    std::vector<Change> users;
    if (m_secrets)
        users = applyManagers(changes);
    if (users.empty()) {
        publish(m_compiler->apply(changes, revision));
    } else {
        users.insert(users.begin(), changes.begin(), changes.end());
        publish(m_compiler->apply(users, revision));
    }
    if (m_secrets)
        m_secrets->written(changes);
}

} // namespace postern::gateway
