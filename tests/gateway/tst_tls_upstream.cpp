// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/control/client.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/tls_tunnel.h"

#include <QTemporaryFile>
#include <QTest>

#include <format>
#include <memory>

using namespace postern;
using namespace postern::test;

namespace {

std::string quoted(const std::string &text) { return Json(text).dump(); }

std::string get(std::string_view target, std::string_view host)
{
    return std::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", target, host);
}

} // namespace

// Upstreams with scheme https; numbers name sections of apisix.md.
class tst_TlsUpstream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void checks_data();
    void checks();
    void proxies();
    void sendsTheHostAsName_data();
    void sendsTheHostAsName();
    void keepsConnectionsApart();
    void verifies_data();
    void verifies();
    void showsItsCertificate();
    void showsAnSslObject();
    void missesTheSslObject();
    void followsTheSslObject();
    void failsWithAReason_data();
    void failsWithAReason();
    void goesOnToTheNextNode();
    void passesLargeBodies();
    void isOpenAtBothEnds();
    void leavesTheBuiltinPlain();

private:
    [[nodiscard]] bool route(std::string_view more, std::uint16_t port)
    {
        return m_gateway->route("1", "/r*", port, {},
                                std::format(R"(, "scheme": "https"{})", more));
    }
    [[nodiscard]] bool route(std::string_view more = {}) { return route(more, m_server->port()); }
    [[nodiscard]] std::string trace();

    std::unique_ptr<TlsIdentity> m_authority, m_identity;
    QTemporaryFile m_trusted;
    std::shared_ptr<TlsMeetings> m_met;
    std::unique_ptr<GatewayFixture> m_gateway;
    std::unique_ptr<RawUpstream> m_server;
};

void tst_TlsUpstream::initTestCase()
{
    m_authority = std::make_unique<TlsIdentity>(makeAuthority("authority"));
    m_identity = std::make_unique<TlsIdentity>(
        issue(*m_authority, {.alternatives = "DNS:up.example,DNS:*.wild.example,IP:127.0.0.1"}));
    QVERIFY(m_trusted.open());
    m_trusted.write(QByteArray::fromStdString(m_authority->pem()));
    m_trusted.flush();
    qputenv("SSL_CERT_FILE", m_trusted.fileName().toLocal8Bit());
}

void tst_TlsUpstream::init()
{
    m_gateway = std::make_unique<GatewayFixture>();
    m_met = std::make_shared<TlsMeetings>();
    m_server = std::make_unique<RawUpstream>(echoingOverTls(*m_identity, m_met));
    QVERIFY(m_gateway->start());
}

void tst_TlsUpstream::cleanup()
{
    m_gateway.reset();
    m_server.reset();
}

std::string tst_TlsUpstream::trace()
{
    const auto control = gateway::parseServerAddress(m_gateway->gateway().addresses().controlUri());
    const auto page = gateway::ControlClient(*control).send({.target = "/v1/traces?limit=1"});
    return page ? page->body : std::string();
}

void tst_TlsUpstream::checks_data()
{
    QTest::addColumn<std::string>("tls");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("message");
    const std::string certificate = quoted(m_identity->pem());
    const std::string key = quoted(m_identity->keyPem());
    const auto row = [](const char *name, const std::string &tls, int status,
                        const std::string &message = {}) {
        QTest::newRow(name) << tls << status << message;
    };
    row("1.10 upstream.tls: verify", R"({"verify":true})", 201);
    row("1.10 upstream.tls: certificate and key",
        R"({"client_cert":)" + certificate + R"(,"client_key":)" + key + "}", 201);
    row("1.10 upstream.tls: client_cert_id", R"({"client_cert_id":"client"})", 201);
    row("1.10 upstream.tls: certificate alone", R"({"client_cert":)" + certificate + "}", 400,
        "property \"client_key\" is required");
    row("1.10 upstream.tls: key alone", R"({"client_key":)" + key + "}", 400,
        "property \"client_cert\" is required");
    row("1.10 upstream.tls: both ways",
        R"({"client_cert_id":"client","client_cert":)" + certificate + R"(,"client_key":)" + key
            + "}",
        400, "value wasn't supposed to match schema");
    row("1.10 upstream.tls: broken certificate",
        R"({"client_cert":)" + quoted(std::string(200, 'A')) + R"(,"client_key":)" + key + "}", 400,
        "failed to parse cert: PEM_read_bio_X509_AUX() failed");
    row("1.8 upstream.tls: no such ssl object", R"({"client_cert_id":"no"})", 400,
        "failed to fetch ssl info by ssl id [no], response code: 404");
    row("1.8 upstream.tls: an ssl object for servers", R"({"client_cert_id":"server"})", 400,
        "failed to fetch ssl info by ssl id [server], wrong ssl type");
}

