// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <format>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

/// What a client may send to break the gateway or to make it and the upstream disagree about where
/// a request ends. Nothing refused may reach the upstream.
class tst_HostileHttp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void refusesWholeAndByteByByte_data();
    void refusesWholeAndByteByByte();
    void acceptsWholeAndByteByByte_data();
    void acceptsWholeAndByteByByte();
    void refusesTooMuchHead_data();
    void refusesTooMuchHead();
    void answersABrokenBodyOnce_data();
    void answersABrokenBodyOnce();
    void slowHeadIsCutOff();
    void slowBodyIsCutOff();
    void idleConnectionIsClosed();
    void halfClosedClientGetsItsAnswer();
    void halfARequestAndFinEndsQuietly();
    void clientsThatVanishHarmNobody_data();
    void clientsThatVanishHarmNobody();
    void survivesRandomOctets();
    void cleanupTestCase();

private:
    [[nodiscard]] static bool serves(const GatewayFixture &gateway);
    [[nodiscard]] bool stillServes() const { return serves(*m_gateway); }

    std::unique_ptr<GatewayFixture> m_gateway;
    std::unique_ptr<GatewayFixture> m_hasty; ///< cuts off who is slow
    std::unique_ptr<RawUpstream> m_upstream;
};

namespace {

constexpr auto kShort = 1s;

std::string head(std::string_view line, std::string_view fields)
{
    return std::format("{}\r\nHost: a.example\r\n{}\r\n", line, fields);
}

} // namespace

void tst_HostileHttp::initTestCase()
{
    m_upstream = std::make_unique<RawUpstream>(RawUpstream::echoing());
    m_gateway = std::make_unique<GatewayFixture>();
    m_hasty = std::make_unique<GatewayFixture>();
    auto &limits = m_hasty->options.proxyOptions.limits;
    limits.headerTimeout = kShort;
    limits.bodyTimeout = kShort;
    limits.idleTimeout = kShort;
    for (GatewayFixture *const gateway : {m_gateway.get(), m_hasty.get()}) {
        QVERIFY(gateway->start());
        QVERIFY(gateway->route("all", "/*", m_upstream->port()));
    }
}

bool tst_HostileHttp::serves(const GatewayFixture &gateway)
{
    const RawMessage answer = gateway.get("/alive");
    return answer.status() == 200 && answer.complete;
}

