// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/guardian.h"

#include "cli/exec/processes.h"
#include "core/runtime_directory.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <format>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::string_view kPrefix = "exec-";
constexpr char kDone = 'd';

// The guardian's whole life. Its process has one thread, so anything may be called here.
[[noreturn]] void watch(int pipe, const std::string &runId, const std::filesystem::path &directory,
                        std::chrono::milliseconds grace)
{
    setsid();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE})
        std::signal(signal, SIG_IGN);
    // Whoever reads our output must see its end when the run ends, not when the guardian does.
    const int kept = 0;
    dup2(pipe, kept);
    close_range(1, ~0U, 0);
    if (chdir("/") != 0)
        _exit(1);
    char word = 0;
    ssize_t got = 0;
    do
        got = read(kept, &word, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1 || word != kDone) {
        endProcessesOfRun(runId, grace);
        std::error_code code;
        std::filesystem::remove_all(directory, code);
    }
    _exit(0);
}

// Directories "exec-<pid>-xxxxxx" whose process is gone.
void sweep(const std::filesystem::path &parent)
{
    std::error_code code;
    for (std::filesystem::directory_iterator entry(parent, code), end; !code && entry != end;
         entry.increment(code)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(kPrefix))
            continue;
        pid_t pid = 0;
        std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), pid);
        std::error_code ignored;
        if (pid > 0 && kill(pid, 0) != 0 && errno == ESRCH)
            std::filesystem::remove_all(entry->path(), ignored);
    }
}

} // namespace

Result<Guardian> Guardian::start(std::string runId, std::filesystem::path directory,
                                 std::chrono::milliseconds grace)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(Errc::CannotStart, std::generic_category().message(errno));
    const pid_t pid = fork();
    if (pid < 0)
        return fail(Errc::CannotStart, std::generic_category().message(errno));
    if (pid == 0) {
        close(ends[1]);
        watch(ends[0], runId, directory, grace);
    }
    close(ends[0]);
    return Guardian(pid, ends[1]);
}

Guardian::Guardian(Guardian &&other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)),
      m_pipe(std::exchange(other.m_pipe, -1))
{
}

Guardian::~Guardian()
{
    if (m_pipe < 0)
        return;
    static_cast<void>(!write(m_pipe, &kDone, 1));
    close(m_pipe);
    waitpid(m_pid, nullptr, 0);
}

Result<std::filesystem::path> makeRunDirectory()
{
    const auto runtime = runtimeDirectory();
    if (!runtime)
        return std::unexpected(runtime.error());
    sweep(*runtime);
    // A unix socket's path has room for 107 characters.
    constexpr std::size_t kRoom = 60;
    const std::filesystem::path parent =
        runtime->native().size() < kRoom ? *runtime : std::filesystem::path("/tmp");
    std::string name = (parent / std::format("{}{}-XXXXXX", kPrefix, getpid())).string();
    if (mkdtemp(name.data()) == nullptr)
        return fail(Errc::CannotStart, std::generic_category().message(errno), name);
    return std::filesystem::path(name);
}

} // namespace postern::cli
