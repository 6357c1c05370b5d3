// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "tests/support/admin_api.h"

#include <QTest>

#include <memory>

using namespace postern;
using namespace postern::gateway;

/// apisix.md 6.3: POST /apisix/admin/configs/validate, in all modes.
class tst_ConfigsValidate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void valid_data();
    void valid();
    void faults_data();
    void faults();
    void refusals_data();
    void refusals();
    void storesNothing();
    void asksForTheKey();

private:
    static std::unique_ptr<AdminApi> api(Provider provider)
    {
        AdminOptions options = AdminApi::withoutKey();
        options.provider = provider;
        return std::make_unique<AdminApi>(options);
    }
    static AdminReply validate(AdminApi &api, std::string_view body,
                               std::string_view type = "application/json")
    {
        return api.send("POST", "configs/validate", body, {{"Content-Type", std::string(type)}});
    }
};

namespace {

constexpr std::pair<const char *, Provider> kProviders[] = {
    {"store", Provider::Store}, {"file", Provider::File}, {"api", Provider::Api}};

} // namespace

void tst_ConfigsValidate::valid_data()
{
    QTest::addColumn<int>("provider");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    const std::pair<const char *, const char *> bodies[] = {
        {"6.3 nothing", "{}"},
        {"6.3 a route", R"({"routes":[{"id":"1","uri":"/","upstream_id":"none"}]})"},
        {"6.3 without id", R"({"routes":[{"uri":"/","service_id":"none"}]})"},
        {"6.3 versions", R"({"routes_conf_version":0,"routes":[]})"},
        {"6.3 modifiedIndex",
         R"({"upstreams":[{"id":1,"modifiedIndex":1,"nodes":{"127.0.0.1:1":1}}]})"},
        {"6.3 consumers",
         R"({"consumers":[{"id":"jack/credentials/a","plugins":{"key-auth":{"key":"k"}}},{"username":"jack"}]})"},
    };
    for (const auto &[mode, provider] : kProviders) {
        for (const auto &[name, body] : bodies)
            QTest::addRow("%s, %s", name, mode)
                << int(provider) << QByteArray("application/json") << QByteArray(body);
        QTest::addRow("6.3 YAML, %s", mode)
            << int(provider) << QByteArray("application/yaml")
            << QByteArray("routes:\n- uri: /\n  plugins:\n    key-auth:\n");
    }
}

void tst_ConfigsValidate::valid()
{
    QFETCH(int, provider);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    const auto admin = api(Provider(provider));
    const AdminReply reply = validate(*admin, body.toStdString(), type.toStdString());
    QCOMPARE(reply.body, std::string("{}\n"));
    QCOMPARE(reply.status, 200);
    QCOMPARE(headerOf(reply, "Content-Type"), QByteArray("application/json"));
}

