// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/control/client.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"
#include "tests/support/tls_tunnel.h"

#include <QProcess>
#include <QTemporaryFile>
#include <QTest>

#include <chrono>
#include <format>
#include <future>
#include <memory>
#include <string>

using namespace postern;
using namespace postern::test;

namespace {

constexpr std::string_view kGet = "GET /r HTTP/1.1\r\nHost: a.example\r\n\r\n";

std::string quoted(const std::string &text) { return Json(text).dump(); }

std::string get(std::string_view target, std::string_view host, std::string_view fields = {})
{
    return std::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", target, host, fields);
}

} // namespace

// The HTTPS listener; numbers name sections of apisix.md.
class tst_TlsListener : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void serves();
    void tellsUpstreamsTheScheme();
    void servesCurl();
    void choosesByName_data();
    void choosesByName();
    void refusesUnknownNames();
    void followsChangesAtOnce();
    void choosesTheKeyType();
    void keepsToProtocols_data();
    void keepsToProtocols();
    void speaksHttp11Only();
    void verifiesClients_data();
    void verifiesClients();
    void refusesClientsInTheHandshake_data();
    void refusesClientsInTheHandshake();
    void asksForTheHostsCertificate();
    void tellsPluginsAboutTheConnection();
    void answersPlainHttp();
    void survivesHalfHandshakes();
    void endsSlowHandshakes();
    void passesLargeBodies();
    void pausesForSlowReaders();
    void answersPipelined();
    void opensTunnels();
    void closesWithNotice();
    void showsBrokenAnswers();
    void resumesWithinOneConfigurationOnly();
    void redirectsToItsPort();
    void stopsWithOpenConnections();

private:
    [[nodiscard]] std::uint16_t port() const
    {
        return m_gateway->gateway().addresses().https->port;
    }
    [[nodiscard]] bool put(std::string_view id, const TlsIdentity &identity, std::string_view more);
    [[nodiscard]] std::string lastReason();
    [[nodiscard]] Json lastTrace();

    std::unique_ptr<TlsIdentity> m_authority, m_other;
    std::unique_ptr<GatewayFixture> m_gateway;
    std::unique_ptr<RawUpstream> m_upstream;
};

void tst_TlsListener::initTestCase()
{
    m_authority = std::make_unique<TlsIdentity>(makeAuthority("authority"));
    m_other = std::make_unique<TlsIdentity>(makeAuthority("other"));
}

void tst_TlsListener::init()
{
    m_gateway = std::make_unique<GatewayFixture>();
    m_gateway->options.https = gateway::Endpoint{"127.0.0.1", 0};
    m_upstream = std::make_unique<RawUpstream>(RawUpstream::echoing());
    QVERIFY(m_gateway->start());
    QVERIFY(m_gateway->route("1", "/r*", m_upstream->port()));
    QVERIFY(put("a", issue(*m_authority, {.subject = "a", .alternatives = "DNS:a.example"}),
                R"("snis":["a.example","127.0.0.1"])"));
}

void tst_TlsListener::cleanup()
{
    m_gateway.reset();
    m_upstream.reset();
}

bool tst_TlsListener::put(std::string_view id, const TlsIdentity &identity, std::string_view more)
{
    const RawMessage answer =
        m_gateway->admin("PUT", std::format("/ssls/{}", id),
                         std::format(R"({{"cert":{},"key":{},{}}})", quoted(identity.pem()),
                                     quoted(identity.keyPem()), more));
    if (answer.status() / 100 == 2)
        return true;
    qWarning("%s", answer.body.c_str());
    return false;
}

Json tst_TlsListener::lastTrace()
{
    const auto control = gateway::parseServerAddress(m_gateway->gateway().addresses().controlUri());
    const auto page = gateway::ControlClient(*control).send({.target = "/v1/traces?limit=1"});
    const auto body = page ? parseJson(page->body) : std::unexpected(page.error());
    const Json *traces = body ? body->find("traces") : nullptr;
    return traces && traces->size() > 0 ? traces->items().front() : Json();
}

std::string tst_TlsListener::lastReason() { return lastTrace().dump(); }

