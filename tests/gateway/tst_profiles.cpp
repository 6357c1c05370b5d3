// SPDX-License-Identifier: Apache-2.0
#include "core/config/config.h"
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "gateway/pipeline/step_text.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <algorithm>
#include <format>
#include <set>

using namespace postern;
using namespace postern::test;

namespace {

constexpr std::string_view kSecret = "jack-hs256-secret";

std::string tokenOf(std::string_view claims)
{
    return signJws(R"({"alg":"HS256","typ":"JWT"})", claims, Alg::HS256,
                   Key::fromSecret(Secret(kSecret)).value(), true)
        .value();
}

} // namespace

// What the older releases and API7 do in another way: a table, looked up when a configuration is
// compiled. Rows of the manuals: C-06, C-13, C-14, C-15, J-31, J-32, J-38.
class tst_Profiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areNamed();
    void unknownNamesAreRefused();
    void limitUserNames_data();
    void limitUserNames();
    void demandOfCredentials_data();
    void demandOfCredentials();
    void namesAreUniquePerConsumer();
    void checkTimeClaims_data();
    void checkTimeClaims();
    void sayWhoWantsAClaim();
    void forwardTheHost_data();
    void forwardTheHost();
};

void tst_Profiles::areNamed()
{
    QCOMPARE(defaultGatewayProfile().name, std::string_view("apisix-3.18"));
    QCOMPARE(Config().profile, std::string("apisix-3.18"));
    std::set<std::string_view> seen;
    for (const GatewayProfile &profile : gatewayProfiles()) {
        QVERIFY(seen.insert(profile.name).second);
        QCOMPARE(findGatewayProfile(profile.name), &profile);
        QVERIFY(!profile.title.empty());
        for (const SchemaDifference &difference : profile.schemas)
            QVERIFY(parseJson(difference.patch).value_or(Json()).isObject());
    }
    for (const std::string_view name :
         {"apisix-3.18", "apisix-3.17", "apisix-3.16", "apisix-3.15", "api7"})
        QVERIFY(seen.contains(name));
}

void tst_Profiles::unknownNamesAreRefused()
{
    const auto config = parseConfig("profile: apisix-3.71\n", "postern.yaml");
    QVERIFY(!config);
    QVERIFY2(config.error().detail.contains(
                 "is not one of apisix-3.18, apisix-3.17, apisix-3.16, apisix-3.15, api7"),
             config.error().detail.c_str());
    GatewayFixture fixture;
    fixture.options.profile = "apisix-2.0";
    const auto started = gateway::Gateway::start(fixture.options);
    QVERIFY(!started);
    QVERIFY2(started.error().detail.contains("there are apisix-3.18, "),
             started.error().detail.c_str());
}

void tst_Profiles::limitUserNames_data()
{
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<int>("length");
    QTest::addColumn<int>("status");
    QTest::newRow("APISIX: 256") << QByteArray("apisix-3.18") << 256 << 201;
    QTest::newRow("APISIX: 257") << QByteArray("apisix-3.18") << 257 << 400;
    QTest::newRow("C-06: API7, 512") << QByteArray("api7") << 512 << 201;
    QTest::newRow("C-06: API7, 513") << QByteArray("api7") << 513 << 400;
}

void tst_Profiles::limitUserNames()
{
    QFETCH(QByteArray, profile);
    QFETCH(int, length);
    QFETCH(int, status);
    GatewayFixture fixture;
    fixture.options.profile = profile.toStdString();
    QVERIFY(fixture.start());
    const std::string name(static_cast<std::size_t>(length), 'a');
    QCOMPARE(
        fixture.admin("PUT", "/consumers", std::format(R"({{"username":"{}"}})", name)).status(),
        status);
    // The schema that is shown is the one that counts.
    const Json shown = parseJson(fixture.admin("GET", "/schema/consumer").body).value_or(Json());
    const Json *const properties = shown.find("properties");
    QVERIFY(properties);
    QCOMPARE(properties->find("username")->find("maxLength")->asInteger(),
             std::optional<std::int64_t>(profile == "api7" ? 512 : 256));
}

