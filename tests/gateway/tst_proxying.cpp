// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <format>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

/// What a well-behaved client and a well-behaved upstream see of the gateway between them.
class tst_Proxying : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();

    void keepsHeadersAsTheyCame();
    void forwardsTheRawTarget_data();
    void forwardsTheRawTarget();
    void setsForwardingHeaders_data();
    void setsForwardingHeaders();
    void dropsHopByHopHeaders();
    void answersWithItsOwnServerAndADate();
    void keepsResponseHeadersAsTheyCame();

    void keepsOrClosesTheConnection_data();
    void keepsOrClosesTheConnection();
    void answersPipelinedRequestsInOrder();
    void answersWholePipelineOfAHalfClosedClient();
    void doesNotServeOnWhoDoesNotRead_data();
    void doesNotServeOnWhoDoesNotRead();
    void headHasNoBody();
    void statusWithoutBody_data();
    void statusWithoutBody();
    void continuesBeforeTheBody();
    void refusesInsteadOfContinuing();
    void reusesUpstreamConnections();

    void translatesResponseFraming_data();
    void translatesResponseFraming();
    void streamsBeforeTheEnd();
    void passesLargeBodies_data();
    void passesLargeBodies();
    void slowReaderPausesTheUpstream();
    void slowUpstreamPausesTheClient();

    void tunnelsAfterUpgrade();
    void upgradesOnlyWhereEnabled();

    void configurationIsNeverStale();
    void finishesWhatIsUnderWayAtShutdown();

private:
    [[nodiscard]] bool serve(std::string_view uri, RawUpstream::Script script,
                             std::string_view more = {}, std::string_view upstreamMore = {});

    std::vector<std::unique_ptr<RawUpstream>> m_upstreams; // outlive the gateway's connections
    std::unique_ptr<GatewayFixture> m_gateway;
};

namespace {

std::string head(std::string_view line, std::string_view fields = {})
{
    return std::format("{}\r\nHost: a.example:9080\r\n{}\r\n", line, fields);
}

/// Octets that tell when they are shifted, doubled or lost.
std::string pattern(std::size_t size)
{
    std::string text(size, '\0');
    std::uint64_t state = 88172645463325252U;
    for (char &c : text) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        c = static_cast<char>(state);
    }
    return text;
}

std::size_t residentBytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t all = 0;
    std::size_t resident = 0;
    file >> all >> resident;
    return resident * 4096;
}

} // namespace

void tst_Proxying::initTestCase()
{
    m_gateway = std::make_unique<GatewayFixture>();
    m_gateway->options.workers = 2;
    QVERIFY(m_gateway->start());
    QVERIFY(serve("/echo*", RawUpstream::echoing()));
}

bool tst_Proxying::serve(std::string_view uri, RawUpstream::Script script, std::string_view more,
                         std::string_view upstreamMore)
{
    m_upstreams.push_back(std::make_unique<RawUpstream>(std::move(script)));
    return m_gateway->route(std::to_string(m_upstreams.size()), uri, m_upstreams.back()->port(),
                            more, upstreamMore);
}

void tst_Proxying::keepsHeadersAsTheyCame()
{
    const RawMessage answer = m_gateway->ask(
        "GET /echo/x?b=1&a=%20 HTTP/1.1\r\nzeta: 1\r\nHOST: A.example:9080\r\nX-ReaL: a  b\r\n"
        "x_under: u\r\nX-Twice: 1\r\nAccept: */*\r\nx-twice: 2\r\nX-Empty:\r\n\r\n");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body,
             std::format("GET /echo/x?b=1&a=%20 HTTP/1.1\r\nzeta: 1\r\nHost: A.example:9080\r\n"
                         "X-ReaL: a  b\r\nx_under: u\r\nX-Twice: 1\r\nAccept: */*\r\nx-twice: 2\r\n"
                         "X-Empty: \r\nX-Real-IP: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1\r\n"
                         "X-Forwarded-Proto: http\r\nX-Forwarded-Host: A.example:9080\r\n"
                         "X-Forwarded-Port: 9080\r\n\r\n"));
}