void tst_TlsListener::serves()
{
    TlsTunnel client(port(), {.name = "a.example"});
    QVERIFY2(client.established(), client.failure().c_str());
    QCOMPARE(client.server(), "CN=a");
    QCOMPARE(client.version(), "TLSv1.3");
    for (int i = 0; i < 3; ++i) { // kept alive
        const RawMessage answer = client.ask(kGet);
        QCOMPARE(answer.status(), 200);
        QVERIFY(answer.body.starts_with("GET /r HTTP/1.1\r\n"));
    }
}

void tst_TlsListener::tellsUpstreamsTheScheme()
{
    TlsTunnel client(port(), {.name = "a.example"});
    const RawMessage answer = client.ask(get("/r", "a.example", "X-Forwarded-Proto: http\r\n"));
    QVERIFY2(answer.body.contains("X-Forwarded-Proto: https\r\n"), answer.body.c_str()); // 2.8
    QVERIFY(!answer.body.contains("X-Forwarded-Proto: http\r\n"));
    QVERIFY(answer.body.contains(std::format("X-Forwarded-Port: {}\r\n", port())));
}

void tst_TlsListener::servesCurl()
{
    QTemporaryFile authority;
    QVERIFY(authority.open());
    authority.write(QByteArray::fromStdString(m_authority->pem()));
    authority.close();
    QProcess curl;
    curl.start(QStringLiteral("curl"),
               {QStringLiteral("-sS"), QStringLiteral("--cacert"), authority.fileName(),
                QStringLiteral("--resolve"), QStringLiteral("a.example:%1:127.0.0.1").arg(port()),
                QStringLiteral("-d"), QStringLiteral("hello"),
                QStringLiteral("https://a.example:%1/r").arg(port())});
    QVERIFY(curl.waitForFinished());
    const QByteArray said = curl.readAllStandardOutput();
    QVERIFY2(said.startsWith("POST /r HTTP/1.1"), (said + curl.readAllStandardError()).constData());
    QVERIFY(said.endsWith("hello"));
}

void tst_TlsListener::choosesByName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("server");
    const auto row = [](const char *title, const char *name, const char *server) {
        QTest::newRow(title) << QString::fromLatin1(name) << QString::fromLatin1(server);
    };
    row("exact", "a.example", "CN=a");
    row("exact, in capitals", "A.EXAMPLE", "CN=a");
    row("exact before wildcard", "www.b.example", "CN=www");
    row("wildcard", "x.b.example", "CN=wild");
    row("the longer wildcard", "x.c.b.example", "CN=longer");
    row("configured with a dot at its end", "dot.example", "CN=dot");
    row("without a name: the address", "", "CN=a");
}

void tst_TlsListener::choosesByName()
{
    QFETCH(const QString, name);
    QFETCH(const QString, server);
    QVERIFY(put("w", issue(*m_authority, {.subject = "www"}), R"("sni":"www.b.example")"));
    QVERIFY(put("x", issue(*m_authority, {.subject = "wild"}), R"("sni":"*.b.example")"));
    QVERIFY(put("l", issue(*m_authority, {.subject = "longer"}), R"("sni":"*.c.b.example")"));
    QVERIFY(put("d", issue(*m_authority, {.subject = "dot"}), R"("sni":"dot.example.")"));
    const TlsTunnel client(port(), {.name = name.toStdString()});
    QVERIFY2(client.established(), client.failure().c_str());
    QCOMPARE(QString::fromStdString(client.server()), server);
}

void tst_TlsListener::refusesUnknownNames()
{
    const TlsTunnel client(port(), {.name = "unknown.example"});
    QVERIFY(!client.established());
    QVERIFY2(client.failure().contains("unrecognized name"), client.failure().c_str());
    const std::string trace = lastReason();
    QVERIFY2(trace.contains("tls-server-name"), trace.c_str());
    QVERIFY(trace.contains("unknown.example"));
}

void tst_TlsListener::followsChangesAtOnce()
{
    QVERIFY(put("a", issue(*m_authority, {.subject = "new"}), R"("sni":"a.example")"));
    QCOMPARE(TlsTunnel(port(), {.name = "a.example"}).server(), "CN=new");
    QCOMPARE(m_gateway->admin("DELETE", "/ssls/a").status(), 200);
    QVERIFY(!TlsTunnel(port(), {.name = "a.example"}).established());
}

