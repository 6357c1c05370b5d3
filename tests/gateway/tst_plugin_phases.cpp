// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <format>
#include <latch>
#include <string>
#include <thread>
#include <vector>

using namespace postern;
using namespace postern::test;
using namespace postern::gateway;
using namespace std::chrono_literals;

namespace {

// Plugins that do nothing but use the engine. This program brings its own list of plugins, which
// the linker takes instead of gateway/plugins/builtin.cpp.

std::atomic<int> g_cancelled{0};
std::atomic<int> g_calls{0};

/// Asks for the body in rewrite; tells the upstream what it saw. {"limit":N,"refuse":bool}
class BodyReader final : public Plugin
{
public:
    explicit BodyReader(const Json &config)
        : m_limit(static_cast<std::uint64_t>(config.find("limit")->asInteger().value_or(0))),
          m_refuse(config.contains("refuse"))
    {
    }
    Verdict rewrite(Exchange &exchange) const override
    {
        ++g_calls;
        switch (requestBody(exchange, m_limit)) {
        case BodyState::Unread:
            return Verdict::ReadBody;
        case BodyState::TooLarge:
            if (!m_refuse) {
                exchange.request.headers.set("X-Body", "too large");
                return Verdict::Continue;
            }
            replyWithMessage(exchange, 413, "too large");
            return Verdict::Respond;
        case BodyState::Ready:
            break;
        }
        exchange.request.headers.set(
            "X-Body",
            exchange.arena.copy(
                std::format("{}:{}", exchange.body.text.size(), exchange.body.text.substr(0, 20))));
        return Verdict::Continue;
    }

private:
    std::uint64_t m_limit;
    bool m_refuse;
};

/// Suspends in access. {"mode":"pause"|"wake"|"early"|"never"|"twice"|"respond","ms":N}
class Waiter final : public Plugin
{
public:
    explicit Waiter(const Json &config)
        : m_mode(config.stringOr("mode", "")),
          m_time(std::chrono::milliseconds(
              config.contains("ms") ? config.find("ms")->asInteger().value_or(0) : 1))
    {
    }
    Verdict access(Exchange &exchange) const override
    {
        ++g_calls;
        if (m_mode == "pause")
            return pauseExchange(exchange, m_time,
                                 [](Exchange &then) { return seen(then, "pause"); });
        if (m_mode == "twice")
            return pauseExchange(exchange, m_time, [this](Exchange &then) {
                return pauseExchange(then, m_time,
                                     [](Exchange &last) { return seen(last, "twice"); });
            });
        if (m_mode == "respond")
            return pauseExchange(exchange, m_time, [](Exchange &then) {
                replyWithMessage(then, 418, "waited");
                return Verdict::Respond;
            });
        auto answer = std::make_shared<std::string>();
        const Waker waker = suspendExchange(
            exchange, m_time,
            [answer](Exchange &then) {
                return seen(then, then.wait.timedOut ? "timed out" : std::string_view(*answer));
            },
            [] { ++g_cancelled; });
        if (m_mode == "early")
            waker.wake([answer] { *answer = "early"; });
        if (m_mode == "wake") {
            std::thread([waker, answer] {
                waker.wake([answer] { *answer = "woken"; });
                waker.wake([answer] { *answer = "woken twice"; });
            }).detach();
        }
        return Verdict::Suspend;
    }

private:
    static Verdict seen(Exchange &exchange, std::string_view what)
    {
        exchange.request.headers.set("X-Waited", exchange.arena.copy(what));
        return Verdict::Continue;
    }
    std::string m_mode;
    Duration m_time;
};

class Wrap final : public BodyFilter
{
public:
    explicit Wrap(std::string mark) : m_mark(std::move(mark)) {}
    void pass(std::string_view piece, bool last, std::string &out) override
    {
        if (std::exchange(m_first, false))
            out += m_mark + "(";
        out += piece;
        if (last)
            out += ")";
    }

private:
    std::string m_mark;
    bool m_first = true;
};

/// Wraps response bodies: {"mark":"a","status":N,"method":"HEAD"}; no mark: the head only.
class Wrapper final : public Plugin
{
public:
    explicit Wrapper(const Json &config)
        : m_mark(config.stringOr("mark", "")),
          m_method(config.stringOr("method", "")),
          m_status(config.contains("status")
                       ? static_cast<int>(config.find("status")->asInteger().value_or(0))
                       : 0)
    {
    }
    Verdict rewrite(Exchange &exchange) const override
    {
        if (!m_method.empty())
            exchange.request.method = m_method;
        return Verdict::Continue;
    }
    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        head.headers.append("X-Filtered", "yes");
        if (m_status)
            head.status = m_status;
        if (!m_mark.empty())
            exchange.bodyFilters.push_back(std::make_unique<Wrap>(m_mark));
    }

private:
    std::string m_mark, m_method;
    int m_status;
};

