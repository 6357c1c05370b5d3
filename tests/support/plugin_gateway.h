// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/parse.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <format>
#include <memory>
#include <string>
#include <string_view>

namespace postern::test {

/// A real gateway with one route, `/r*`, whose plugins a test sets, and an upstream that answers
/// with what it was sent (or by a script).
class PluginGateway
{
public:
    [[nodiscard]] bool start(RawUpstream::Script script = RawUpstream::echoing())
    {
        m_upstream = std::make_unique<RawUpstream>(std::move(script));
        return gateway.start();
    }
    /// \param plugins the members of `plugins`: `"echo": {...}`
    [[nodiscard]] bool use(std::string_view plugins, std::string_view upstreamMore = {})
    {
        return gateway.route("1", "/r*", m_upstream->port(),
                             std::format(R"(, "plugins": {{{}}})", plugins), upstreamMore);
    }
    /// What the Admin API says to such plugins, without the prefix that names the plugin; empty if
    /// it takes them.
    [[nodiscard]] std::string refusal(std::string_view plugins)
    {
        const RawMessage answer = gateway.admin(
            "PUT", "/routes/refused",
            std::format(
                R"({{"uri": "/refused", "plugins": {{{}}}, "upstream": {{"nodes": {{}}}}}})",
                plugins));
        if (answer.status() / 100 == 2)
            return {};
        const auto body = parseJson(answer.body);
        const std::string text(body ? body->stringOr("error_msg", answer.body) : answer.body);
        const std::size_t prefix = text.find(" err: ");
        return prefix == std::string::npos ? text : text.substr(prefix + 6);
    }
    [[nodiscard]] RawMessage ask(std::string_view method, std::string_view target,
                                 std::string_view fields = {}, std::string_view body = {}) const
    {
        const std::string length =
            body.empty() ? std::string() : std::format("Content-Length: {}\r\n", body.size());
        return gateway.ask(std::format("{} {} HTTP/1.1\r\nHost: a.example:9080\r\n{}{}\r\n{}",
                                       method, target, fields, length, body));
    }
    [[nodiscard]] RawMessage get(std::string_view target, std::string_view fields = {}) const
    {
        return ask("GET", target, fields);
    }
    [[nodiscard]] std::size_t upstreamRequests() const { return m_upstream->requestCount(); }

    GatewayFixture gateway;

private:
    std::unique_ptr<RawUpstream> m_upstream;
};

/// The request line that an echoing upstream saw.
[[nodiscard]] inline std::string requestLine(const RawMessage &answer)
{
    return answer.body.substr(0, answer.body.find("\r\n"));
}

} // namespace postern::test