void tst_Proxying::forwardsTheRawTarget_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("upstream");
    const auto row = [](const char *name, const char *target, const char *upstream) {
        QTest::newRow(name) << QByteArray(target) << QByteArray(upstream);
    };
    row("apisix: undecoded", "/echo/%61%2F%2e?x=%20&y", "/echo/%61%2F%2e?x=%20&y");
    row("apisix: dot segments stay", "/x/../echo/y", "/x/../echo/y");
    row("apisix: doubled slashes stay", "//echo//y", "//echo//y");
    row("lone question mark", "/echo?", "/echo?");
    row("RFC 9112 3.2.2: absolute-form becomes origin-form", "http://b.example/echo?q", "/echo?q");
}

void tst_Proxying::forwardsTheRawTarget()
{
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, upstream);
    const RawMessage answer = m_gateway->get(target.toStdString());
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body.substr(0, answer.body.find("\r\n")),
             "GET " + upstream.toStdString() + " HTTP/1.1");
}

void tst_Proxying::setsForwardingHeaders_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *label, const char *fields, const char *name,
                        const char *value) {
        QTest::newRow(label) << QByteArray(fields) << QByteArray(name) << QByteArray(value);
    };
    row("apisix 2.8: X-Real-IP of the peer", "", "x-real-ip", "127.0.0.1");
    row("apisix 2.3: a loopback peer may replace it", "X-Real-IP: 10.1.2.3\r\n", "x-real-ip",
        "10.1.2.3");
    row("apisix 2.3: the replaced address is forwarded", "X-Real-IP: 10.1.2.3\r\n",
        "x-forwarded-for", "10.1.2.3");
    row("apisix 2.3: text that is no address is not", "X-Real-IP: nonsense\r\n", "x-real-ip",
        "127.0.0.1");
    row("apisix 2.8: X-Forwarded-For is appended to", "X-Forwarded-For: 1.1.1.1\r\n",
        "x-forwarded-for", "1.1.1.1, 127.0.0.1");
    row("apisix 2.8: X-Forwarded-Proto is ours", "X-Forwarded-Proto: https\r\n",
        "x-forwarded-proto", "http");
    row("apisix 2.8: X-Forwarded-Host is ours", "X-Forwarded-Host: evil\r\n", "x-forwarded-host",
        "a.example:9080");
    row("apisix 2.8: X-Forwarded-Port is ours", "X-Forwarded-Port: 1\r\n", "x-forwarded-port",
        "9080");
    row("apisix 2.8: Forwarded is removed", "Forwarded: for=1.1.1.1\r\n", "forwarded", "-");
}

void tst_Proxying::setsForwardingHeaders()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QCOMPARE(m_gateway->ask(head("GET /echo HTTP/1.1", fields.toStdString())).status(), 200);
    const RawMessage reached = m_upstreams.front()->lastRequest();
    QCOMPARE(reached.header(name.toStdString()), value.toStdString());
    QVERIFY(reached.count(name.toStdString()) <= 1);
}

void tst_Proxying::dropsHopByHopHeaders()
{
    QCOMPARE(m_gateway
                 ->ask(head("GET /echo HTTP/1.1",
                            "Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n"
                            "Proxy-Connection: x\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Stay: 1\r\n"))
                 .status(),
             200);
    const RawMessage reached = m_upstreams.front()->lastRequest();
    for (const char *name :
         {"connection", "x-hop", "keep-alive", "proxy-connection", "te", "upgrade"})
        QVERIFY2(reached.header(name) == "-", name);
    QCOMPARE(reached.header("x-stay"), std::string("1"));
}

