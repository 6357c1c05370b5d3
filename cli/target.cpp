// SPDX-License-Identifier: Apache-2.0
#include "cli/target.h"

#include "cli/arguments.h"
#include "cli/output.h"
#include "core/json/parse.h"
#include "core/runtime_directory.h"
#include "gateway/control/socket_registry.h"

#include <format>
#include <system_error>

namespace postern::cli {
namespace {

constexpr std::string_view kAdvice =
    "start one with 'postern gateway run', or name one with POSTERN_SOCKET";

// The control API's own words, or the status.
Error errorOf(const gateway::ClientResponse &response, const Result<Json> &json)
{
    const Json *const error = json ? json->find("error") : nullptr;
    std::string text(error ? error->stringOr("message", "") : "");
    const Errc code = response.status == 404 ? Errc::NotFound
        : response.status == 400             ? Errc::InvalidArgument
                                             : Errc::Remote;
    // They begin with the sentence that this error begins with, too.
    if (const std::string same = std::format("{}: ", sentence(code)); text.starts_with(same))
        text.erase(0, same.size());
    return {code, text.empty() ? std::format("status {}", response.status) : text, {}};
}

} // namespace

Result<gateway::ServerAddress> controlAddress()
{
    if (const std::string named = environment("POSTERN_SOCKET"); !named.empty()) {
        const bool uri = named.starts_with("unix:") || named.starts_with("http:");
        auto address = gateway::parseServerAddress(uri ? named : "unix:" + named);
        if (!address)
            address.error().where = "POSTERN_SOCKET";
        return address;
    }
    const auto directory = runtimeDirectory();
    if (!directory)
        return std::unexpected(directory.error());
    const auto socket = gateway::findControlSocket(*directory);
    if (!socket)
        return fail(Errc::Remote, std::format("no gateway is running; {}", kAdvice));
    return gateway::parseServerAddress("unix:" + socket->string());
}

Result<Json> askControl(std::string_view method, std::string_view target, const Json &body)
{
    const auto address = controlAddress();
    if (!address)
        return std::unexpected(address.error());
    gateway::ClientRequest request{std::string(method), std::string(target), {}, {}};
    if (!body.isNull()) {
        request.body = body.dump();
        request.headers.emplace_back("Content-Type", "application/json");
    }
    if (const std::string key = environment("POSTERN_ADMIN_KEY");
        !key.empty() && address->unixPath.empty())
        request.headers.emplace_back("X-API-KEY", key);
    auto response = gateway::ControlClient(*address).send(request);
    if (!response) {
        if (response.error().code == Errc::Remote)
            response.error().detail += std::format("; {}", kAdvice);
        return std::unexpected(response.error());
    }
    Result<Json> json = parseJson(response->body);
    if (response->status >= 400)
        return std::unexpected(errorOf(*response, json));
    if (!json)
        return fail(Errc::Remote, "the answer is not JSON", address->text());
    return json;
}

Result<AdminTarget> adminTarget()
{
    AdminTarget target{environment("POSTERN_ADMIN_URL"), environment("POSTERN_ADMIN_KEY")};
    while (target.url.ends_with('/'))
        target.url.pop_back();
    if (!target.url.empty() && !target.url.ends_with("/apisix/admin"))
        target.url += "/apisix/admin";
    if (!target.url.empty() && !target.key.empty())
        return target;
    const auto control = controlAddress();
    if (!control)
        return std::unexpected(control.error());
    if (target.url.empty()) {
        const Result<Json> health = askControl("GET", "/v1/healthcheck");
        if (!health)
            return std::unexpected(health.error());
        target.url = health->stringOr("admin", "");
    }
    if (target.key.empty() && !control->unixPath.empty()) {
        if (const Result<Json> ready = gateway::readReadyFile(control->unixPath))
            target.key = ready->stringOr("admin_key", "");
    }
    return target;
}

GatewayFiles runningGatewayFiles()
{
    std::string socket = environment("POSTERN_SOCKET");
    if (socket.starts_with("unix:"))
        socket.erase(0, 5);
    if (socket.empty()) {
        const auto directory = runtimeDirectory();
        std::error_code code;
        if (directory)
            socket = std::filesystem::canonical(*directory / "default.sock", code).string();
    }
    const Result<Json> ready = gateway::readReadyFile(socket);
    if (!ready)
        return {};
    return {std::string(ready->stringOr("config", "")), std::string(ready->stringOr("store", ""))};
}

} // namespace postern::cli
