// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/store/store.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/router.h"
#include "gateway/router/snapshot.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Who holds a login key.
struct LoginOwner
{
    std::string username;
    std::string credentialId; ///< empty: inline on the consumer
};

/// Something stored that could not be compiled and is left out of the snapshot, or not as it is
/// meant.
struct CompileProblem
{
    std::string key; ///< storage key; "store" for the store itself
    Error error;
    bool leftOut = true; ///< false: it is used, with the text of the secret reference `error.where`
};

/// Turns documents into snapshots, recompiling only what a change touches. Its own thread only.
class SnapshotCompiler
{
public:
    explicit SnapshotCompiler(const PluginEnv &env, Routing routing = {});
    ~SnapshotCompiler();
    SnapshotCompiler(const SnapshotCompiler &) = delete;
    SnapshotCompiler &operator=(const SnapshotCompiler &) = delete;

    /// Applies committed changes and returns the new snapshot. Documents that do not compile are
    /// left out and listed in problems(); they never fail the whole.
    [[nodiscard]] std::shared_ptr<const Snapshot> apply(const std::vector<Change> &changes,
                                                        std::uint64_t revision);

    [[nodiscard]] std::vector<CompileProblem> problems() const;
    /// Who uses this login key now (for the Admin API's uniqueness check); references are resolved.
    [[nodiscard]] std::optional<LoginOwner> loginOwner(const PluginSpec &plugin,
                                                       std::string_view lookup) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace postern::gateway