/// Answers in access. {"status":N,"body":"..."}
class Answerer final : public Plugin
{
public:
    explicit Answerer(const Json &config)
        : m_body(config.stringOr("body", "")),
          m_status(static_cast<int>(config.find("status")->asInteger().value_or(0)))
    {
    }
    Verdict access(Exchange &exchange) const override
    {
        if (m_body.empty())
            replyWithPage(exchange, m_status);
        else
            replyWithMessage(exchange, m_status, m_body);
        return Verdict::Respond;
    }

private:
    std::string m_body;
    int m_status;
};

template <class P> Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const P>(config);
}

template <class P> constexpr PluginSpec spec(std::string_view name, PhaseSet phases, int priority)
{
    return {.name = name,
            .kind = PluginKind::Traffic,
            .phases = phases,
            .apisixPriority = priority,
            .kongPriority = 0,
            .summary = "for a test",
            .schema = R"({"type":"object"})",
            .consumerSchema = {},
            .loginMember = {},
            .check = nullptr,
            .checkConsumer = nullptr,
            .make = make<P>,
            .makeCredential = nullptr};
}

constexpr PhaseSet kFilters = Phase::Rewrite | Phase::HeaderFilter | Phase::BodyFilter;
const PluginSpec bodyReader = spec<BodyReader>("body-reader", Phase::Rewrite, 90);
const PluginSpec bodyReaderToo = spec<BodyReader>("body-reader-too", Phase::Rewrite, 80);
const PluginSpec waiter = spec<Waiter>("waiter", Phase::Access, 70);
const PluginSpec waiterToo = spec<Waiter>("waiter-too", Phase::Access, 60);
const PluginSpec wrapper = spec<Wrapper>("wrapper", kFilters, 50);
const PluginSpec wrapperToo = spec<Wrapper>("wrapper-too", kFilters, 40);
const PluginSpec answerer = spec<Answerer>("answerer", Phase::Access, 30);
const std::array<const PluginSpec *, 8> kPlugins{&jwtAuthPlugin, &bodyReader, &bodyReaderToo,
                                                 &waiter,        &waiterToo,  &wrapper,
                                                 &wrapperToo,    &answerer};

std::string pattern(std::size_t size)
{
    std::string text(size, '\0');
    std::uint64_t state = 88172645463325252U;
    for (char &c : text) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        c = static_cast<char>('a' + state % 26);
    }
    return text;
}

std::string chunked(std::string_view body, std::size_t piece)
{
    std::string out;
    while (!body.empty()) {
        const std::string_view part = body.substr(0, piece);
        out += std::format("{:x}\r\n{}\r\n", part.size(), part);
        body.remove_prefix(part.size());
    }
    return out + "0\r\n\r\n";
}

} // namespace

namespace postern::gateway {

std::span<const PluginSpec *const> builtinPlugins() noexcept { return kPlugins; }

const PluginSpec *findPlugin(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kPlugins, name, &PluginSpec::name);
    return found != kPlugins.end() ? *found : nullptr;
}

} // namespace postern::gateway

/// What plugins can ask of the engine, over real sockets.
class tst_PluginPhases : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();

    void readsTheBodyAhead_data();
    void readsTheBodyAhead();
    void readsTheBodyOctetByOctet();
    void laterPluginsSeeTheSameBody();
    void continuesOnceBeforeReadingAhead();
    void doesNotContinueForABodyItRefuses();
    void sendsTheBodyAgainOnRetry();
    void brokenBodiesAreRefused();
    void clientsThatLeaveWhileSendingAreForgotten();

    void suspendsAndGoesOn_data();
    void suspendsAndGoesOn();
    void suspendsWithABodyUnread_data();
    void suspendsWithABodyUnread();
    void keepsPipelinedRequestsInOrder();
    void otherRequestsAreServedMeanwhile();
    void goneClientsCancel();
    void stoppingCancels();

    void filtersTheBody_data();
    void filtersTheBody();
    void filtersOwnReplies_data();
    void filtersOwnReplies();
    void filteredAnswersToHeadHaveNoBody();
    void streamsThroughFilters();
    void changedStatusOrMethodKeepsTheFraming_data();
    void changedStatusOrMethodKeepsTheFraming();

