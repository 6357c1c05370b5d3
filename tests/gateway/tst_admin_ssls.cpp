// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/directory.h"
#include "tests/support/admin_api.h"
#include "tests/support/tls_server.h"

#include <QTest>

#include <string>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

// The resource `ssls`; numbers name sections of apisix.md.
class tst_AdminSsls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void answers_data();
    void answers();
    void neverShowsKeys();
    void patchesWithoutTheKey();
    void compilesWhatIsStored();
    void resolvesReferences();
    void namesWhatCannotBeServed();
    void findsTheName_data();
    void findsTheName();

private:
    std::string m_certificate, m_key, m_otherKey, m_authority;

    [[nodiscard]] std::string pair() const
    {
        return R"("cert":)" + Json(m_certificate).dump() + R"(,"key":)" + Json(m_key).dump();
    }
    [[nodiscard]] std::string named(const std::string &name) const
    {
        return object("\"sni\":" + Json(name).dump());
    }
    [[nodiscard]] std::string object(const std::string &more) const
    {
        return "{" + pair() + "," + more + "}";
    }
};

void tst_AdminSsls::initTestCase()
{
    const TlsIdentity authority = makeAuthority("authority");
    const TlsIdentity leaf = issue(authority);
    m_certificate = leaf.pem();
    m_key = leaf.keyPem();
    m_otherKey = issue(authority).keyPem();
    m_authority = authority.pem();
}

