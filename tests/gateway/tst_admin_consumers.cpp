// SPDX-License-Identifier: Apache-2.0
#include "tests/support/admin_api.h"

#include <QTest>

using namespace postern;
using namespace postern::gateway;

// Consumers: names, plugins, unique login keys. apisix.md 1.11; seed rows C, J.2, A.
class tst_AdminConsumers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void checks_data();
    void checks();
    void answersItsKey();
    void listLeavesCredentialsOut();
    void deletionTakesCredentialsAlong();
    void loginKeysAreUnique_data();
    void loginKeysAreUnique();
    void ownKeyMayBeWrittenAgain();
    void secretReferencesAreNotCompared();
};

void tst_AdminConsumers::checks_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *method, const char *target,
                        const std::string &body, int status, const char *message = "") {
        QTest::newRow(name) << QByteArray(method) << QByteArray(target)
                            << QByteArray::fromStdString(body) << status << QByteArray(message);
    };
    const std::string pattern = "invalid configuration: property \"username\" validation failed: ";
    row("J-16: name in the body", "PUT", "consumers", R"({"username":"jack"})", 201);
    row("1.11: name in the path too", "PUT", "consumers/jack", R"({"username":"jack"})", 201);
    row("1.11: another name in the path", "PUT", "consumers/joe", R"({"username":"jack"})", 400,
        "wrong username");
    row("C-04: no name", "PUT", "consumers", "{}", 400,
        "invalid configuration: property \"username\" is required");
    row("C-05: hyphen", "PUT", "consumers", R"({"username":"fetch-bot"})", 201);
    row("C-05: blank", "PUT", "consumers", R"({"username":"fetch bot"})", 400,
        (pattern + "failed to match pattern \"^[a-zA-Z0-9_\\\\-]+$\" with \"fetch bot\"").c_str());
    row("C-05: dot", "PUT", "consumers", R"({"username":"a.b"})", 400,
        (pattern + "failed to match pattern \"^[a-zA-Z0-9_\\\\-]+$\" with \"a.b\"").c_str());
    row("C-05: empty", "PUT", "consumers", R"({"username":""})", 400,
        (pattern + "string too short, expected at least 1, got 0").c_str());
    row("C-06: 256 characters", "PUT", "consumers",
        R"({"username":")" + std::string(256, 'a') + R"("})", 201);
    row("C-06: 257 characters", "PUT", "consumers",
        R"({"username":")" + std::string(257, 'a') + R"("})", 400,
        (pattern + "string too long, expected at most 256, got 257").c_str());
    row("C-09: labels", "PUT", "consumers", R"({"username":"a","labels":{"team":"platform"}})",
        201);
    row("C-09: label with a blank", "PUT", "consumers",
        R"({"username":"a","labels":{"team":"a b"}})", 400,
        "invalid configuration: property \"labels\" validation failed: failed to validate team "
        "(matching \".*\"): failed to match pattern \"^\\\\S+$\" with \"a b\"");
    row("C-09: label of another type", "PUT", "consumers",
        R"({"username":"a","labels":{"team":1}})", 400,
        "invalid configuration: property \"labels\" validation failed: failed to validate team "
        "(matching \".*\"): wrong type: expected string, got number");
    row("A-05: label lists are strings", "PUT", "consumers",
        R"({"username":"a","labels":{"team":"[\"admin\",\"user\"]"}})", 201);
    row("1.10: unknown member", "PUT", "consumers", R"({"username":"a","nick":"b"})", 400,
        "invalid configuration: additional properties forbidden, found nick");
    row("1.11: unknown plugin", "PUT", "consumers", R"({"username":"a","plugins":{"nope":{}}})",
        400, "invalid plugins configuration: unknown plugin [nope]");
    row("1.11: plugin conf", "PUT", "consumers", R"({"username":"a","plugins":{"key-auth":{}}})",
        400,
        "invalid plugins configuration: failed to check the configuration of plugin key-auth "
        "err: property \"key\" is required");
    row("1.11: several auth plugins", "PUT", "consumers",
        R"({"username":"a","plugins":{"key-auth":{"key":"k"},"jwt-auth":{"key":"j","secret":"s"}}})",
        201);
    row("A-27: inline key-auth", "PUT", "consumers",
        R"({"username":"alice","labels":{"team":"platform"},"plugins":{"key-auth":{"key":"alice-key"}}})",
        201);
    row("1.8: group_id", "PUT", "consumers", R"({"username":"a","group_id":"g"})", 400,
        "failed to fetch consumer group info by consumer group id [g], response code: 404");
    row("1.9: POST", "POST", "consumers", R"({"username":"a"})", 405,
        "not supported `POST` method for consumer");
    row("1.9: PATCH", "PATCH", "consumers/a", R"({"desc":"b"})", 405,
        "not supported `PATCH` method for consumer");
    row("1.4: create_time", "PUT", "consumers", R"({"username":"a","create_time":1})", 400,
        "the property is forbidden:  create_time");
    row("1.3: missing consumer", "DELETE", "consumers/nobody", "", 404, "Key not found");
}

