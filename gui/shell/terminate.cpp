// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/terminate.h"

#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::gui {

namespace {

std::array<int, 2> g_pair{-1, -1}; // a signal handler can reach nothing else

constexpr std::array kSignals{SIGTERM, SIGINT};

extern "C" void onTerminate(int /*signal*/)
{
    const char octet = 1;
    [[maybe_unused]] const auto written = ::write(g_pair[0], &octet, 1);
}

} // namespace

TerminateWatch::TerminateWatch(std::function<void()> quit) : m_quit(std::move(quit))
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, g_pair.data()) != 0)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(g_pair[1], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] {
        m_notifier->setEnabled(false);
        m_quit();
    });
    struct sigaction action = {};
    action.sa_handler = onTerminate;
    action.sa_flags = SA_RESTART;
    for (const int signal : kSignals)
        ::sigaction(signal, &action, nullptr);
}

TerminateWatch::~TerminateWatch()
{
    for (const int signal : kSignals)
        std::signal(signal, SIG_DFL);
    m_notifier.reset();
    for (const int end : g_pair) {
        if (end >= 0)
            ::close(end);
    }
    g_pair = {-1, -1};
}

} // namespace postern::gui
