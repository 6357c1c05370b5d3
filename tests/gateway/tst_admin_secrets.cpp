// SPDX-License-Identifier: Apache-2.0
#include "core/model/keys.h"
#include "tests/support/admin_api.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;

// Secret managers' objects; numbers name sections of apisix.md.
class tst_AdminSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void storesBelowTheManager();
    void listsEveryManager_data();
    void listsEveryManager();
    void patches();
    void deletes();
};

namespace {

constexpr const char *kVault =
    R"({"uri":"http://127.0.0.1:8200","prefix":"kv/apisix","token":"root"})";
constexpr const char *kAws = R"({"access_key_id":"a","secret_access_key":"s"})";
constexpr const char *kGcp =
    R"({"auth_config":{"client_email":"e","private_key":"k","project_id":"p"}})";

std::string pattern(std::string_view value)
{
    return std::format(
        R"(invalid configuration: property "uri" validation failed: failed to match )"
        R"(pattern "^[^\\/]+:\\/\\/([\\da-zA-Z.-]+|\\[[\\da-fA-F:]+\\])(:\\d+)?" )"
        R"(with "{}")",
        value);
}

} // namespace

void tst_AdminSecrets::answers_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target,
                        std::string_view body, int status, std::string_view message = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target)
                            << QByteArray(body.data(), static_cast<qsizetype>(body.size()))
                            << status
                            << QByteArray(message.data(), static_cast<qsizetype>(message.size()));
    };
    row("5.2 vault", "PUT", "secrets/vault/n", kVault, 201);
    row("5.2 vault again", "PUT", "secrets/vault/v", kVault, 200);
    row("5.2 vault with a namespace", "PUT", "secrets/vault/n",
        R"({"uri":"http://[::1]:8200","prefix":"kv","token":"$env://T","namespace":"team"})", 201);
    row("5.2 further members are allowed", "PUT", "secrets/vault/n",
        R"({"uri":"http://a","prefix":"kv","token":"t","timeout":2})", 201);
    row("5.2 aws", "PUT", "secrets/aws/n", kAws, 201);
    row("5.2 aws without its key", "PUT", "secrets/aws/n", R"({"access_key_id":"a"})", 400,
        R"(invalid configuration: property "secret_access_key" is required)");
    row("5.2 gcp by configuration", "PUT", "secrets/gcp/n", kGcp, 201);
    row("5.2 gcp by file", "PUT", "secrets/gcp/n", R"({"auth_file":"f"})", 201);
    row("5.2 gcp by both", "PUT", "secrets/gcp/n",
        R"({"auth_file":"f","auth_config":{"client_email":"e","private_key":"k","project_id":"p"}})",
        400,
        "invalid configuration: value should match only one schema, but matches both schemas 1 and "
        "2");
    row("5.2 gcp by neither", "PUT", "secrets/gcp/n", "{}", 400,
        "invalid configuration: value should match only one schema, but matches none");
    row("5.2 gcp, a member is missing", "PUT", "secrets/gcp/n",
        R"({"auth_config":{"client_email":"e","private_key":"k"}})", 400,
        R"(invalid configuration: property "auth_config" validation failed: property "project_id" )"
        "is required");
    row("5.2 unknown manager", "PUT", "secrets/consul/n", kVault, 400,
        "invalid secret manager: consul");
    for (const char *member : {"uri", "prefix", "token"}) {
        std::string body = R"({"uri":"http://a","prefix":"kv","token":"t"})";
        body.replace(body.find(std::format("\"{}\"", member)) + 1, 1, "_");
        row(std::format("5.2 vault without {}", member).c_str(), "PUT", "secrets/vault/n", body,
            400, std::format("invalid configuration: property \"{}\" is required", member));
    }
    row("5.2 a uri without scheme", "PUT", "secrets/vault/n",
        R"({"uri":"/get","prefix":"kv","token":"t"})", 400, pattern("/get"));
    row("5.2 prefix is no string", "PUT", "secrets/vault/n",
        R"({"uri":"http://a","prefix":5,"token":"t"})", 400,
        R"(invalid configuration: property "prefix" validation failed: wrong type: expected string, )"
        "got number");
    row("1.9 POST", "POST", "secrets", kVault, 405, "not supported `POST` method for secret");
    row("1.9 POST below a manager", "POST", "secrets/vault", kVault, 405,
        "not supported `POST` method for secret");
    row("1.4 no body", "PUT", "secrets/vault/n", "", 400, "missing configurations");
    row("1.5 id in the body", "PUT", "secrets/vault",
        R"({"id":"n","uri":"http://a","prefix":"kv","token":"t"})", 201);
    row("1.5 the same id in both", "PUT", "secrets/vault/n",
        R"({"id":"vault/n","uri":"http://a","prefix":"kv","token":"t"})", 201);
    row("1.5 another id in the body", "PUT", "secrets/vault/n",
        R"({"id":"m","uri":"http://a","prefix":"kv","token":"t"})", 400, "wrong secret id");
    row("1.5 PUT without id", "PUT", "secrets/vault", kVault, 400, "missing secret id");
    row("5.2 PATCH without id", "PATCH", "secrets/vault", R"({"token":"t"})", 400, "no secret id");
    row("1.6 PATCH of a missing object", "PATCH", "secrets/vault/none", R"({"token":"t"})", 404,
        "Key not found");
    row("1.6 PATCH to something invalid", "PATCH", "secrets/vault/v", R"({"uri":"x"})", 400,
        pattern("x"));
    row("1.6 PATCH without body", "PATCH", "secrets/vault/v", "", 400, "missing new configuration");
    row("1.3 GET of a missing object", "GET", "secrets/vault/none", "", 404, "Key not found");
    row("1.3 GET below an unknown manager", "GET", "secrets/consul/v", "", 404, "Key not found");
    row("1.5 DELETE without id", "DELETE", "secrets/vault", "", 400, "missing secret id");
    row("1.3 DELETE of a missing object", "DELETE", "secrets/vault/none", "", 404, "Key not found");
    row("1.8 DELETE, no reference check", "DELETE", "secrets/vault/v", "", 200);
}

void tst_AdminSecrets::answers()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "secrets/vault/v", kVault).status, 201);
    checkCurrentRow(api);
}

void tst_AdminSecrets::storesBelowTheManager()
{
    AdminApi api;
    const auto reply = api.send("PUT", "secrets/vault/jwt", kVault);
    const Json written = jsonOf(reply);
    QCOMPARE(written.stringOr("key", ""), std::string_view("/apisix/secrets/vault/jwt"));
    const Json *value = written.find("value");
    QVERIFY(value);
    QCOMPARE(value->stringOr("id", ""), std::string_view("vault/jwt"));
    QCOMPARE(value->stringOr("token", ""), std::string_view("root")); // stored in clear, 1.14
    QCOMPARE(value->find("create_time")->asInteger().value_or(0), AdminApi::kNow);
    QVERIFY(!value->contains("timeout"));
    const Json read = jsonOf(api.send("GET", "secrets/vault/jwt"));
    QVERIFY(*read.find("value") == *value);
    QVERIFY(read.contains("modifiedIndex"));
}

void tst_AdminSecrets::listsEveryManager_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("keys");
    const QByteArray all("/apisix/secrets/aws/a /apisix/secrets/vault/v");
    QTest::newRow("5.2 GET /secrets") << QByteArray("secrets") << all;
    QTest::newRow("5.2 GET /secrets/vault lists all of them") << QByteArray("secrets/vault") << all;
    QTest::newRow("5.2 GET /secrets/gcp, too") << QByteArray("secrets/gcp") << all;
}