void tst_Proxying::answersWithItsOwnServerAndADate()
{
    QVERIFY(serve("/dated",
                  RawUpstream::answering("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0\r\n"
                                         "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n")));
    const RawMessage dated = m_gateway->get("/dated");
    QCOMPARE(dated.header("date"), std::string("Sun, 06 Nov 1994 08:49:37 GMT"));
    QCOMPARE(dated.count("date"), std::size_t{1});
    QCOMPARE(dated.count("server"), std::size_t{1});
    QVERIFY(dated.header("server").starts_with("APISIX/"));
    const RawMessage own = m_gateway->get("/echo");
    QVERIFY(own.header("date").ends_with(" GMT"));
    const RawMessage unmatched = m_gateway->get("/nowhere");
    QCOMPARE(unmatched.status(), 404);
    QVERIFY(unmatched.header("server").starts_with("APISIX/"));
    QVERIFY(unmatched.header("date").ends_with(" GMT"));
    QVERIFY(unmatched.body.starts_with("{\"error_msg\":\"404 Route Not Found\"}"));
}

void tst_Proxying::keepsResponseHeadersAsTheyCame()
{
    QVERIFY(serve("/fields",
                  RawUpstream::answering("HTTP/1.1 299 Quite Odd\r\nzeta: 1\r\nX-ReaL: a  b\r\n"
                                         "Set-Cookie: a=1\r\nX-Empty:\r\nset-cookie: b=2\r\n"
                                         "content-length: 2\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                                         "Keep-Alive: timeout=5\r\n\r\nok")));
    const RawMessage answer = m_gateway->get("/fields");
    QVERIFY2(answer.head.starts_with("HTTP/1.1 299 Quite Odd\r\nzeta: 1\r\nX-ReaL: a  b\r\n"
                                     "Set-Cookie: a=1\r\nX-Empty: \r\nset-cookie: b=2\r\n"
                                     "content-length: 2\r\n"),
             answer.head.c_str());
    QCOMPARE(answer.body, std::string("ok"));
    QCOMPARE(answer.header("x-hop"), std::string("-"));
    QCOMPARE(answer.header("keep-alive"), std::string("-"));
}

void tst_Proxying::keepsOrClosesTheConnection_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<bool>("keeps");
    QTest::addColumn<QByteArray>("connection");
    const auto row = [](const char *name, const char *line, const char *fields, bool keeps,
                        const char *connection) {
        QTest::newRow(name) << QByteArray(line) << QByteArray(fields) << keeps
                            << QByteArray(connection);
    };
    for (const char *target : {"/echo", "/nowhere"}) {
        const QByteArray one = QByteArray("GET ") + target + " HTTP/1.1";
        const QByteArray zero = QByteArray("GET ") + target + " HTTP/1.0";
        const auto name = [target](const char *rule) {
            return QByteArray("RFC 9112 9.3: ") + rule + ", " + target;
        };
        row(name("1.1 keeps"), one, "", true, "-");
        row(name("1.1 with close"), one, "Connection: close\r\n", false, "close");
        row(name("1.1 with Close among others"), one, "Connection: x, Close\r\n", false, "close");
        row(name("1.1 with keep-alive"), one, "Connection: keep-alive\r\n", true, "-");
        row(name("1.0 closes"), zero, "", false, "close");
        row(name("1.0 with keep-alive"), zero, "Connection: keep-alive\r\n", true, "keep-alive");
    }
}

void tst_Proxying::keepsOrClosesTheConnection()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, fields);
    QFETCH(const bool, keeps);
    QFETCH(const QByteArray, connection);
    const std::string octets = head(line.toStdString(), fields.toStdString());
    RawStream client = m_gateway->connect();
    QVERIFY(client.send(octets));
    RawMessage answer = client.readMessage();
    QVERIFY(answer.complete && !answer.untilClose);
    QCOMPARE(answer.header("connection"), connection.toStdString());
    if (keeps) {
        QVERIFY(client.send(octets));
        QVERIFY(client.readMessage().complete);
    } else {
        QVERIFY(client.endsWithin());
    }
}

