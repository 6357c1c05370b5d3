// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

// Credentials below a consumer. apisix.md 1.11; seed rows J-18 to J-23, C-12 to C-26.
class tst_AdminCredentials : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void checks_data();
    void checks();
    void idMayStandInPathOrBody();
    void listsOneConsumersOnly();
    void readsBackInClear();
};

void tst_AdminCredentials::checks_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target, const char *body,
                        int status, const char *message = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target) << QByteArray(body)
                            << status << QByteArray(message);
    };
    const char *base = "consumers/jack/credentials";
    const char *one = "consumers/jack/credentials/c";
    const char *failed = "invalid plugins configuration: failed to check the configuration of "
                         "plugin jwt-auth err: ";
    row("J-18: id in the body", "PUT", base,
        R"({"id":"cred-jack-jwt-auth","plugins":{"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret"}}})",
        201);
    row("J-19: id in the path", "PUT", one, R"({"plugins":{"key-auth":{"key":"k"}}})", 201);
    row("J-19: different ids", "PUT", one, R"({"id":"d","plugins":{}})", 400,
        "wrong credential id");
    row("J-19: no id", "PUT", base, R"({"plugins":{}})", 400, "missing credential id");
    row("J-20: unknown consumer", "PUT", "consumers/nobody/credentials",
        R"({"id":"x","plugins":{"key-auth":{"key":"k"}}})", 404, "consumer not found");
    row("1.11: validation comes first", "PUT", "consumers/nobody/credentials/x",
        R"({"plugins":{"nope":{}}})", 400, "invalid plugins configuration: unknown plugin [nope]");
    row("J-21: key is required", "PUT", one, R"({"plugins":{"jwt-auth":{"secret":"s"}}})", 400,
        QByteArray(failed).append("property \"key\" is required"));
    row("J-22: secret is required", "PUT", one, R"({"plugins":{"jwt-auth":{"key":"k"}}})", 400,
        QByteArray(failed).append(
            "property \"secret\" is required when using HS based algorithms"));
    row("C-15: two plugins", "PUT", one,
        R"({"plugins":{"key-auth":{"key":"k"},"jwt-auth":{"key":"k","secret":"s"}}})", 400,
        "invalid configuration: property \"plugins\" validation failed: expect object to have at "
        "most 1 properties");
    row("C-15: no plugin", "PUT", one, "{}", 201);
    row("C-18: basic-auth", "PUT", one,
        R"({"plugins":{"basic-auth":{"username":"foo","password":"bar"}}})", 201);
    row("C-18: without password", "PUT", one, R"({"plugins":{"basic-auth":{"username":"foo"}}})",
        400,
        "invalid plugins configuration: failed to check the configuration of plugin basic-auth "
        "err: property \"password\" is required");
    row("C-19: hmac-auth", "PUT", one,
        R"({"plugins":{"hmac-auth":{"key_id":"a","secret_key":"b"}}})", 201);
    row("C-19: without secret_key", "PUT", one, R"({"plugins":{"hmac-auth":{"key_id":"a"}}})", 400,
        "invalid plugins configuration: failed to check the configuration of plugin hmac-auth "
        "err: property \"secret_key\" is required");
    row("1.11: multi-auth is of type auth", "PUT", one,
        R"({"plugins":{"multi-auth":{"auth_plugins":[{"key-auth":{}},{"jwt-auth":{}}]}}})", 201);
    row("C-16: consumer-restriction is not", "PUT", one,
        R"({"plugins":{"consumer-restriction":{"whitelist":["a"]}}})", 400,
        "only supports auth type plugins in consumer credential");
    row("C-16: another kind of plugin", "PUT", one,
        R"({"plugins":{"acl":{"allow_labels":{"team":["a"]}}}})", 400,
        "only supports auth type plugins in consumer credential");
    row("C-16: after its own schema", "PUT", one, R"({"plugins":{"acl":{}}})", 400,
        "invalid plugins configuration: failed to check the configuration of plugin acl err: "
        "object matches none of the required: [\"allow_labels\"] or [\"deny_labels\"]");
    row("1.5: id characters", "PUT", "consumers/jack/credentials/a%20b", "{}", 400,
        "invalid configuration: property \"id\" validation failed: object matches none of the "
        "required");
    row("since 3.13: unknown member", "PUT", one, R"({"type":"x"})", 400,
        "invalid configuration: additional properties forbidden, found type");
    row("1.9: POST", "POST", base, "{}", 405, "not supported `POST` method for credential");
    row("1.9: PATCH", "PATCH", one, "{}", 405, "not supported `PATCH` method for credential");
    row("1.3: missing", "GET", one, "", 404, "Key not found");
    row("1.3: list of an unknown consumer", "GET", "consumers/nobody/credentials", "", 404,
        "Key not found");
    row("1.5: DELETE without id", "DELETE", base, "", 400, "missing credential id");
}

void tst_AdminCredentials::checks()
{
    AdminApi api;
    api.send("PUT", "consumers", R"({"username":"jack"})");
    checkCurrentRow(api);
}

void tst_AdminCredentials::idMayStandInPathOrBody()
{
    AdminApi api;
    api.send("PUT", "consumers", R"({"username":"jack"})");
    const Json body = jsonOf(api.send("PUT", "consumers/jack/credentials",
                                      R"({"id":"c","plugins":{"key-auth":{"key":"k"}}})"));
    QCOMPARE(body.stringOr("key", ""), "/apisix/consumers/jack/credentials/c");
    QCOMPARE(body.find("value")->stringOr("id", ""), "c");
    QCOMPARE(
        api.send("PUT", "consumers/jack/credentials/c", R"({"plugins":{"key-auth":{"key":"k"}}})")
            .status,
        200);
    const Json deleted = jsonOf(api.send("DELETE", "consumers/jack/credentials/c"));
    QCOMPARE(deleted,
             Json::object({{"deleted", "1"}, {"key", "/apisix/consumers/jack/credentials/c"}}));
}

void tst_AdminCredentials::listsOneConsumersOnly()
{
    AdminApi api;
    for (const char *name : {"jack", "joe"}) {
        api.send("PUT", "consumers", std::string(R"({"username":")") + name + R"("})");
        api.send("PUT", std::string("consumers/") + name + "/credentials/c",
                 std::string(R"({"plugins":{"key-auth":{"key":"k-)") + name + R"("}}})");
    }
    const Json list = jsonOf(api.send("GET", "consumers/jack/credentials"));
    QCOMPARE(list.find("total")->asInteger(), 1);
    QCOMPARE(list.find("list")->items().at(0).stringOr("key", ""),
             "/apisix/consumers/jack/credentials/c");
}

void tst_AdminCredentials::readsBackInClear()
{
    AdminApi api;
    api.send("PUT", "consumers", R"({"username":"jack"})");
    api.send("PUT", "consumers/jack/credentials/c",
             R"({"plugins":{"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret"}}})");
    const Json value = *jsonOf(api.send("GET", "consumers/jack/credentials/c")).find("value");
    QCOMPARE(value.find("plugins")->find("jwt-auth")->stringOr("secret", ""), "jack-hs256-secret");
    // J-61: a reference stays a reference
    api.send("PUT", "consumers/jack/credentials/e",
             R"({"plugins":{"key-auth":{"key":"$env://JACK_KEY"}}})");
    const Json other = *jsonOf(api.send("GET", "consumers/jack/credentials/e")).find("value");
    QCOMPARE(other.find("plugins")->find("key-auth")->stringOr("key", ""), "$env://JACK_KEY");
}

QTEST_GUILESS_MAIN(tst_AdminCredentials)
#include "tst_admin_credentials.moc"
