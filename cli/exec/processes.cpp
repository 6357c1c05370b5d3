// SPDX-License-Identifier: Apache-2.0
#include "cli/exec/processes.h"

#include <charconv>
#include <csignal>
#include <filesystem>
#include <format>
#include <fstream>
#include <iterator>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

namespace postern::cli {
namespace {

bool carries(const std::filesystem::path &process, std::string_view variable)
{
    std::ifstream in(process / "environ", std::ios::binary);
    const std::string environ{std::istreambuf_iterator<char>(in), {}};
    std::string_view rest = environ;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\0'), rest.size());
        if (rest.substr(0, end) == variable)
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

void reap()
{
    while (waitpid(-1, nullptr, WNOHANG) > 0) {}
}

} // namespace

std::vector<pid_t> processesOfRun(std::string_view runId)
{
    const std::string variable = std::format("POSTERN_RUN_ID={}", runId);
    std::vector<pid_t> found;
    std::error_code code;
    for (std::filesystem::directory_iterator entry("/proc", code), end; !code && entry != end;
         entry.increment(code)) {
        const std::string name = entry->path().filename().string();
        pid_t pid = 0;
        const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (error == std::errc() && stop == name.data() + name.size() && pid != getpid()
            && carries(entry->path(), variable))
            found.push_back(pid);
    }
    return found;
}

std::size_t endProcessesOfRun(std::string_view runId, std::chrono::milliseconds grace)
{
    constexpr auto kStep = std::chrono::milliseconds(20);
    reap();
    const std::size_t count = processesOfRun(runId).size();
    if (count == 0)
        return 0;
    for (const pid_t pid : processesOfRun(runId))
        kill(pid, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + grace;
    while (std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(kStep);
        reap();
        if (processesOfRun(runId).empty())
            return count;
    }
    // New ones may appear while we look; a few rounds catch what is still forking.
    for (int round = 0; round < 5; ++round) {
        for (const pid_t pid : processesOfRun(runId))
            kill(pid, SIGKILL);
        std::this_thread::sleep_for(kStep);
        reap();
    }
    return count;
}

} // namespace postern::cli