void tst_Proxying::answersPipelinedRequestsInOrder()
{
    std::string octets;
    for (int i = 0; i < 50; ++i) {
        octets +=
            head(std::format("POST /echo/{} HTTP/1.1", i), std::format("Content-Length: {}\r\n", i))
            + std::string(static_cast<std::size_t>(i), 'b');
        octets += head(std::format("GET /nowhere/{} HTTP/1.1", i));
    }
    for (const bool whole : {true, false}) {
        RawStream client = m_gateway->connect();
        QVERIFY(whole ? client.send(octets) : client.sendByteByByte(octets));
        for (int i = 0; i < 50; ++i) {
            const RawMessage answer = client.readMessage();
            QCOMPARE(answer.status(), 200);
            QVERIFY(answer.body.starts_with(std::format("POST /echo/{} ", i)));
            QVERIFY(
                answer.body.ends_with("\r\n\r\n" + std::string(static_cast<std::size_t>(i), 'b')));
            QCOMPARE(client.readMessage().status(), 404);
        }
    }
}

void tst_Proxying::answersWholePipelineOfAHalfClosedClient()
{
    std::string octets;
    for (int i = 0; i < 100; ++i)
        octets += head(std::format("GET /{} HTTP/1.1", i % 3 == 0 ? "echo" : "nowhere"));
    for (const char *behind : {"", "GET /half",
                               "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: "
                               "9\r\n\r\nabc"}) {
        RawStream client = m_gateway->connect();
        QVERIFY(client.send(octets + behind));
        client.shutdownWrite();
        for (int i = 0; i < 100; ++i)
            QCOMPARE(client.readMessage().status(), i % 3 == 0 ? 200 : 404);
        QCOMPARE(client.readUntilClose(), std::string());
    }
}

void tst_Proxying::doesNotServeOnWhoDoesNotRead_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("answered by the gateway") << QByteArray("/nowhere");
    QTest::newRow("answered by the upstream") << QByteArray("/echo");
}