void tst_AdminConsumers::checks()
{
    AdminApi api;
    checkCurrentRow(api);
}

void tst_AdminConsumers::answersItsKey()
{
    AdminApi api;
    const Json body = jsonOf(api.send("PUT", "consumers", R"({"username":"jack"})"));
    QCOMPARE(body,
             Json::object({{"key", "/apisix/consumers/jack"},
                           {"value",
                            Json::object({{"username", "jack"},
                                          {"create_time", AdminApi::kNow},
                                          {"update_time", AdminApi::kNow}})}}));
    QCOMPARE(api.send("PUT", "consumers", R"({"username":"jack"})").status, 200);
}

void tst_AdminConsumers::listLeavesCredentialsOut()
{
    AdminApi api;
    api.send("PUT", "consumers", R"({"username":"jack"})");
    api.send("PUT", "consumers", R"({"username":"joe"})");
    api.send("PUT", "consumers/jack/credentials/a", R"({"plugins":{"key-auth":{"key":"k"}}})");
    const Json list = jsonOf(api.send("GET", "consumers"));
    QCOMPARE(list.find("total")->asInteger(), 2);
    QCOMPARE(list.find("list")->items().at(0).stringOr("key", ""), "/apisix/consumers/jack");
    QCOMPARE(list.find("list")->items().at(1).stringOr("key", ""), "/apisix/consumers/joe");
}

void tst_AdminConsumers::deletionTakesCredentialsAlong()
{
    AdminApi api;
    api.send("PUT", "consumers", R"({"username":"jack"})");
    api.send("PUT", "consumers", R"({"username":"jack2"})");
    api.send("PUT", "consumers/jack/credentials/a", R"({"plugins":{"key-auth":{"key":"k"}}})");
    api.send("PUT", "consumers/jack2/credentials/a", R"({"plugins":{"key-auth":{"key":"k2"}}})");
    QCOMPARE(api.send("DELETE", "consumers/jack").status, 200);
    QCOMPARE(api.send("GET", "consumers/jack/credentials/a").status, 404);
    QCOMPARE(api.send("GET", "consumers/jack/credentials").status, 404);
    QCOMPARE(api.send("GET", "consumers/jack2/credentials/a").status, 200);
}

