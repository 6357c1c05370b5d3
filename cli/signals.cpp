// SPDX-License-Identifier: Apache-2.0
#include "cli/signals.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include <pthread.h>
#include <unistd.h>

namespace postern::cli {

SignalWaiter::SignalWaiter(std::initializer_list<int> signals)
{
    sigemptyset(&m_set);
    for (const int signal : signals)
        sigaddset(&m_set, signal);
    pthread_sigmask(SIG_BLOCK, &m_set, &m_before);
}

int SignalWaiter::wait() const
{
    for (;;) {
        if (const int signal = sigwaitinfo(&m_set, nullptr); signal > 0)
            return signal;
    }
}

std::optional<int> SignalWaiter::waitFor(std::chrono::nanoseconds time) const
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    timespec limit{};
    limit.tv_sec = static_cast<std::time_t>(seconds.count());
    limit.tv_nsec = static_cast<long>((time - seconds).count());
    const int signal = sigtimedwait(&m_set, nullptr, &limit);
    return signal > 0 ? std::optional(signal) : std::nullopt;
}

Result<void> writePortFile(const std::string &path, std::string_view line)
{
    if (path.empty())
        return {};
    if (path == "-") {
        std::fwrite(line.data(), 1, line.size(), stdout);
        std::fflush(stdout);
        return {};
    }
    // Renamed into place: a reader that waits for the file never sees half of it.
    std::string fresh = path + ".XXXXXX";
    const int descriptor = mkstemp(fresh.data());
    const bool written = descriptor >= 0
        && ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    if (descriptor >= 0)
        ::close(descriptor);
    if (written && std::rename(fresh.c_str(), path.c_str()) == 0)
        return {};
    const int reason = errno;
    if (descriptor >= 0)
        ::unlink(fresh.c_str());
    return fail(Errc::Io, std::generic_category().message(reason), path);
}

} // namespace postern::cli
