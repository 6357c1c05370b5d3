// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/ready_file.h"

#include "core/json/parse.h"
#include "core/version.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

std::filesystem::path readyFileOf(const std::filesystem::path &socket)
{
    std::filesystem::path file = socket;
    return file.replace_extension(".json");
}

} // namespace

Json readyLine(const GatewayAddresses &addresses, std::string_view profile)
{
    Json line = Json::object({{"ready", true},
                              {"pid", std::int64_t{getpid()}},
                              {"proxy", addresses.proxyUrl()},
                              {"admin", addresses.adminUrl()},
                              {"admin_key", addresses.adminKey},
                              {"control", addresses.controlUri()}});
    if (const std::string https = addresses.httpsUrl(); !https.empty())
        line.set("https", https);
    if (const std::string upstream = addresses.upstreamUrl(); !upstream.empty())
        line.set("upstream", upstream);
    if (const std::string control = addresses.controlApisixUrl(); !control.empty())
        line.set("control_apisix", control);
    if (const std::string status = addresses.statusUrl(); !status.empty())
        line.set("status", status);
    line.set("version", kVersion);
    line.set("profile", profile);
    return line;
}

Result<void> leaveReadyFile(const GatewayAddresses &addresses, std::string_view profile,
                            const GatewayFiles &files)
{
    Json ready = readyLine(addresses, profile);
    if (!files.config.empty())
        ready.set("config", files.config.string());
    ready.set("store", files.store);
    const std::string text = ready.dump() + '\n';
    const std::filesystem::path file = readyFileOf(addresses.controlSocket);
    ::unlink(file.c_str()); // left by a process of the same number
    const int descriptor =
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    const bool written = descriptor >= 0
        && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int reason = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    if (!written)
        return fail(Errc::Io, std::generic_category().message(reason), file.string());
    return {};
}

Result<Json> readReadyFile(const std::filesystem::path &socket)
{
    const std::filesystem::path file = readyFileOf(socket);
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return fail(Errc::NotFound, "no gateway left a file there", file.string());
    return parseJson(std::string(std::istreambuf_iterator<char>(stream), {}));
}

void removeReadyFile(const std::filesystem::path &socket) noexcept
{
    try {
        ::unlink(readyFileOf(socket).c_str());
    } catch (const std::exception &) { // out of memory; the next gateway of this number unlinks it
    }
}

} // namespace postern::gateway