void tst_AdminSsls::answers_data()
{
    addRequestColumns();
    const auto put = [](const char *name, const std::string &body, int status,
                        const char *message = "") {
        QTest::newRow(name) << QByteArray("PUT") << QByteArray("ssls/1")
                            << QByteArray::fromStdString(body) << status << QByteArray(message);
    };
    const auto row = [](const char *name, const char *method, const char *target, int status,
                        const char *message = "", const std::string &body = {}) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target)
                            << QByteArray::fromStdString(body) << status << QByteArray(message);
    };
    const auto texts = [](const std::string &certificate, const std::string &key) {
        return R"({"sni":"a.example","cert":)" + Json(certificate).dump() + R"(,"key":)"
            + Json(key).dump() + "}";
    };
    constexpr const char *kThen = "invalid configuration: then clause did not match";
    put("1.10 ssl: sni", object(R"("sni":"a.example")"), 201);
    put("1.10 ssl: snis", object(R"("snis":["a.example","*.b.example"])"), 201);
    put("1.10 ssl: every member",
        object(R"("sni":"a.example","name":"n","desc":"d","labels":{"a":"b"},"status":0,)"
               R"("type":"server","ssl_protocols":["TLSv1.1","TLSv1.2","TLSv1.3"],)"
               R"("client":{"depth":2,"skip_mtls_uri_regex":["^/open"],"ca":)"
               + Json(m_authority).dump() + "}"),
        201);
    put("1.10 ssl: type client needs no name", object(R"("type":"client")"), 201);
    put("1.10 ssl: neither sni nor snis", "{" + pair() + "}", 400, kThen);
    put("1.10 ssl: sni and snis", object(R"("sni":"a","snis":["b"])"), 400, kThen);
    put("1.10 ssl: without key", R"({"sni":"a.example","cert":)" + Json(m_certificate).dump() + "}",
        400, kThen);
    put("1.10 ssl: type client without key",
        R"({"type":"client","cert":)" + Json(m_certificate).dump() + "}", 400,
        "invalid configuration: else clause did not match");
    put("1.10 ssl: empty snis", object(R"("snis":[])"), 400,
        "invalid configuration: property \"snis\" validation failed: expect array to have at "
        "least 1 items");
    put("1.10 ssl: unknown type", object(R"("sni":"a","type":"other")"), 400,
        "invalid configuration: property \"type\" validation failed: matches none of the enum "
        "values");
    put("1.10 ssl: unknown member", object(R"("sni":"a","uri":"/")"), 400,
        "invalid configuration: additional properties forbidden, found uri");
    put("1.10 ssl: unknown protocol", object(R"("sni":"a","ssl_protocols":["SSLv3"])"), 400,
        "invalid configuration: property \"ssl_protocols\" validation failed: failed to validate "
        "item 1: matches none of the enum values");
    put("1.10 ssl: client without ca", object(R"("sni":"a","client":{"depth":1})"), 400,
        "invalid configuration: property \"client\" validation failed: property \"ca\" is "
        "required");
    put("1.10 ssl: short cert", texts("x", m_key), 400,
        "invalid configuration: property \"cert\" validation failed: string too short, expected "
        "at least 128, got 1");
    put("1.10 ssl: short key", texts(m_certificate, "x"), 400,
        "invalid configuration: property \"key\" validation failed: string too short, expected "
        "at least 64, got 1");
    put("1.10 ssl: no certificate in cert", texts(std::string(200, 'A'), m_key), 400,
        "failed to parse cert: PEM_read_bio_X509_AUX() failed");
    put("1.10 ssl: a cut certificate",
        texts(m_certificate.substr(0, m_certificate.size() - 60), m_key), 400,
        "failed to parse cert: PEM_read_bio_X509_AUX() failed");
    put("1.10 ssl: a broken second certificate",
        texts(m_certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
              m_key),
        400, "failed to parse cert: PEM_read_bio_X509() failed");
    put("1.10 ssl: no key in key", texts(m_certificate, "---" + std::string(200, 'A')), 400,
        "failed to parse key: PEM_read_bio_PrivateKey() failed");
    put("1.14 ssl: a key that is no PEM counts as ciphertext",
        texts(m_certificate, std::string(200, 'A')), 400,
        "failed to decrypt previous encrypted key");
    put("1.10 ssl: another one's key", texts(m_certificate, m_otherKey), 400,
        "failed to parse key: the key does not belong to the certificate");
    put("1.10 ssl: certs without keys",
        object(R"("sni":"a","certs":[)" + Json(m_certificate).dump() + "]"), 400,
        "mismatched number of certs and keys");
    put("1.10 ssl: certs and keys",
        object(R"("sni":"a","certs":[)" + Json(m_certificate).dump() + R"(],"keys":[)"
               + Json(m_key).dump() + "]"),
        201);
    put("1.10 ssl: a broken pair in certs and keys",
        object(R"("sni":"a","certs":[)" + Json(std::string(128, 'A')).dump() + R"(],"keys":[)"
               + Json(m_key).dump() + "]"),
        400,
        "failed to handle cert-key pair[1]: failed to parse cert: PEM_read_bio_X509_AUX() failed");
    put("1.10 ssl: a broken ca",
        object(R"("sni":"a","client":{"ca":)" + Json(std::string(128, 'A')).dump() + "}"), 400,
        "failed to validate client_cert: failed to parse cert: PEM_read_bio_X509_AUX() failed");
    put("5.4 ssl: references are not read on write",
        R"({"sni":"a","cert":"$env://CERT","key":"$secret://vault/1/tls/key"})", 201);
    put("1.4 ssl: create_time is forbidden", object(R"("sni":"a","create_time":1)"), 400,
        "the property is forbidden:  create_time");

    row("1.5 ssl: PUT without id", "PUT", "ssls", 400, "missing ssl id",
        object(R"("sni":"a.example")"));
    row("1.5 ssl: POST", "POST", "ssls", 201, "", object(R"("sni":"a.example")"));
    row("1.8 ssl: deletion is not checked", "DELETE", "ssls/stored", 200);
    row("1.3 ssl: missing", "GET", "ssls/nope", 404, "Key not found");
    row("1.12 ssl: schema", "GET", "schema/ssl", 200);
    row("1.12 ssl: validation of an object alone", "POST", "schema/validate/ssls", 400,
        "then clause did not match", R"({"sni":"a"})");
}

void tst_AdminSsls::answers()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "ssls/stored", named("stored.example")).status, 201);
    checkCurrentRow(api);
}

void tst_AdminSsls::neverShowsKeys()
{
    AdminApi api;
    const std::string body = object(R"("sni":"a","certs":[)" + Json(m_certificate).dump()
                                    + R"(],"keys":[)" + Json(m_key).dump() + "]");
    const std::vector<AdminReply> replies{
        api.send("PUT", "ssls/1", body), api.send("POST", "ssls", body), api.send("GET", "ssls/1"),
        api.send("GET", "ssls"), api.send("PATCH", "ssls/1", R"({"desc":"d"})")};
    for (const AdminReply &reply : replies) {
        QVERIFY2(reply.status < 300, reply.body.c_str());
        QVERIFY(reply.body.contains("BEGIN CERTIFICATE"));
        QVERIFY2(!reply.body.contains("PRIVATE KEY"), reply.body.c_str());
    }
}

