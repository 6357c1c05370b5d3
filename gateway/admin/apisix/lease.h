// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

#include <map>
#include <string>
#include <vector>

namespace postern::gateway {

/// Objects written with `?ttl=`: when each of them vanishes. Kept in memory: after a restart such
/// an object stays until it is written or deleted. The admin thread only.
class Leases
{
public:
    /// \param seconds below 1 counts as 1, as etcd's shortest lease
    void grant(const std::string &key, Timestamp now, double seconds);
    /// A write without ttl, or a deletion, ends the lease.
    void revoke(const std::string &key) { m_ends.erase(key); }
    /// Takes out what has run out.
    [[nodiscard]] std::vector<std::string> takeExpired(Timestamp now);

private:
    std::map<std::string, Timestamp> m_ends;
};

} // namespace postern::gateway