private:
    [[nodiscard]] std::string serve(RawUpstream::Script script, std::string_view plugins);
    [[nodiscard]] std::string post(std::string_view uri, std::string_view body,
                                   std::string_view fields = {}) const;

    std::vector<std::unique_ptr<RawUpstream>> m_upstreams; // outlive the gateway's connections
    std::unique_ptr<GatewayFixture> m_gateway;
};

void tst_PluginPhases::initTestCase()
{
    m_gateway = std::make_unique<GatewayFixture>();
    QVERIFY(m_gateway->start());
}

/// \return the uri of a new route with these plugins
std::string tst_PluginPhases::serve(RawUpstream::Script script, std::string_view plugins)
{
    m_upstreams.push_back(std::make_unique<RawUpstream>(std::move(script)));
    const std::string id = std::to_string(m_upstreams.size());
    const bool made = m_gateway->route(id, "/r" + id, m_upstreams.back()->port(),
                                       std::format(R"(, "plugins": {{{}}})", plugins));
    return made ? "/r" + id : std::string("route-refused");
}

std::string tst_PluginPhases::post(std::string_view uri, std::string_view body,
                                   std::string_view fields) const
{
    return std::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n{}\r\n{}", uri,
                       body.size(), fields, body);
}

void tst_PluginPhases::readsTheBodyAhead_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("limit");
    QTest::addColumn<bool>("inChunks");
    QTest::addColumn<bool>("refuse");
    QTest::addColumn<int>("status");
    QTest::newRow("small") << 5 << 100 << false << false << 200;
    QTest::newRow("exactly the limit") << 100 << 100 << false << false << 200;
    QTest::newRow("one more than the limit, refused") << 101 << 100 << false << true << 413;
    QTest::newRow("one more than the limit, passed on") << 101 << 100 << false << false << 200;
    QTest::newRow("chunked") << 5 << 100 << true << false << 200;
    QTest::newRow("chunked, beyond the limit, refused") << 3000 << 100 << true << true << 413;
    QTest::newRow("chunked, beyond the limit, passed on")
        << 300'000 << 1000 << true << false << 200;
    QTest::newRow("large") << 2'000'000 << 4'000'000 << false << false << 200;
    QTest::newRow("large, chunked") << 2'000'000 << 4'000'000 << true << false << 200;
    QTest::newRow("no body") << 0 << 100 << false << false << 200;
}

void tst_PluginPhases::readsTheBodyAhead()
{
    QFETCH(const int, size);
    QFETCH(const int, limit);
    QFETCH(const bool, inChunks);
    QFETCH(const bool, refuse);
    QFETCH(const int, status);
    const std::string uri = serve(RawUpstream::echoing(),
                                  std::format(R"("body-reader": {{"limit": {}{}}})", limit,
                                              refuse ? R"(, "refuse": true)" : ""));
    const std::string body = pattern(static_cast<std::size_t>(size));
    const std::string request = inChunks
        ? std::format("POST {} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{}", uri,
                      chunked(body, 7000))
        : post(uri, body);
    RawStream client = m_gateway->connect();
    for (int round = 0; round < 2; ++round) { // the second one over a pooled connection
        std::thread sender([&] { client.send(request); });
        const RawMessage answer = client.readMessage();
        sender.join();
        QCOMPARE(answer.status(), status);
        if (status != 200)
            continue;
        QVERIFY(answer.body.ends_with("\r\n\r\n" + body));
        const std::string seen =
            size <= limit ? std::format("{}:{}", size, body.substr(0, 20)) : "too large";
        QVERIFY2(answer.body.contains("X-Body: " + seen + "\r\n"), answer.body.c_str());
        const bool whole = size <= limit;
        if (whole && size > 0)
            QVERIFY(answer.body.contains(std::format("Content-Length: {}\r\n", size)));
        QCOMPARE(answer.body.contains("Transfer-Encoding: chunked\r\n"), inChunks && !whole);
    }
}

