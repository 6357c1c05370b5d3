// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

class QSocketNotifier;

namespace postern::gui {

/// Ends the application in order on SIGTERM and SIGINT: the handler writes one octet, the event
/// loop does the rest. One at a time, main thread.
class TerminateWatch
{
public:
    explicit TerminateWatch(std::function<void()> quit);
    ~TerminateWatch();
    TerminateWatch(const TerminateWatch &) = delete;
    TerminateWatch &operator=(const TerminateWatch &) = delete;

private:
    std::function<void()> m_quit;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace postern::gui
