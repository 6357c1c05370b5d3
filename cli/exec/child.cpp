// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/child.h"

#include "cli/exit_codes.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <format>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace postern::cli {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The terminal, if this process is in its foreground; lent to the child and taken back.
class Terminal
{
public:
    Terminal() : m_ours(tcgetpgrp(STDIN_FILENO) == getpgrp())
    {
        if (m_ours)
            m_before = std::signal(SIGTTOU, SIG_IGN); // tcsetpgrp from the background
    }
    ~Terminal()
    {
        if (m_ours) {
            take();
            std::signal(SIGTTOU, m_before);
        }
    }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    [[nodiscard]] bool ours() const noexcept { return m_ours; }
    void lend(pid_t group) const noexcept
    {
        if (m_ours)
            tcsetpgrp(STDIN_FILENO, group);
    }
    void take() const noexcept { lend(getpgrp()); }

private:
    bool m_ours;
    void (*m_before)(int) = SIG_DFL;
};

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> out;
    for (const std::string &text : texts)
        out.push_back(const_cast<char *>(text.c_str()));
    out.push_back(nullptr);
    return out;
}

// Between fork and exec of a process with threads: async-signal-safe calls only.
[[noreturn]] void becomeChild(const std::vector<char *> &arguments,
                              const std::vector<char *> &variables, const sigset_t &mask,
                              pid_t parent, bool terminal, int report)
{
    setpgid(0, 0);
    if (terminal)
        tcsetpgrp(STDIN_FILENO, getpid());
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) // it ended before the line above
        _exit(kSignalBase + SIGTERM);
    for (const int signal : {SIGTTOU, SIGPIPE})
        std::signal(signal, SIG_DFL);
    sigprocmask(SIG_SETMASK, &mask, nullptr);
    execvpe(arguments.front(), arguments.data(), variables.data());
    const int reason = errno;
    static_cast<void>(!write(report, &reason, sizeof reason));
    _exit(kCommandNotFound);
}

/// Waits for the child and passes signals on.
class Watch
{
public:
    Watch(pid_t child, const ChildOptions &options, const SignalWaiter &signals,
          const Terminal &terminal)
        : m_child(child),
          m_options(options),
          m_signals(signals),
          m_terminal(terminal)
    {
        if (options.timeout)
            m_timeout = std::chrono::steady_clock::now() + *options.timeout;
    }

    int run()
    {
        for (;;) {
            if (const auto exit = look())
                return *exit;
            const std::optional<int> signal = m_signals.waitFor(untilDeadline());
            if (signal && *signal != SIGCHLD)
                passOn(*signal);
            else if (!signal)
                deadlinePassed();
        }
    }

private:
    std::optional<int> look()
    {
        int status = 0;
        if (waitpid(m_child, &status, WNOHANG | WUNTRACED) != m_child)
            return std::nullopt;
        if (WIFSTOPPED(status)) {
            stopToo(WSTOPSIG(status));
            return std::nullopt;
        }
        if (m_timedOut)
            return kExecTimedOut;
        return WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
    }
    // Ctrl-Z: the shell must see us stopped, and both go on together.
    void stopToo(int)
    {
        if (!m_terminal.ours())
            return;
        m_terminal.take();
        raise(SIGSTOP);
        m_terminal.lend(m_child);
        killpg(m_child, SIGCONT);
    }
    void passOn(int signal)
    {
        killpg(m_child, signal);
        if (signal != SIGHUP && ++m_interrupts == 2 && !m_kill)
            m_kill = std::chrono::steady_clock::now() + m_options.grace;
    }
    [[nodiscard]] std::chrono::nanoseconds untilDeadline() const
    {
        // A lost SIGCHLD costs a second, not the run.
        SteadyTime next = std::chrono::steady_clock::now() + std::chrono::seconds(1);
        for (const auto &deadline : {m_kill, m_timeout}) {
            if (deadline)
                next = std::min(next, *deadline);
        }
        return std::max(next - std::chrono::steady_clock::now(), std::chrono::nanoseconds(0));
    }
    void deadlinePassed()
    {
        const SteadyTime now = std::chrono::steady_clock::now();
        if (m_kill && now >= *m_kill) {
            killpg(m_child, SIGKILL);
            m_kill = now + std::chrono::seconds(1);
        }
        if (m_timeout && now >= *m_timeout) {
            m_timedOut = true;
            m_timeout.reset();
            killpg(m_child, SIGTERM);
            killpg(m_child, SIGCONT); // a stopped one could not see the TERM
            m_kill = now + m_options.grace;
        }
    }

    pid_t m_child;
    const ChildOptions &m_options;
    const SignalWaiter &m_signals;
    const Terminal &m_terminal;
    std::optional<SteadyTime> m_timeout, m_kill;
    int m_interrupts = 0;
    bool m_timedOut = false;
};

} // namespace

Result<ChildEnd> runChild(const ChildOptions &options, const SignalWaiter &signals)
{
    const std::vector<char *> arguments = pointers(options.command);
    const std::vector<char *> variables = pointers(options.environment);
    std::array<int, 2> report{};
    if (pipe2(report.data(), O_CLOEXEC) != 0)
        return fail(Errc::CannotStart, std::generic_category().message(errno));
    const Terminal terminal;
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child < 0)
        return fail(Errc::CannotStart, std::generic_category().message(errno));
    if (child == 0)
        becomeChild(arguments, variables, signals.earlierMask(), parent, terminal.ours(),
                    report[1]);
    setpgid(child, child); // both sides do it: whoever comes first
    close(report[1]);
    int reason = 0;
    const bool failed = read(report[0], &reason, sizeof reason) == sizeof reason;
    close(report[0]);
    if (!failed)
        return ChildEnd{Watch(child, options, signals, terminal).run(), {}};
    waitpid(child, nullptr, 0);
    return ChildEnd{
        reason == ENOENT ? kCommandNotFound : kNotExecutable,
        std::format("{}: {}", options.command.front(), std::generic_category().message(reason))};
}

} // namespace postern::cli