void tst_TlsListener::choosesTheKeyType()
{
    const TlsIdentity ec = issue(*m_authority, {.subject = "ec"});
    const TlsIdentity rsa = issue(*m_authority, {.subject = "rsa", .rsa = true});
    QVERIFY(put("a", ec,
                std::format(R"("sni":"a.example","certs":[{}],"keys":[{}])", quoted(rsa.pem()),
                            quoted(rsa.keyPem()))));
    QCOMPARE(TlsTunnel(port(), {.name = "a.example", .signatures = "ECDSA+SHA256"}).keyType(),
             "EC");
    QCOMPARE(TlsTunnel(port(), {.name = "a.example", .signatures = "RSA-PSS+SHA256:RSA+SHA256"})
                 .keyType(),
             "RSA");
}

void tst_TlsListener::keepsToProtocols_data()
{
    QTest::addColumn<QString>("protocols");
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("works");
    const auto row = [](const char *name, const char *protocols, int version, bool works) {
        QTest::newRow(name) << QString::fromLatin1(protocols) << version << works;
    };
    row("1.10 the default takes TLS 1.2", "", TLS1_2_VERSION, true);
    row("1.10 the default takes TLS 1.3", "", TLS1_3_VERSION, true);
    row("1.10 the default refuses TLS 1.1", "", TLS1_1_VERSION, false);
    row("1.10 TLS 1.3 alone", R"("TLSv1.3")", TLS1_3_VERSION, true);
    row("1.10 TLS 1.3 alone, asked for 1.2", R"("TLSv1.3")", TLS1_2_VERSION, false);
    row("1.10 TLS 1.2 alone, asked for 1.3", R"("TLSv1.2")", TLS1_3_VERSION, false);
    row("1.10 TLS 1.1 when told", R"("TLSv1.1","TLSv1.2")", TLS1_1_VERSION, true);
    row("1.10 a hole in the middle", R"("TLSv1.1","TLSv1.3")", TLS1_2_VERSION, false);
}

void tst_TlsListener::keepsToProtocols()
{
    QFETCH(const QString, protocols);
    QFETCH(const int, version);
    QFETCH(const bool, works);
    std::string more = R"("sni":"p.example")";
    if (!protocols.isEmpty())
        more += std::format(R"(,"ssl_protocols":[{}])", protocols.toStdString());
    QVERIFY(put("p", issue(*m_authority, {.subject = "p", .rsa = true}), more));
    const TlsTunnel client(port(), {.name = "p.example", .oldest = version, .newest = version});
    QVERIFY2(client.established() == works, client.failure().c_str());
    if (!works)
        QVERIFY2(lastReason().contains("tls-handshake"), lastReason().c_str());
}

void tst_TlsListener::speaksHttp11Only()
{
    QCOMPARE(TlsTunnel(port(), {.name = "a.example", .protocols = {"h2", "http/1.1"}}).protocol(),
             "http/1.1");
    const TlsTunnel none(port(), {.name = "a.example", .protocols = {"h2"}});
    QVERIFY(!none.established());
    QVERIFY2(none.failure().contains("no application protocol"), none.failure().c_str());
}

void tst_TlsListener::verifiesClients_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QString>("target");
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const char *who, const char *target, int version,
                        int status, const char *said = "") {
        QTest::newRow(name) << QString::fromLatin1(who) << QString::fromLatin1(target) << version
                            << status << QString::fromLatin1(said);
    };
    row("1.10 client: vouched for", "good", "/r", 0, 200);
    row("1.10 client: vouched for, TLS 1.2", "good", "/r", TLS1_2_VERSION, 200);
    row("2.9 client: none", "", "/r", 0, 400, "the client showed none");
    row("2.9 client: another authority's", "stranger", "/r", 0, 400,
        "unable to verify the first certificate");
    row("2.9 client: another authority's, TLS 1.2", "stranger", "/r", TLS1_2_VERSION, 400,
        "unable to verify the first certificate");
    row("2.9 client: expired", "expired", "/r", 0, 400, "has expired");
    row("1.10 client.skip_mtls_uri_regex", "", "/ropen", 0, 200);
}

