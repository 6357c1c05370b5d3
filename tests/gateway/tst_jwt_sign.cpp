// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/pkey.h"
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

namespace {

constexpr std::int64_t kNow = 1'900'000'000;
constexpr std::string_view kSign = "/apisix/plugin/jwt/sign";

Json payloadOf(std::string_view token)
{
    const auto decoded = inspectJws(token);
    return parseJson(decoded.token.payloadText).value_or(Json());
}

} // namespace

// GET /apisix/plugin/jwt/sign of APISIX up to 3.10, for who asks for it: J-02.
class tst_JwtSign : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isOffUnlessAskedFor();
    void makesATokenThatVerifies();
    void takesAPayload();
    void signsWithThePrivateKey();
    void refuses_data();
    void refuses();

private:
    [[nodiscard]] bool open(GatewayFixture &fixture, std::uint16_t upstream, bool offered);
    [[nodiscard]] static RawMessage ask(const GatewayFixture &fixture, std::string_view query,
                                        std::string_view method = "GET");
};

bool tst_JwtSign::open(GatewayFixture &fixture, std::uint16_t upstream, bool offered)
{
    fixture.options.signEndpoint = offered;
    fixture.options.clockMode = Clock::Mode::Frozen;
    fixture.options.clockStart = Timestamp(std::chrono::seconds(kNow));
    return fixture.start()
        && fixture.route("sign", kSign, upstream, R"(, "plugins": {"public-api": {}})")
        && fixture.route("guarded", "/r", upstream, R"(, "plugins": {"jwt-auth": {}})")
        && fixture
               .admin("PUT", "/consumers",
                      R"({"username":"jack","plugins":{"jwt-auth":{"key":"jack-key",)"
                      R"("secret":"jack-hs256-secret","exp":60}}})")
               .status()
        == 201;
}

RawMessage tst_JwtSign::ask(const GatewayFixture &fixture, std::string_view query,
                            std::string_view method)
{
    return fixture.ask(std::format(
        "{} {}{} HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n\r\n", method, kSign, query));
}

void tst_JwtSign::isOffUnlessAskedFor()
{
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    GatewayFixture fixture;
    QVERIFY(open(fixture, upstream.port(), false));
    QCOMPARE(ask(fixture, "?key=jack-key").status(), 404);
}

void tst_JwtSign::makesATokenThatVerifies()
{
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    GatewayFixture fixture;
    QVERIFY(open(fixture, upstream.port(), true));
    const RawMessage answer = ask(fixture, "?key=jack-key");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(payloadOf(answer.body).dump(),
             std::format(R"({{"key":"jack-key","exp":{}}})", kNow + 60));
    QCOMPARE(fixture
                 .ask(std::format("GET /r HTTP/1.1\r\nHost: a.example\r\nAuthorization: {}\r\n\r\n",
                                  answer.body))
                 .status(),
             200);
    // Its endpoint never reaches an upstream.
    QCOMPARE(upstream.requestCount(), 1U);
}

void tst_JwtSign::takesAPayload()
{
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    GatewayFixture fixture;
    QVERIFY(open(fixture, upstream.port(), true));
    const RawMessage answer =
        ask(fixture, "?key=jack-key&payload=%7B%22uid%22%3A10000%2C%22exp%22%3A1%7D");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(payloadOf(answer.body).dump(),
             std::string(R"({"key":"jack-key","exp":1,"uid":10000})"));
}

void tst_JwtSign::signsWithThePrivateKey()
{
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    GatewayFixture fixture;
    QVERIFY(open(fixture, upstream.port(), true));
    const Key key = Key::generate(Alg::ES256).value();
    const auto put = [&](std::string_view id, bool withPrivate) {
        Json config = Json::object(
            {{"key", id}, {"algorithm", "ES256"}, {"public_key", key.toPem(false).value()}});
        if (withPrivate)
            config.set("private_key", key.toPem(true).value());
        return fixture
            .admin("PUT", std::format("/consumers/jack/credentials/{}", id),
                   Json::object({{"plugins", Json::object({{"jwt-auth", config}})}}).dump())
            .status();
    };
    QCOMPARE(put("whole", true), 201);
    QCOMPARE(put("public", false), 201);
    const RawMessage answer = ask(fixture, "?key=whole");
    QCOMPARE(answer.status(), 200);
    QVERIFY(verifyJws(answer.body, key.publicPart().value(), {Alg::ES256}));
    QCOMPARE(ask(fixture, "?key=public").status(), 500);
}

void tst_JwtSign::refuses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("status");
    QTest::newRow("no key") << QByteArray("GET") << QByteArray() << 400;
    QTest::newRow("an unknown key") << QByteArray("GET") << QByteArray("?key=other") << 404;
    QTest::newRow("a payload that is none")
        << QByteArray("GET") << QByteArray("?key=jack-key&payload=x") << 400;
    QTest::newRow("a payload that is no object")
        << QByteArray("GET") << QByteArray("?key=jack-key&payload=7") << 400;
    QTest::newRow("another method") << QByteArray("POST") << QByteArray("?key=jack-key") << 404;
}

void tst_JwtSign::refuses()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, query);
    QFETCH(int, status);
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("reached")));
    GatewayFixture fixture;
    QVERIFY(open(fixture, upstream.port(), true));
    QCOMPARE(ask(fixture, query.toStdString(), method.toStdString()).status(), status);
}

QTEST_GUILESS_MAIN(tst_JwtSign)
#include "tst_jwt_sign.moc"
