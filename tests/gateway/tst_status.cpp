// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/open_service.h"
#include "tests/support/gateway_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <format>
#include <fstream>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

/// apisix.md 7: the status port.
class tst_Status : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void replies_data();
    void replies();
    void readyWithAStore();
    void readyWhenTheFileIsComplete();
    void readyWhenAConfigurationWasPut();

private:
    static RawMessage ask(GatewayFixture &gateway, const char *path)
    {
        const auto address = gateway.gateway().addresses().status;
        RawStream stream = RawStream::connectTo(address ? address->port : std::uint16_t{0});
        stream.send(
            std::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path));
        return stream.readMessage();
    }
    static bool start(GatewayFixture &gateway)
    {
        gateway.options.status = Endpoint{"127.0.0.1", 0};
        gateway.options.standalonePoll = std::chrono::milliseconds(10);
        return gateway.start();
    }
};

void tst_Status::replies_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("notReady"); // empty: it is ready
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body"); // empty: the page
    const auto row = [](const char *name, const char *method, const char *path,
                        const char *notReady, int status, const char *body) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(path) << QByteArray(notReady)
                            << status << QByteArray(body);
    };
    const char *ok = "{\"status\":\"ok\"}\n";
    row("7 GET /status", "GET", "/status", "", 200, ok);
    row("7 GET /status, not ready", "GET", "/status", "why", 200, ok);
    row("7 GET /status/ready", "GET", "/status/ready", "", 200, ok);
    row("7 GET /status/ready, not ready", "GET", "/status/ready",
        "worker id: 9 has not received configuration", 503,
        "{\"status\":\"error\",\"error\":\"worker id: 9 has not received configuration\"}\n");
    row("7 other path", "GET", "/", "", 404, "");
    row("7 below", "GET", "/status/live", "", 404, "");
    row("7 other method", "POST", "/status", "", 404, "");
}

void tst_Status::replies()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, notReady);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    ServiceRequest request;
    request.method = method.toStdString();
    request.path = path.toStdString();
    request.peer = "127.0.0.1";
    const AdminReply reply = statusReply(request, [&notReady] {
        return notReady.isEmpty() ? std::nullopt : std::optional(notReady.toStdString());
    });
    QCOMPARE(reply.status, status);
    if (body.isEmpty())
        QVERIFY(reply.body.contains("<html>"));
    else
        QCOMPARE(QByteArray::fromStdString(reply.body), body);
    request.headers = {{"Host", "evil.example"}};
    QCOMPARE(statusReply(request, [] { return std::optional<std::string>(); }).status, 403);
}

void tst_Status::readyWithAStore()
{
    GatewayFixture gateway;
    QVERIFY(start(gateway));
    QCOMPARE(ask(gateway, "/status").status(), 200);
    QCOMPARE(ask(gateway, "/status/ready").status(), 200);
    QCOMPARE(ask(gateway, "/other").status(), 404);
}

void tst_Status::readyWhenTheFileIsComplete()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("apisix.yaml")).toStdString();
    std::ofstream(path) << "routes: []\n";
    GatewayFixture gateway;
    gateway.options.store = "file:" + path;
    QVERIFY(start(gateway));
    QCOMPARE(ask(gateway, "/status").status(), 200);
    const RawMessage waiting = ask(gateway, "/status/ready");
    QCOMPARE(waiting.status(), 503);
    QCOMPARE(waiting.body,
             std::string("{\"status\":\"error\",\"error\":\"worker id: 0 has not received "
                         "configuration\"}\n"));
    std::ofstream(path) << "routes: []\n#END\n";
    QTRY_COMPARE_WITH_TIMEOUT(ask(gateway, "/status/ready").status(), 200, 20'000);
}

void tst_Status::readyWhenAConfigurationWasPut()
{
    GatewayFixture gateway;
    gateway.options.store = "api:";
    QVERIFY(start(gateway));
    QCOMPARE(ask(gateway, "/status/ready").status(), 503);
    RawStream stream = RawStream::connectTo(gateway.adminPort());
    stream.send(std::format("PUT /apisix/admin/configs HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-KEY: "
                            "{}\r\nX-Digest: 1\r\nContent-Length: 2\r\n\r\n{{}}",
                            gateway.options.adminKey));
    QCOMPARE(stream.readMessage().status(), 202);
    QCOMPARE(ask(gateway, "/status/ready").status(), 200);
}

QTEST_GUILESS_MAIN(tst_Status)
#include "tst_status.moc"