void tst_TlsListener::verifiesClients()
{
    QFETCH(const QString, who);
    QFETCH(const QString, target);
    QFETCH(const int, version);
    QFETCH(const int, status);
    QFETCH(const QString, said);
    QVERIFY(put("m", issue(*m_authority, {.subject = "m"}),
                std::format(R"("sni":"m.example","client":{{"ca":{},)"
                            R"("skip_mtls_uri_regex":["^/ropen$"]}})",
                            quoted(m_authority->pem()))));
    const TlsIdentity good = issue(*m_authority, {.subject = "good"});
    const TlsIdentity stranger = issue(*m_other, {.subject = "stranger"});
    const TlsIdentity expired =
        issue(*m_authority, {.subject = "expired", .until = std::chrono::hours(-1)});
    const TlsIdentity *identity = who == QLatin1String("good") ? &good
        : who == QLatin1String("stranger")                     ? &stranger
        : who == QLatin1String("expired")                      ? &expired
                                                               : nullptr;
    TlsTunnel client(
        port(), {.name = "m.example", .identity = identity, .oldest = version, .newest = version});
    QVERIFY2(client.established(), client.failure().c_str());
    const RawMessage answer = client.ask(get(target.toStdString(), "m.example"));
    QCOMPARE(answer.status(), status);
    if (status == 200)
        return;
    QVERIFY(answer.header("content-type").starts_with("text/html"));
    QVERIFY(answer.body.contains("400 Bad Request"));
    QVERIFY(client.stream().endsWithin());
    const Json trace = lastTrace();
    QVERIFY2(trace.dump().contains("client-certificate"), trace.dump().c_str());
    QVERIFY2(trace.dump().contains(said.toStdString()), trace.dump().c_str());
}

void tst_TlsListener::refusesClientsInTheHandshake_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const char *who, const char *said) {
        QTest::newRow(name) << QString::fromLatin1(who) << QString::fromLatin1(said);
    };
    row("1.10 client: none", "", "the client showed none");
    row("1.10 client: another authority's", "stranger", "unable to get local issuer certificate");
    row("1.10 client: expired", "expired", "has expired");
}

// Only where skip_mtls_uri_regex lets some paths pass is there an answer.
void tst_TlsListener::refusesClientsInTheHandshake()
{
    QFETCH(const QString, who);
    QFETCH(const QString, said);
    QVERIFY(
        put("m", issue(*m_authority, {.subject = "m"}),
            std::format(R"("sni":"m.example","client":{{"ca":{}}})", quoted(m_authority->pem()))));
    const TlsIdentity stranger = issue(*m_other, {.subject = "stranger"});
    const TlsIdentity expired =
        issue(*m_authority, {.subject = "expired", .until = std::chrono::hours(-1)});
    const TlsIdentity *identity = who == QLatin1String("stranger") ? &stranger
        : who == QLatin1String("expired")                          ? &expired
                                                                   : nullptr;
    // Before TLS 1.3 a client learns of it before it may speak.
    const TlsTunnel client(port(),
                           {.name = "m.example", .identity = identity, .newest = TLS1_2_VERSION});
    QVERIFY(!client.established());
    const std::string trace = lastReason();
    QVERIFY2(trace.contains("client-certificate"), trace.c_str());
    QVERIFY2(trace.contains(said.toStdString()), trace.c_str());
}

// A handshake under a name that asks for nothing opens no door to one that does, nor the reverse.
void tst_TlsListener::asksForTheHostsCertificate()
{
    const TlsIdentity good = issue(*m_authority, {.subject = "good"});
    QVERIFY(put(
        "m", issue(*m_authority, {.subject = "m"}),
        std::format(R"("sni":"*.m.example","client":{{"ca":{}}})", quoted(m_authority->pem()))));
    QCOMPARE(TlsTunnel(port(), {.name = "a.example", .identity = &good})
                 .ask(get("/r", "x.m.example"))
                 .status(),
             400);
    QVERIFY(!TlsTunnel(port(), {.name = "x.m.example", .newest = TLS1_2_VERSION}).established());
    TlsTunnel wild(port(), {.name = "x.m.example", .identity = &good});
    QCOMPARE(wild.ask(get("/r", "x.m.example")).status(), 200);
    QCOMPARE(wild.ask(get("/r", "y.m.example")).status(), 400);
    QCOMPARE(TlsTunnel(port(), {.name = "a.example"}).ask(kGet).status(), 200);
}

