// SPDX-License-Identifier: Apache-2.0
#include "cli/fetch.h"
#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "postern_process.h"
#include "test_folder.h"
#include "tests/support/raw_upstream.h"
#include "tests/support/tls_server.h"

#include <QTest>

#include <chrono>
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
    void keySetOverHttpsVerifies_data();
    void keySetOverHttpsVerifies();
    void untrustedServersAreRefused_data();
    void untrustedServersAreRefused();
    void largerThanTheLimitOverHttps();
    void serversWithoutTls_data();
    void serversWithoutTls();
    void stalledHandshakeTimesOut();
    void tokensOwnPointersAreNotFollowed();

private:
    TestFolder m_folder;
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

std::string httpsUrlOf(const RawUpstream &server)
{
    return std::format("https://127.0.0.1:{}/keys", server.port());
}

// Nobody but this authority is trusted.
Environment trusting(const TestFolder &folder, const TlsIdentity &authority)
{
    return {{"SSL_CERT_FILE", folder.write("authority.pem", authority.pem())},
            {"SSL_CERT_DIR", folder.path("none")}};
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

void tst_KeyUrl::keySetOverHttpsVerifies_data()
{
    QTest::addColumn<std::string>("host");
    QTest::addColumn<std::string>("alternatives");
    QTest::newRow("by address") << std::string("127.0.0.1") << std::string("IP:127.0.0.1");
    QTest::newRow("by name") << std::string("localhost") << std::string("DNS:localhost");
}

void tst_KeyUrl::keySetOverHttpsVerifies()
{
    QFETCH(const std::string, host);
    QFETCH(const std::string, alternatives);
    const auto [token, set] = sign();
    const TlsIdentity authority = makeAuthority("Test Authority");
    const RawUpstream server(
        answeringOverTls(issue(authority, {.alternatives = alternatives}), RawUpstream::ok(set)));
    const Ran ran =
        runPostern({"token", "verify", token, "--jwks",
                    std::format("https://{}:{}/keys", host, server.port()), "--aud", "api"},
                   {}, trusting(m_folder, authority));
    QVERIFY2(ran.exit == 0 && ran.err.empty(), qPrintable(shown(ran)));
    QCOMPARE(server.connections(), 1UL);
}

void tst_KeyUrl::untrustedServersAreRefused_data()
{
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<std::string>("alternatives");
    QTest::addColumn<int>("untilHours");
    QTest::addColumn<std::string>("says");
    const std::string ours = "IP:127.0.0.1";
    QTest::newRow("unknown authority")
        << false << ours << 48
        << std::string("CN=server, issued by CN=Test Authority, is not trusted; SSL_CERT_FILE=");
    QTest::newRow("another host") << true << std::string("DNS:other.example,IP:127.0.0.2") << 48
                                  << std::string("CN=server is for other.example, 127.0.0.2, not "
                                                 "for 127.0.0.1");
    QTest::newRow("expired") << true << ours << -24 << std::string("CN=server expired on ");
}

void tst_KeyUrl::untrustedServersAreRefused()
{
    QFETCH(const bool, trusted);
    QFETCH(const std::string, alternatives);
    QFETCH(const int, untilHours);
    QFETCH(const std::string, says);
    const auto [token, set] = sign();
    const TlsIdentity authority = makeAuthority("Test Authority");
    const TlsIdentity another = makeAuthority("Another Authority");
    const RawUpstream server(answeringOverTls(
        issue(authority, {.alternatives = alternatives, .until = std::chrono::hours(untilHours)}),
        RawUpstream::ok(set)));
    const Ran ran = runPostern({"token", "verify", token, "--jwks", httpsUrlOf(server)}, {},
                               trusting(m_folder, trusted ? authority : another));
    QVERIFY2(ran.exit == 5 && ran.out.empty() && ran.err.contains(says), qPrintable(shown(ran)));
}

void tst_KeyUrl::largerThanTheLimitOverHttps()
{
    const TlsIdentity authority = makeAuthority("Test Authority");
    const RawUpstream server(
        answeringOverTls(issue(authority), RawUpstream::ok(std::string(1100 * 1024, ' '))));
    const Ran ran = runPostern({"token", "verify", sign().token, "--jwks", httpsUrlOf(server)}, {},
                               trusting(m_folder, authority));
    QVERIFY2(ran.exit == 3 && ran.err.contains("[E-limit-exceeded]"), qPrintable(shown(ran)));
}

void tst_KeyUrl::serversWithoutTls_data()
{
    QTest::addColumn<std::string>("greeting");
    QTest::addColumn<std::string>("says");
    QTest::newRow("plain HTTP") << std::string("HTTP/1.1 400 Bad Request\r\n\r\n")
                                << std::string("does not speak TLS there");
    QTest::newRow("nothing at all")
        << std::string() << std::string("ended within the TLS handshake");
}

void tst_KeyUrl::serversWithoutTls()
{
    QFETCH(const std::string, greeting);
    QFETCH(const std::string, says);
    const RawUpstream server([greeting](RawUpstream::Connection &connection) {
        // Reading first: what is unread at the close would turn it into a reset.
        static_cast<void>(connection.readExactly(5));
        connection.send(greeting);
        connection.shutdownWrite();
        connection.waitForEnd();
    });
    const Ran ran = runPostern({"token", "verify", sign().token, "--jwks", httpsUrlOf(server)});
    QVERIFY2(ran.exit == 5 && ran.err.contains(says), qPrintable(shown(ran)));
}

void tst_KeyUrl::stalledHandshakeTimesOut()
{
    const RawUpstream server([](RawUpstream::Connection &connection) { connection.waitForEnd(); });
    const Result<std::string> got =
        cli::fetchUrl(httpsUrlOf(server), std::chrono::milliseconds(100));
    QVERIFY(!got);
    QCOMPARE(got.error().code, Errc::Timeout);
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
