// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/store/store.h"
#include "gateway/change_journal.h"
#include "gateway/remote/managed_secrets.h"
#include "gateway/router/compiler.h"
#include "gateway/router/snapshot.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway {

/// The one writer: a store, the compiler behind it, and whoever must confirm a new snapshot.
/// The admin thread only.
class ConfigService
{
public:
    /// Publishes a snapshot and returns when every worker has confirmed it.
    using Publish = std::function<void(std::shared_ptr<const Snapshot>)>;

    /// \param secrets who is told of what uses secret managers; may be nullptr
    ConfigService(std::unique_ptr<Store> store, const PluginEnv &env, const Clock &clock,
                  Publish publish, ManagedSecrets *secrets = nullptr, Routing routing = {});

    /// Reads the whole store and publishes the first snapshot.
    Result<void> load();
    /// Commits, compiles, publishes; returns after the data plane uses the change (read your
    /// writes).
    Result<std::uint64_t> commit(Transaction transaction);
    /// Picks up commits of other processes. When there were too many of them to be told one by one,
    /// everything is read and compiled again. A store that cannot be read leaves the snapshot as it
    /// is and is listed in problems() until it can be.
    Result<void> poll();
    /// What the data plane goes without: documents that do not compile, a store that cannot be
    /// read, what the store's source left out.
    [[nodiscard]] std::vector<CompileProblem> problems() const;
    /// What a standalone configuration holds that never came into the store.
    void setSourceProblems(std::vector<CompileProblem> problems)
    {
        m_sourceProblems = std::move(problems);
    }

    /// Names of plugins; nullopt: all there are.
    using PluginNames = std::optional<std::set<std::string, std::less<>>>;
    /// The `plugins` of a standalone configuration, if it has them: only those are offered.
    void setPlugins(PluginNames names) { m_plugins = std::move(names); }
    [[nodiscard]] bool offers(std::string_view plugin) const
    {
        return !m_plugins || m_plugins->contains(plugin);
    }

    [[nodiscard]] Store &store() noexcept { return *m_store; }
    [[nodiscard]] const SnapshotCompiler &compiler() const noexcept { return *m_compiler; }
    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const noexcept
    {
        return m_snapshot;
    }
    [[nodiscard]] const Clock &clock() const noexcept { return m_clock; }
    /// Whose ways count.
    [[nodiscard]] const GatewayProfile &profile() const noexcept { return *m_env.profile; }
    /// Which keys the last commits touched.
    [[nodiscard]] const ChangeJournal &journal() const noexcept { return m_journal; }
    /// nullptr: there are none.
    [[nodiscard]] ManagedSecrets *secrets() const noexcept { return m_secrets; }

private:
    void changed(const std::vector<Change> &changes);
    [[nodiscard]] std::vector<Change> applyManagers(std::span<const Change> changes);
    [[nodiscard]] std::vector<Change> storedAgain(const std::vector<std::string> &keys);
    void recompile(const std::vector<std::string> &keys);
    void publish(std::shared_ptr<const Snapshot> snapshot);

    std::unique_ptr<Store> m_store;
    PluginEnv m_env;
    Routing m_routing;
    std::unique_ptr<SnapshotCompiler> m_compiler;
    ChangeJournal m_journal;
    std::optional<Error> m_storeProblem;
    std::vector<CompileProblem> m_sourceProblems;
    PluginNames m_plugins;
    const Clock &m_clock;
    Publish m_publish;
    ManagedSecrets *m_secrets;
    std::shared_ptr<const MissingLogins> m_missingLogins;
    std::shared_ptr<const Snapshot> m_snapshot;
};

} // namespace postern::gateway
