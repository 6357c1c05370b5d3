// SPDX-License-Identifier: Apache-2.0
#include "cli/passphrase.h"

#include <openssl/crypto.h>

#include <array>
#include <csignal>
#include <format>
#include <string>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::size_t kMaxPassphrase = 1024;

/// The terminal with its echo off for as long as this lives. Ctrl-C is held back meanwhile, since
/// it would leave the shell without echo; it comes through afterwards.
class SilentTerminal
{
public:
    SilentTerminal() : m_fd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY))
    {
        if (m_fd < 0)
            return;
        sigset_t held;
        sigemptyset(&held);
        for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGTSTP, SIGHUP})
            sigaddset(&held, signal);
        sigprocmask(SIG_BLOCK, &held, &m_mask);
        if (tcgetattr(m_fd, &m_before) != 0) {
            close();
            return;
        }
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        silent.c_lflag |= ECHONL | ICANON;
        tcsetattr(m_fd, TCSAFLUSH, &silent);
        m_changed = true;
    }
    ~SilentTerminal()
    {
        if (m_changed)
            tcsetattr(m_fd, TCSAFLUSH, &m_before);
        if (m_fd >= 0)
            close();
    }
    SilentTerminal(const SilentTerminal &) = delete;
    SilentTerminal &operator=(const SilentTerminal &) = delete;

    [[nodiscard]] bool isOpen() const noexcept { return m_fd >= 0; }
    [[nodiscard]] int fd() const noexcept { return m_fd; }

private:
    void close()
    {
        ::close(m_fd);
        m_fd = -1;
        sigprocmask(SIG_SETMASK, &m_mask, nullptr);
    }

    int m_fd;
    termios m_before{};
    sigset_t m_mask{};
    bool m_changed = false;
};

constexpr char kInterrupt = '\x03';

} // namespace

bool canAsk() noexcept
{
    const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0)
        ::close(fd);
    return fd >= 0;
}

Result<Secret> askPassphrase(std::string_view prompt)
{
    const SilentTerminal terminal;
    if (!terminal.isOpen())
        return fail(Errc::KeyPassphrase,
                    "no terminal to ask on; give --passphrase @file or env:NAME");
    const std::string text = std::format("{}: ", prompt);
    if (::write(terminal.fd(), text.data(), text.size()) < 0)
        return fail(Errc::Io, "the terminal cannot be written to");
    std::array<char, kMaxPassphrase> typed{};
    const ssize_t got = ::read(terminal.fd(), typed.data(), typed.size());
    std::string_view line(typed.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    const bool interrupted = line.contains(kInterrupt);
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.remove_suffix(1);
    Secret passphrase(line);
    OPENSSL_cleanse(typed.data(), typed.size());
    if (interrupted)
        return fail(Errc::Cancelled);
    if (passphrase.empty())
        return fail(Errc::KeyPassphrase, "nothing was typed");
    return passphrase;
}

Result<Secret> askNewPassphrase()
{
    Result<Secret> first = askPassphrase("New passphrase");
    if (!first)
        return first;
    const Result<Secret> second = askPassphrase("The same again");
    if (!second)
        return second;
    if (*first != *second)
        return fail(Errc::InvalidArgument, "the two passphrases differ");
    return first;
}

} // namespace postern::cli
