// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/suspension.h"

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/plugin.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

void WakeSlot::wake(std::move_only_function<void()> deliver)
{
    const std::scoped_lock lock(m_mutex);
    if (m_woken || m_closed)
        return;
    m_woken = true;
    m_deliver = std::move(deliver);
    // Under the lock: close() must not return while a worker that is going away is told.
    if (m_notify)
        m_notify();
}

void WakeSlot::bind(std::function<void()> notify)
{
    const std::scoped_lock lock(m_mutex);
    m_notify = std::move(notify);
    if (m_woken)
        m_notify();
}

bool WakeSlot::take(std::move_only_function<void()> &deliver)
{
    const std::scoped_lock lock(m_mutex);
    if (m_closed)
        return false;
    m_closed = true;
    m_notify = {};
    deliver = std::move(m_deliver);
    return true;
}

void WakeSlot::close()
{
    std::move_only_function<void()> unused;
    const std::scoped_lock lock(m_mutex);
    m_closed = true;
    m_notify = {};
    unused = std::move(m_deliver);
}

Verdict pauseExchange(Exchange &exchange, Duration delay, Continuation then)
{
    exchange.wait.limit = std::clamp(delay, Duration::zero(), kLongestWait);
    exchange.wait.then = std::move(then);
    return Verdict::Suspend;
}

Waker suspendExchange(Exchange &exchange, Duration limit, Continuation then,
                      std::move_only_function<void()> cancelled)
{
    Suspension &wait = exchange.wait;
    wait.limit = std::clamp(limit, Duration::zero(), kLongestWait);
    wait.then = std::move(then);
    wait.cancelled = std::move(cancelled);
    wait.slot = std::make_shared<WakeSlot>();
    wait.timedOut = false;
    return Waker(wait.slot);
}

void cancelSuspension(Exchange &exchange)
{
    if (!exchange.wait.then)
        return;
    Suspension wait = std::exchange(exchange.wait, {});
    if (wait.slot)
        wait.slot->close();
    if (wait.cancelled)
        wait.cancelled();
}

} // namespace postern::gateway
