// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <atomic>
#include <format>
#include <functional>
#include <string>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

/// Upstreams that fail in every way there is: the client gets a whole answer or a broken
/// connection, never a wrong answer, and nothing is sent twice that must not be.
class tst_UpstreamFailures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();

    void answersForTheUpstream_data();
    void answersForTheUpstream();
    void refusedConnectionIs502();
    void unknownNameIs503();
    void unknownNamesAreNoTries();
    void noNodesIs503();
    void breaksAnAnswerThatBroke_data();
    void breaksAnAnswerThatBroke();
    void silenceInTheMiddleBreaksTheAnswer();
    void doesNotTrustAConnectionWithSurplusOctets();
    void answerBeforeTheBodyIsPassedOn();

    void triesTheNextNode_data();
    void triesTheNextNode();
    void stalePooledConnection_data();
    void stalePooledConnection();
    void manyStaleConnectionsAreNoReasonToFail();
    void closedIdleConnectionsAreNotUsed();
    void restartedUpstreamIsFoundAgain();
    void slowNodeDoesNotHoldUpOthers();

private:
    [[nodiscard]] RawMessage ask(const RawUpstream &upstream, std::string_view line,
                                 std::string_view fields = {}, std::string_view body = {},
                                 std::string_view more = {});

    std::unique_ptr<GatewayFixture> m_gateway;
};

namespace {

using Peer = RawUpstream::Connection;

/// For upstreams that never answer.
constexpr std::string_view kFast = R"(, "timeout": {"connect": 1, "send": 0.4, "read": 0.4})";
/// For those that fall silent beside or after an answer: a busy machine must get that through.
constexpr std::string_view kUnhurried = R"(, "timeout": {"connect": 20, "send": 20, "read": 3})";

std::string head(std::string_view line, std::string_view fields = {})
{
    return std::format("{}\r\nHost: a.example\r\n{}\r\n", line, fields);
}

} // namespace

void tst_UpstreamFailures::init()
{
    m_gateway = std::make_unique<GatewayFixture>();
    QVERIFY(m_gateway->start());
}

RawMessage tst_UpstreamFailures::ask(const RawUpstream &upstream, std::string_view line,
                                     std::string_view fields, std::string_view body,
                                     std::string_view more)
{
    if (!m_gateway->route("1", "/*", upstream.port(), more))
        return {};
    return m_gateway->ask(head(line, fields) + std::string(body));
}

