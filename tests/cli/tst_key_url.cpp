// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "postern_process.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

/// Keys from a URL that the user wrote, and from no other.
class tst_KeyUrl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keySetOfAUrlVerifies();
    void refusesOtherAnswers_data();
    void refusesOtherAnswers();
    void nobodyThere();
    void httpsSaysTheWayAround();
    void tokensOwnPointersAreNotFollowed();
};

namespace {

QString shown(const Ran &ran)
{
    return QString::fromStdString(
        std::format("exit {}\nstdout: {}\nstderr: {}", ran.exit, ran.out, ran.err));
}

std::string urlOf(const RawUpstream &server, std::string_view target)
{
    return std::format("http://127.0.0.1:{}{}", server.port(), target);
}

struct Signed
{
    std::string token, set;
};

Signed sign(std::string_view header = {})
{
    const Key key = Key::generate(Alg::ES256)->withKid("k1");
    const std::string usual = R"({"alg":"ES256","kid":"k1"})";
    return {
        *signJws(header.empty() ? usual : std::string(header), R"({"aud":"api"})", Alg::ES256, key),
        Json::object({{"keys", Json(Json::Array{key.toJwk(false)})}}).dump()};
}

} // namespace

void tst_KeyUrl::keySetOfAUrlVerifies()
{
    const auto [token, set] = sign();
    const RawUpstream server(RawUpstream::answering(RawUpstream::ok(set)));
    const Ran ran = runPostern({"token", "verify", token, "--jwks",
                                urlOf(server, "/.well-known/jwks.json/?v=2#x"), "--aud", "api"});
    QVERIFY2(ran.exit == 0 && ran.err.empty(), qPrintable(shown(ran)));
    QCOMPARE(server.requestCount(), 1UL);
    QVERIFY2(server.lastRequest().head.starts_with("GET /.well-known/jwks.json/?v=2 HTTP/1.1\r\n"),
             server.lastRequest().head.c_str());
}

void tst_KeyUrl::refusesOtherAnswers_data()
{
    QTest::addColumn<std::string>("answer");
    QTest::addColumn<int>("exit");
    QTest::addColumn<std::string>("says");
    QTest::newRow("404") << std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") << 5
                         << std::string("status 404");
    QTest::newRow("a redirect is not followed")
        << std::string("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n") << 5
        << std::string("redirects are not followed");
    QTest::newRow("not HTTP") << std::string("hello\r\n\r\n") << 5 << std::string("not an HTTP");
    QTest::newRow("no key set") << RawUpstream::ok("<html></html>") << 3 << std::string("[E-key");
    QTest::newRow("larger than 1 MiB")
        << RawUpstream::ok(std::string(1100 * 1024, ' ')) << 3 << std::string("[E-limit-exceeded]");
}

void tst_KeyUrl::refusesOtherAnswers()
{
    QFETCH(const std::string, answer);
    QFETCH(const int, exit);
    QFETCH(const std::string, says);
    const RawUpstream server(RawUpstream::answering(answer));
    const Ran ran = runPostern({"token", "verify", sign().token, "--jwks", urlOf(server, "/keys")});
    QVERIFY2(ran.exit == exit && ran.err.contains(says) && ran.out.empty(), qPrintable(shown(ran)));
    QCOMPARE(server.connections(), 1UL);
}

void tst_KeyUrl::nobodyThere()
{
    std::uint16_t port = 0;
    {
        const RawUpstream server(RawUpstream::answering({}));
        port = server.port();
    }
    const Ran ran = runPostern(
        {"token", "verify", sign().token, "--jwks", std::format("http://127.0.0.1:{}/", port)});
    QVERIFY2(ran.exit == 5 && ran.err.contains("[E-"), qPrintable(shown(ran)));
}

void tst_KeyUrl::httpsSaysTheWayAround()
{
    const Ran ran =
        runPostern({"token", "verify", sign().token, "--jwks", "https://127.0.0.1:1/keys"});
    QVERIFY2(ran.exit == 2 && ran.err.contains("curl -sf 'https://127.0.0.1:1/keys'"),
             qPrintable(shown(ran)));
}

void tst_KeyUrl::tokensOwnPointersAreNotFollowed()
{
    const auto own = sign();
    const RawUpstream server(RawUpstream::answering(RawUpstream::ok(own.set)));
    const auto [token, set] = sign(
        std::format(R"({{"alg":"ES256","kid":"k1","jku":"{0}","x5u":"{0}"}})", urlOf(server, "/")));
    for (const char *verb : {"verify", "inspect", "lint"}) {
        std::vector<std::string> words{"token", verb, token};
        if (std::string_view(verb) == "verify")
            words.insert(words.end(), {"--jwks", own.set});
        const Ran ran = runPostern(words);
        QVERIFY2(std::string_view(verb) != "verify" || ran.exit == 1, qPrintable(shown(ran)));
    }
    QCOMPARE(server.connections(), 0UL);
}

QTEST_GUILESS_MAIN(tst_KeyUrl)
#include "tst_key_url.moc"
