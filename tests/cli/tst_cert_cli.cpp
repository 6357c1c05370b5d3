// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway_process.h"
#include "test_folder.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

#include <format>

#include <sys/stat.h>

using namespace postern;
using namespace postern::test;

// `postern cert`, the real binary, with openssl, curl and Qt as those who read what it makes.
class tst_CertCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesAnAuthorityAndACertificate();
    void makesWhatOthersTrust_data();
    void makesWhatOthersTrust();
    void keepsTheAuthority();
    void replacesNothing();
    void refuses_data();
    void refuses();
    void showsCertificates();
    void servesAtOnce();
    void servesQt();

private:
    [[nodiscard]] static unsigned modeOf(const std::string &path)
    {
        struct stat status = {};
        return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
    }
    [[nodiscard]] static QByteArray contentOf(const std::string &path)
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

void tst_CertCli::makesAnAuthorityAndACertificate()
{
    const TestFolder folder;
    const Ran ran = runShell("postern cert dev", folder.path());
    QVERIFY2(ran.exit == 0, ran.err.c_str());
    QVERIFY(ran.out.contains("localhost, 127.0.0.1, ::1"));
    QVERIFY(ran.out.contains("curl --cacert certs/ca.pem"));
    for (const char *key : {"certs/ca-key.pem", "certs/localhost-key.pem"})
        QCOMPARE(modeOf(folder.path(key)), 0600U);
    QVERIFY(contentOf(folder.path("certs/ca.pem")).startsWith("-----BEGIN CERTIFICATE-----"));
}

void tst_CertCli::makesWhatOthersTrust_data()
{
    QTest::addColumn<QByteArray>("check");
    QTest::newRow("openssl: chain and purpose")
        << QByteArray("openssl verify -CAfile certs/ca.pem -purpose sslserver "
                      "certs/localhost.pem");
    QTest::newRow("openssl: strict (RFC 5280), as clients")
        << QByteArray("openssl verify -x509_strict -CAfile certs/ca.pem -purpose sslclient "
                      "certs/localhost.pem");
    QTest::newRow("openssl: the name") << QByteArray(
        "openssl verify -CAfile certs/ca.pem -verify_hostname localhost certs/localhost.pem");
    QTest::newRow("openssl: the address") << QByteArray(
        "openssl verify -CAfile certs/ca.pem -verify_ip 127.0.0.1 certs/localhost.pem");
    QTest::newRow("openssl: the IPv6 address")
        << QByteArray("openssl verify -CAfile certs/ca.pem -verify_ip ::1 certs/localhost.pem");
    QTest::newRow("no SHA-1 anywhere")
        << QByteArray("! openssl x509 -in certs/ca.pem -noout -text | grep -i sha1 && "
                      "! openssl x509 -in certs/localhost.pem -noout -text | grep -i sha1");
}

void tst_CertCli::makesWhatOthersTrust()
{
    QFETCH(const QByteArray, check);
    static const TestFolder folder;
    if (!QFile::exists(QString::fromStdString(folder.path("certs/ca.pem"))))
        QCOMPARE(runShell("postern cert dev", folder.path()).exit, 0);
    const Ran ran = runShell(check.toStdString(), folder.path());
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).c_str());
}

void tst_CertCli::keepsTheAuthority()
{
    const TestFolder folder;
    QCOMPARE(runShell("postern cert dev", folder.path()).exit, 0);
    const QByteArray authority = contentOf(folder.path("certs/ca.pem"));
    const Ran ran = runShell("postern cert dev --host '*.api.example' --host 10.1.2.3 --days 30 "
                             "-o json && openssl verify -CAfile certs/ca.pem "
                             "-verify_hostname x.api.example certs/_wildcard.api.example.pem",
                             folder.path());
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).c_str());
    QVERIFY(ran.out.contains("10.1.2.3"));
    QCOMPARE(contentOf(folder.path("certs/ca.pem")), authority);
}

void tst_CertCli::replacesNothing()
{
    const TestFolder folder;
    QCOMPARE(runShell("postern cert dev", folder.path()).exit, 0);
    const QByteArray before = contentOf(folder.path("certs/localhost.pem"));
    const Ran again = runShell("postern cert dev", folder.path());
    QVERIFY(again.exit != 0);
    QVERIFY2(again.err.contains("file-exists"), again.err.c_str());
    QCOMPARE(contentOf(folder.path("certs/localhost.pem")), before);
    QCOMPARE(runShell("postern cert dev --force", folder.path()).exit, 0);
    QVERIFY(contentOf(folder.path("certs/localhost.pem")) != before);
    QCOMPARE(
        runShell("openssl verify -CAfile certs/ca.pem certs/localhost.pem", folder.path()).exit, 0);
}