void tst_TlsUpstream::checks()
{
    QFETCH(const std::string, tls);
    QFETCH(const int, status);
    QFETCH(const std::string, message);
    const std::string pair = std::format(R"("cert":{},"key":{})", quoted(m_identity->pem()),
                                         quoted(m_identity->keyPem()));
    QCOMPARE(
        m_gateway->admin("PUT", "/ssls/server", "{\"sni\":\"a.example\"," + pair + "}").status(),
        201);
    QCOMPARE(m_gateway->admin("PUT", "/ssls/client", "{\"type\":\"client\"," + pair + "}").status(),
             201);
    const std::string upstream =
        std::format(R"({{"nodes":{{"127.0.0.1:1":1}},"scheme":"https","tls":{}}})", tls);
    const std::vector<std::pair<std::string, std::string>> places{
        {"/upstreams/1", upstream},
        {"/routes/1", std::format(R"({{"uri":"/","upstream":{}}})", upstream)},
        {"/services/1", std::format(R"({{"upstream":{}}})", upstream)}};
    for (const auto &[path, body] : places) {
        const RawMessage answer = m_gateway->admin("PUT", path, body);
        QVERIFY2(answer.status() == status, answer.body.c_str());
        const auto said = parseJson(answer.body);
        if (!message.empty())
            QVERIFY2(said && said->stringOr("error_msg", "").ends_with(message),
                     answer.body.c_str());
    }
}

void tst_TlsUpstream::proxies()
{
    QVERIFY(route());
    const RawMessage answer = m_gateway->ask(get("/r?x=1", "up.example"));
    QVERIFY2(answer.status() == 200, trace().c_str());
    QVERIFY(answer.body.starts_with("GET /r?x=1 HTTP/1.1\r\nHost: up.example\r\n"));
    QVERIFY(answer.body.contains("X-Forwarded-Proto: http\r\n")); // of the client's connection
}

void tst_TlsUpstream::sendsTheHostAsName_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *title, const char *more, const char *host, const char *sent,
                        const char *name) {
        QTest::newRow(title) << QByteArray(more) << QByteArray(host) << QByteArray(sent)
                             << QByteArray(name);
    };
    row("2.7 pass_host pass", "", "up.example", "up.example", "up.example");
    row("2.7 pass_host pass: without the port", "", "up.example:8443", "up.example:8443",
        "up.example");
    row("2.7 pass_host rewrite", R"(, "pass_host": "rewrite", "upstream_host": "re.example")",
        "up.example", "re.example", "re.example");
    row("2.7 pass_host node: an address is no name", R"(, "pass_host": "node")", "up.example",
        "127.0.0.1:", "");
}

void tst_TlsUpstream::sendsTheHostAsName()
{
    QFETCH(const QByteArray, more);
    QFETCH(const QByteArray, host);
    QFETCH(const QByteArray, sent);
    QFETCH(const QByteArray, name);
    QVERIFY(route(more.toStdString()));
    const RawMessage answer = m_gateway->ask(get("/r", host.toStdString()));
    QCOMPARE(answer.status(), 200);
    QVERIFY2(answer.body.contains("Host: " + sent.toStdString()), answer.body.c_str());
    const std::scoped_lock lock(m_met->mutex);
    QCOMPARE(m_met->names, std::vector{name.toStdString()});
}

// What was opened for one name, or with one certificate, never serves another.
void tst_TlsUpstream::keepsConnectionsApart()
{
    QVERIFY(route());
    for (const char *host : {"a.example", "a.example", "b.example", "a.example", "b.example"})
        QCOMPARE(m_gateway->ask(get("/r", host)).status(), 200);
    {
        const std::scoped_lock lock(m_met->mutex);
        QCOMPARE(m_met->names, (std::vector<std::string>{"a.example", "b.example"}));
    }
    QVERIFY(m_gateway->route("2", "/s", m_server->port(), {},
                             R"(, "scheme": "https", "tls": {"verify": true})"));
    QCOMPARE(m_gateway->ask(get("/s", "up.example")).status(), 200);
    QCOMPARE(m_gateway->ask(get("/r", "up.example")).status(), 200);
    const std::scoped_lock lock(m_met->mutex);
    QCOMPARE(m_met->names,
             (std::vector<std::string>{"a.example", "b.example", "up.example", "up.example"}));
}