void tst_ConfigsValidate::faults_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("errors");
    const auto row = [](const char *name, const char *body, const char *errors) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(errors);
    };
    row("6.3 schema", R"({"routes":[{"id":"r1","uri":123,"upstream_id":1}]})",
        R"([{"resource_type":"routes","resource_id":"r1","index":0,"error":"invalid configuration: property \"uri\" validation failed: wrong type: expected string, got number"}])");
    row("6.3 plugin", R"({"services":[{"id":"s"},{"id":"t","plugins":{"x":{}}}]})",
        R"([{"resource_type":"services","resource_id":"t","index":1,"error":"unknown plugin [x]"}])");
    row("6.3 the index counts from 0, every error is listed",
        R"({"routes":[{"id":"a","uri":1,"upstream_id":1},{"id":"b","uri":"/","upstream_id":1},{"id":"c","uri":"/","plugins":{"x":{}}}],"upstreams":[{"id":"u","nodes":7}]})",
        R"([{"resource_type":"routes","resource_id":"a","index":0,"error":"invalid configuration: property \"uri\" validation failed: wrong type: expected string, got number"},)"
        R"({"resource_type":"routes","resource_id":"c","index":2,"error":"unknown plugin [x]"},)"
        R"({"resource_type":"upstreams","resource_id":"u","index":0,"error":"invalid configuration: property \"nodes\" validation failed: object matches none of the required"}])");
    row("6.3 a consumer's id is its user name",
        R"({"consumers":[{"username":"jack","plugins":{"x":{}}}]})",
        R"([{"resource_type":"consumers","resource_id":"jack","index":0,"error":"invalid plugins configuration: unknown plugin [x]"}])");
    row("6.3 a credential",
        R"({"consumers":[{"id":"jack/credentials/a","plugins":{"echo":{"body":"x"}}}]})",
        R"([{"resource_type":"consumers","resource_id":"jack/credentials/a","index":0,"error":"only supports auth type plugins in consumer credential"}])");
    row("6.3 duplicates",
        R"({"consumers":[{"username":"u"},{"username":"u"}],"services":[{"id":"s"},{"id":"s"}]})",
        R"([{"resource_type":"services","resource_id":"s","index":1,"error":"found duplicate id s in services"},)"
        R"({"resource_type":"consumers","resource_id":"u","index":1,"error":"found duplicate username u in consumers"}])");
    row("6.3 duplicate and wrong", R"({"services":[{"id":"s"},{"id":"s","plugins":{"x":{}}}]})",
        R"([{"resource_type":"services","resource_id":"s","index":1,"error":"unknown plugin [x]"},)"
        R"({"resource_type":"services","resource_id":"s","index":1,"error":"found duplicate id s in services"}])");
    row("6.3 without id", R"({"routes":[{"uri":"/","plugins":{"x":{}}}]})",
        R"([{"resource_type":"routes","resource_id":"","index":0,"error":"unknown plugin [x]"}])");
    row("6.3 version", R"({"routes_conf_version":"x"})",
        R"([{"resource_type":"routes","error":"routes_conf_version must be a number"}])");
    row("6.3 no list", R"({"routes":{"a":1}})",
        R"([{"resource_type":"routes","error":"routes is a list of items"}])");
}

void tst_ConfigsValidate::faults()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, errors);
    for (const auto &[mode, provider] : kProviders) {
        const auto admin = api(provider);
        const AdminReply reply = validate(*admin, body.toStdString());
        QCOMPARE(reply.status, 400);
        const Json told = jsonOf(reply);
        QCOMPARE(told.stringOr("error_msg", ""),
                 std::string_view("Configuration validation failed"));
        QVERIFY(told.find("errors"));
        QCOMPARE(QByteArray::fromStdString(told.find("errors")->dump()), errors);
    }
}

void tst_ConfigsValidate::refusals_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("text");
    const QByteArray json = "application/json";
    QTest::newRow("6.3 empty") << json << QByteArray()
                               << QByteArray("invalid request body: empty request body");
    QTest::newRow("6.3 bad JSON")
        << json << QByteArray("{abcd")
        << QByteArray("invalid request body: Expected object key string but found invalid token at "
                      "character 2");
    QTest::newRow("6.3 bad YAML") << QByteArray("application/yaml") << QByteArray("a: [")
                                  << QByteArray("invalid request body: invalid yaml request body");
    QTest::newRow("6.3 1.5 MiB at most")
        << json << QByteArray("{}").leftJustified(1572865, ' ')
        << QByteArray("invalid request body: request size 1572865 is greater than the maximum size "
                      "1572864 allowed");
}

void tst_ConfigsValidate::refusals()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, text);
    for (const auto &[mode, provider] : kProviders) {
        const auto admin = api(provider);
        const AdminReply reply = validate(*admin, body.toStdString(), type.toStdString());
        QCOMPARE(reply.status, 400);
        QCOMPARE(messageOf(reply), text);
    }
}

void tst_ConfigsValidate::storesNothing()
{
    for (const auto &[mode, provider] : kProviders) {
        const auto admin = api(provider);
        const char *body = R"({"routes":[{"id":"1","uri":"/","upstream_id":"none"}]})";
        QCOMPARE(validate(*admin, body).status, 200);
        QVERIFY(admin->config.store().list("/")->empty());
        QCOMPARE(admin->published, std::size_t{0});
    }
}

void tst_ConfigsValidate::asksForTheKey()
{
    AdminOptions options;
    options.adminKey = "admin-key";
    AdminApi admin(options);
    QCOMPARE(validate(admin, "{}").status, 401);
    QCOMPARE(admin.send("POST", "configs/validate", "{}", {{"X-API-KEY", "admin-key"}}).status,
             200);
    QCOMPARE(admin.send("GET", "configs/validate", "", {{"X-API-KEY", "admin-key"}}).status, 404);
}

QTEST_GUILESS_MAIN(tst_ConfigsValidate)
#include "tst_configs_validate.moc"