void tst_AdminConsumers::loginKeysAreUnique_data()
{
    addRequestColumns();
    const auto row = [](const char *name, const char *target, const char *body, int status,
                        const char *message = "") {
        QTest::newRow(name) << QByteArray("PUT") << QByteArray(target) << QByteArray(body) << status
                            << QByteArray(message);
    };
    row("1.11: of another consumer", "consumers",
        R"({"username":"joe","plugins":{"key-auth":{"key":"inline"}}})", 400,
        "duplicate key of plugin key-auth found with consumer: jack");
    row("1.11: of another consumer's credential", "consumers",
        R"({"username":"joe","plugins":{"key-auth":{"key":"cred"}}})", 400,
        "duplicate key of plugin key-auth found with credential: c1 of consumer: jack");
    row("1.11: of the own credential", "consumers",
        R"({"username":"jack","plugins":{"key-auth":{"key":"cred"}}})", 200);
    row("1.11: the same text in another plugin", "consumers",
        R"({"username":"joe","plugins":{"jwt-auth":{"key":"inline","secret":"s"}}})", 201);
    row("1.11: credential against a sibling", "consumers/jack/credentials/c2",
        R"({"plugins":{"key-auth":{"key":"cred"}}})", 400,
        "duplicate key of plugin key-auth found with credential: c1 of consumer: jack");
    row("1.11: credential against the own consumer", "consumers/jack/credentials/c2",
        R"({"plugins":{"key-auth":{"key":"inline"}}})", 400,
        "duplicate key of plugin key-auth found with consumer: jack");
    row("1.11: a user name", "consumers",
        R"({"username":"joe","plugins":{"basic-auth":{"username":"foo","password":"other"}}})", 400,
        "duplicate username of plugin basic-auth found with credential: b1 of consumer: jack");
    row("1.11: the same password is fine", "consumers",
        R"({"username":"joe","plugins":{"basic-auth":{"username":"joe","password":"bar"}}})", 201);
    row("1.11: a key id", "consumers",
        R"({"username":"joe","plugins":{"hmac-auth":{"key_id":"id","secret_key":"other"}}})", 400,
        "duplicate key_id of plugin hmac-auth found with credential: h1 of consumer: jack");
    row("1.11: the same secret is fine", "consumers/jack/credentials/h2",
        R"({"plugins":{"hmac-auth":{"key_id":"id2","secret_key":"s"}}})", 201);
    row("1.11: credential again", "consumers/jack/credentials/c1",
        R"({"plugins":{"key-auth":{"key":"cred"}}})", 200);
}

void tst_AdminConsumers::loginKeysAreUnique()
{
    AdminApi api;
    api.send("PUT", "consumers", R"({"username":"jack","plugins":{"key-auth":{"key":"inline"}}})");
    api.send("PUT", "consumers/jack/credentials/c1", R"({"plugins":{"key-auth":{"key":"cred"}}})");
    api.send("PUT", "consumers/jack/credentials/b1",
             R"({"plugins":{"basic-auth":{"username":"foo","password":"bar"}}})");
    api.send("PUT", "consumers/jack/credentials/h1",
             R"({"plugins":{"hmac-auth":{"key_id":"id","secret_key":"s"}}})");
    checkCurrentRow(api);
}

void tst_AdminConsumers::ownKeyMayBeWrittenAgain()
{
    AdminApi api;
    const char *jack = R"({"username":"jack","plugins":{"key-auth":{"key":"k"}}})";
    QCOMPARE(api.send("PUT", "consumers", jack).status, 201);
    QCOMPARE(api.send("PUT", "consumers", jack).status, 200);
    QCOMPARE(api.send("DELETE", "consumers/jack").status, 200);
    QCOMPARE(
        api.send("PUT", "consumers", R"({"username":"joe","plugins":{"key-auth":{"key":"k"}}})")
            .status,
        201);
}

void tst_AdminConsumers::secretReferencesAreNotCompared()
{
    AdminApi api;
    for (const char *name : {"jack", "joe"}) {
        const std::string body = std::string(R"({"username":")") + name
            + R"(","plugins":{"key-auth":{"key":"$env://NO_SUCH_VARIABLE_HERE"}}})";
        QCOMPARE(api.send("PUT", "consumers", body).status, 201);
    }
}

QTEST_GUILESS_MAIN(tst_AdminConsumers)
#include "tst_admin_consumers.moc"
