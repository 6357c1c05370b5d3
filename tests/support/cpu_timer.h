// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ctime>

/// CPU time of the calling thread. For tests that a hostile input takes no quadratic work: their
/// bounds are far above what the work takes, and a busy machine does not fail them.
class CpuTimer
{
public:
    void start() noexcept { m_start = now(); }
    /// Milliseconds since start().
    [[nodiscard]] std::int64_t elapsed() const noexcept { return (now() - m_start) / 1'000'000; }

private:
    static std::int64_t now() noexcept
    {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    }
    std::int64_t m_start = now();
};
