// SPDX-License-Identifier: Apache-2.0
#include "bash_terminal.h"

#include <QFile>

#include <format>

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace postern::test {
namespace {

constexpr int kPatienceMs = 20'000;
constexpr auto kMark = "postern-test-ready";

// No prompt, bell, paging or colour: what comes back is what was asked for.
constexpr auto kSetUp = "PS1=; PS2=; "
                        "bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; "
                        "bind 'set completion-query-items 0'; bind 'set page-completions off'; "
                        "stty -echo; eval \"$(postern completion bash)\"; cd '{}'\n";

/// The terminal's end that a person would sit at.
class Terminal
{
public:
    Terminal(int descriptor, pid_t shell) : m_descriptor(descriptor), m_shell(shell) {}
    ~Terminal()
    {
        ::close(m_descriptor);
        ::kill(m_shell, SIGKILL);
        ::waitpid(m_shell, nullptr, 0);
    }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    bool type(const std::string &text)
    {
        return ::write(m_descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    }
    // Reads on until the text has come since `from`.
    bool waitFor(const std::string &text, std::size_t from)
    {
        while (m_screen.find(text, from) == std::string::npos) {
            pollfd waiting{m_descriptor, POLLIN, 0};
            char block[4096];
            if (::poll(&waiting, 1, kPatienceMs) <= 0)
                return false;
            const ssize_t n = ::read(m_descriptor, block, sizeof block);
            if (n <= 0)
                return false;
            m_screen.append(block, static_cast<std::size_t>(n));
        }
        return true;
    }
    [[nodiscard]] const std::string &screen() const { return m_screen; }

private:
    int m_descriptor;
    pid_t m_shell;
    std::string m_screen;
};

std::vector<std::string> wordsIn(const std::string &screen)
{
    std::vector<std::string> words;
    for (std::size_t at = 0; (at = screen.find("<<", at)) != std::string::npos;) {
        const std::size_t end = screen.find(">>", at);
        if (end == std::string::npos)
            break;
        words.push_back(screen.substr(at + 2, end - at - 2));
        at = end;
    }
    return words;
}

} // namespace

CompletedLine typeIntoBash(const std::string &keys, const std::string &folder,
                           const Environment &extra)
{
    QProcessEnvironment environment = cleanEnvironment(extra);
    environment.insert(QStringLiteral("TERM"), QStringLiteral("dumb"));
    environment.insert(QStringLiteral("HISTFILE"), QString());
    QList<QByteArray> entries;
    for (const QString &entry : environment.toStringList())
        entries << entry.toLocal8Bit();
    std::vector<char *> pointers;
    for (QByteArray &entry : entries)
        pointers.push_back(entry.data());
    pointers.push_back(nullptr);

    int descriptor = -1;
    winsize size{50, 200, 0, 0};
    const pid_t shell = ::forkpty(&descriptor, nullptr, nullptr, &size);
    if (shell == 0) {
        const char *const argv[] = {"bash", "--norc", "--noprofile", "-i", nullptr};
        ::execve("/bin/bash", const_cast<char **>(argv), pointers.data());
        ::_exit(127);
    }
    if (shell < 0)
        return {};
    Terminal terminal(descriptor, shell);
    std::string setUp = kSetUp;
    setUp.replace(setUp.find("{}"), 2, folder);
    CompletedLine line;
    // The mark is written in two parts: its echo is not it.
    line.ready = terminal.type(setUp + "echo postern-test''-ready\n") && terminal.waitFor(kMark, 0);
    const std::size_t begin = terminal.screen().size();
    // Ctrl-A, and the completed line becomes the arguments of printf.
    line.ready = line.ready
        && terminal.type(keys + "\x01printf '<<%s>>\\n' \x05; echo postern-test''-ready\n")
        && terminal.waitFor(kMark, begin);
    line.screen = terminal.screen().substr(begin);
    line.words = wordsIn(line.screen);
    return line;
}

} // namespace postern::test
