// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"

#include <QTest>

#include <format>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::test;

namespace {

constexpr int kIterations = 1'000;
constexpr std::size_t kWorkers = 4;

} // namespace

// Once the Admin API has answered, no connection of any worker sees what was before.
class tst_ReadYourWrites : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aRouteIsThereAndGoneAtOnce();
    void aCredentialCountsAndStopsAtOnce();

private:
    /// Over one connection that stays open. \return the status
    int admin(std::string_view method, std::string_view path, std::string_view json = {});
    /// What every worker and a new connection answer, if they agree; else both answers.
    std::string everywhere(std::string_view more = {});

    GatewayFixture m_gateway;
    RawStream m_admin;
    std::vector<RawStream> m_open; ///< handed out round robin, so that every worker has one
};

void tst_ReadYourWrites::initTestCase()
{
    m_gateway.options.workers = kWorkers;
    m_gateway.options.builtinUpstream = true;
    QVERIFY(m_gateway.start());
    m_admin = RawStream::connectTo(m_gateway.adminPort());
    for (std::size_t i = 0; i < kWorkers; ++i)
        m_open.push_back(m_gateway.connect());
}

int tst_ReadYourWrites::admin(std::string_view method, std::string_view path, std::string_view json)
{
    m_admin.send(std::format("{} /apisix/admin{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                             "X-API-KEY: {}\r\nContent-Length: {}\r\n\r\n{}",
                             method, path, m_gateway.adminPort(), m_gateway.options.adminKey,
                             json.size(), json));
    return m_admin.readMessage().status();
}

std::string tst_ReadYourWrites::everywhere(std::string_view more)
{
    const std::string request = std::format("GET /get HTTP/1.1\r\nHost: a.example\r\n{}\r\n", more);
    const auto said = [](const RawMessage &answer) {
        return std::format("{} {}", answer.status(), answer.header("WWW-Authenticate"));
    };
    const std::string first = said(m_gateway.ask(request));
    for (RawStream &stream : m_open) {
        stream.send(request);
        if (const std::string other = said(stream.readMessage()); other != first)
            return first + " but " + other;
    }
    return first;
}

void tst_ReadYourWrites::aRouteIsThereAndGoneAtOnce()
{
    for (int i = 0; i < kIterations; ++i) {
        // The realm tells which of the routes answers.
        QCOMPARE(admin("PUT", "/routes/r",
                       std::format(R"({{"uri":"/get","plugins":{{"key-auth":{{"realm":"r{}"}}}},)"
                                   R"("upstream":{{"nodes":{{"httpbin.org:80":1}}}}}})",
                                   i)),
                 201);
        QCOMPARE(everywhere(), std::format("401 apikey realm=\"r{}\"", i));
        QCOMPARE(admin("PUT", "/routes/r",
                       R"({"uri":"/get","upstream":{"nodes":{"httpbin.org:80":1}}})"),
                 200);
        QCOMPARE(everywhere(), std::string("200 -"));
        QCOMPARE(admin("DELETE", "/routes/r"), 200);
        QCOMPARE(everywhere(), std::string("404 -"));
    }
}

void tst_ReadYourWrites::aCredentialCountsAndStopsAtOnce()
{
    QCOMPARE(admin("PUT", "/routes/r",
                   R"({"uri":"/get","plugins":{"key-auth":{}},)"
                   R"("upstream":{"nodes":{"httpbin.org:80":1}}})"),
             201);
    QCOMPARE(admin("PUT", "/consumers", R"({"username":"jack"})"), 201);
    const std::string refused = "401 apikey realm=\"key\"";
    for (int i = 0; i < kIterations / 4; ++i) {
        const std::string now = std::format("apikey: key-{}\r\n", i);
        const std::string before = std::format("apikey: key-{}\r\n", i - 1);
        QCOMPARE(everywhere(now), refused);
        QCOMPARE(admin("PUT", "/consumers/jack/credentials/c",
                       std::format(R"({{"plugins":{{"key-auth":{{"key":"key-{}"}}}}}})", i)),
                 i == 0 ? 201 : 200);
        QCOMPARE(everywhere(now), std::string("200 -"));
        QCOMPARE(everywhere(before), refused);
    }
    QCOMPARE(admin("DELETE", "/consumers/jack/credentials/c"), 200);
    QCOMPARE(everywhere(std::format("apikey: key-{}\r\n", kIterations / 4 - 1)), refused);
}

QTEST_GUILESS_MAIN(tst_ReadYourWrites)
#include "tst_read_your_writes.moc"