void tst_TlsUpstream::verifies_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *title, const char *more, const char *host, int status,
                        const char *said = "") {
        QTest::newRow(title) << QByteArray(more) << QByteArray(host) << status << QByteArray(said);
    };
    constexpr const char *kVerify = R"(, "tls": {"verify": true})";
    row("1.10 verify is off", "", "other.example", 200);
    row("1.10 verify: its name", kVerify, "up.example", 200);
    row("1.10 verify: a wildcard's name", kVerify, "x.wild.example", 200);
    row("1.10 verify: its address", R"(, "tls": {"verify": true}, "pass_host": "node")",
        "other.example", 200);
    row("1.10 verify: another name", kVerify, "other.example", 502, "hostname mismatch");
}

void tst_TlsUpstream::verifies()
{
    QFETCH(const QByteArray, more);
    QFETCH(const QByteArray, host);
    QFETCH(const int, status);
    QFETCH(const QByteArray, said);
    QVERIFY(route(more.toStdString()));
    const RawMessage answer = m_gateway->ask(get("/r", host.toStdString()));
    const std::string record = trace();
    QVERIFY2(answer.status() == status, record.c_str());
    if (status == 200)
        return;
    QVERIFY(answer.body.contains("502 Bad Gateway")); // 2.9
    QVERIFY2(record.contains("upstream-tls"), record.c_str());
    QVERIFY2(record.contains(said.toStdString()), record.c_str());
}

void tst_TlsUpstream::showsItsCertificate()
{
    const TlsIdentity client = issue(*m_authority, {.subject = "gateway"});
    QVERIFY(route(std::format(R"(, "tls": {{"client_cert": {}, "client_key": {}}})",
                              quoted(client.pem()), quoted(client.keyPem()))));
    QCOMPARE(m_gateway->ask(get("/r", "up.example")).status(), 200);
    const std::scoped_lock lock(m_met->mutex);
    QCOMPARE(m_met->clients, std::vector<std::string>{"CN=gateway"});
}

void tst_TlsUpstream::showsAnSslObject()
{
    const TlsIdentity client = issue(*m_authority, {.subject = "stored"});
    QCOMPARE(m_gateway
                 ->admin("PUT", "/ssls/7",
                         std::format(R"({{"type":"client","cert":{},"key":{}}})",
                                     quoted(client.pem()), quoted(client.keyPem())))
                 .status(),
             201);
    QVERIFY(route(R"(, "tls": {"client_cert_id": 7})"));
    QCOMPARE(m_gateway->ask(get("/r", "up.example")).status(), 200);
    const std::scoped_lock lock(m_met->mutex);
    QCOMPARE(m_met->clients, std::vector<std::string>{"CN=stored"});
}

void tst_TlsUpstream::missesTheSslObject()
{
    showsAnSslObject();
    QCOMPARE(m_gateway->admin("DELETE", "/ssls/7").status(), 200);
    QCOMPARE(m_gateway->ask(get("/r", "up.example")).status(), 502);
    QVERIFY2(trace().contains("upstream-tls"), trace().c_str());
}

// The next connection shows the new certificate, whatever is still open with the old one.
void tst_TlsUpstream::followsTheSslObject()
{
    showsAnSslObject();
    const TlsIdentity client = issue(*m_authority, {.subject = "renewed"});
    QCOMPARE(m_gateway
                 ->admin("PUT", "/ssls/7",
                         std::format(R"({{"type":"client","cert":{},"key":{}}})",
                                     quoted(client.pem()), quoted(client.keyPem())))
                 .status(),
             200);
    QCOMPARE(m_gateway->ask(get("/r", "up.example")).status(), 200);
    const std::scoped_lock lock(m_met->mutex);
    QCOMPARE(m_met->clients, (std::vector<std::string>{"CN=stored", "CN=renewed"}));
}

