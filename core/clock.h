// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace postern {

/// Nanoseconds since 1970-01-01T00:00:00Z.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;
using Duration = std::chrono::nanoseconds;

/// The one clock for everything that looks at time: claims, windows, caches, `Date`, timestamps.
/// Modes: real; ticking (starts at a given time and runs); frozen (moves by advance/set only).
/// Any thread: now() is two relaxed loads and a clock read.
class Clock
{
public:
    enum class Mode : std::uint8_t { Real, Ticking, Frozen };

    /// Real time.
    Clock() noexcept = default;
    /// Starts at `start` in the given mode.
    Clock(Mode mode, Timestamp start) noexcept;

    [[nodiscard]] Timestamp now() const noexcept;
    [[nodiscard]] std::int64_t unixSeconds() const noexcept; ///< floor
    [[nodiscard]] Mode mode() const noexcept;

    /// Moves the clock forward; a real clock becomes ticking. Negative without `force`:
    /// Errc::InvalidArgument.
    Result<void> advance(Duration by, bool force = false) noexcept;
    /// Sets the time; backwards without `force`: Errc::InvalidArgument. A real clock becomes
    /// ticking.
    Result<void> set(Timestamp to, bool force = false) noexcept;
    /// Stops the clock where it is, or lets it run on.
    void freeze() noexcept;
    void resume() noexcept;
    /// Forgets every change: real time again.
    void useRealTime() noexcept;

private:
    std::atomic<std::int64_t> m_offset{0}; // to real time, while not frozen
    std::atomic<std::int64_t> m_frozenAt{0}; // the time, while frozen
    std::atomic<Mode> m_mode{Mode::Real};
    std::mutex m_writer; // advance, set, freeze, resume
};

/// Reads the command line's time syntax: RFC 3339, UNIX seconds (fraction allowed), `now`, `+90s`,
/// `-1h`.
/// \param now what `now` and relative times refer to
/// \return the time, or Errc::InvalidArgument
[[nodiscard]] Result<Timestamp> parseTime(std::string_view text, Timestamp now);

/// Reads `250ms`, `30s`, `5m`, `1h30m`, `2d`; a bare number is seconds. May be negative.
[[nodiscard]] Result<Duration> parseDuration(std::string_view text);

/// RFC 3339 in UTC with seconds ("2024-12-15T02:40:00Z"); milliseconds when `millis`.
[[nodiscard]] std::string formatTime(Timestamp time, bool millis = false);
/// RFC 9110 HTTP-date, "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string formatHttpDate(Timestamp time);
/// A distance for people, without its sign: "40 ms", "3 s", "1 min 30 s" (seconds below ten
/// minutes), "59 min", "2 h 5 min", "12 d".
[[nodiscard]] std::string formatDistance(Duration distance);

} // namespace postern
