// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace postern::gateway {

/// Something with a descriptor that a Reactor watches. An event handler may retire itself or any
/// other source; a retired source gets no further event of the same batch and is destroyed after
/// it.
class EventSource
{
public:
    EventSource() = default;
    EventSource(const EventSource &) = delete;
    EventSource &operator=(const EventSource &) = delete;
    virtual ~EventSource() = default;

    /// \param events epoll bits: EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLRDHUP
    virtual void onEvents(std::uint32_t events) = 0;
    [[nodiscard]] bool retired() const noexcept { return m_retired; }

private:
    friend class Reactor;
    bool m_retired = false;
};

/// One epoll descriptor, timers, and a mailbox. Level-triggered, non-blocking. Everything but
/// post() and stop() belongs to the thread that runs it; post() and stop() are for any thread.
/// Runs in a worker thread by run(), or inside another loop that watches descriptor() and calls
/// poll().
class Reactor
{
public:
    using Clock = std::chrono::steady_clock;
    using TimerId = std::uint64_t;

    Reactor();
    ~Reactor();
    Reactor(const Reactor &) = delete;
    Reactor &operator=(const Reactor &) = delete;

    /// Watches the descriptor; the source must live until it is retired.
    Result<void> add(int descriptor, EventSource *source, std::uint32_t events);
    void modify(int descriptor, EventSource *source, std::uint32_t events);
    /// Stops watching. Does not close the descriptor.
    void remove(int descriptor) noexcept;
    /// Marks the source as gone and destroys it after the current batch.
    void retire(std::unique_ptr<EventSource> source);

    /// Calls once after `delay`. Cancel by id; cancelling a fired timer is harmless.
    TimerId callAfter(Clock::duration delay, std::function<void()> callback);
    void cancel(TimerId id) noexcept;
    /// The steady time of the current batch; read once per batch.
    [[nodiscard]] Clock::time_point now() const noexcept { return m_now; }

    /// Runs a task in the reactor's thread soon. Any thread.
    void post(std::function<void()> task);
    /// Makes run() return. Any thread.
    void stop();

    /// Handles events until stop().
    void run();
    /// Handles what is pending, waiting at most `timeout` milliseconds (-1: until something
    /// happens).
    void poll(int timeout);
    [[nodiscard]] int descriptor() const noexcept { return m_epoll; }

private:
    void drainMailbox();
    void fireTimers();
    [[nodiscard]] int nextTimeout(int timeout) const noexcept;

    int m_epoll = -1;
    int m_wake = -1;
    std::atomic<bool> m_stop{false};
    Clock::time_point m_now = Clock::now();
    std::vector<std::unique_ptr<EventSource>> m_retired;
    std::map<std::pair<Clock::time_point, TimerId>, std::function<void()>> m_timers;
    std::unordered_map<TimerId, Clock::time_point> m_timerTimes; ///< to find a timer by its id
    TimerId m_nextTimer = 1;
    std::mutex m_mutex; ///< guards the mailbox only
    std::vector<std::function<void()>> m_mailbox;
    std::atomic<bool> m_woken{false};
};

} // namespace postern::gateway
