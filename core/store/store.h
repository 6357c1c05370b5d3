// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// One stored document. Keys follow the APISIX etcd layout: "/apisix/routes/1",
/// "/apisix/consumers/jack/credentials/x"; Kong entities live under "/kong/".
struct Document
{
    std::string key;
    std::string value; ///< JSON text exactly as accepted
    std::uint64_t createRevision = 0;
    std::uint64_t modRevision = 0;
};

/// What a transaction does, all or nothing.
struct Transaction
{
    struct Put
    {
        std::string key;
        std::string value;
    };
    struct Expect
    {
        std::string key;
        std::uint64_t modRevision; ///< 0: the key must not exist
    };
    std::vector<Put> puts;
    std::vector<std::string> deletes; ///< keys; missing ones are ignored
    std::vector<Expect> expects;
};

/// A transaction names each key at most once, and no empty one.
/// \return InvalidArgument with the key in where
[[nodiscard]] Result<void> checkTransaction(const Transaction &transaction);
/// The Conflict error of a failed expectation.
[[nodiscard]] Error conflict(const Transaction::Expect &expect, std::uint64_t actual);

/// One committed change.
struct Change
{
    std::string key;
    std::shared_ptr<const Document> document; ///< null: deleted
    std::uint64_t revision = 0;
};

/// Ordered documents with revisions. Implementations are chosen by URI (openStore).
/// Its own thread only, unless an implementation says more.
class Store
{
public:
    using Watcher = std::function<void(const std::vector<Change> &)>;

    virtual ~Store() = default;

    [[nodiscard]] virtual Result<std::optional<Document>> get(std::string_view key) = 0;
    /// Every document whose key starts with `prefix`, in byte order of the keys.
    [[nodiscard]] virtual Result<std::vector<Document>> list(std::string_view prefix) = 0;
    /// Commits durably before it returns. Every put of one transaction gets the new revision.
    /// A transaction that changes nothing (deletes of missing keys only) makes no revision.
    /// \return the revision, or Conflict when an expectation fails, Io on a full disk, ...
    [[nodiscard]] virtual Result<std::uint64_t> commit(Transaction transaction) = 0;
    /// The revision of the last commit; 0 when nothing was ever written.
    [[nodiscard]] virtual Result<std::uint64_t> revision() = 0;
    /// Called after each commit, own or foreign, in the store's thread, changes in the order of
    /// their revisions. One watcher; empty removes it. It must not commit.
    virtual void watch(Watcher watcher) = 0;
    /// Looks for commits by other processes and reports them to the watcher; cheap when there are
    /// none.
    /// \return Conflict if the changes cannot be told any more: list everything again
    [[nodiscard]] virtual Result<void> poll() = 0;
};

/// How credential secrets are sealed at rest in stores that persist.
struct StoreOptions
{
    std::string
        keyFile; ///< path of the 0600 master key; empty: "<database>.key", made on first use
    std::string passphrase; ///< used instead of the key file when not empty
    bool readOnly = false;
    bool seal = true; ///< false: new secrets stay in clear; sealed ones are still opened
    std::chrono::milliseconds busyTimeout{5000}; ///< how long to wait for another writer
};

/// Opens a store by URI: `memory:`, `sqlite:PATH`.
/// \return the store, or StoreOpen, StoreLocked, StoreCorrupt, Permission, Unsupported (unknown
/// scheme)
[[nodiscard]] Result<std::unique_ptr<Store>> openStore(std::string_view uri,
                                                       const StoreOptions &options = {});

} // namespace postern
