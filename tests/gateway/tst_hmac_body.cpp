// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"
#include "core/crypto/hmac.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <chrono>
#include <format>
#include <string>

using namespace postern;
using namespace postern::test;

/// hmac-auth with validate_request_body, over real sockets.
class tst_HmacBody : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void knownAnswer();
    void decides_data();
    void decides();
    void readsTheBodyInPieces();
    void asksForTheBodyOnlyWhenTheSignatureFits();
    void letsTheNextLoginTry_data();
    void letsTheNextLoginTry();
    void validatesTheDefaultSize();

private:
    [[nodiscard]] bool route(std::string_view uri, std::string_view plugins);
    [[nodiscard]] std::string head(std::string_view target, std::string_view fields,
                                   std::string_view digest) const;

    RawUpstream m_upstream{RawUpstream::echoing()};
    GatewayFixture m_gateway;
    int m_routes = 0;
};

namespace {

constexpr std::string_view kDate = "Tue, 19 Jan 2016 11:33:20 GMT";
constexpr std::string_view kBody = R"({"name":"world"})";
constexpr std::string_view kDigest = "SHA-256=wF89Qw4B4kyTYkPR4lJbgHfFZJhj66A4TKLYYJIrJOM=";
constexpr std::string_view kEmpty = "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

std::string lengthAnd(std::string_view body)
{
    return std::format("Content-Length: {}\r\n", body.size());
}

} // namespace

bool tst_HmacBody::route(std::string_view uri, std::string_view plugins)
{
    return m_gateway.route(std::to_string(++m_routes), uri, m_upstream.port(),
                           std::format(R"(, "plugins": {})", plugins));
}

/// A signed POST up to the empty line. \param digest empty: no such header
std::string tst_HmacBody::head(std::string_view target, std::string_view fields,
                               std::string_view digest) const
{
    auto hmac = Hmac::make("SHA256", "my-secret-key");
    std::string text = std::format("my-access-key\nPOST {}\ndate: {}\n", target, kDate);
    std::string digestField;
    if (!digest.empty()) {
        text += std::format("digest: {}\n", digest);
        digestField = std::format("Digest: {}\r\n", digest);
    }
    if (!hmac || !hmac->begin() || !hmac->update(text))
        return {};
    return std::format("POST {} HTTP/1.1\r\nHost: a.example\r\nDate: {}\r\n{}{}Authorization: "
                       "Signature keyId=\"my-access-key\",algorithm=\"hmac-sha256\",headers=\""
                       "@request-target date digest\",signature=\"{}\"\r\n\r\n",
                       target, kDate, digestField, fields, encodeBase64(hmac->finish()));
}

void tst_HmacBody::initTestCase()
{
    m_gateway.options.clockMode = Clock::Mode::Frozen;
    m_gateway.options.clockStart = Timestamp(std::chrono::seconds(1453203200));
    QVERIFY(m_gateway.start());
    const auto put = [this](std::string_view path, std::string_view json) {
        return m_gateway.admin("PUT", path, json).status() / 100 == 2;
    };
    QVERIFY(put("/consumers", R"({"username":"guest"})"));
    QVERIFY(put("/consumers", R"({"username":"jack","plugins":{"key-auth":{"key":"k"}}})"));
    QVERIFY(put("/consumers/jack/credentials/h",
                R"({"plugins":{"hmac-auth":{"key_id":"my-access-key",)"
                R"("secret_key":"my-secret-key"}}})"));
    const std::string body = R"("validate_request_body":true)";
    QVERIFY(route("/anything", "{\"hmac-auth\":{" + body + "}}"));
    QVERIFY(route("/small", "{\"hmac-auth\":{" + body + R"(,"max_req_body_size":16}})"));
    QVERIFY(route("/smaller", "{\"hmac-auth\":{" + body + R"(,"max_req_body_size":15}})"));
    QVERIFY(route("/open",
                  "{\"hmac-auth\":{" + body
                      + R"(,"max_req_body_size":100,"anonymous_consumer":"guest"}})"));
    QVERIFY(route("/multi",
                  "{\"multi-auth\":{\"auth_plugins\":[{\"hmac-auth\":{" + body
                      + R"(,"max_req_body_size":20}},{"key-auth":{}}]}})"));
}

void tst_HmacBody::knownAnswer()
{
    const RawMessage answer = m_gateway.ask(std::format(
        "POST /anything?b=2&a=1 HTTP/1.1\r\nHost: x\r\nDate: {}\r\nDigest: {}\r\nAuthorization: "
        "Signature keyId=\"my-access-key\",algorithm=\"hmac-sha256\",headers=\"@request-target "
        "date "
        "digest\",signature=\"R2TdheaN0RNGYOTjhActERkR35Glidww/oF2DDvBej0=\"\r\n{}\r\n{}",
        kDate, kDigest, lengthAnd(kBody), kBody));
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body.ends_with(kBody)); // what was read ahead still reaches the upstream
}