void tst_PluginPhases::readsTheBodyOctetByOctet()
{
    const std::string uri = serve(RawUpstream::echoing(), R"("body-reader": {"limit": 100})");
    RawStream client = m_gateway->connect();
    g_calls = 0;
    QVERIFY(client.sendByteByByte(post(uri, "hello")));
    const RawMessage answer = client.readMessage();
    QVERIFY(answer.body.contains("X-Body: 5:hello\r\n"));
    QCOMPARE(g_calls.load(), 2); // once to ask, once with all of it
}

void tst_PluginPhases::laterPluginsSeeTheSameBody()
{
    const std::string uri =
        serve(RawUpstream::echoing(),
              R"("body-reader": {"limit": 10}, "body-reader-too": {"limit": 1000})");
    const std::string body = pattern(500);
    const RawMessage answer = m_gateway->ask(post(uri, body));
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body.contains("X-Body: 500:"));
    QVERIFY(answer.body.ends_with("\r\n\r\n" + body));
}

void tst_PluginPhases::continuesOnceBeforeReadingAhead()
{
    const std::string uri =
        serve(RawUpstream::echoing(),
              R"("body-reader": {"limit": 3}, "body-reader-too": {"limit": 1000})");
    RawStream client = m_gateway->connect();
    client.send(std::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                            "Expect: 100-continue\r\n\r\n",
                            uri));
    QCOMPARE(client.readExactly(25), std::string("HTTP/1.1 100 Continue\r\n\r\n"));
    client.send("hello");
    const RawMessage answer = client.readMessage();
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body.ends_with("\r\n\r\nhello"));
}

void tst_PluginPhases::doesNotContinueForABodyItRefuses()
{
    const std::string uri =
        serve(RawUpstream::echoing(), R"("body-reader": {"limit": 3, "refuse": true})");
    const RawMessage answer =
        m_gateway->ask(std::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                                   "Expect: 100-continue\r\n\r\n",
                                   uri));
    QCOMPARE(answer.status(), 413);
    QCOMPARE(answer.header("Connection"), std::string("close"));
}

void tst_PluginPhases::sendsTheBodyAgainOnRetry()
{
    // Every other connection ends without an answer after the whole request has come.
    m_upstreams.push_back(std::make_unique<RawUpstream>([](RawUpstream::Connection &connection) {
        const RawMessage request = connection.readRequest();
        if (connection.number % 2 == 0 || !request.complete)
            return;
        connection.send(std::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}",
                                    request.body.size(), request.body));
        connection.waitForEnd();
    }));
    const std::string body = pattern(300'000); // more than what is kept of streamed bodies
    QVERIFY(m_gateway->route("retry", "/retry", m_upstreams.back()->port(),
                             R"(, "plugins": {"body-reader": {"limit": 1000000}})",
                             R"(, "retries": 2)"));
    RawStream client = m_gateway->connect();
    client.send(std::format("PUT /retry HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}",
                            body.size(), body));
    const RawMessage answer = client.readMessage();
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body == body);
    QCOMPARE(m_upstreams.back()->connections(), std::size_t{2});
}

void tst_PluginPhases::brokenBodiesAreRefused()
{
    const std::string uri = serve(RawUpstream::echoing(), R"("body-reader": {"limit": 100})");
    const RawMessage answer = m_gateway->ask(std::format(
        "POST {} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", uri));
    QCOMPARE(answer.status(), 400);
    QCOMPARE(m_upstreams.back()->connections(), std::size_t{0});
}

void tst_PluginPhases::clientsThatLeaveWhileSendingAreForgotten()
{
    const std::string uri = serve(RawUpstream::echoing(), R"("body-reader": {"limit": 100})");
    {
        RawStream client = m_gateway->connect();
        client.send(
            std::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf", uri));
        client.shutdownWrite();
        QVERIFY(client.endsWithin());
    }
    QCOMPARE(m_gateway->ask(post(uri, "hello")).status(), 200);
}

void tst_PluginPhases::suspendsAndGoesOn_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("seen");
    const auto row = [](const char *name, const char *config, int status, const char *seen) {
        QTest::newRow(name) << QByteArray(config) << status << QByteArray(seen);
    };
    row("delay", R"({"mode": "pause"})", 200, "pause");
    row("no delay at all", R"({"mode": "pause", "ms": 0})", 200, "pause");
    row("two delays in a row", R"({"mode": "twice"})", 200, "twice");
    row("answers after the delay", R"({"mode": "respond"})", 418, "");
    row("woken by another thread", R"({"mode": "wake", "ms": 60000})", 200, "woken");
    row("woken before it slept", R"({"mode": "early", "ms": 60000})", 200, "early");
    row("never woken", R"({"mode": "never", "ms": 5})", 200, "timed out");
}