void tst_Profiles::demandOfCredentials_data()
{
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("refusal"); // empty: accepted
    const auto row = [](const char *what, const char *profile, const char *body,
                        const char *refusal) {
        QTest::newRow(what) << QByteArray(profile) << QByteArray(body) << QByteArray(refusal);
    };
    const char *const whole = R"({"name":"n","plugins":{"key-auth":{"key":"k"}}})";
    row("API7: name and one plugin", "api7", whole, "");
    row("C-13: API7, no name", "api7", R"({"plugins":{"key-auth":{"key":"k"}}})",
        R"(invalid configuration: property "name" is required)");
    row("C-14: API7, no plugins", "api7", R"({"name":"n"})",
        R"(invalid configuration: property "plugins" is required)");
    row("C-15: API7, none in them", "api7", R"({"name":"n","plugins":{}})",
        R"(invalid configuration: property "plugins" validation failed: expect object to have at )"
        "least 1 properties");
    row("C-15: API7, two", "api7",
        R"({"name":"n","plugins":{"key-auth":{"key":"k"},"basic-auth":{"username":"u","password":"p"}}})",
        R"(invalid configuration: property "plugins" validation failed: expect object to have at )"
        "most 1 properties");
    row("APISIX: neither name nor plugins", "apisix-3.18", "{}", "");
    row("APISIX: none in them", "apisix-3.17", R"({"plugins":{}})", "");
}

void tst_Profiles::demandOfCredentials()
{
    QFETCH(QByteArray, profile);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, refusal);
    GatewayFixture fixture;
    fixture.options.profile = profile.toStdString();
    QVERIFY(fixture.start());
    QCOMPARE(fixture.admin("PUT", "/consumers", R"({"username":"jack"})").status(), 201);
    const RawMessage answer =
        fixture.admin("PUT", "/consumers/jack/credentials/x", body.toStdString());
    QCOMPARE(answer.status(), refusal.isEmpty() ? 201 : 400);
    const std::string told(parseJson(answer.body).value_or(Json()).stringOr("error_msg", ""));
    QCOMPARE(told, refusal.toStdString());
}

void tst_Profiles::namesAreUniquePerConsumer()
{
    GatewayFixture fixture;
    fixture.options.profile = "api7";
    QVERIFY(fixture.start());
    const auto put = [&fixture](std::string_view path, std::string_view key) {
        return fixture.admin(
            "PUT", path,
            std::format(R"({{"name":"n","plugins":{{"key-auth":{{"key":"{}"}}}}}})", key));
    };
    for (const std::string_view name : {"jack", "jackie"})
        QCOMPARE(fixture.admin("PUT", "/consumers", std::format(R"({{"username":"{}"}})", name))
                     .status(),
                 201);
    QCOMPARE(put("/consumers/jack/credentials/one", "1").status(), 201);
    const RawMessage second = put("/consumers/jack/credentials/two", "2");
    QCOMPARE(second.status(), 400);
    QVERIFY2(second.body.contains("duplicate name found with credential: one of consumer: jack"),
             second.body.c_str());
    // Itself again, and somebody else's.
    QCOMPARE(put("/consumers/jack/credentials/one", "1").status(), 200);
    QCOMPARE(put("/consumers/jackie/credentials/two", "2").status(), 201);
}

void tst_Profiles::checkTimeClaims_data()
{
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<QByteArray>("config"); // of jwt-auth on the route
    QTest::addColumn<QByteArray>("claims");
    QTest::addColumn<int>("status");
    const auto row = [](const char *what, const char *profile, const char *config,
                        const char *claims, int status) {
        QTest::newRow(what) << QByteArray(profile) << QByteArray(config) << QByteArray(claims)
                            << status;
    };
    const char *const none = R"({"key":"jack-key"})";
    const char *const nbf = R"({"key":"jack-key","nbf":1})";
    const char *const expired = R"({"key":"jack-key","exp":1})";
    const char *const list = R"({"claims_to_verify":["exp"]})";
    row("J-31: 3.15, neither exp nor nbf", "apisix-3.15", "{}", none, 401);
    row("J-31: 3.15, nbf is enough", "apisix-3.15", "{}", nbf, 200);
    row("J-31: 3.15, exp is checked", "apisix-3.15", "{}", expired, 401);
    row("J-31: 3.16, neither", "apisix-3.16", "{}", none, 200);
    row("J-31: 3.18, neither", "apisix-3.18", "{}", none, 200);
    row("J-31: API7, neither", "api7", "{}", none, 200);
    row("J-32: 3.15 has no list", "apisix-3.15", list, nbf, 200);
    row("J-32: 3.15 checks what is there", "apisix-3.15", R"({"claims_to_verify":["nbf"]})",
        expired, 401);
    row("J-32: 3.16, a listed claim that is missing", "apisix-3.16", list, nbf, 200);
    row("J-32: API7, a listed claim that is missing", "api7", list, nbf, 200);
    row("J-32: 3.17, a listed claim that is missing", "apisix-3.17", list, nbf, 401);
    row("J-32: 3.18, a listed claim that is missing", "apisix-3.18", list, nbf, 401);
    row("J-32: API7, a listed claim is checked", "api7", list, expired, 401);
    row("J-32: 3.16, one that is not listed is not", "apisix-3.16",
        R"({"claims_to_verify":["nbf"]})", expired, 200);
    row("J-32: 3.16, an empty list is none", "apisix-3.16", R"({"claims_to_verify":[]})", expired,
        401);
    row("J-32: API7, an empty list is none", "api7", R"({"claims_to_verify":[]})", none, 200);
}

