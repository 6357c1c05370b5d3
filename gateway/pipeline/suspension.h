// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace postern::gateway {

struct Exchange;
enum class Verdict : std::uint8_t;

/// What a plugin goes on with after a wait, in the worker. Its verdict counts as the plugin's own;
/// it may suspend again. It is dropped unrun when the client is gone.
using Continuation = std::move_only_function<Verdict(Exchange &)>;

/// Where an answer meets the exchange that waits for it. Any thread.
class WakeSlot
{
public:
    /// Remembers the answer and tells the worker, once. Nothing happens after close().
    void wake(std::move_only_function<void()> deliver);
    /// \param notify posts to the worker; called at once if wake() came first
    void bind(std::function<void()> notify);
    /// The worker fetches the answer. \return false if the slot was closed or fetched already
    [[nodiscard]] bool take(std::move_only_function<void()> &deliver);
    /// Nobody waits any more.
    void close();

private:
    std::mutex m_mutex;
    std::function<void()> m_notify;
    std::move_only_function<void()> m_deliver;
    bool m_woken = false;
    bool m_closed = false;
};

/// Lets a suspended exchange go on. Copies wake the same exchange; the first one counts. Any
/// thread, at any time: an exchange that is gone, timed out or already awake is not touched.
class Waker
{
public:
    explicit Waker(std::shared_ptr<WakeSlot> slot) : m_slot(std::move(slot)) {}
    /// \param deliver runs in the worker right before the continuation, and only if that runs: the
    /// place to store the answer without a lock
    void wake(std::move_only_function<void()> deliver = {}) const
    {
        m_slot->wake(std::move(deliver));
    }

private:
    std::shared_ptr<WakeSlot> m_slot;
};

/// What a suspended exchange waits for. Its worker's thread only.
struct Suspension
{
    Duration limit{}; ///< a delay, or the longest wait for an answer
    Continuation then;
    std::move_only_function<void()>
        cancelled; ///< the client went away: stop the work, may be empty
    std::shared_ptr<WakeSlot> slot; ///< nullptr: only time is waited for
    bool timedOut = false; ///< for `then`: the limit passed before the answer came
};

/// No exchange waits longer than this at a stretch.
inline constexpr Duration kLongestWait = std::chrono::hours(1);

/// Goes on with `then` after a while. \return Verdict::Suspend, to be returned by the plugin
[[nodiscard]] Verdict pauseExchange(Exchange &exchange, Duration delay, Continuation then);

/// Goes on with `then` when the waker is used, or after `limit` with `exchange.wait.timedOut` set.
/// The plugin starts its work with the waker and returns Verdict::Suspend.
/// \param cancelled called instead of `then` when the client goes away first
[[nodiscard]] Waker suspendExchange(Exchange &exchange, Duration limit, Continuation then,
                                    std::move_only_function<void()> cancelled = {});

/// The exchange waits no more and will not be continued: its connection ends.
void cancelSuspension(Exchange &exchange);

} // namespace postern::gateway