void tst_Proxying::doesNotServeOnWhoDoesNotRead()
{
    QFETCH(const QByteArray, target);
    const std::string one = head("GET " + target.toStdString() + " HTTP/1.1");
    std::string octets;
    constexpr std::size_t kRequests = 300'000;
    for (std::size_t i = 0; i < kRequests; ++i)
        octets += one;
    [[maybe_unused]] const std::size_t before = residentBytes();
    RawStream client = m_gateway->connect(4096);
    const std::size_t sent = client.sendUntilStuck(octets, 500ms);
    QVERIFY2(sent < octets.size(), "all were taken");
#if !defined(__SANITIZE_ADDRESS__) // freed memory stays resident there
    QVERIFY2(residentBytes() < before + 16U * 1024 * 1024, "memory follows the answers");
#endif
    // What was taken is answered, in order, once the client reads.
    client.shutdownWrite();
    const int status = target == "/echo" ? 200 : 404;
    for (std::size_t i = 0; i < std::min<std::size_t>(sent / one.size(), 20'000); ++i)
        QCOMPARE(client.readMessage().status(), status);
}

void tst_Proxying::headHasNoBody()
{
    QVERIFY(
        serve("/head",
              RawUpstream::answering("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nX: y\r\n\r\n")));
    for (const char *target : {"/head", "/nowhere"}) {
        RawStream client = m_gateway->connect();
        QVERIFY(client.send(head(std::format("HEAD {} HTTP/1.1", target))
                            + head("GET /echo HTTP/1.1")));
        const RawMessage answer = client.readMessage(true);
        QCOMPARE(answer.status(), target == std::string_view("/head") ? 200 : 404);
        if (answer.status() == 200)
            QCOMPARE(answer.header("content-length"), std::string("1234"));
        QCOMPARE(client.readMessage().status(), 200); // directly behind
    }
}

void tst_Proxying::statusWithoutBody_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\nX: y\r\n\r\n");
    QTest::newRow("304 with a length")
        << QByteArray("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n");
    QTest::newRow("200 of length 0") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("103 before it") << QByteArray("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                                 "HTTP/1.1 204 No Content\r\n\r\n");
}

void tst_Proxying::statusWithoutBody()
{
    QFETCH(const QByteArray, answer);
    QVERIFY(serve("/bodiless", RawUpstream::answering(answer.toStdString())));
    RawStream client = m_gateway->connect();
    for (int i = 0; i < 3; ++i) {
        QVERIFY(client.send(head("GET /bodiless HTTP/1.1")));
        RawMessage got = client.readMessage();
        while (got.status() == 103)
            got = client.readMessage();
        QVERIFY(got.complete && !got.untilClose);
        QVERIFY(got.status() >= 200 && got.body.empty());
        if (got.status() != 200)
            QCOMPARE(got.header("transfer-encoding"), std::string("-"));
    }
    // The bench of routes above shares one uri: the last one put is asked, the others must go.
    QCOMPARE(m_gateway->admin("DELETE", "/routes/" + std::to_string(m_upstreams.size())).status(),
             200);
}

void tst_Proxying::continuesBeforeTheBody()
{
    RawStream client = m_gateway->connect();
    QVERIFY(
        client.send(head("POST /echo HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 3\r\n")));
    QCOMPARE(client.readMessage().status(), 100);
    QVERIFY(client.send("abc"));
    const RawMessage answer = client.readMessage();
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body.ends_with("\r\n\r\nabc"));
    // RFC 9110 10.1.1: not to a client of HTTP/1.0
    QCOMPARE(m_gateway
                 ->ask(head("POST /echo HTTP/1.0", "Expect: 100-continue\r\nContent-Length: 3\r\n")
                       + "abc")
                 .status(),
             200);
}

void tst_Proxying::refusesInsteadOfContinuing()
{
    RawStream client = m_gateway->connect();
    QVERIFY(client.send(
        head("POST /nowhere HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 3\r\n")));
    QCOMPARE(client.readMessage().status(), 404);
}

void tst_Proxying::reusesUpstreamConnections()
{
    GatewayFixture gateway; // one worker: one pool
    RawUpstream upstream(RawUpstream::echoing());
    QVERIFY(gateway.start());
    QVERIFY(gateway.route("1", "/*", upstream.port()));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(gateway.get("/x").status(), 200);
    QCOMPARE(upstream.connections(), std::size_t{1});
}

void tst_Proxying::translatesResponseFraming_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("framing");
    const QByteArray length = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef";
    const QByteArray chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n4;x=y\r\ncdef\r\n0\r\n"
        "X-Trailer: 1\r\n\r\n";
    const QByteArray close = "HTTP/1.1 200 OK\r\n\r\nabcdef";
    const QByteArray old = "HTTP/1.0 200 OK\r\n\r\nabcdef";
    QTest::newRow("length to 1.1") << length << QByteArray("1.1") << QByteArray("length");
    QTest::newRow("length to 1.0") << length << QByteArray("1.0") << QByteArray("length");
    QTest::newRow("chunked to 1.1") << chunked << QByteArray("1.1") << QByteArray("chunked");
    QTest::newRow("chunked to 1.0") << chunked << QByteArray("1.0") << QByteArray("close");
    QTest::newRow("close to 1.1") << close << QByteArray("1.1") << QByteArray("chunked");
    QTest::newRow("close to 1.0") << close << QByteArray("1.0") << QByteArray("close");
    QTest::newRow("HTTP/1.0 answer to 1.1") << old << QByteArray("1.1") << QByteArray("chunked");
}

void tst_Proxying::translatesResponseFraming()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, version);
    QFETCH(const QByteArray, framing);
    for (const bool whole : {true, false}) {
        RawUpstream upstream([&, octets = answer.toStdString()](RawUpstream::Connection &peer) {
            if (!peer.readRequest().complete)
                return;
            if (whole)
                peer.send(octets);
            else
                peer.sendByteByByte(octets);
        });
        QVERIFY(m_gateway->route("framing", "/framing", upstream.port()));
        RawStream client = m_gateway->connect();
        QVERIFY(client.send(
            head("GET /framing HTTP/" + version.toStdString(), "Connection: keep-alive\r\n")));
        const RawMessage got = client.readMessage();
        QCOMPARE(got.status(), 200);
        QCOMPARE(got.body, std::string("abcdef"));
        QVERIFY(got.complete);
        QCOMPARE(got.header("transfer-encoding"),
                 std::string(framing == "chunked" ? "chunked" : "-"));
        QCOMPARE(got.untilClose, framing == "close");
    }
    QCOMPARE(m_gateway->admin("DELETE", "/routes/framing").status(), 200);
}

