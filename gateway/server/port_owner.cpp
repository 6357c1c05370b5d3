// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/port_owner.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <format>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace postern::gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListening = "0A";
constexpr std::string_view kSocket = "socket:[";

/// The sockets that listen on the port, as descriptors link to them: "socket:[12345]". proc(5)
void appendListeners(const char *table, std::uint16_t port, std::vector<std::string> &sockets)
{
    std::ifstream file(table);
    std::string line;
    std::getline(file, line); // the headings
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string slot, local, remote, state, queues, timer, retries, user, timeout, inode;
        words >> slot >> local >> remote >> state >> queues >> timer >> retries >> user >> timeout
            >> inode;
        const std::size_t colon = local.rfind(':');
        if (!words || state != kListening || colon == std::string::npos)
            continue;
        unsigned number = 0;
        std::from_chars(local.data() + colon + 1, local.data() + local.size(), number, 16);
        if (number == port)
            sockets.push_back(std::string(kSocket).append(inode).append("]"));
    }
}

bool holdsAny(const fs::path &process, const std::vector<std::string> &sockets)
{
    std::error_code error;
    for (fs::directory_iterator at(process / "fd", error), end; !error && at != end;
         at.increment(error)) {
        std::error_code gone;
        const std::string target = fs::read_symlink(at->path(), gone).string();
        if (!gone && std::ranges::contains(sockets, target))
            return true;
    }
    return false;
}

std::string programOf(const fs::path &process)
{
    std::ifstream file(process / "comm");
    std::string name;
    std::getline(file, name);
    return name;
}

} // namespace

std::optional<PortOwner> portOwner(std::uint16_t port)
{
    std::vector<std::string> sockets;
    appendListeners("/proc/net/tcp", port, sockets);
    appendListeners("/proc/net/tcp6", port, sockets);
    if (sockets.empty())
        return std::nullopt;
    std::error_code error;
    for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        pid_t pid = 0;
        const char *const last = name.data() + name.size();
        if (std::from_chars(name.data(), last, pid).ptr != last || pid <= 0)
            continue;
        if (holdsAny(at->path(), sockets))
            return PortOwner{programOf(at->path()), pid};
    }
    return std::nullopt;
}

std::string portInUseText(std::uint16_t port)
{
    const auto owner = portOwner(port);
    if (!owner)
        return "another program listens there";
    if (owner->pid == ::getpid())
        return "this program itself listens there";
    return std::format("{} (pid {}) listens there",
                       owner->program.empty() ? "a program" : owner->program, owner->pid);
}

} // namespace postern::gateway
