// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/raw_stream.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace postern::test {

/// A real TCP server on a free loopback port whose behaviour is a function per connection, run in a
/// thread of its own. Ends with the object, whatever its connections are doing.
class RawUpstream
{
public:
    /// One connection of a client.
    class Connection : public RawStream
    {
    public:
        Connection(RawUpstream &upstream, int descriptor, std::size_t nth)
            : RawStream(descriptor),
              number(nth),
              m_upstream(upstream),
              m_watched(descriptor)
        {
        }
        ~Connection() { forget(); }
        /// The next request; remembered in requests(). Not complete: the peer is gone.
        RawMessage readRequest();
        /// Waits until the peer closes or the server ends.
        void waitForEnd() { static_cast<void>(readUntilClose(std::chrono::hours(1))); }
        void close() noexcept;
        void reset() noexcept;

        const std::size_t number; ///< 0 for the first connection

    private:
        void forget() noexcept;
        RawUpstream &m_upstream;
        int m_watched;
    };
    using Script = std::function<void(Connection &)>;

    explicit RawUpstream(Script script);
    ~RawUpstream();
    RawUpstream(const RawUpstream &) = delete;
    RawUpstream &operator=(const RawUpstream &) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] std::size_t connections() const noexcept { return m_connections; }
    [[nodiscard]] std::vector<RawMessage> requests() const;
    [[nodiscard]] std::size_t requestCount() const;
    [[nodiscard]] RawMessage lastRequest() const;

    /// A script: every request is answered with these octets, over a kept connection.
    [[nodiscard]] static Script answering(std::string octets);
    /// A script: every request is answered with its own head and body as text.
    [[nodiscard]] static Script echoing();
    /// A whole answer with Content-Length.
    [[nodiscard]] static std::string ok(std::string_view body);

private:
    void acceptAll();

    Script m_script;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<std::size_t> m_connections{0};
    mutable std::mutex m_mutex; ///< guards what follows
    std::vector<RawMessage> m_requests;
    std::set<int> m_open;
    bool m_ending = false;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

/// A loopback port that refuses connections. Bound until the program ends: nobody is given it who
/// listens there, as may happen to one that was let go.
[[nodiscard]] std::uint16_t closedPort();

} // namespace postern::test
