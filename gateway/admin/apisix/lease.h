// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/store/store.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Objects written with `?ttl=`: when each of them vanishes. The end of a lease is stored beside
/// its object, in the same transaction, so that it holds over a restart. The admin thread only.
class Leases
{
public:
    explicit Leases(Store &store) : m_store(store) {}
    /// Reads what is stored. To be called once, before anything is written.
    Result<void> load();

    /// Adds to a transaction that writes the object `key` what becomes of its lease: a new one, or
    /// none, as a write without ttl ends a lease.
    /// \param seconds below 1 counts as 1, as etcd's shortest lease
    void write(Transaction &transaction, const std::string &key, Timestamp now,
               std::optional<double> seconds);
    /// The same for a transaction that deletes the object.
    void remove(Transaction &transaction, const std::string &key);
    /// True if no lease is known, so that remove() need not be called for many objects.
    [[nodiscard]] bool empty() const noexcept { return m_ends.empty(); }

    /// What deletes the objects whose leases have run out; nothing to do for most calls.
    [[nodiscard]] Result<Transaction> expired(Timestamp now);

private:
    Store &m_store;
    std::map<std::string, Timestamp, std::less<>> m_ends; ///< by the object's key
};

/// Adds to a transaction what ends the leases of the objects it writes.
Result<void> endLeases(Store &store, Transaction &transaction);

} // namespace postern::gateway
