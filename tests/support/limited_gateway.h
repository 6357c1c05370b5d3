// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/control/client.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <cstdio>
#include <format>
#include <string>
#include <string_view>

namespace postern::test {

/// A real gateway with routes that limit-count guards, and an upstream that says "up".
class LimitedGateway
{
public:
    /// \param limit members of limit-count; more than one route may share it by its group
    [[nodiscard]] bool route(std::string_view id, std::string_view limit)
    {
        return gateway.route(id, std::format("/{}", id), m_upstream.port(),
                             std::format(R"(, "plugins": {{"limit-count": {{{}}}}})", limit));
    }
    /// A route without plugins.
    [[nodiscard]] bool openRoute(std::string_view id)
    {
        return gateway.route(id, std::format("/{}", id), m_upstream.port());
    }
    [[nodiscard]] RawMessage get(std::string_view id) const
    {
        return gateway.get(std::format("/{}", id));
    }
    /// "200 10 9" for status, limit and remaining.
    [[nodiscard]] std::string quota(std::string_view id) const
    {
        const RawMessage answer = get(id);
        return std::format("{} {} {}", answer.status(), answer.header("X-RateLimit-Limit"),
                           answer.header("X-RateLimit-Remaining"));
    }
    /// The last request's trace, as the control API shows it.
    [[nodiscard]] std::string lastTrace() const
    {
        const postern::gateway::ControlClient client({.unixPath = gateway.options.controlSocket});
        const auto answer = client.send({.target = "/v1/traces/last"});
        return answer ? answer->body : std::string();
    }

    GatewayFixture gateway;

private:
    RawUpstream m_upstream{RawUpstream::answering(RawUpstream::ok("up"))};
};

} // namespace postern::test
