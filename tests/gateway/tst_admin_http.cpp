// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "tests/support/gateway_fixture.h"

#include <QTest>

#include <algorithm>
#include <format>

using namespace postern;
using namespace postern::test;

// The Admin API of a whole gateway, octet by octet. apisix.md 1.1 to 1.4, 1.14.
class tst_AdminHttp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void framesAsTheOriginal_data();
    void framesAsTheOriginal();
    void servesHttp10();
    void keepsTheConnection();
    void generatesAKeyOfLetters();
    void takesTheConfiguredKeys();
    void encryptsByDefault();
    void leasesOutliveARestart();
    void refusesALongBody();
    void aRefusedBodyMayStillBeSent();
};

void tst_AdminHttp::framesAsTheOriginal_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("chunked");
    const auto row = [](const char *name, const char *method, const char *path, int status,
                        bool chunked) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(path) << status << chunked;
    };
    row("1.1 a list is chunked", "GET", "/apisix/admin/routes", 200, true);
    row("1.1 a refusal is chunked", "GET", "/apisix/admin/nothing", 404, true);
    row("1.1 a page has a length", "GET", "/nothing", 404, false);
    row("1.1 preflight has length 0", "OPTIONS", "/apisix/admin/routes", 200, false);
}

void tst_AdminHttp::framesAsTheOriginal()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QFETCH(const int, status);
    QFETCH(const bool, chunked);
    GatewayFixture gateway;
    QVERIFY(gateway.start());
    RawStream stream = RawStream::connectTo(gateway.adminPort());
    stream.send(std::format("{} {} HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: {}\r\n\r\n",
                            method.toStdString(), path.toStdString(), gateway.options.adminKey));
    const RawMessage answer = stream.readMessage();
    QVERIFY(answer.complete);
    QCOMPARE(answer.status(), status);
    QCOMPARE(answer.header("Transfer-Encoding"), std::string(chunked ? "chunked" : "-"));
    QCOMPARE(answer.header("Content-Length") == "-", chunked);
    QCOMPARE(answer.header("Server"), std::string("APISIX/3.18.0"));
    QCOMPARE(answer.count("Server"), 1U);
    if (chunked)
        QVERIFY(answer.body.ends_with("}\n"));
    if (method == "OPTIONS")
        QCOMPARE(answer.header("Content-Length"), std::string("0"));
    // the probe needs no key
    RawStream probe = RawStream::connectTo(gateway.adminPort());
    probe.send("HEAD /apisix/admin HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QCOMPARE(probe.readMessage(true).status(), 200);
}

void tst_AdminHttp::servesHttp10()
{
    GatewayFixture gateway;
    QVERIFY(gateway.start());
    RawStream stream = RawStream::connectTo(gateway.adminPort());
    stream.send(std::format("GET /apisix/admin/routes HTTP/1.0\r\nX-API-KEY: {}\r\n\r\n",
                            gateway.options.adminKey));
    const std::string answer = stream.readUntilClose();
    QVERIFY(!answer.contains("chunked"));
    QVERIFY(answer.ends_with("\r\n\r\n{\"total\":0,\"list\":[]}\n"));
}

void tst_AdminHttp::keepsTheConnection()
{
    GatewayFixture gateway;
    QVERIFY(gateway.start());
    RawStream stream = RawStream::connectTo(gateway.adminPort());
    std::string three;
    for (int i = 0; i < 3; ++i)
        three += std::format(
            "GET /apisix/admin/routes HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: {}\r\n\r\n",
            gateway.options.adminKey);
    stream.send(three); // pipelined
    for (int i = 0; i < 3; ++i) {
        const RawMessage answer = stream.readMessage();
        QVERIFY(answer.complete);
        QCOMPARE(answer.body, std::string("{\"total\":0,\"list\":[]}\n"));
    }
}

void tst_AdminHttp::generatesAKeyOfLetters()
{
    GatewayFixture gateway;
    gateway.options.adminKey.clear();
    gateway.options.adminKeys = {{"admin", "", false}, {"viewer", "v", true}};
    QVERIFY(gateway.start());
    const std::string key = gateway.gateway().addresses().adminKey;
    QCOMPARE(key.size(), 32U);
    QVERIFY(std::ranges::all_of(key, [](unsigned char c) { return std::isalpha(c) != 0; }));
    gateway.options.adminKey = key;
    QCOMPARE(gateway.admin("GET", "/routes").status(), 200);
}