void tst_Proxying::streamsBeforeTheEnd()
{
    std::promise<void> go;
    RawUpstream upstream([waiting = go.get_future().share()](RawUpstream::Connection &peer) {
        if (!peer.readRequest().complete)
            return;
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        waiting.wait();
        peer.send("6\r\nsecond\r\n0\r\n\r\n");
        peer.waitForEnd();
    });
    QVERIFY(m_gateway->route("stream", "/stream", upstream.port()));
    RawStream client = m_gateway->connect();
    QVERIFY(client.send(head("GET /stream HTTP/1.1")));
    std::string seen;
    while (!seen.ends_with("first\r\n")) { // before the upstream has sent the rest
        const std::string octet = client.readExactly(1);
        QVERIFY(!octet.empty());
        seen += octet;
    }
    go.set_value();
    QCOMPARE(client.readExactly(16), std::string("6\r\nsecond\r\n0\r\n\r\n"));
}

void tst_Proxying::passesLargeBodies_data()
{
    QTest::addColumn<bool>("chunked");
    QTest::newRow("Content-Length") << false;
    QTest::newRow("chunked") << true;
}

void tst_Proxying::passesLargeBodies()
{
    QFETCH(const bool, chunked);
    const std::string body = pattern(3'000'017);
    std::string framed = body;
    if (chunked) {
        framed.clear();
        for (std::size_t at = 0, size = 1; at < body.size();
             at += size, size = size * 3 % 70001 + 1) {
            const std::string piece = body.substr(at, size);
            framed += std::format("{:x}\r\n", piece.size()) + piece + "\r\n";
        }
        framed += "0\r\n\r\n";
    }
    const std::string framing = chunked ? "Transfer-Encoding: chunked\r\n"
                                        : std::format("Content-Length: {}\r\n", body.size());
    RawUpstream upstream([&](RawUpstream::Connection &peer) {
        while (peer.readRequest().complete)
            peer.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n" + framed);
    });
    QVERIFY(m_gateway->route("large", "/large", upstream.port()));
    RawStream client = m_gateway->connect();
    for (int round = 0; round < 2; ++round) { // the connections are in order behind it
        QVERIFY(client.send(head("POST /large HTTP/1.1", framing)));
        QVERIFY(client.send(framed));
        const RawMessage answer = client.readMessage();
        QVERIFY(answer.complete);
        QVERIFY(answer.body == body);
        QVERIFY(upstream.lastRequest().body == body);
    }
}