void tst_AdminSecrets::listsEveryManager()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, keys);
    AdminApi api;
    const Json none = jsonOf(api.send("GET", target.toStdString()));
    QCOMPARE(none.find("total")->asInteger().value_or(-1), 0);
    QCOMPARE(api.send("PUT", "secrets/vault/v", kVault).status, 201);
    QCOMPARE(api.send("PUT", "secrets/aws/a", kAws).status, 201);
    const Json listed = jsonOf(api.send("GET", target.toStdString()));
    QByteArray found;
    for (const Json &node : listed.find("list")->items()) {
        if (!found.isEmpty())
            found += ' ';
        found += QByteArray::fromStdString(std::string(node.stringOr("key", "")));
    }
    QCOMPARE(found, keys);
}

void tst_AdminSecrets::patches()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "secrets/vault/v", kVault).status, 201);
    const Json member = jsonOf(api.send("PATCH", "secrets/vault/v/token", R"("unknown")"));
    QCOMPARE(member.find("value")->stringOr("token", ""), std::string_view("unknown"));
    QCOMPARE(member.find("value")->stringOr("prefix", ""), std::string_view("kv/apisix"));
    const Json merged = jsonOf(api.send("PATCH", "secrets/vault/v", R"({"namespace":"team"})"));
    QCOMPARE(merged.find("value")->stringOr("namespace", ""), std::string_view("team"));
    QCOMPARE(merged.find("value")->stringOr("token", ""), std::string_view("unknown"));
    QCOMPARE(merged.find("value")->stringOr("id", ""), std::string_view("vault/v"));
    QCOMPARE(merged.stringOr("key", ""), std::string_view("/apisix/secrets/vault/v"));
}

void tst_AdminSecrets::deletes()
{
    AdminApi api;
    QCOMPARE(api.send("PUT", "secrets/vault/v", kVault).status, 201);
    const Json gone = jsonOf(api.send("DELETE", "secrets/vault/v"));
    QVERIFY(gone == Json::object({{"deleted", "1"}, {"key", "/apisix/secrets/vault/v"}}));
    QCOMPARE(api.send("GET", "secrets/vault/v").status, 404);
}

QTEST_GUILESS_MAIN(tst_AdminSecrets)
#include "tst_admin_secrets.moc"
