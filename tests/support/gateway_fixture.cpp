// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"

#include <cstdio>
#include <format>
#include <utility>

namespace postern::test {

GatewayFixture::GatewayFixture()
{
    options.proxy.port = 0;
    options.admin.port = 0;
    options.adminKey = "fixture-admin-key";
    options.controlSocket = m_directory.filePath(QStringLiteral("control.sock")).toStdString();
    options.workers = 1;
    options.builtinUpstream = false;
    options.shutdownGrace = std::chrono::seconds(2);
}

bool GatewayFixture::start()
{
    auto started = gateway::Gateway::start(options);
    if (!started) {
        std::fprintf(stderr, "%s\n", describe(started.error()).c_str());
        return false;
    }
    m_gateway = std::move(*started);
    return true;
}

std::uint16_t GatewayFixture::proxyPort() const noexcept
{
    return m_gateway->addresses().proxy.port;
}

std::uint16_t GatewayFixture::adminPort() const noexcept
{
    return m_gateway->addresses().admin.port;
}

RawMessage GatewayFixture::admin(std::string_view method, std::string_view path,
                                 std::string_view json)
{
    RawStream stream = RawStream::connectTo(adminPort());
    stream.send(std::format("{} /apisix/admin{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                            "X-API-KEY: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                            method, path, adminPort(), options.adminKey, json.size(), json));
    return stream.readMessage();
}

bool GatewayFixture::route(std::string_view id, std::string_view uri, std::uint16_t port,
                           std::string_view more, std::string_view upstreamMore)
{
    const RawMessage answer =
        admin("PUT", std::format("/routes/{}", id),
              std::format(R"({{"uri": "{}"{}, "upstream": {{"type": "roundrobin", )"
                          R"("nodes": {{"127.0.0.1:{}": 1}}{}}}}})",
                          uri, more, port, upstreamMore));
    if (answer.status() / 100 == 2)
        return true;
    std::fprintf(stderr, "%s%s\n", answer.head.c_str(), answer.body.c_str());
    return false;
}

RawStream GatewayFixture::connect(int receiveBuffer) const
{
    return RawStream::connectTo(proxyPort(), receiveBuffer);
}

RawMessage GatewayFixture::ask(std::string_view octets) const
{
    RawStream stream = connect();
    stream.send(octets);
    return stream.readMessage(octets.starts_with("HEAD "));
}

RawMessage GatewayFixture::get(std::string_view target) const
{
    return ask(std::format("GET {} HTTP/1.1\r\nHost: a.example\r\n\r\n", target));
}

} // namespace postern::test