void tst_UpstreamFailures::answersForTheUpstream_data()
{
    QTest::addColumn<std::function<void(Peer &)>>("script");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, int status, std::function<void(Peer &)> script) {
        QTest::newRow(name) << std::move(script) << status;
    };
    const auto says = [](std::string octets) {
        return [octets = std::move(octets)](Peer &peer) {
            if (peer.readRequest().complete)
                peer.send(octets);
        };
    };
    row("apisix 2.9: resets on the request", 502, [](Peer &peer) {
        peer.readRequest();
        peer.reset();
    });
    row("apisix 2.9: closes on the request", 502, [](Peer &peer) { peer.readRequest(); });
    row("closes at once", 502, [](Peer &peer) { peer.close(); });
    row("resets at once", 502, [](Peer &peer) { peer.reset(); });
    row("apisix 2.9: never answers", 504, [](Peer &peer) {
        peer.readRequest();
        peer.waitForEnd();
    });
    row("never reads", 504, [](Peer &peer) { peer.waitForEnd(); });
    row("half a head, then silence", 504, [](Peer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Le");
        peer.waitForEnd();
    });
    row("100 only, then silence", 504, [](Peer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 100 Continue\r\n\r\n");
        peer.waitForEnd();
    });
    row("closes in the head", 502, says("HTTP/1.1 200 OK\r\nContent-Le"));
    row("garbage", 502, says("\x16\x03\x01garbage\r\n\r\n"));
    row("an SSH banner", 502, says("SSH-2.0-OpenSSH_9.2\r\n"));
    row("HTTP/0.9", 502, says("<html>hello</html>"));
    row("HTTP/2.0 on the line", 502, says("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
    row("status is no number", 502, says("HTTP/1.1 abc OK\r\n\r\n"));
    row("bare LF", 502, says("HTTP/1.1 200 OK\nContent-Length: 0\n\n"));
    row("Content-Length with Transfer-Encoding", 502,
        says("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
             "0\r\n\r\n"));
    row("a transfer coding nobody asked for", 502,
        says("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc"));
    row("a transfer coding before chunked", 502,
        says("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"));
    row("two Content-Lengths", 502,
        says("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"));
    row("obs-fold", 502, says("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n"));
    row("NUL in a value", 502,
        says(std::string("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", 46)));
    row("a head of 1 MiB", 502,
        says("HTTP/1.1 200 OK\r\nX: " + std::string(1024 * 1024, 'y') + "\r\n\r\n"));
    row("101 unasked", 502,
        says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"));
    row("its own 502 is passed on", 502, says("HTTP/1.1 502 Mine\r\nContent-Length: 0\r\n\r\n"));
}

void tst_UpstreamFailures::answersForTheUpstream()
{
    QFETCH(const std::function<void(Peer &)>, script);
    QFETCH(const int, status);
    const RawUpstream upstream(script);
    const RawMessage answer = ask(upstream, "POST /x HTTP/1.1", "Content-Length: 3\r\n", "abc",
                                  status == 504 ? kFast : std::string_view());
    QCOMPARE(answer.status(), status);
    QVERIFY(answer.complete);
    QCOMPARE(answer.header("x-apisix-upstream-status"), std::to_string(status));
    if (answer.header("content-length") != "0") {
        QVERIFY(answer.header("content-type").starts_with("text/html"));
        QVERIFY(answer.body.contains(status == 504 ? "504 Gateway Time-out" : "502 Bad Gateway"));
    }
    // The client's connection and the gateway are in order.
    const RawUpstream good(RawUpstream::echoing());
    QCOMPARE(ask(good, "GET /x HTTP/1.1").status(), 200);
}

void tst_UpstreamFailures::refusedConnectionIs502()
{
    QVERIFY(m_gateway->route("1", "/*", closedPort()));
    const RawMessage answer = m_gateway->get("/x");
    QCOMPARE(answer.status(), 502);
    QCOMPARE(answer.header("x-apisix-upstream-status"), std::string("502"));
}

void tst_UpstreamFailures::unknownNameIs503()
{
    for (const char *nodes : {R"({"no-such-name.invalid:80": 1})",
                              R"({"no-such-name.invalid:80": 1, "nor-this.invalid:80": 1})"}) {
        const RawMessage put =
            m_gateway->admin("PUT", "/routes/1",
                             std::format(R"({{"uri": "/*", "upstream": {{"nodes": {}}}}})", nodes));
        QCOMPARE(put.status() / 100, 2);
        const RawMessage answer = m_gateway->get("/x");
        QCOMPARE(answer.status(), 503);
        QCOMPARE(answer.header("x-apisix-upstream-status"), std::string("-")); // nobody was asked
    }
}

void tst_UpstreamFailures::unknownNamesAreNoTries()
{
    const RawUpstream good(RawUpstream::echoing());
    const std::string json = std::format(
        R"({{"uri": "/*", "upstream": {{"retries": 0, "nodes": {{"no-such-name.invalid:80": 1,
            "nor-this.invalid:80": 1, "127.0.0.1:{}": 1}}}}}})",
        good.port());
    QCOMPARE(m_gateway->admin("PUT", "/routes/1", json).status(), 201);
    for (int i = 0; i < 6; ++i)
        QCOMPARE(m_gateway->get("/x").status(), 200);
}

void tst_UpstreamFailures::noNodesIs503()
{
    const char *json = R"({"uri": "/*", "upstream": {"nodes": []}})";
    QCOMPARE(m_gateway->admin("PUT", "/routes/1", json).status(), 201);
    const RawMessage answer = m_gateway->get("/x");
    QCOMPARE(answer.status(), 503);
    QVERIFY(answer.body.contains("503 Service Temporarily Unavailable"));
}

void tst_UpstreamFailures::breaksAnAnswerThatBroke_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("reset");
    const auto row = [](const char *name, QByteArray octets, bool reset = false) {
        QTest::newRow(name) << octets << reset;
    };
    row("Content-Length, closed early", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    row("Content-Length, reset early", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", true);
    row("Content-Length, closed behind the head", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    row("chunked, closed early",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    row("chunked, closed before the last line",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n");
    row("chunked, then garbage",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
}

void tst_UpstreamFailures::breaksAnAnswerThatBroke()
{
    QFETCH(const QByteArray, octets);
    QFETCH(const bool, reset);
    const RawUpstream upstream([&](Peer &peer) {
        if (!peer.readRequest().complete)
            return;
        peer.send(octets.toStdString());
        if (reset)
            peer.reset();
    });
    QVERIFY(m_gateway->route("1", "/*", upstream.port()));
    RawStream client = m_gateway->connect();
    QVERIFY(client.send(head("GET /x HTTP/1.1")));
    const RawMessage answer = client.readMessage();
    // It must be impossible to take it for a whole one.
    QVERIFY(!answer.complete || answer.status() == 502);
    QCOMPARE(client.readUntilClose(), std::string());
    QCOMPARE(upstream.requestCount(), std::size_t{1}); // the answer had begun: no retry
}

void tst_UpstreamFailures::silenceInTheMiddleBreaksTheAnswer()
{
    const RawUpstream upstream([](Peer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        peer.waitForEnd();
    });
    QVERIFY(m_gateway->route("1", "/*", upstream.port(), kUnhurried));
    RawStream client = m_gateway->connect();
    QVERIFY(client.send(head("GET /x HTTP/1.1")));
    const RawMessage answer = client.readMessage();
    QCOMPARE(answer.status(), 200);
    QVERIFY(!answer.complete);
    QCOMPARE(answer.body, std::string("abc"));
}

void tst_UpstreamFailures::doesNotTrustAConnectionWithSurplusOctets()
{
    const RawUpstream upstream([](Peer &peer) {
        while (peer.readRequest().complete)
            peer.send(RawUpstream::ok("mine") + RawUpstream::ok("poison"));
    });
    QVERIFY(m_gateway->route("1", "/*", upstream.port()));
    for (int i = 0; i < 10; ++i) {
        const RawMessage answer = m_gateway->get("/x");
        QCOMPARE(answer.status(), 200);
        QCOMPARE(answer.body, std::string("mine"));
    }
}

void tst_UpstreamFailures::answerBeforeTheBodyIsPassedOn()
{
    // The upstream refuses a large body from its head alone and closes.
    const RawUpstream upstream([](Peer &peer) {
        std::string top;
        while (!top.ends_with("\r\n\r\n"))
            top += peer.readExactly(1);
        peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        peer.shutdownWrite();
        peer.waitForEnd();
    });
    QVERIFY(m_gateway->route("1", "/*", upstream.port()));
    RawStream client = m_gateway->connect();
    QVERIFY(client.send(head("POST /x HTTP/1.1", "Content-Length: 20000000\r\n")));
    client.send(std::string(1'000'000, 'x'), 300ms);
    const RawMessage answer = client.readMessage();
    QCOMPARE(answer.status(), 413);
    QCOMPARE(answer.body, std::string("big"));
}

void tst_UpstreamFailures::triesTheNextNode_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("reached"); // by the good node
    const auto row = [](const char *name, const char *method, const char *fault, int status,
                        int reached) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(fault) << status << reached;
    };
    row("GET, refused", "GET", "refused", 200, 1);
    row("apisix 2.7: POST, refused: nothing was sent", "POST", "refused", 200, 1);
    row("GET, closed on the request", "GET", "close", 200, 1);
    row("PUT, closed on the request", "PUT", "close", 200, 1);
    row("apisix 2.7: POST, closed after it was sent", "POST", "close", 502, 0);
    row("PATCH, closed after it was sent", "PATCH", "close", 502, 0);
    row("GET, silent", "GET", "silent", 200, 1);
    row("apisix 2.7: POST, silent after it was sent", "POST", "silent", 504, 0);
}

void tst_UpstreamFailures::triesTheNextNode()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, fault);
    QFETCH(const int, status);
    QFETCH(const int, reached);
    const RawUpstream bad([&](Peer &peer) {
        peer.readRequest();
        if (fault == "silent")
            peer.waitForEnd();
    });
    const RawUpstream good(RawUpstream::echoing());
    const std::uint16_t badPort = fault == "refused" ? closedPort() : bad.port();
    // The bad one has the higher priority: it is always tried first.
    const std::string json =
        std::format(R"({{"uri": "/*"{}, "upstream": {{"nodes": [)"
                    R"({{"host": "127.0.0.1", "port": {}, "weight": 1, "priority": 1}},)"
                    R"({{"host": "127.0.0.1", "port": {}, "weight": 1}}]}}}})",
                    kUnhurried, badPort, good.port());
    QCOMPARE(m_gateway->admin("PUT", "/routes/1", json).status(), 201);
    const RawMessage answer = m_gateway->ask(
        head(method.toStdString() + " /x HTTP/1.1", "Content-Length: 3\r\n") + "abc");
    QCOMPARE(answer.status(), status);
    QCOMPARE(good.requestCount(), static_cast<std::size_t>(reached));
    if (reached) {
        QVERIFY(answer.body.ends_with("\r\n\r\nabc")); // the body was repeated
        QVERIFY(bad.requestCount() <= 1);
    }
}

void tst_UpstreamFailures::stalePooledConnection_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("reset");
    QTest::addColumn<bool>("retried");
    for (const bool reset : {false, true}) {
        for (const char *method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
            QTest::newRow(
                std::format("{} is repeated once, {}", method, reset ? "RST" : "FIN").c_str())
                << QByteArray(method) << reset << true;
        for (const char *method : {"POST", "PATCH"})
            QTest::newRow(
                std::format("{} is never repeated, {}", method, reset ? "RST" : "FIN").c_str())
                << QByteArray(method) << reset << false;
    }
}

void tst_UpstreamFailures::stalePooledConnection()
{
    QFETCH(const QByteArray, method);
    QFETCH(const bool, reset);
    QFETCH(const bool, retried);
    // The first connection answers once and ends on its second request, as an upstream does that
    // times a connection out while the request is on its way.
    const RawUpstream upstream([&](Peer &peer) {
        int served = 0;
        while (peer.readRequest().complete) {
            if (peer.number == 0 && served++ == 1) {
                if (reset)
                    peer.reset();
                return;
            }
            peer.send(RawUpstream::ok(""));
        }
    });
    QVERIFY(m_gateway->route("1", "/*", upstream.port()));
    QCOMPARE(m_gateway->get("/first").status(), 200);
    const RawMessage answer = m_gateway->ask(
        head(method.toStdString() + " /second HTTP/1.1", "Content-Length: 3\r\n") + "abc");
    QCOMPARE(answer.status(), retried ? 200 : 502);
    std::size_t seen = 0;
    for (const RawMessage &request : upstream.requests()) {
        if (request.startLine.contains("/second")) {
            ++seen;
            QCOMPARE(request.body, std::string("abc"));
        }
    }
    QCOMPARE(seen, std::size_t{retried ? 2U : 1U});
    QCOMPARE(upstream.connections(), std::size_t{retried ? 2U : 1U});
}

void tst_UpstreamFailures::manyStaleConnectionsAreNoReasonToFail()
{
    // Fill the pool with several connections, all of which end on their next request.
    std::atomic<int> waiting{0};
    std::atomic<bool> go{false};
    const RawUpstream upstream([&](Peer &peer) {
        for (int served = 0; peer.readRequest().complete; ++served) {
            if (peer.number < 5) {
                if (served == 1)
                    return;
                ++waiting;
                go.wait(false);
            }
            peer.send(RawUpstream::ok("good"));
        }
    });
    QVERIFY(m_gateway->route("1", "/*", upstream.port()));
    std::vector<RawStream> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(m_gateway->connect());
        QVERIFY(clients.back().send(head("GET /fill HTTP/1.1")));
    }
    QVERIFY(QTest::qWaitFor([&] { return waiting == 5; }, 20'000));
    go = true;
    go.notify_all();
    for (RawStream &client : clients)
        QCOMPARE(client.readMessage().status(), 200);
    const RawMessage answer = m_gateway->get("/x");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(answer.body, std::string("good"));
}

void tst_UpstreamFailures::closedIdleConnectionsAreNotUsed()
{
    // Answers, says keep-alive, and closes right behind it. Even a POST must get through.
    const RawUpstream upstream([](Peer &peer) {
        if (peer.readRequest().complete)
            peer.send(RawUpstream::ok("once"));
    });
    QVERIFY(m_gateway->route("1", "/*", upstream.port()));
    for (std::size_t i = 0; i < 30; ++i) {
        QCOMPARE(m_gateway->ask(head("GET /x HTTP/1.1")).status(), 200);
        // The upstream's FIN is there as soon as its thread has ended; GET is safe either way.
    }
    QCOMPARE(upstream.connections(), std::size_t{30});
}

void tst_UpstreamFailures::restartedUpstreamIsFoundAgain()
{
    auto upstream = std::make_unique<RawUpstream>(RawUpstream::echoing());
    QVERIFY(m_gateway->route("1", "/*", upstream->port()));
    QCOMPARE(m_gateway->get("/x").status(), 200);
    upstream.reset();
    QCOMPARE(m_gateway->get("/x").status(), 502);
    upstream = std::make_unique<RawUpstream>(RawUpstream::echoing());
    QVERIFY(m_gateway->route("1", "/*", upstream->port()));
    QCOMPARE(m_gateway->get("/x").status(), 200);
}

void tst_UpstreamFailures::slowNodeDoesNotHoldUpOthers()
{
    const RawUpstream slow([](Peer &peer) {
        peer.readRequest();
        peer.waitForEnd();
    });
    const RawUpstream fast(RawUpstream::echoing());
    QVERIFY(m_gateway->route("slow", "/slow", slow.port()));
    QVERIFY(m_gateway->route("fast", "/fast", fast.port()));
    std::vector<RawStream> stuck;
    for (int i = 0; i < 50; ++i) {
        stuck.push_back(m_gateway->connect());
        QVERIFY(stuck.back().send(head("GET /slow HTTP/1.1")));
    }
    for (int i = 0; i < 50; ++i)
        QCOMPARE(m_gateway->get("/fast").status(), 200);
}

QTEST_GUILESS_MAIN(tst_UpstreamFailures)
#include "tst_upstream_failures.moc"