void tst_TlsListener::tellsPluginsAboutTheConnection()
{
    const TlsIdentity good = issue(*m_authority, {.subject = "good"});
    QVERIFY(
        put("m", issue(*m_authority, {.subject = "m"}),
            std::format(R"("sni":"m.example","client":{{"ca":{}}})", quoted(m_authority->pem()))));
    QVERIFY(m_gateway->route(
        "v", "/rv", m_upstream->port(),
        R"(, "plugins": {"proxy-rewrite": {"headers": {"set": {"V": )"
        R"("$scheme $https $ssl_protocol $ssl_server_name $ssl_client_verify $ssl_client_s_dn"}}}})"));
    const RawMessage answer =
        TlsTunnel(port(), {.name = "m.example", .identity = &good}).ask(get("/rv", "m.example"));
    QVERIFY2(answer.body.contains("V: https on TLSv1.3 m.example SUCCESS CN=good\r\n"),
             answer.body.c_str());
    const RawMessage plain = m_gateway->get("/rv");
    QVERIFY2(plain.body.contains("V: http     \r\n") || plain.body.contains("V: http\r\n"),
             plain.body.c_str());
}

void tst_TlsListener::answersPlainHttp()
{
    RawStream stream = RawStream::connectTo(port());
    stream.send(kGet);
    const RawMessage answer = stream.readMessage();
    QCOMPARE(answer.status(), 400);
    QVERIFY(answer.body.contains("400 Bad Request"));
    QVERIFY(stream.endsWithin());
    QVERIFY2(lastReason().contains("plain HTTP"), lastReason().c_str());
}

void tst_TlsListener::survivesHalfHandshakes()
{
    {
        RawStream silent = RawStream::connectTo(port());
        RawStream noise = RawStream::connectTo(port());
        noise.send(std::string(300, '\x16'));
        RawStream cut = RawStream::connectTo(port());
        cut.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6)); // the beginning of a hello
        cut.reset();
        QVERIFY(noise.endsWithin());
    }
    QCOMPARE(TlsTunnel(port(), {.name = "a.example"}).ask(kGet).status(), 200);
}

void tst_TlsListener::endsSlowHandshakes()
{
    GatewayFixture impatient;
    impatient.options.https = gateway::Endpoint{"127.0.0.1", 0};
    impatient.options.proxyOptions.limits.headerTimeout = std::chrono::milliseconds(50);
    QVERIFY(impatient.start());
    RawStream slow = RawStream::connectTo(impatient.gateway().addresses().https->port);
    slow.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
    QVERIFY(slow.endsWithin());
}

