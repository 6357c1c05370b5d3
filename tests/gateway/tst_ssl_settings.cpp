// SPDX-License-Identifier: Apache-2.0
#include "core/json/json.h"
#include "gateway/control/client.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/tls_tunnel.h"

#include <QTemporaryDir>
#include <QTest>

#include <format>
#include <fstream>
#include <memory>

using namespace postern;
using namespace postern::test;

namespace {

std::string quoted(const std::string &text) { return Json(text).dump(); }

constexpr std::string_view kGet = "GET /r HTTP/1.1\r\nHost: a.example\r\n\r\n";

} // namespace

/// What APISIX has under `apisix.ssl`: fallback_sni and ssl_trusted_certificate; and certificates
/// that upstreams get from a secret manager.
class tst_SslSettings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();

    void fallbackName_data();
    void fallbackName();
    void trustsUpstreams_data();
    void trustsUpstreams();
    void trustsVault_data();
    void trustsVault();
    void refusesFiles_data();
    void refusesFiles();
    void upstreamCertificateComesLater();

private:
    [[nodiscard]] std::string path(const QByteArray &name) const
    {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }
    [[nodiscard]] bool put(std::string_view id, const TlsIdentity &identity, std::string_view more)
    {
        return m_gateway
                   ->admin("PUT", std::format("/ssls/{}", id),
                           std::format(R"({{"cert":{},"key":{},{}}})", quoted(identity.pem()),
                                       quoted(identity.keyPem()), more))
                   .status()
            == 201;
    }
    /// A vault manager 1 at that URL. \return whether it was accepted
    [[nodiscard]] bool putVault(const std::string &url)
    {
        const std::string object =
            std::format(R"({{"uri": "{}", "prefix": "kv", "token": "t"}})", url);
        return m_gateway->admin("PUT", "/secrets/vault/1", object).status() == 201;
    }
    [[nodiscard]] std::string trace()
    {
        const auto control =
            gateway::parseServerAddress(m_gateway->gateway().addresses().controlUri());
        const auto page = gateway::ControlClient(*control).send({.target = "/v1/traces?limit=1"});
        return page ? page->body : std::string();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TlsIdentity> m_authority, m_other;
    std::unique_ptr<GatewayFixture> m_gateway;
};

void tst_SslSettings::initTestCase()
{
    m_authority = std::make_unique<TlsIdentity>(makeAuthority("authority"));
    m_other = std::make_unique<TlsIdentity>(makeAuthority("other"));
    std::ofstream(path("authority.pem")) << m_authority->pem();
    std::ofstream(path("other.pem")) << m_other->pem();
    std::ofstream(path("both.pem")) << m_other->pem() << m_authority->pem();
    std::ofstream(path("words.pem")) << "no certificate\n";
}

void tst_SslSettings::init() { m_gateway = std::make_unique<GatewayFixture>(); }

void tst_SslSettings::fallbackName_data()
{
    QTest::addColumn<QByteArray>("fallback");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("subject"); // empty: refused
    const auto row = [](const char *title, const char *fallback, const char *sent,
                        const char *subject) {
        QTest::newRow(title) << QByteArray(fallback) << QByteArray(sent) << QByteArray(subject);
    };
    row("no fallback_sni: the address is the name", "", "", "CN=address");
    row("fallback_sni: for clients without a name", "b.example", "", "CN=b");
    row("fallback_sni: a name that was sent counts", "b.example", "a.example", "CN=a");
    row("fallback_sni: not for unknown names", "b.example", "no.example", "");
    row("fallback_sni without a certificate", "no.example", "", "");
}

void tst_SslSettings::fallbackName()
{
    QFETCH(const QByteArray, fallback);
    QFETCH(const QByteArray, sent);
    QFETCH(const QByteArray, subject);
    m_gateway->options.https = gateway::Endpoint{"127.0.0.1", 0};
    m_gateway->options.proxyOptions.fallbackServerName = fallback.toStdString();
    QVERIFY(m_gateway->start());
    QVERIFY(put("1", issue(*m_authority, {.subject = "a"}), R"("sni":"a.example")"));
    QVERIFY(put("2", issue(*m_authority, {.subject = "b"}), R"("sni":"b.example")"));
    QVERIFY(put("3", issue(*m_authority, {.subject = "address"}), R"("sni":"127.0.0.1")"));
    const TlsTunnel client(m_gateway->gateway().addresses().https->port,
                           {.name = sent.toStdString()});
    QCOMPARE(client.established() ? client.server() : std::string(), subject.toStdString());
}

void tst_SslSettings::trustsUpstreams_data()
{
    QTest::addColumn<QByteArray>("files");
    QTest::addColumn<int>("status");
    QTest::newRow("the authority's file") << QByteArray("authority.pem") << 200;
    QTest::newRow("a file with several") << QByteArray("both.pem") << 200;
    QTest::newRow("several files") << QByteArray("other.pem,authority.pem") << 200;
    QTest::newRow("system and a file") << QByteArray("system,authority.pem") << 200;
    QTest::newRow("another authority's file") << QByteArray("other.pem") << 502;
    QTest::newRow("system") << QByteArray("system") << 502;
}