void tst_CertCli::refuses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("a host that is none")
        << QByteArray("postern cert dev --host 'a b'") << QByteArray("invalid-argument");
    QTest::newRow("no days") << QByteArray("postern cert dev --days 0") << QByteArray("usage");
    QTest::newRow("half an authority")
        << QByteArray("mkdir certs && echo x > certs/ca.pem && postern cert dev")
        << QByteArray("ca-key.pem");
    QTest::newRow("a broken authority")
        << QByteArray("mkdir certs && echo x > certs/ca.pem && echo y > certs/ca-key.pem && "
                      "postern cert dev")
        << QByteArray("key-format");
    QTest::newRow("nothing to show")
        << QByteArray("echo x | postern cert show -") << QByteArray("key-format");
    QTest::newRow("no file") << QByteArray("postern cert show no.pem") << QByteArray("no.pem");
    QTest::newRow("no gateway") << QByteArray("postern cert dev --put") << QByteArray("remote");
}

void tst_CertCli::refuses()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, said);
    const TestFolder folder;
    const Ran ran =
        runShell(line.toStdString(), folder.path(),
                 {{"POSTERN_HOME", folder.path("home")}, {"XDG_RUNTIME_DIR", folder.path()}});
    QVERIFY(ran.exit != 0);
    QVERIFY2(ran.err.contains(said.toStdString()), ran.err.c_str());
}

void tst_CertCli::showsCertificates()
{
    const TestFolder folder;
    const Ran text = runShell("postern cert dev -q && cat certs/localhost.pem certs/ca.pem | "
                              "postern cert show -",
                              folder.path());
    QVERIFY2(text.exit == 0, text.err.c_str());
    QVERIFY(text.out.contains("certificate authority"));
    QVERIFY(text.out.contains("CN=localhost"));
    const Ran json = runShell("postern cert show certs/localhost.pem -o json", folder.path());
    const auto document = parseJson(json.out);
    QVERIFY(document && document->find("certificates"));
    const Json &first = document->find("certificates")->items().front();
    QCOMPARE(first.find("hosts")->items().size(), 3U);
    QCOMPARE(first.find("authority")->asBool(), false);
}

void tst_CertCli::servesAtOnce()
{
    GatewayProcess gateway({"--store", "memory:", "--https", "0"});
    QVERIFY(gateway.ready());
    QCOMPARE(gateway
                 .admin("PUT", "/routes/1",
                        R"({"uri":"/get","upstream":{"nodes":{"httpbin.org:80":1}}})")
                 .status,
             201);
    const std::string url(gateway.readyLine().stringOr("https", ""));
    QVERIFY(url.starts_with("https://127.0.0.1:"));
    const TestFolder folder;
    for (int i = 0; i < 2; ++i) { // what is there already is stored again
        const Ran put = runShell("postern cert dev --put", folder.path(), gateway.environment());
        QVERIFY2(put.exit == 0, put.err.c_str());
        QVERIFY(put.out.contains("ssls/dev-localhost"));
    }
    const Ran curl =
        runShell(std::format("curl -sS --cacert certs/ca.pem -o answer -w '%{{http_code}} ' "
                             "{}/get && curl -sS --cacert certs/ca.pem -o answer --connect-to ::{} "
                             "https://localhost/get",
                             url, url.substr(8)),
                 folder.path());
    QVERIFY2(curl.exit == 0, curl.err.c_str());
    QVERIFY2(curl.out.starts_with("200 "), curl.out.c_str());
}

void tst_CertCli::servesQt()
{
    GatewayProcess gateway({"--store", "memory:", "--https", "0"});
    QVERIFY(gateway.ready());
    const TestFolder folder;
    QCOMPARE(runShell("postern cert dev --put", folder.path(), gateway.environment()).exit, 0);
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(
        QSslCertificate::fromPath(QString::fromStdString(folder.path("certs/ca.pem"))));
    QSslSocket socket;
    socket.setSslConfiguration(configuration);
    socket.setPeerVerifyName(QStringLiteral("localhost"));
    socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), gateway.port("https"),
                                  QStringLiteral("localhost"));
    QVERIFY2(socket.waitForEncrypted(30'000), qPrintable(socket.errorString()));
    socket.write("GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    QVERIFY(socket.waitForDisconnected(30'000));
    QVERIFY(socket.readAll().startsWith("HTTP/1.1 404"));
}

QTEST_GUILESS_MAIN(tst_CertCli)
#include "tst_cert_cli.moc"
