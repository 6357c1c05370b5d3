// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/lease.h"

#include <algorithm>

namespace postern::gateway {

void Leases::grant(const std::string &key, Timestamp now, double seconds)
{
    constexpr double kLongest = 4e9; // keeps now + ttl inside 64-bit nanoseconds
    const std::chrono::duration<double> span(std::clamp(seconds, 1.0, kLongest));
    m_ends[key] = now + std::chrono::duration_cast<Duration>(span);
}

std::vector<std::string> Leases::takeExpired(Timestamp now)
{
    std::vector<std::string> keys;
    std::erase_if(m_ends, [&](const auto &lease) {
        if (lease.second > now)
            return false;
        keys.push_back(lease.first);
        return true;
    });
    return keys;
}

} // namespace postern::gateway