void tst_SslSettings::trustsUpstreams()
{
    QFETCH(const QByteArray, files);
    QFETCH(const int, status);
    std::string &setting = m_gateway->options.trustedCertificates;
    setting.clear();
    for (const QByteArray &file : files.split(','))
        setting += std::format("{}{}", setting.empty() ? "" : ", ",
                               file == "system" ? "system" : path(file));
    QVERIFY(m_gateway->start());
    const auto met = std::make_shared<TlsMeetings>();
    const RawUpstream server(
        echoingOverTls(issue(*m_authority, {.alternatives = "DNS:a.example"}), met));
    QVERIFY(m_gateway->route("1", "/r", server.port(), {},
                             R"(, "scheme": "https", "tls": {"verify": true})"));
    const RawMessage answer = m_gateway->ask(kGet);
    QVERIFY2(answer.status() == status, trace().c_str());
}

void tst_SslSettings::trustsVault_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("status");
    QTest::newRow("the authority's file") << QByteArray("authority.pem") << 200;
    QTest::newRow("another authority's file") << QByteArray("other.pem") << 401;
}

void tst_SslSettings::trustsVault()
{
    QFETCH(const QByteArray, file);
    QFETCH(const int, status);
    m_gateway->options.trustedCertificates = path(file);
    QVERIFY(m_gateway->start());
    const RawUpstream vault(answeringOverTls(
        issue(*m_authority), RawUpstream::ok(R"({"data": {"key": "from-the-vault"}})")));
    const RawUpstream upstream(RawUpstream::echoing());
    QVERIFY(m_gateway->route("1", "/r", upstream.port(), R"(, "plugins": {"key-auth": {}})"));
    QVERIFY(putVault(std::format("https://127.0.0.1:{}", vault.port())));
    // Out of the macro: moc takes its "//" for a comment.
    const std::string jack = R"({"username": "jack", "plugins": {"key-auth":
        {"key": "$secret://vault/1/jack/key"}}})";
    QCOMPARE(m_gateway->admin("PUT", "/consumers", jack).status(), 201);
    QCOMPARE(m_gateway->ask("GET /r HTTP/1.1\r\nHost: a.example\r\napikey: from-the-vault\r\n\r\n")
                 .status(),
             status);
}

void tst_SslSettings::refusesFiles_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("no such file") << QByteArray("none.pem")
                                  << QByteArray("the file with trusted certificates cannot be");
    QTest::newRow("no certificates in it")
        << QByteArray("words.pem") << QByteArray("the file with trusted certificates holds no");
}

void tst_SslSettings::refusesFiles()
{
    QFETCH(const QByteArray, file);
    QFETCH(const QByteArray, why);
    m_gateway->options.trustedCertificates = path(file);
    const auto started = gateway::Gateway::start(std::move(m_gateway->options));
    QVERIFY(!started);
    QCOMPARE(started.error().code, Errc::Config);
    QCOMPARE(started.error().where, path(file));
    QVERIFY2(started.error().detail.contains(why.toStdString()), started.error().detail.c_str());
}

// As every object with a reference: once the value is there, what uses it is compiled anew.
void tst_SslSettings::upstreamCertificateComesLater()
{
    QVERIFY(m_gateway->start());
    const TlsIdentity client = issue(*m_other, {.subject = "gateway"});
    const RawUpstream vault(RawUpstream::answering(
        RawUpstream::ok(std::format(R"({{"data": {{"cert": {}, "key": {}}}}})",
                                    quoted(client.pem()), quoted(client.keyPem())))));
    const auto met = std::make_shared<TlsMeetings>();
    const RawUpstream server(echoingOverTls(issue(*m_authority), met));
    const std::string upstream =
        std::format(R"({{"scheme": "https", "nodes": {{"127.0.0.1:{}": 1}}, "tls": {{
            "client_cert": "$secret://vault/1/gateway/cert",
            "client_key": "$secret://vault/1/gateway/key"}}}})",
                    server.port());
    const std::vector<std::pair<std::string, std::string>> objects{
        {"/upstreams/u", upstream},
        {"/services/s", std::format(R"({{"upstream": {}}})", upstream)},
        {"/routes/1", R"({"uri": "/upstream", "upstream_id": "u"})"},
        {"/routes/2", R"({"uri": "/service", "service_id": "s"})"},
        {"/routes/3", std::format(R"({{"uri": "/route", "upstream": {}}})", upstream)}};
    for (const auto &[place, object] : objects) {
        const RawMessage answer = m_gateway->admin("PUT", place, object);
        QVERIFY2(answer.status() == 201, answer.body.c_str());
    }
    for (const char *target : {"/upstream", "/service", "/route"})
        QVERIFY(m_gateway->get(target).status() != 200);
    QVERIFY(putVault(std::format("http://127.0.0.1:{}", vault.port())));
    for (const char *target : {"/upstream", "/service", "/route"})
        QTRY_COMPARE_WITH_TIMEOUT(m_gateway->get(target).status(), 200, 20'000);
    const std::scoped_lock lock(met->mutex);
    QVERIFY(!met->clients.empty());
    for (const std::string &shown : met->clients)
        QCOMPARE(shown, std::string("CN=gateway"));
}

QTEST_GUILESS_MAIN(tst_SslSettings)
#include "tst_ssl_settings.moc"