void tst_AdminSsls::patchesWithoutTheKey()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "ssls/1", named("a.example")).status, 201);
    const AdminReply patched = api.send("PATCH", "ssls/1", R"({"sni":"b.example"})");
    QCOMPARE(patched.status, 200);
    const auto &certificates = api.config.snapshot()->certificates;
    QVERIFY(certificates && certificates->find("b.example"));
    QVERIFY(!certificates->find("a.example"));
}

void tst_AdminSsls::compilesWhatIsStored()
{
    AdminApi api;
    QVERIFY(!api.config.snapshot() || !api.config.snapshot()->certificates);
    QCOMPARE(api.send("PUT", "ssls/1", named("A.example")).status, 201);
    const auto first = api.config.snapshot()->certificates;
    QVERIFY(first && first->find("a.example"));
    QCOMPARE(api.send("PUT", "routes/1", R"({"uri":"/","plugins":{}})").status, 201);
    QCOMPARE(api.config.snapshot()->certificates, first); // compiled again only when ssls change
    QCOMPARE(api.send("PATCH", "ssls/1", R"({"status":0})").status, 200);
    QVERIFY(!api.config.snapshot()->certificates->find("a.example"));
    const std::string client = object(R"("type":"client")");
    QCOMPARE(api.send("PUT", "ssls/2", client).status, 201);
    QVERIFY(api.config.snapshot()->certificates->identity("2"));
    QCOMPARE(api.send("DELETE", "ssls/1").status, 200);
    QCOMPARE(api.send("DELETE", "ssls/2").status, 200);
    QVERIFY(!api.config.snapshot()->certificates);
}

void tst_AdminSsls::resolvesReferences()
{
    qputenv("TST_SSLS_CERT", QByteArray::fromStdString(m_certificate));
    qputenv("TST_SSLS_KEY", QByteArray::fromStdString(m_key));
    AdminApi api;
    const char *const body =
        R"({"sni":"a","cert":"$env://TST_SSLS_CERT","key":"$env://TST_SSLS_KEY"})";
    QCOMPARE(api.send("PUT", "ssls/1", body).status, 201);
    QVERIFY(api.config.snapshot()->certificates->find("a"));
}

// What stands in a store need not come through this Admin API.
void tst_AdminSsls::namesWhatCannotBeServed()
{
    AdminApi api;
    const char *const body =
        R"({"sni":"a","cert":"$env://TST_SSLS_NONE","key":"$env://TST_SSLS_NONE"})";
    QCOMPARE(api.send("PUT", "ssls/1", body).status, 201);
    QVERIFY(!api.config.snapshot()->certificates
            || !api.config.snapshot()->certificates->find("a"));
    const auto problems = api.config.problems();
    QCOMPARE(problems.size(), 1U);
    QCOMPARE(problems[0].key, "/apisix/ssls/1");
    QCOMPARE(problems[0].error.code, Errc::SecretUnresolved);
}

void tst_AdminSsls::findsTheName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("id");
    const auto row = [](const char *name, const char *server, const char *id) {
        QTest::newRow(name) << QString::fromLatin1(server) << QString::fromLatin1(id);
    };
    row("exact before wildcard", "www.b.example", "exact");
    row("wildcard: one label", "a.b.example", "wild");
    row("wildcard: not two labels", "a.a.b.example", "");
    row("wildcard: not the domain itself", "b.example", "");
    row("the longer wildcard first", "x.c.b.example", "longer");
    row("a wildcard inside a label", "host-7.d.example", "prefix");
    row("nothing of that name", "other.example", "");
    row("no name at all", "", "");
    row("a number", "127.0.0.1", "address");
}

void tst_AdminSsls::findsTheName()
{
    QFETCH(const QString, name);
    QFETCH(const QString, id);
    TlsDirectory::Objects objects;
    const auto add = [&objects](const char *key, std::vector<std::string> names) {
        auto served = std::make_shared<ServedCertificate>();
        served->id = key;
        objects[key] = {std::move(names), served, nullptr};
    };
    add("exact", {"www.b.example"});
    add("wild", {"*.b.example"});
    add("longer", {"*.c.b.example"});
    add("prefix", {"*-7.d.example"});
    add("address", {"127.0.0.1"});
    const ServedCertificate *found = TlsDirectory(objects).find(name.toStdString());
    QCOMPARE(QString::fromStdString(found ? found->id : std::string()), id);
}

QTEST_GUILESS_MAIN(tst_AdminSsls)
#include "tst_admin_ssls.moc"