void tst_TlsListener::passesLargeBodies()
{
    const std::string body(5'000'000, 'b');
    TlsTunnel client(port(), {.name = "a.example"});
    const RawMessage answer = client.ask(std::format(
        "POST /r HTTP/1.1\r\nHost: a.example\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.complete);
    QVERIFY(answer.body.ends_with(body));
    QCOMPARE(client.ask(kGet).status(), 200);
}

void tst_TlsListener::pausesForSlowReaders()
{
    static constexpr std::size_t kSize = 40'000'000;
    RawUpstream large([](RawUpstream::Connection &connection) {
        if (!connection.readRequest().complete)
            return;
        connection.send(std::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", kSize));
        connection.send(std::string(kSize, 'x'), std::chrono::seconds(60));
        connection.waitForEnd();
    });
    QVERIFY(m_gateway->route("l", "/rl", large.port()));
    TlsTunnel client(port(), {.name = "a.example"});
    client.stream().send(get("/rl", "a.example"));
    // Another connection is served meanwhile.
    QCOMPARE(TlsTunnel(port(), {.name = "a.example"}).ask(kGet).status(), 200);
    const RawMessage answer = client.stream().readMessage(false, std::chrono::seconds(60));
    QCOMPARE(answer.body.size(), kSize);
    QVERIFY(answer.complete);
}

void tst_TlsListener::answersPipelined()
{
    TlsTunnel client(port(), {.name = "a.example"});
    std::string requests;
    constexpr int kCount = 200;
    for (int i = 0; i < kCount; ++i)
        requests += get(std::format("/r{}", i), "a.example");
    client.stream().send(requests);
    for (int i = 0; i < kCount; ++i) {
        const RawMessage answer = client.stream().readMessage();
        QCOMPARE(answer.status(), 200);
        QVERIFY(answer.body.starts_with(std::format("GET /r{} ", i)));
    }
}

void tst_TlsListener::opensTunnels()
{
    RawUpstream echo([](RawUpstream::Connection &connection) {
        if (!connection.readRequest().complete)
            return;
        connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n"
                        "Upgrade: websocket\r\n\r\n");
        for (std::string got; !(got = connection.readExactly(5)).empty();)
            connection.send(got);
    });
    QVERIFY(m_gateway->route("w", "/rw", echo.port(), R"(, "enable_websocket": true)"));
    TlsTunnel client(port(), {.name = "a.example"});
    client.stream().send(get("/rw", "a.example", "Connection: upgrade\r\nUpgrade: websocket\r\n"));
    QCOMPARE(client.stream().readMessage().status(), 101);
    for (const char *text : {"hello", "again"}) {
        client.stream().send(text);
        QCOMPARE(client.stream().readExactly(5), text);
    }
}

void tst_TlsListener::closesWithNotice()
{
    TlsTunnel client(port(), {.name = "a.example"});
    QCOMPARE(client.ask(get("/r", "a.example", "Connection: close\r\n")).status(), 200);
    QVERIFY(client.endedCleanly());
}

// An answer that breaks off must not look like one that ended.
void tst_TlsListener::showsBrokenAnswers()
{
    std::promise<void> seen;
    RawUpstream breaking([begun = seen.get_future().share()](RawUpstream::Connection &connection) {
        if (!connection.readRequest().complete)
            return;
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
        // A reset that comes with the head is a 502: nothing was passed on yet.
        static_cast<void>(begun.wait_for(std::chrono::seconds(20)));
        connection.reset();
    });
    QVERIFY(m_gateway->route("b", "/rb", breaking.port()));
    TlsTunnel client(port(), {.name = "a.example"});
    client.stream().send(get("/rb", "a.example"));
    std::string top;
    while (!top.ends_with("\r\n\r\nabc")) {
        const std::string octet = client.stream().readExactly(1);
        QVERIFY2(!octet.empty(), top.c_str());
        top += octet;
    }
    QVERIFY2(top.starts_with("HTTP/1.1 200 ") && top.contains("1000"), top.c_str());
    seen.set_value();
    QCOMPARE(client.stream().readUntilClose(), std::string());
    QVERIFY(!client.endedCleanly());
}

void tst_TlsListener::resumesWithinOneConfigurationOnly()
{
    const TlsIdentity identity = issue(*m_authority, {.subject = "s"});
    const auto begin = [&](const std::shared_ptr<SSL_SESSION> &session, bool &resumed) {
        TlsTunnel client(port(), {.name = "s.example", .session = session.get()});
        const int status = client.ask(get("/r", "s.example")).status();
        resumed = client.resumed();
        return status == 200 ? client.session() : nullptr;
    };
    QVERIFY(put("s", identity, R"("sni":"s.example")"));
    bool resumed = false;
    const auto first = begin(nullptr, resumed);
    QVERIFY(first && !resumed);
    const auto second = begin(first, resumed);
    QVERIFY(second && resumed);
    QVERIFY(
        put("s", identity,
            std::format(R"("sni":"s.example","client":{{"ca":{}}})", quoted(m_authority->pem()))));
    TlsTunnel late(port(), {.name = "s.example", .session = second.get()});
    QVERIFY(late.established() && !late.resumed());
    QVERIFY(late.stream().endsWithin()); // the server judges what a client shows behind its own end
}

void tst_TlsListener::redirectsToItsPort()
{
    QVERIFY(m_gateway->route("h", "/rh", m_upstream->port(),
                             R"(, "plugins": {"redirect": {"http_to_https": true}})"));
    const RawMessage answer = m_gateway->get("/rh?x=1");
    QCOMPARE(answer.status(), 301);
    QCOMPARE(answer.header("location"), std::format("https://a.example:{}/rh?x=1", port()));
    QCOMPARE(TlsTunnel(port(), {.name = "a.example"}).ask(get("/rh", "a.example")).status(), 200);
}

void tst_TlsListener::stopsWithOpenConnections()
{
    TlsTunnel idle(port(), {.name = "a.example"});
    QCOMPARE(idle.ask(kGet).status(), 200);
    const RawStream shaking = RawStream::connectTo(port());
    QVERIFY(shaking.open());
    m_gateway->stop();
    QVERIFY(idle.endedCleanly());
}

QTEST_GUILESS_MAIN(tst_TlsListener)
#include "tst_tls_listener.moc"