void tst_Proxying::slowReaderPausesTheUpstream()
{
    constexpr std::size_t kSize = 50U * 1024 * 1024;
    std::atomic<std::size_t> sent{0};
    RawUpstream upstream([&](RawUpstream::Connection &peer) {
        if (!peer.readRequest().complete)
            return;
        peer.send(std::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", kSize));
        const std::string piece(64 * 1024, 's');
        while (sent < kSize && peer.send(piece, 30s))
            sent += piece.size();
        peer.waitForEnd();
    });
    QVERIFY(m_gateway->route("slow", "/slow", upstream.port()));
    [[maybe_unused]] const std::size_t before = residentBytes();
    RawStream client = m_gateway->connect(16 * 1024);
    QVERIFY(client.send(head("GET /slow HTTP/1.1")));
    // Read nothing until the upstream has stopped moving.
    std::size_t last = 0;
    int still = 0;
    QVERIFY(QTest::qWaitFor(
        [&] {
            const std::size_t now = sent;
            still = now > 0 && now == last ? still + 1 : 0;
            last = now;
            return still == 20;
        },
        20'000));
    QVERIFY2(sent < kSize / 2, "the gateway swallowed what its client does not read");
#if !defined(__SANITIZE_ADDRESS__)
    QVERIFY2(residentBytes() < before + 16U * 1024 * 1024, "memory follows the body's size");
#endif
    std::string top;
    while (!top.ends_with("\r\n\r\n"))
        top += client.readExactly(1);
    QCOMPARE(client.skip(kSize), kSize);
    // The upstream counts what it has sent after it was sent.
    QTRY_COMPARE_WITH_TIMEOUT(sent.load(), kSize, 20'000);
}

void tst_Proxying::slowUpstreamPausesTheClient()
{
    constexpr std::size_t kSize = 50U * 1024 * 1024;
    std::promise<void> go;
    std::atomic<std::size_t> taken{0};
    RawUpstream upstream([&, waiting = go.get_future().share()](RawUpstream::Connection &peer) {
        std::string top;
        while (!top.ends_with("\r\n\r\n"))
            top += peer.readExactly(1);
        waiting.wait();
        taken = peer.skip(kSize);
        peer.send(RawUpstream::ok("done"));
        peer.waitForEnd();
    });
    QVERIFY(m_gateway->route("upload", "/upload", upstream.port()));
    [[maybe_unused]] const std::size_t before = residentBytes();
    RawStream client = m_gateway->connect();
    QVERIFY(
        client.send(head("POST /upload HTTP/1.1", std::format("Content-Length: {}\r\n", kSize))));
    const std::string piece(kSize / 50, 'u');
    std::size_t sent = 0;
    for (std::size_t some = piece.size(); some == piece.size() && sent < kSize; sent += some)
        some = client.sendUntilStuck(piece, 500ms);
    QVERIFY2(sent < kSize / 2, "the gateway swallowed what its upstream does not read");
#if !defined(__SANITIZE_ADDRESS__)
    QVERIFY2(residentBytes() < before + 16U * 1024 * 1024, "memory follows the body's size");
#endif
    go.set_value();
    while (sent < kSize) {
        const std::size_t size = std::min(piece.size(), kSize - sent);
        QVERIFY(client.send(std::string_view(piece).substr(0, size)));
        sent += size;
    }
    const RawMessage answer = client.readMessage();
    QCOMPARE(answer.body, std::string("done"));
    QCOMPARE(taken.load(), kSize);
}

void tst_Proxying::tunnelsAfterUpgrade()
{
    RawUpstream upstream([](RawUpstream::Connection &peer) {
        const RawMessage request = peer.readRequest();
        if (request.header("upgrade") != "websocket")
            return;
        peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nhello");
        for (std::string octets; !(octets = peer.readExactly(4)).empty();) {
            if (octets == "stop")
                return;
            peer.send("<" + octets + ">");
        }
        peer.send("fin");
    });
    QVERIFY(m_gateway->route("ws", "/ws", upstream.port(), ", \"enable_websocket\": true"));
    const std::string request = head("GET /ws HTTP/1.1",
                                     "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                     "Sec-WebSocket-Key: a\r\n");
    {
        RawStream client = m_gateway->connect();
        QVERIFY(client.send(request));
        const RawMessage answer = client.readMessage();
        QCOMPARE(answer.status(), 101);
        QVERIFY(answer.header("server").starts_with("APISIX/")); // 2.9: every reply's
        QCOMPARE(answer.header("upgrade"), std::string("websocket"));
        QCOMPARE(answer.header("connection"), std::string("Upgrade"));
        QCOMPARE(upstream.lastRequest().header("sec-websocket-key"), std::string("a"));
        QCOMPARE(client.readExactly(5), std::string("hello")); // came with the head
        const std::vector<std::string> texts{"1234", "GET ", "\r\n\r\n",
                                             std::string("\0\1\2\3", 4)};
        for (const std::string &text : texts) {
            const std::string four = (text + "____").substr(0, 4);
            QVERIFY(client.send(four));
            QCOMPARE(client.readExactly(6), "<" + four + ">");
        }
        client.shutdownWrite(); // half-closed: the other direction still works
        QCOMPARE(client.readUntilClose(), std::string("fin"));
    }
    {
        RawStream client = m_gateway->connect();
        QVERIFY(client.send(request + "eagr")); // does not wait for the 101
        QCOMPARE(client.readMessage().status(), 101);
        QCOMPARE(client.readExactly(11), std::string("hello<eagr>"));
        QVERIFY(client.send("stop")); // the upstream ends it
        QVERIFY(client.endsWithin());
    }
    const std::string large = pattern(2'000'000);
    RawStream client = m_gateway->connect();
    QVERIFY(client.send(request));
    QCOMPARE(client.readMessage().status(), 101);
    client.readExactly(5);
    std::thread writer([&] { client.send(large); });
    std::string back;
    RawStream &reader = client; // one thread sends, another receives: they share no state
    while (back.size() < large.size() / 4 * 6) {
        const std::string some = reader.readExactly(6);
        if (some.empty())
            break;
        back += some;
    }
    writer.join();
    QCOMPARE(back.size(), large.size() / 4 * 6);
    bool same = true;
    for (std::size_t i = 0; i < large.size() / 4; ++i)
        same = same && back.compare(i * 6 + 1, 4, large, i * 4, 4) == 0;
    QVERIFY(same);
}

void tst_Proxying::upgradesOnlyWhereEnabled()
{
    const RawMessage answer =
        m_gateway->ask(head("GET /echo HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
    QCOMPARE(answer.status(), 200);
    const RawMessage reached = m_upstreams.front()->lastRequest();
    QCOMPARE(reached.header("upgrade"), std::string("-"));
    QCOMPARE(reached.header("connection"), std::string("-"));
}

void tst_Proxying::configurationIsNeverStale()
{
    RawUpstream upstream(RawUpstream::answering(RawUpstream::ok("here")));
    std::vector<RawStream> clients; // on every worker, kept from before the change
    for (int i = 0; i < 4; ++i)
        clients.push_back(m_gateway->connect());
    const std::string octets = head("GET /flicker HTTP/1.1");
    RawStream admin = RawStream::connectTo(m_gateway->adminPort());
    const auto change = [&](std::string_view method, std::string_view json) {
        admin.send(std::format("{} /apisix/admin/routes/flicker HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                               "X-API-KEY: {}\r\nContent-Length: {}\r\n\r\n{}",
                               method, m_gateway->options.adminKey, json.size(), json));
        return admin.readMessage().status();
    };
    const std::string route = std::format(
        R"({{"uri":"/flicker","upstream":{{"nodes":{{"127.0.0.1:{}":1}}}}}})", upstream.port());
    for (int i = 0; i < 1000; ++i) {
        QVERIFY(change("PUT", route) / 100 == 2);
        RawStream &client = clients[static_cast<std::size_t>(i) % clients.size()];
        QVERIFY(client.send(octets));
        QCOMPARE(client.readMessage().status(), 200);
        QCOMPARE(change("DELETE", {}), 200);
        QVERIFY(client.send(octets));
        QCOMPARE(client.readMessage().status(), 404);
    }
}

void tst_Proxying::finishesWhatIsUnderWayAtShutdown()
{
    std::promise<void> arrived;
    std::promise<void> go;
    RawUpstream upstream([&, waiting = go.get_future().share()](RawUpstream::Connection &peer) {
        if (!peer.readRequest().complete)
            return;
        arrived.set_value();
        waiting.wait();
        peer.send(RawUpstream::ok("late but whole"));
        peer.waitForEnd();
    });
    GatewayFixture gateway;
    gateway.options.shutdownGrace = 20s;
    QVERIFY(gateway.start());
    QVERIFY(gateway.route("1", "/*", upstream.port()));
    RawStream idle = gateway.connect();
    RawStream client = gateway.connect();
    QVERIFY(client.send(head("GET /x HTTP/1.1")));
    arrived.get_future().wait();
    const std::uint16_t port = gateway.proxyPort();
    std::thread stopping([&] { gateway.gateway().stop(); });
    QVERIFY(idle.endsWithin());
    QVERIFY(!RawStream::connectTo(port).send(head("GET /x HTTP/1.1"))
            || RawStream::connectTo(port).readUntilClose(1s).empty());
    go.set_value();
    const RawMessage answer = client.readMessage();
    stopping.join();
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body, std::string("late but whole"));
    QVERIFY(client.endsWithin());
}

QTEST_GUILESS_MAIN(tst_Proxying)
#include "tst_proxying.moc"