void tst_HostileHttp::refusesWholeAndByteByByte_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<int>("status");
    // Behind each lies a second request: it must never be taken for one.
    const auto row = [](const char *name, const std::string &octets, int status = 400) {
        QTest::newRow(name) << QByteArray::fromStdString(octets
                                                         + "GET /smuggled HTTP/1.1\r\n"
                                                           "Host: a.example\r\n\r\n")
                            << status;
    };
    const std::string post = "POST /x HTTP/1.1";
    const std::string get = "GET /x HTTP/1.1";
    row("RFC 9112 6.1: Content-Length with Transfer-Encoding",
        head(post, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n");
    row("RFC 9112 6.1: Transfer-Encoding with Content-Length",
        head(post, "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + "0\r\n\r\n");
    row("RFC 9112 6.3: two different Content-Lengths",
        head(post, "Content-Length: 3\r\nContent-Length: 4\r\n") + "abc");
    row("RFC 9112 6.3: the same Content-Length twice",
        head(post, "Content-Length: 3\r\nContent-Length: 3\r\n") + "abc");
    row("RFC 9112 6.3: Content-Length as a list", head(post, "Content-Length: 3, 3\r\n") + "abc");
    row("Content-Length with a sign", head(post, "Content-Length: +3\r\n") + "abc");
    row("Content-Length negative", head(post, "Content-Length: -3\r\n") + "abc");
    row("Content-Length hexadecimal", head(post, "Content-Length: 0x3\r\n") + "abc");
    row("Content-Length empty", head(post, "Content-Length:\r\n") + "abc");
    row("Content-Length over 64 bits", head(post, "Content-Length: 99999999999999999999\r\n"));
    row("Content-Length with inner space", head(post, "Content-Length: 1 2\r\n") + "abc");
    row("RFC 9112 6.1: chunked not last",
        head(post, "Transfer-Encoding: chunked, gzip\r\n") + "0\r\n\r\n");
    row("RFC 9112 6.1: unknown coding only", head(post, "Transfer-Encoding: gzip\r\n"));
    row("RFC 9112 6.1: a coding before chunked",
        head(post, "Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n");
    row("RFC 9112 6.1: chunked twice",
        head(post, "Transfer-Encoding: chunked, chunked\r\n") + "0\r\n\r\n");
    row("RFC 9112 6.1: identity", head(post, "Transfer-Encoding: identity\r\n"));
    row("RFC 9112 6.1: not quite chunked", head(post, "Transfer-Encoding: xchunked\r\n"));
    row("RFC 9112 6.1: chunked, then another field with another coding",
        head(post, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") + "0\r\n\r\n");
    row("RFC 9112 6.1: chunked with HTTP/1.0",
        head("POST /x HTTP/1.0", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n");
    row("RFC 9112 2.2: bare LF", "GET /x HTTP/1.1\nHost: a.example\n\n");
    row("RFC 9112 2.2: bare LF behind a field", "GET /x HTTP/1.1\r\nHost: a.example\nX: y\r\n\r\n");
    row("RFC 9112 2.2: bare CR in a value", head(get, "X: a\rb\r\n"));
    row("RFC 9112 5.2: obs-fold", head(get, "X: a\r\n b\r\n"));
    row("RFC 9112 5.1: space before the colon", head(get, "X : y\r\n"));
    row("RFC 9112 5.1: space before the first field",
        "GET /x HTTP/1.1\r\n Host: a.example\r\n\r\n");
    row("field without colon", head(get, "nonsense\r\n"));
    row("field without name", head(get, ": y\r\n"));
    row("field name with a separator", head(get, "X(y): z\r\n"));
    row("NUL in a value", head(get, std::string("X: a\0b\r\n", 8)));
    row("NUL in a name", head(get, std::string("X\0Y: b\r\n", 8)));
    row("NUL in the target", head(std::string("GET /\0x HTTP/1.1", 16), ""));
    row("RFC 9112 3.2: no Host", "GET /x HTTP/1.1\r\nX: y\r\n\r\n");
    row("RFC 9112 3.2: two Hosts", head(get, "Host: b.example\r\n"));
    row("RFC 9112 3.2: the same Host twice", head(get, "Host: a.example\r\n"));
    row("nginx: empty Host", "GET /x HTTP/1.1\r\nHost:\r\n\r\n");
    row("Host with a space", "GET /x HTTP/1.1\r\nHost: a b\r\n\r\n");
    row("Host with a path", "GET /x HTTP/1.1\r\nHost: a/b\r\n\r\n");
    row("Host with user information", "GET /x HTTP/1.1\r\nHost: u@a\r\n\r\n");
    row("Host with a bad port", "GET /x HTTP/1.1\r\nHost: a:99999\r\n\r\n");
    row("HTTP/2.0 on the line", head("GET /x HTTP/2.0", ""), 505);
    row("HTTP/1.2", head("GET /x HTTP/1.2", ""), 505);
    row("HTTP/9.9", head("GET /x HTTP/9.9", ""), 505);
    row("version in lower case", head("GET /x http/1.1", ""));
    row("another protocol", head("GET /x RTSP/1.0", ""));
    row("two spaces on the line", head("GET  /x HTTP/1.1", ""));
    row("space behind the version", head("GET /x HTTP/1.1 ", ""));
    row("tab on the line", head("GET\t/x HTTP/1.1", ""));
    row("space in the target", head("GET /a b HTTP/1.1", ""));
    row("unknown method", head("BREW /x HTTP/1.1", ""));
    row("method in lower case", head("get /x HTTP/1.1", ""));
    row("raw UTF-8 in the path", head("GET /\xc3\xa4 HTTP/1.1", ""));
    row("control character in the path", head("GET /\x01 HTTP/1.1", ""));
    row("target without slash", head("GET x HTTP/1.1", ""));
    row("asterisk-form", head("OPTIONS * HTTP/1.1", ""));
    row("NUL escaped in the path", head("GET /a%00b HTTP/1.1", ""));
    row("broken escape in the path", head("GET /a%zz HTTP/1.1", ""));
    row("above the root", head("GET /../x HTTP/1.1", ""));
    row("above the root, escaped", head("GET /%2e%2e/x HTTP/1.1", ""));
    row("CONNECT", head("CONNECT a.example:443 HTTP/1.1", ""), 0);
    row("TRACE", head("TRACE /x HTTP/1.1", ""), 405);
    row("TLS on the plain port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
    row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0);
}

void tst_HostileHttp::refusesWholeAndByteByByte()
{
    QFETCH(const QByteArray, octets);
    QFETCH(const int, status); // 0: 400, 405 or 505
    const std::size_t before = m_upstream->requestCount();
    std::string seen[2];
    for (const bool whole : {true, false}) {
        RawStream client = m_gateway->connect();
        if (whole)
            client.send(octets.toStdString());
        else
            client.sendByteByByte(octets.toStdString());
        const RawMessage answer = client.readMessage();
        if (status)
            QCOMPARE(answer.status(), status);
        else
            QVERIFY(answer.status() == 400 || answer.status() == 405 || answer.status() == 505);
        QVERIFY(answer.complete);
        QCOMPARE(answer.header("connection"), std::string("close"));
        client.shutdownWrite();
        QCOMPARE(client.readUntilClose(), std::string()); // one answer and no more
        seen[whole ? 0 : 1] = answer.startLine + answer.body;
    }
    QCOMPARE(seen[0], seen[1]);
    QCOMPARE(m_upstream->requestCount(), before);
    QVERIFY(stillServes());
}

void tst_HostileHttp::acceptsWholeAndByteByByte_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const std::string &octets, const char *body = "") {
        QTest::newRow(name) << QByteArray::fromStdString(octets) << QByteArray(body);
    };
    row("plain", head("GET /x HTTP/1.1", ""));
    row("RFC 9112 2.2: an empty line before the request", "\r\n" + head("GET /x HTTP/1.1", ""));
    row("HTTP/1.0 without Host", "GET /x HTTP/1.0\r\n\r\n");
    row("absolute-form", head("GET http://b.example/x?y HTTP/1.1", ""));
    row("no space behind the colon", head("GET /x HTTP/1.1", "X:y\r\n"));
    row("spaces around a value", head("GET /x HTTP/1.1", "X: \t y \t\r\n"));
    row("empty value", head("GET /x HTTP/1.1", "X:\r\n"));
    row("UTF-8 in a value", head("GET /x HTTP/1.1", "X: \xc3\xa4\r\n"));
    row("underscore in a name", head("GET /x HTTP/1.1", "x_y: z\r\n"));
    row("a field twice", head("GET /x HTTP/1.1", "X: 1\r\nX: 2\r\n"));
    row("Content-Length", head("POST /x HTTP/1.1", "Content-Length: 3\r\n") + "abc", "abc");
    row("Content-Length of 0", head("POST /x HTTP/1.1", "Content-Length: 0\r\n"));
    row("Content-Length with leading zeros",
        head("POST /x HTTP/1.1", "Content-Length: 003\r\n") + "abc", "abc");
    row("GET with a body", head("GET /x HTTP/1.1", "Content-Length: 3\r\n") + "abc", "abc");
    row("chunked",
        head("POST /x HTTP/1.1", "Transfer-Encoding: chunked\r\n")
            + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "abcde");
    row("chunked: coding in capitals",
        head("POST /x HTTP/1.1", "Transfer-Encoding: Chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n",
        "abc");
    row("chunked: extension and trailer",
        head("POST /x HTTP/1.1", "Transfer-Encoding: chunked\r\n")
            + "3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n",
        "abc");
    row("chunked: size in capitals",
        head("POST /x HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "A\r\n0123456789\r\n0\r\n\r\n",
        "0123456789");
    row("chunked: empty", head("POST /x HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n");
    row("body that looks like a request",
        head("POST /x HTTP/1.1", "Content-Length: 23\r\n") + "GET /smuggled HTTP/1.1\n",
        "GET /smuggled HTTP/1.1\n");
}

void tst_HostileHttp::acceptsWholeAndByteByByte()
{
    QFETCH(const QByteArray, octets);
    QFETCH(const QByteArray, body);
    RawMessage reached[2];
    for (const bool whole : {true, false}) {
        RawStream client = m_gateway->connect();
        if (whole)
            QVERIFY(client.send(octets.toStdString()));
        else
            QVERIFY(client.sendByteByByte(octets.toStdString()));
        const RawMessage answer = client.readMessage();
        QCOMPARE(answer.status(), 200);
        QVERIFY(answer.complete);
        reached[whole ? 0 : 1] = m_upstream->lastRequest();
        QCOMPARE(m_upstream->lastRequest().body, body.toStdString());
    }
    QCOMPARE(reached[0].head, reached[1].head);
}

void tst_HostileHttp::refusesTooMuchHead_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("refused");
    const auto fields = [](int count) {
        std::string text;
        for (int i = 0; i < count; ++i)
            text += std::format("X-{}: y\r\n", i);
        return text;
    };
    const auto row = [](const char *name, const std::string &octets, bool refused) {
        QTest::newRow(name) << QByteArray::fromStdString(octets) << refused;
    };
    const std::string get = "GET /x HTTP/1.1";
    row("100 fields", head(get, fields(99)), false);
    row("101 fields", head(get, fields(100)), true);
    row("10,000 fields", head(get, fields(10000)), true);
    row("a field of 60 KiB", head(get, "X: " + std::string(60 * 1024, 'y') + "\r\n"), false);
    row("a field of 1 MiB", head(get, "X: " + std::string(1024 * 1024, 'y') + "\r\n"), true);
    row("a field name of 1 MiB", head(get, std::string(1024 * 1024, 'y') + ": x\r\n"), true);
    row("a target of 15 KiB", head("GET /" + std::string(15 * 1024, 'a') + " HTTP/1.1", ""), false);
    row("a target of 17 KiB", head("GET /" + std::string(17 * 1024, 'a') + " HTTP/1.1", ""), true);
    row("a target of 1 MiB", head("GET /" + std::string(1024 * 1024, 'a') + " HTTP/1.1", ""), true);
    row("a head that never ends", get + "\r\nX: " + std::string(100 * 1024, 'y'), true);
}

void tst_HostileHttp::refusesTooMuchHead()
{
    QFETCH(const QByteArray, octets);
    QFETCH(const bool, refused);
    const std::size_t before = m_upstream->requestCount();
    RawStream client = m_gateway->connect();
    client.send(octets.toStdString(), 2s);
    const RawMessage answer = client.readMessage();
    QCOMPARE(answer.status(), refused ? 431 : 200);
    QVERIFY(answer.complete);
    QCOMPARE(m_upstream->requestCount(), before + (refused ? 0 : 1));
    QVERIFY(stillServes());
}

void tst_HostileHttp::answersABrokenBodyOnce_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("chunk size is not a number") << QByteArray("zz\r\nabc\r\n0\r\n\r\n");
    QTest::newRow("chunk size over 64 bits") << QByteArray("11111111111111111\r\nabc");
    QTest::newRow("chunk size negative") << QByteArray("-1\r\nabc\r\n0\r\n\r\n");
    QTest::newRow("chunk size with 0x") << QByteArray("0x3\r\nabc\r\n0\r\n\r\n");
    QTest::newRow("chunk size missing") << QByteArray("\r\nabc\r\n0\r\n\r\n");
    QTest::newRow("chunk longer than its size") << QByteArray("3\r\nabcd\r\n0\r\n\r\n");
    QTest::newRow("bare LF behind the size") << QByteArray("3\nabc\r\n0\r\n\r\n");
    QTest::newRow("bare LF behind the chunk") << QByteArray("3\r\nabc\n0\r\n\r\n");
    QTest::newRow("space behind the size") << QByteArray("3 \r\nabc\r\n0\r\n\r\n");
    QTest::newRow("NUL in an extension") << QByteArray("3;a=\0\r\nabc\r\n0\r\n\r\n", 17);
}

void tst_HostileHttp::answersABrokenBodyOnce()
{
    QFETCH(const QByteArray, body);
    const std::size_t before = m_upstream->requestCount();
    const std::string octets = head("POST /x HTTP/1.1", "Transfer-Encoding: chunked\r\n")
        + body.toStdString() + head("GET /smuggled HTTP/1.1", "");
    for (const bool whole : {true, false}) {
        RawStream client = m_gateway->connect();
        if (whole)
            client.send(octets);
        else
            client.sendByteByByte(octets);
        const RawMessage answer = client.readMessage();
        QCOMPARE(answer.status(), 400);
        client.shutdownWrite();
        QCOMPARE(client.readUntilClose(), std::string());
    }
    QCOMPARE(m_upstream->requestCount(), before); // none came to its end
    QVERIFY(stillServes());
}

void tst_HostileHttp::slowHeadIsCutOff()
{
    RawStream client = m_hasty->connect();
    const std::string octets = head("GET /x HTTP/1.1", "X: " + std::string(2000, 'y') + "\r\n");
    // One octet every 10 ms: the whole would take 20 s, and each octet alone is never late.
    std::size_t sent = 0;
    while (sent < octets.size() && client.staysQuietFor(10ms)
           && client.send(octets.substr(sent, 1)))
        ++sent;
    QVERIFY2(sent < octets.size() / 2, "the head may take any time as long as octets trickle");
    const RawMessage answer = client.readMessage();
    QVERIFY(answer.status() == 408 || answer.startLine.empty());
    QVERIFY(serves(*m_hasty));
}

void tst_HostileHttp::slowBodyIsCutOff()
{
    RawStream client = m_hasty->connect();
    QVERIFY(client.send(head("POST /x HTTP/1.1", "Content-Length: 10\r\n") + "abc"));
    const RawMessage answer = client.readMessage();
    QVERIFY(answer.status() == 408 || answer.startLine.empty());
    QCOMPARE(client.readUntilClose(), std::string());
    QVERIFY(serves(*m_hasty));
}

void tst_HostileHttp::idleConnectionIsClosed()
{
    RawStream client = m_hasty->connect();
    QVERIFY(client.send(head("GET /x HTTP/1.1", "")));
    QCOMPARE(client.readMessage().status(), 200);
    QVERIFY(client.endsWithin());
    RawStream silent = m_hasty->connect();
    QCOMPARE(silent.readUntilClose(), std::string()); // no 408 to whom has asked nothing
}

void tst_HostileHttp::halfClosedClientGetsItsAnswer()
{
    for (const char *fields : {"", "Connection: close\r\n"}) {
        RawStream client = m_gateway->connect();
        QVERIFY(client.send(head("GET /x HTTP/1.1", fields)));
        client.shutdownWrite();
        const RawMessage answer = client.readMessage();
        QCOMPARE(answer.status(), 200);
        QVERIFY(answer.complete);
        QCOMPARE(client.readUntilClose(), std::string());
    }
}

void tst_HostileHttp::halfARequestAndFinEndsQuietly()
{
    const std::string octets = head("POST /x HTTP/1.1", "Content-Length: 10\r\n") + "abcde";
    const std::size_t before = m_upstream->requestCount();
    for (std::size_t size = 0; size < octets.size(); size += 7) {
        RawStream client = m_gateway->connect();
        QVERIFY(client.send(octets.substr(0, size)));
        client.shutdownWrite();
        const RawMessage answer = client.readMessage();
        QVERIFY(answer.startLine.empty() || answer.status() == 400);
    }
    QCOMPARE(m_upstream->requestCount(), before);
    QVERIFY(stillServes());
}

void tst_HostileHttp::clientsThatVanishHarmNobody_data()
{
    QTest::addColumn<bool>("reset");
    QTest::newRow("with FIN") << false;
    QTest::newRow("with RST") << true;
}

void tst_HostileHttp::clientsThatVanishHarmNobody()
{
    QFETCH(const bool, reset);
    // An upstream that answers slowly and at length, so that many are gone in the middle of it.
    RawUpstream upstream([](RawUpstream::Connection &connection) {
        const std::string piece(64 * 1024, 'z');
        while (connection.readRequest().complete) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n");
            for (int i = 0; i < 16; ++i) {
                if (!connection.send(piece))
                    return;
            }
        }
    });
    QVERIFY(m_gateway->route("big", "/big/*", upstream.port()));
    std::atomic<int> good{0};
    std::vector<std::thread> clients;
    for (unsigned thread = 0; thread < 6; ++thread) {
        clients.emplace_back([&, thread] {
            std::mt19937 random(thread);
            const std::string octets =
                head("POST /big/x HTTP/1.1", "Content-Length: 2000\r\n") + std::string(2000, 'b');
            for (int i = 0; i < 60; ++i) {
                RawStream client = m_gateway->connect(4096);
                if (thread == 0) { // this one behaves
                    client.send(octets);
                    good += client.readMessage().body.size() == 1048576 ? 1 : 0;
                    continue;
                }
                client.send(std::string_view(octets).substr(0, random() % (octets.size() + 800)));
                client.readExactly(random() % 3 == 0 ? 0 : random() % 200000, 50ms);
                if (reset)
                    client.reset();
            }
        });
    }
    for (std::thread &client : clients)
        client.join();
    QCOMPARE(good.load(), 60);
    QVERIFY(stillServes());
    QCOMPARE(m_gateway->admin("DELETE", "/routes/big").status(), 200);
}

void tst_HostileHttp::survivesRandomOctets()
{
    std::mt19937 random(99);
    const std::string seed =
        head("POST /x HTTP/1.1", "Transfer-Encoding: chunked\r\nX: y\r\nExpect: 100-continue\r\n")
        + "3\r\nabc\r\n0\r\n\r\n" + head("GET /y HTTP/1.1", "Content-Length: 3\r\n") + "abc";
    for (int round = 0; round < 400; ++round) {
        std::string octets = seed;
        for (std::size_t edits = random() % 4 + 1; edits > 0 && !octets.empty(); --edits) {
            const std::size_t at = random() % octets.size();
            if (random() % 3 == 0)
                octets.erase(at, random() % 8);
            else if (random() % 2 == 0)
                octets[at] = static_cast<char>(random());
            else
                octets.insert(at, octets.substr(random() % octets.size(), random() % 20));
        }
        RawStream client = m_hasty->connect();
        client.send(octets);
        client.shutdownWrite();
        for (int answers = 0; answers < 10; ++answers) {
            const RawMessage answer = client.readMessage();
            if (answer.startLine.empty())
                break;
            QVERIFY2(answer.status() >= 100, answer.startLine.c_str());
        }
    }
    QVERIFY(serves(*m_hasty));
}

void tst_HostileHttp::cleanupTestCase()
{
    m_hasty.reset();
    m_gateway.reset();
    m_upstream.reset();
}

QTEST_GUILESS_MAIN(tst_HostileHttp)
#include "tst_hostile_http.moc"
