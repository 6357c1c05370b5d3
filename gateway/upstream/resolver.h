// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/server/socket.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace postern::gateway {

/// Where the gateway resolves a node "host:port" to something else, e.g. the built-in upstream.
using UpstreamAliases = std::map<std::string, SocketAddress, std::less<>>;

/// Looks names up on a thread of its own, so that no worker waits.
/// Any thread.
class Resolver
{
public:
    /// Every address of a name, at least one; or UpstreamResolve.
    using Found = Result<std::vector<SocketAddress>>;
    using Done = std::function<void(Found)>;
    using Lookup = std::function<Found(const std::string &host, std::uint16_t port)>;

    /// \param lookup may wait; the system's resolver by default
    explicit Resolver(Lookup lookup = {});
    ~Resolver();
    Resolver(const Resolver &) = delete;
    Resolver &operator=(const Resolver &) = delete;

    /// Calls back from the resolver's thread.
    void resolve(std::string host, std::uint16_t port, Done done);

private:
    struct Job
    {
        std::string host;
        std::uint16_t port;
        Done done;
    };
    void run();

    Lookup m_lookup;
    std::mutex m_mutex;
    std::condition_variable m_more;
    std::deque<Job> m_jobs;
    bool m_stop = false;
    std::thread m_thread; ///< started by the first lookup
};

} // namespace postern::gateway