void tst_Profiles::checkTimeClaims()
{
    QFETCH(QByteArray, profile);
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, claims);
    QFETCH(int, status);
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    GatewayFixture fixture;
    fixture.options.profile = profile.toStdString();
    QVERIFY(fixture.start());
    QVERIFY(fixture.route("1", "/r", upstream.port(),
                          std::format(R"(, "plugins": {{"jwt-auth": {}}})", config.toStdString())));
    QCOMPARE(fixture.admin("PUT", "/consumers", R"({"username":"jack"})").status(), 201);
    QCOMPARE(
        fixture
            .admin(
                "PUT", "/consumers/jack/credentials/x",
                std::format(
                    R"({{"name":"x","plugins":{{"jwt-auth":{{"key":"jack-key","secret":"{}"}}}}}})",
                    kSecret))
            .status(),
        201);
    const RawMessage answer = fixture.ask(
        std::format("GET /r HTTP/1.1\r\nHost: a.example\r\nAuthorization: Bearer {}\r\n\r\n",
                    tokenOf(claims.toStdString())));
    QCOMPARE(answer.status(), status);
    if (status == 401)
        QCOMPARE(answer.body, std::string("{\"message\":\"failed to verify jwt\"}\n"));
}

void tst_Profiles::sayWhoWantsAClaim()
{
    using namespace gateway;
    StepView view{Step::Claims,
                  Outcome::Failed,
                  Errc::ClaimMissing,
                  "jwt-auth",
                  "exp",
                  "up to APISIX 3.15 exp or nbf must be there",
                  0,
                  {}};
    QVERIFY(stepText(view).contains("up to APISIX 3.15 exp or nbf must be there"));
    QCOMPARE(stepFix(view, {}),
             std::string("add \"exp\" in UNIX seconds, or take a newer profile"));
    view.b = {};
    QVERIFY(stepText(view).contains("claims_to_verify asks for it"));
}

void tst_Profiles::forwardTheHost_data()
{
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("forwarded");
    const auto row = [](const char *what, const char *profile, const char *host,
                        const char *forwarded) {
        QTest::newRow(what) << QByteArray(profile) << QByteArray(host) << QByteArray(forwarded);
    };
    row("J-38: 3.18, with the port", "apisix-3.18", "127.0.0.1:9080", "127.0.0.1:9080");
    row("J-38: 3.17, without", "apisix-3.17", "127.0.0.1:9080", "127.0.0.1");
    row("J-38: 3.15, without", "apisix-3.15", "127.0.0.1:9080", "127.0.0.1");
    row("J-38: API7, without", "api7", "127.0.0.1:9080", "127.0.0.1");
    row("no port to begin with", "apisix-3.17", "a.example", "a.example");
    row("an IPv6 address keeps its brackets", "apisix-3.17", "[::1]:9080", "[::1]");
    row("an IPv6 address without port", "apisix-3.17", "[::1]", "[::1]");
}

void tst_Profiles::forwardTheHost()
{
    QFETCH(QByteArray, profile);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, forwarded);
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    GatewayFixture fixture;
    fixture.options.profile = profile.toStdString();
    QVERIFY(fixture.start());
    QVERIFY(fixture.route("1", "/r", upstream.port()));
    QCOMPARE(fixture.ask(std::format("GET /r HTTP/1.1\r\nHost: {}\r\n\r\n", host.toStdString()))
                 .status(),
             200);
    QCOMPARE(upstream.lastRequest().header("Host"), host.toStdString());
    QCOMPARE(upstream.lastRequest().header("X-Forwarded-Host"), forwarded.toStdString());
}

QTEST_GUILESS_MAIN(tst_Profiles)
#include "tst_profiles.moc"
