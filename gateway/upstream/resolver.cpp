// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/resolver.h"

#include <cstring>
#include <utility>

#include <netdb.h>

namespace postern::gateway {

namespace {

Result<SocketAddress> lookUp(const std::string &host, std::uint16_t port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = AF_UNSPEC;
    addrinfo *found = nullptr;
    if (const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
        code != 0)
        return fail(Errc::UpstreamResolve, ::gai_strerror(code), host);
    SocketAddress address;
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.size = found->ai_addrlen;
    ::freeaddrinfo(found);
    return address;
}

} // namespace

Resolver::~Resolver()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stop = true;
    }
    m_more.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void Resolver::resolve(std::string host, std::uint16_t port, Done done)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.push_back({std::move(host), port, std::move(done)});
        if (!m_thread.joinable())
            m_thread = std::thread([this] { run(); });
    }
    m_more.notify_one();
}

void Resolver::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_more.wait(lock, [this] { return m_stop || !m_jobs.empty(); });
        if (m_stop)
            return;
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job.done(lookUp(job.host, job.port));
        lock.lock();
    }
}

} // namespace postern::gateway
