// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/reactor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr int kBatch = 256;

} // namespace

Reactor::Reactor()
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC)),
      m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr; // the mailbox
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event);
}

Reactor::~Reactor()
{
    ::close(m_wake);
    ::close(m_epoll);
}

Result<void> Reactor::add(int descriptor, EventSource *source, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = source;
    if (::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        return fail(Errc::Io, std::strerror(errno), "epoll");
    return {};
}

void Reactor::modify(int descriptor, EventSource *source, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = source;
    ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, descriptor, &event);
}

void Reactor::remove(int descriptor) noexcept
{
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Reactor::retire(std::unique_ptr<EventSource> source)
{
    source->m_retired = true;
    m_retired.push_back(std::move(source));
}

Reactor::TimerId Reactor::callAfter(Clock::duration delay, std::function<void()> callback)
{
    const TimerId id = m_nextTimer++;
    const Clock::time_point at = Clock::now() + delay;
    m_timers.emplace(std::pair(at, id), std::move(callback));
    m_timerTimes.emplace(id, at);
    return id;
}

void Reactor::cancel(TimerId id) noexcept
{
    const auto found = m_timerTimes.find(id);
    if (found == m_timerTimes.end())
        return;
    m_timers.erase(std::pair(found->second, id));
    m_timerTimes.erase(found);
}

void Reactor::post(std::function<void()> task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_mailbox.push_back(std::move(task));
    }
    if (!m_woken.exchange(true, std::memory_order_acq_rel)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
    }
}

void Reactor::stop()
{
    post([this] { m_stop.store(true, std::memory_order_relaxed); });
}

void Reactor::run()
{
    m_stop.store(false, std::memory_order_relaxed);
    while (!m_stop.load(std::memory_order_relaxed))
        poll(-1);
}

int Reactor::nextTimeout(int timeout) const noexcept
{
    if (m_timers.empty())
        return timeout;
    const auto until = m_timers.begin()->first.first - Clock::now();
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(until).count();
    const int timer = static_cast<int>(std::clamp<std::int64_t>(milliseconds, 0, 60'000));
    return timeout < 0 ? timer : std::min(timeout, timer);
}

void Reactor::poll(int timeout)
{
    std::array<epoll_event, kBatch> events;
    const int count = ::epoll_wait(m_epoll, events.data(), kBatch, nextTimeout(timeout));
    m_now = Clock::now();
    bool mail = false;
    for (int i = 0; i < count; ++i) {
        const epoll_event &event = events[static_cast<std::size_t>(i)];
        if (!event.data.ptr) {
            mail = true;
            continue;
        }
        auto *source = static_cast<EventSource *>(event.data.ptr);
        if (!source->m_retired)
            source->onEvents(event.events);
    }
    // Mail after events: a new snapshot is confirmed only when no event of this batch runs on the
    // old one.
    if (mail)
        drainMailbox();
    fireTimers();
    m_retired.clear();
}

void Reactor::drainMailbox()
{
    std::uint64_t ignored;
    [[maybe_unused]] const auto got = ::read(m_wake, &ignored, sizeof ignored);
    m_woken.store(false, std::memory_order_release);
    std::vector<std::function<void()>> mailbox;
    {
        const std::scoped_lock lock(m_mutex);
        mailbox.swap(m_mailbox);
    }
    for (auto &task : mailbox)
        task();
}

void Reactor::fireTimers()
{
    while (!m_timers.empty() && m_timers.begin()->first.first <= m_now) {
        auto node = m_timers.extract(m_timers.begin());
        m_timerTimes.erase(node.key().second);
        node.mapped()();
    }
}

} // namespace postern::gateway
