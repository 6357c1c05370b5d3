// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/socket_registry.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "postern-";
constexpr std::string_view kSuffix = ".sock";
constexpr std::string_view kDefault = "default.sock";

std::optional<pid_t> pidOf(const std::string &name)
{
    const std::string_view text(name);
    if (!text.starts_with(kPrefix) || !text.ends_with(kSuffix)
        || text.size() <= kPrefix.size() + kSuffix.size())
        return std::nullopt;
    pid_t pid = 0;
    const char *end = text.data() + text.size() - kSuffix.size();
    const auto [stop, error] = std::from_chars(text.data() + kPrefix.size(), end, pid);
    return error == std::errc{} && stop == end && pid > 0 ? std::optional(pid) : std::nullopt;
}

bool isListening(const fs::path &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string &text = path.native();
    if (text.size() >= sizeof address.sun_path)
        return false;
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return false;
    const int result =
        ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    // A full queue of a busy listener is a listener too.
    const bool listening = result == 0 || errno == EAGAIN || errno == EINPROGRESS;
    ::close(descriptor);
    return listening;
}

struct Candidate
{
    fs::path path;
    pid_t pid;
    std::int64_t madeNs;
};

std::vector<Candidate> newestFirst(const fs::path &directory)
{
    std::vector<Candidate> found;
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto pid = pidOf(entry->path().filename().string());
        struct stat status{};
        if (!pid || ::lstat(entry->path().c_str(), &status) != 0 || !S_ISSOCK(status.st_mode))
            continue;
        found.push_back({entry->path(), *pid,
                         status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec});
    }
    std::ranges::sort(found, std::ranges::greater{}, &Candidate::madeNs);
    return found;
}

} // namespace

fs::path controlSocketPath(const fs::path &directory, pid_t pid)
{
    return directory / (std::string(kPrefix) + std::to_string(pid) + std::string(kSuffix));
}

Result<void> announceControlSocket(const fs::path &socket)
{
    // Made beside and renamed over, so that there is never no default.
    const fs::path link = socket.parent_path() / kDefault;
    fs::path fresh = socket;
    fresh += ".link";
    std::error_code error;
    fs::remove(fresh, error);
    fs::create_symlink(socket.filename(), fresh, error);
    if (!error)
        fs::rename(fresh, link, error);
    if (error)
        return fail(Errc::Io, error.message(), link.string());
    return {};
}

void withdrawControlSocket(const fs::path &socket) noexcept
{
    try {
        std::error_code error;
        fs::remove(socket, error);
        const fs::path directory = socket.parent_path();
        const fs::path link = directory / kDefault;
        if (fs::read_symlink(link, error) != socket.filename() || error)
            return;
        fs::remove(link, error);
        if (const auto next = findControlSocket(directory))
            static_cast<void>(announceControlSocket(*next));
    } catch (const std::exception &) { // out of memory: the next client cleans up
    }
}

Result<fs::path> findControlSocket(const fs::path &directory)
{
    for (const Candidate &candidate : newestFirst(directory)) {
        if (isListening(candidate.path))
            return candidate.path;
        // Only a dead process' socket is stale: a living one may be about to listen.
        if (::kill(candidate.pid, 0) != 0 && errno == ESRCH)
            ::unlink(candidate.path.c_str());
    }
    return fail(Errc::NotFound, "no gateway is running", directory.string());
}

} // namespace postern::gateway