void tst_HmacBody::decides_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("digest");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("body"); // as it goes over the wire
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("says"); // a part of the answer's body
    const auto row = [](const char *name, const char *target, std::string_view digest,
                        const std::string &fields, std::string_view body, int status,
                        const char *says) {
        const auto bytes = [](std::string_view text) {
            return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
        };
        QTest::newRow(name) << QByteArray(target) << bytes(digest) << bytes(fields) << bytes(body)
                            << status << QByteArray(says);
    };
    const std::string length = lengthAnd(kBody), chunked = "Transfer-Encoding: chunked\r\n";
    const std::string chunks = "7\r\n{\"name\"\r\n9\r\n:\"world\"}\r\n0\r\n\r\n";
    const char *refused = "{\"message\":\"client request can't be validated\"}\n";
    row("fits", "/anything", kDigest, length, kBody, 200, "X-Consumer-Username: jack");
    row("chunked", "/anything", kDigest, chunked, chunks, 200, "X-Consumer-Username: jack");
    row("no body", "/anything", kEmpty, "", "", 200, "X-Consumer-Username: jack");
    row("an empty body", "/anything", kEmpty, lengthAnd(""), "", 200, "X-Consumer-Username: jack");
    row("another body", "/anything", kDigest, length, R"({"name":"wurld"})", 401, refused);
    row("another body, chunked", "/anything", kEmpty, chunked, chunks, 401, refused);
    row("no Digest header", "/anything", "", length, kBody, 401, refused);
    row("another digest's name", "/anything",
        "sha-256=wF89Qw4B4kyTYkPR4lJbgHfFZJhj66A4TKLYYJIrJOM=", length, kBody, 401, refused);
    row("in hexadecimal", "/anything", "SHA-256=c05f3d430e01e24c", length, kBody, 401, refused);
    row("exactly the maximum", "/small", kDigest, length, kBody, 200, "X-Consumer-Username: jack");
    row("a byte more", "/smaller", kDigest, length, kBody, 413,
        "{\"message\":\"request size 16 is greater than the maximum size 15 allowed\"}\n");
    row("a byte more, chunked", "/smaller", kDigest, chunked, chunks, 413,
        "{\"message\":\"request size 16 is greater than the maximum size 15 allowed\"}\n");
    row("anonymous when the digest does not fit", "/open", kEmpty, length, kBody, 200,
        "X-Consumer-Username: guest");
    row("never when the body is too large", "/open", kDigest, "Content-Length: 101\r\n",
        std::string(101, 'x'), 413,
        "{\"message\":\"request size 101 is greater than the maximum size 100 allowed\"}\n");
}

void tst_HmacBody::decides()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, digest);
    QFETCH(const QByteArray, fields);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    QFETCH(const QByteArray, says);
    const RawMessage answer =
        m_gateway.ask(head(target.toStdString(), fields.toStdString(), digest.toStdString())
                      + body.toStdString());
    QCOMPARE(answer.status(), status);
    QVERIFY2(answer.body.contains(says.toStdString()), answer.body.c_str());
    QCOMPARE(answer.header("WWW-Authenticate"),
             std::string(status == 401 ? "hmac realm=\"hmac\"" : "-"));
}

void tst_HmacBody::readsTheBodyInPieces()
{
    RawStream stream = m_gateway.connect();
    for (int i = 0; i < 2; ++i) { // the second time over the kept connection
        QVERIFY(stream.sendByteByByte(head("/anything", lengthAnd(kBody), kDigest)
                                      + std::string(kBody)));
        const RawMessage answer = stream.readMessage();
        QCOMPARE(answer.status(), 200);
        QVERIFY(answer.body.ends_with(kBody));
    }
}

void tst_HmacBody::asksForTheBodyOnlyWhenTheSignatureFits()
{
    RawStream stream = m_gateway.connect();
    const std::string fields = lengthAnd(kBody) + "Expect: 100-continue\r\n";
    QVERIFY(stream.send(head("/anything", fields, kDigest)));
    QCOMPARE(stream.readMessage().status(), 100);
    QVERIFY(stream.send(kBody));
    QCOMPARE(stream.readMessage().status(), 200);

    RawStream other = m_gateway.connect();
    std::string wrong = head("/anything", fields, kDigest);
    wrong.replace(wrong.find("my-access-key"), 13, "another-key-1");
    QVERIFY(other.send(wrong));
    QCOMPARE(other.readMessage().status(), 401); // at once, without the body
}

void tst_HmacBody::letsTheNextLoginTry_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray key("apikey: k\r\n"), large(25, 'x');
    const QByteArray body(kBody.data(), static_cast<qsizetype>(kBody.size()));
    QTest::newRow("the digest fits") << QByteArray() << body << 200;
    QTest::newRow("it does not, the key does") << key << QByteArray("x") << 200;
    QTest::newRow("neither") << QByteArray() << QByteArray("x") << 401;
    QTest::newRow("too large, the key fits") << key << large << 200;
    QTest::newRow("too large") << QByteArray() << large << 401;
}

void tst_HmacBody::letsTheNextLoginTry()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const QByteArray, body);
    QFETCH(const int, status);
    const std::string text = body.toStdString();
    const RawMessage answer =
        m_gateway.ask(head("/multi", lengthAnd(text) + fields.toStdString(), kDigest) + text);
    QCOMPARE(answer.status(), status);
    if (status == 200)
        QVERIFY(answer.body.ends_with(text));
    else
        QCOMPARE(answer.body, std::string("{\"message\":\"Authorization Failed\"}\n"));
}

void tst_HmacBody::validatesTheDefaultSize()
{
    const std::string body(1'000'000, 'p');
    const std::string digest = "SHA-256=" + encodeBase64(sha256(body));
    const RawMessage answer = m_gateway.ask(head("/anything", lengthAnd(body), digest) + body);
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body.ends_with(body));
}

QTEST_GUILESS_MAIN(tst_HmacBody)
#include "tst_hmac_body.moc"