void tst_PluginPhases::suspendsAndGoesOn()
{
    QFETCH(const QByteArray, config);
    QFETCH(const int, status);
    QFETCH(const QByteArray, seen);
    const std::string uri = serve(RawUpstream::echoing(),
                                  std::format(R"("waiter": {}, "waiter-too": {})",
                                              config.toStdString(), R"({"mode": "pause"})"));
    const std::string alone =
        serve(RawUpstream::echoing(), std::format(R"("waiter": {})", config.toStdString()));
    RawStream client = m_gateway->connect();
    for (int round = 0; round < 3; ++round) {
        g_calls = 0;
        client.send(std::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", uri));
        QCOMPARE(client.readMessage().status(), status);
        QCOMPARE(g_calls.load(), status == 200 ? 2 : 1); // each plugin once
        client.send(std::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", alone));
        const RawMessage answer = client.readMessage();
        QCOMPARE(answer.status(), status);
        if (status == 200)
            QVERIFY(answer.body.contains("X-Waited: " + seen.toStdString() + "\r\n"));
    }
}

void tst_PluginPhases::suspendsWithABodyUnread_data()
{
    QTest::addColumn<QByteArray>("plugins");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *plugins, int size, int status) {
        QTest::newRow(name) << QByteArray(plugins) << size << status;
    };
    row("streamed", R"("waiter": {"mode": "pause"})", 10, 200);
    row("streamed, large", R"("waiter": {"mode": "pause"})", 1'000'000, 200);
    row("read ahead first", R"("waiter": {"mode": "wake"}, "body-reader": {"limit": 100})", 10,
        200);
    row("read ahead in part", R"("waiter": {"mode": "wake"}, "body-reader": {"limit": 100})",
        1'000'000, 200);
    row("refused", R"("waiter": {"mode": "respond"})", 10, 418);
    row("refused, large", R"("waiter": {"mode": "respond"})", 500'000, 418);
}

void tst_PluginPhases::suspendsWithABodyUnread()
{
    QFETCH(const QByteArray, plugins);
    QFETCH(const int, size);
    QFETCH(const int, status);
    const std::string uri = serve(RawUpstream::echoing(), plugins.toStdString());
    const std::string body = pattern(static_cast<std::size_t>(size));
    RawStream client = m_gateway->connect();
    for (int round = 0; round < 2; ++round) {
        std::thread sender([&] { client.send(post(uri, body)); });
        const RawMessage answer = client.readMessage();
        sender.join();
        QCOMPARE(answer.status(), status);
        if (status == 200)
            QVERIFY(answer.body.ends_with("\r\n\r\n" + body));
    }
    // A client that says it has nothing more to send still gets its answer.
    RawStream half = m_gateway->connect();
    half.send(post(uri, body.substr(0, 10)));
    half.shutdownWrite();
    QCOMPARE(half.readMessage().status(), status);
    QVERIFY(half.endsWithin());
}

void tst_PluginPhases::keepsPipelinedRequestsInOrder()
{
    const std::string slow = serve(RawUpstream::echoing(), R"("waiter": {"mode": "twice"})");
    const std::string quick = serve(RawUpstream::echoing(), R"("wrapper": {})");
    RawStream client = m_gateway->connect();
    client.send(post(slow, "first") + post(quick, "second") + post(slow, "third"));
    for (const char *expected : {"first", "second", "third"}) {
        const RawMessage answer = client.readMessage();
        QCOMPARE(answer.status(), 200);
        QVERIFY(answer.body.ends_with(std::string("\r\n\r\n") + expected));
    }
}

void tst_PluginPhases::otherRequestsAreServedMeanwhile()
{
    const std::string slow =
        serve(RawUpstream::echoing(), R"("waiter": {"mode": "never", "ms": 3600000})");
    const std::string quick = serve(RawUpstream::echoing(), "");
    RawStream waiting = m_gateway->connect();
    waiting.send(std::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", slow));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(m_gateway->get(quick).status(), 200);
    waiting.reset();
    QTRY_VERIFY_WITH_TIMEOUT(g_cancelled > 0, 20'000);
}

void tst_PluginPhases::goneClientsCancel()
{
    const std::string uri =
        serve(RawUpstream::echoing(), R"("waiter": {"mode": "never", "ms": 3600000})");
    // Long enough for all to be gone before it is over.
    const std::string pausing =
        serve(RawUpstream::echoing(), R"("waiter": {"mode": "pause", "ms": 3000})");
    g_cancelled = 0;
    std::vector<RawStream> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(m_gateway->connect());
        clients.back().send(
            std::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", i % 2 ? uri : pausing));
    }
    QCOMPARE(m_gateway->get("/nowhere").status(), 404); // all of them have arrived
    for (RawStream &client : clients)
        client.reset();
    QTRY_COMPARE_WITH_TIMEOUT(g_cancelled.load(), 10, 20'000);
    QCOMPARE(m_gateway->get(pausing).status(), 200); // later than their timers
    QCOMPARE(m_upstreams.back()->requestCount(), std::size_t{1});
}

void tst_PluginPhases::stoppingCancels()
{
    GatewayFixture gateway;
    gateway.options.shutdownGrace = 10ms;
    QVERIFY(gateway.start());
    RawUpstream upstream(RawUpstream::echoing());
    QVERIFY(gateway.route("1", "/wait", upstream.port(),
                          R"(, "plugins": {"waiter": {"mode": "never", "ms": 3600000}})"));
    g_cancelled = 0;
    RawStream client = gateway.connect();
    client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(gateway.get("/nowhere").status(), 404);
    gateway.stop();
    QCOMPARE(g_cancelled.load(), 1);
}

void tst_PluginPhases::filtersTheBody_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const char *answer, const char *body) {
        QTest::newRow(name) << QByteArray(answer) << QByteArray(body);
    };
    row("with a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "b(a(hello))");
    row("chunked",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        "b(a(hello))");
    row("until close", "HTTP/1.1 200 OK\r\n\r\nhello", "b(a(hello))");
    row("empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "b(a())");
}

void tst_PluginPhases::filtersTheBody()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, body);
    const std::string uri = serve(
        [text = answer.toStdString()](RawUpstream::Connection &connection) {
            static_cast<void>(connection.readRequest());
            connection.send(text);
        },
        R"("wrapper": {"mark": "a"}, "wrapper-too": {"mark": "b"})");
    const RawMessage seen = m_gateway->get(uri);
    QCOMPARE(seen.body, body.toStdString());
    QVERIFY(seen.complete);
    QCOMPARE(seen.header("Content-Length"), std::string("-"));
    QCOMPARE(seen.header("Transfer-Encoding"), std::string("chunked"));
    QCOMPARE(seen.header("X-Filtered"), std::string("yes"));
    // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
    const RawMessage old = m_gateway->ask(
        std::format("GET {} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", uri));
    QCOMPARE(old.body, body.toStdString());
    QVERIFY(old.untilClose);
    QCOMPARE(old.header("Connection"), std::string("close"));
}

void tst_PluginPhases::filtersOwnReplies_data()
{
    QTest::addColumn<QByteArray>("answerer");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("start");
    QTest::newRow("message") << QByteArray(R"({"status": 403, "body": "no"})") << 403
                             << QByteArray("a({\"message\":\"no\"}\n)");
    QTest::newRow("page") << QByteArray(R"({"status": 503})") << 503 << QByteArray("a(<html>");
    QTest::newRow("nothing") << QByteArray(R"({"status": 200})") << 200 << QByteArray("a()");
}

void tst_PluginPhases::filtersOwnReplies()
{
    QFETCH(const QByteArray, answerer);
    QFETCH(const int, status);
    QFETCH(const QByteArray, start);
    const std::string uri =
        serve(RawUpstream::echoing(),
              std::format(R"("wrapper": {{"mark": "a"}}, "answerer": {})", answerer.toStdString()));
    const RawMessage answer = m_gateway->get(uri);
    QCOMPARE(answer.status(), status);
    QVERIFY2(answer.body.starts_with(start.toStdString()), answer.body.c_str());
    QVERIFY(answer.body.ends_with(")"));
    QVERIFY(answer.complete);
    QCOMPARE(answer.header("X-Filtered"), std::string("yes"));
    QCOMPARE(answer.count("Content-Type"), std::size_t{status == 200 ? 0U : 1U});
    // An upstream that cannot be reached is answered by the gateway, too.
    QVERIFY(m_gateway->route("closed", "/closed", 1, R"(, "plugins": {"wrapper": {"mark": "a"}})"));
    QVERIFY(m_gateway->get("/closed").body.starts_with("a(<html>"));
}

void tst_PluginPhases::filteredAnswersToHeadHaveNoBody()
{
    const std::string uri = serve(
        [](RawUpstream::Connection &connection) {
            while (connection.readRequest().complete)
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        },
        R"("wrapper": {"mark": "a"})");
    RawStream client = m_gateway->connect();
    for (int i = 0; i < 2; ++i) {
        client.send(std::format("HEAD {} HTTP/1.1\r\nHost: a\r\n\r\n", uri));
        const RawMessage answer = client.readMessage(true);
        QCOMPARE(answer.status(), 200);
        QCOMPARE(answer.header("Content-Length"), std::string("-"));
        QCOMPARE(answer.header("Transfer-Encoding"), std::string("-"));
    }
}

void tst_PluginPhases::streamsThroughFilters()
{
    std::latch first{1};
    const std::string uri = serve(
        [&first](RawUpstream::Connection &connection) {
            static_cast<void>(connection.readRequest());
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            first.wait();
            connection.send("0\r\n\r\n");
            connection.waitForEnd();
        },
        R"("wrapper": {"mark": "a"})");
    RawStream client = m_gateway->connect();
    client.send(std::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", uri));
    std::string seen;
    while (!seen.ends_with("a(hello")) {
        const std::string octet = client.readExactly(1);
        QVERIFY(!octet.empty());
        seen += octet;
    }
    first.count_down();
    QCOMPARE(client.readExactly(13), std::string("\r\n1\r\n)\r\n0\r\n\r\n"));
}

void tst_PluginPhases::changedStatusOrMethodKeepsTheFraming_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("length");
    const auto row = [](const char *name, const char *answer, const char *config,
                        const char *method, int status, const char *length) {
        QTest::newRow(name) << QByteArray(answer) << QByteArray(config) << QByteArray(method)
                            << status << QByteArray(length);
    };
    const char *five = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    const char *none = "HTTP/1.1 204 No Content\r\n\r\n";
    const char *head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    row("200 becomes 204", five, R"({"status": 204})", "GET", 204, "-");
    row("200 becomes 304", five, R"({"status": 304})", "GET", 304, "-");
    row("204 becomes 200", none, R"({"status": 200})", "GET", 200, "0");
    row("404 for 200 keeps the body", five, R"({"status": 404})", "GET", 404, "5");
    row("GET becomes HEAD", head, R"({"method": "HEAD"})", "GET", 200, "0");
    row("HEAD becomes GET", five, R"({"method": "GET"})", "HEAD", 200, "5");
}

void tst_PluginPhases::changedStatusOrMethodKeepsTheFraming()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, config);
    QFETCH(const QByteArray, method);
    QFETCH(const int, status);
    QFETCH(const QByteArray, length);
    const std::string uri = serve(
        [text = answer.toStdString()](RawUpstream::Connection &connection) {
            while (connection.readRequest().complete)
                connection.send(text);
        },
        std::format(R"("wrapper": {})", config.toStdString()));
    RawStream client = m_gateway->connect();
    for (int round = 0; round < 2; ++round) { // out of step, the second answer would show it
        client.send(std::format("{} {} HTTP/1.1\r\nHost: a\r\n\r\n", method.toStdString(), uri));
        const RawMessage seen = client.readMessage(method == "HEAD");
        QCOMPARE(seen.status(), status);
        QCOMPARE(seen.header("Content-Length"), length.toStdString());
        QCOMPARE(seen.body,
                 length == "5" && method == "GET" ? std::string("hello") : std::string());
    }
}

QTEST_GUILESS_MAIN(tst_PluginPhases)
#include "tst_plugin_phases.moc"
