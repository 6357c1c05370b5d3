// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/resolver.h"

#include <cstring>
#include <utility>

#include <netdb.h>

namespace postern::gateway {

namespace {

Resolver::Found lookUp(const std::string &host, std::uint16_t port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = AI_ADDRCONFIG; // no IPv6 address where there is no IPv6
    addrinfo *found = nullptr;
    const std::string service = std::to_string(port);
    int code = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
    if (code == EAI_ADDRFAMILY || code == EAI_NONAME) { // only loopback is configured
        hints.ai_flags = 0;
        code = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
    }
    if (code != 0)
        return fail(Errc::UpstreamResolve, ::gai_strerror(code), host);
    std::vector<SocketAddress> addresses;
    for (const addrinfo *each = found; each; each = each->ai_next) {
        SocketAddress &address = addresses.emplace_back();
        std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
        address.size = each->ai_addrlen;
    }
    ::freeaddrinfo(found);
    return addresses;
}

} // namespace

Resolver::Resolver(Lookup lookup) : m_lookup(lookup ? std::move(lookup) : Lookup(lookUp)) {}

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
        job.done(m_lookup(job.host, job.port));
        lock.lock();
    }
}

} // namespace postern::gateway