void tst_AdminHttp::takesTheConfiguredKeys()
{
    GatewayFixture gateway;
    gateway.options.adminKey.clear();
    gateway.options.adminKeys = {{"viewer", "look", true}, {"admin", "do", false}};
    QVERIFY(gateway.start());
    QCOMPARE(gateway.gateway().addresses().adminKey, std::string("do"));
    gateway.options.adminKey = "look";
    QCOMPARE(gateway.admin("GET", "/routes").status(), 200);
    QCOMPARE(gateway.admin("PUT", "/services/1", "{}").status(), 401);
    gateway.options.adminKey = "do";
    QCOMPARE(gateway.admin("PUT", "/services/1", "{}").status(), 201);
}

void tst_AdminHttp::encryptsByDefault()
{
    GatewayFixture gateway;
    QVERIFY(gateway.start());
    const char *jack = R"({"username":"jack","plugins":{"key-auth":{"key":"jack-key"}}})";
    const RawMessage written = gateway.admin("PUT", "/consumers", jack);
    QCOMPARE(written.status(), 201);
    QVERIFY(written.body.contains("1jhUSuP5Dz3oF/IEiJ1SAg=="));
    QVERIFY(!written.body.contains("jack-key"));
    QVERIFY(gateway.admin("GET", "/consumers/jack").body.contains("jack-key"));
}

void tst_AdminHttp::leasesOutliveARestart()
{
    const QTemporaryDir folder;
    const std::string store = "sqlite:" + folder.filePath(QStringLiteral("a.db")).toStdString();
    constexpr std::int64_t kStart = 1'900'000'000;
    const auto at = [](std::int64_t time) { return Timestamp(std::chrono::seconds(time)); };
    {
        GatewayFixture gateway;
        gateway.options.store = store;
        gateway.options.clockMode = Clock::Mode::Frozen;
        gateway.options.clockStart = at(kStart);
        QVERIFY(gateway.start());
        QCOMPARE(gateway.admin("PUT", "/services/short?ttl=5", "{}").status(), 201);
        QCOMPARE(gateway.admin("PUT", "/services/long?ttl=500", "{}").status(), 201);
        QCOMPARE(gateway.admin("GET", "/services/short").status(), 200);
    }
    GatewayFixture gateway;
    gateway.options.store = store;
    gateway.options.clockMode = Clock::Mode::Frozen;
    gateway.options.clockStart = at(kStart + 6);
    QVERIFY(gateway.start());
    // gone before the first request is answered
    QCOMPARE(gateway.admin("GET", "/services/short").status(), 404);
    QCOMPARE(gateway.admin("GET", "/services/long").status(), 200);
}

void tst_AdminHttp::refusesALongBody()
{
    GatewayFixture gateway;
    QVERIFY(gateway.start());
    const std::string body(1'572'865, ' ');
    const RawMessage answer = gateway.admin("PUT", "/routes/1", body);
    QCOMPARE(answer.status(), 400);
    QCOMPARE(answer.body,
             std::string("{\"error_msg\":\"invalid request body: request size 1572865 is greater "
                         "than the maximum size 1572864 allowed\"}\n"));
    const std::string longest = std::string(1'572'864 - 2, ' ') + "{}";
    QCOMPARE(gateway.admin("PUT", "/services/1", longest).status(), 201);
}

// Many clients send the whole body before they read: their sending must not fail.
void tst_AdminHttp::aRefusedBodyMayStillBeSent()
{
    constexpr std::size_t kSize = 4'000'000;
    GatewayFixture gateway;
    QVERIFY(gateway.start());
    RawStream stream = RawStream::connectTo(gateway.adminPort());
    stream.send(std::format("PUT /apisix/admin/routes/1 HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: "
                            "{}\r\nContent-Length: {}\r\n\r\n",
                            gateway.options.adminKey, kSize));
    const RawMessage answer = stream.readMessage();
    QVERIFY(answer.complete);
    QCOMPARE(answer.status(), 400);
    QCOMPARE(answer.header("Connection"), std::string("close"));
    QVERIFY(stream.send(std::string(kSize, 'x')));
    QVERIFY(stream.endsWithin());
}

QTEST_GUILESS_MAIN(tst_AdminHttp)
#include "tst_admin_http.moc"