void tst_TlsUpstream::failsWithAReason_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("an upstream without TLS") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTest::newRow("an upstream that hangs up") << QByteArray();
}

void tst_TlsUpstream::failsWithAReason()
{
    QFETCH(const QByteArray, answer);
    RawUpstream plain([&answer](RawUpstream::Connection &connection) {
        static_cast<void>(connection.readExactly(5));
        connection.send(answer.toStdString());
    });
    QVERIFY(route({}, plain.port()));
    const RawMessage got = m_gateway->ask(get("/r", "up.example"));
    QCOMPARE(got.status(), 502);
    QVERIFY2(trace().contains("upstream-tls"), trace().c_str());
}

void tst_TlsUpstream::goesOnToTheNextNode()
{
    RawUpstream plain([](RawUpstream::Connection &connection) {
        static_cast<void>(connection.readExactly(5));
        connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    const RawMessage put =
        m_gateway->admin("PUT", "/routes/1",
                         std::format(R"({{"uri":"/r","upstream":{{"scheme":"https","nodes":[)"
                                     R"({{"host":"127.0.0.1","port":{},"weight":1,"priority":1}},)"
                                     R"({{"host":"127.0.0.1","port":{},"weight":1}}]}}}})",
                                     plain.port(), m_server->port()));
    QCOMPARE(put.status(), 201);
    QCOMPARE(m_gateway->ask(get("/r", "up.example")).status(), 200);
}

void tst_TlsUpstream::passesLargeBodies()
{
    GatewayFixture inner; // a gateway as the TLS server of another: both ends are ours
    inner.options.https = gateway::Endpoint{"127.0.0.1", 0};
    RawUpstream echo(RawUpstream::echoing());
    QVERIFY(inner.start());
    QVERIFY(inner.route("1", "/r*", echo.port()));
    QCOMPARE(inner
                 .admin("PUT", "/ssls/1",
                        std::format(R"({{"sni":"up.example","cert":{},"key":{}}})",
                                    quoted(m_identity->pem()), quoted(m_identity->keyPem())))
                 .status(),
             201);
    QVERIFY(route(R"(, "tls": {"verify": true})", inner.gateway().addresses().https->port));
    const std::string body(3'000'000, 'b');
    for (int i = 0; i < 2; ++i) {
        const RawMessage answer = m_gateway->ask(
            std::format("POST /r HTTP/1.1\r\nHost: up.example\r\nContent-Length: {}\r\n\r\n{}",
                        body.size(), body));
        QVERIFY2(answer.status() == 200, trace().c_str());
        QVERIFY(answer.complete);
        QVERIFY(answer.body.ends_with(body));
    }
}

void tst_TlsUpstream::isOpenAtBothEnds()
{
    GatewayFixture front;
    front.options.https = gateway::Endpoint{"127.0.0.1", 0};
    QVERIFY(front.start());
    QVERIFY(front.route("1", "/r*", m_server->port(), {}, R"(, "scheme": "https")"));
    QCOMPARE(front
                 .admin("PUT", "/ssls/1",
                        std::format(R"({{"sni":"up.example","cert":{},"key":{}}})",
                                    quoted(m_identity->pem()), quoted(m_identity->keyPem())))
                 .status(),
             201);
    TlsTunnel client(front.gateway().addresses().https->port, {.name = "up.example"});
    for (int i = 0; i < 3; ++i) {
        const RawMessage answer = client.ask(get("/r", "up.example"));
        QCOMPARE(answer.status(), 200);
        QVERIFY(answer.body.contains("X-Forwarded-Proto: https\r\n"));
    }
}

// httpbin.org:443 of the manuals is the built-in upstream, which needs no network and no TLS.
void tst_TlsUpstream::leavesTheBuiltinPlain()
{
    GatewayFixture offline;
    offline.options.builtinUpstream = true;
    QVERIFY(offline.start());
    QCOMPARE(offline
                 .admin("PUT", "/routes/1",
                        R"({"uri":"/get","upstream":{"scheme":"https","pass_host":"node",)"
                        R"("nodes":{"httpbin.org:443":1}}})")
                 .status(),
             201);
    QCOMPARE(offline.ask(get("/get", "a.example")).status(), 200);
}

QTEST_GUILESS_MAIN(tst_TlsUpstream)
#include "tst_tls_upstream.moc"
