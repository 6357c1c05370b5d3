// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/control/client.h"
#include "gateway/pipeline/step_text.h"
#include "tests/support/gateway_fixture.h"
#include "tests/support/raw_upstream.h"

#include <QTest>

#include <format>
#include <memory>
#include <string>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

/// What the trace says about the choice of a node: which one, by what, and which were not to be
/// had, why.
class tst_UpstreamTrace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void sentences_data();
    void sentences();
    void everyRefusalHasAFix_data();
    void everyRefusalHasAFix();
    void chosenNodeAndKey();
    void oneNodeNeedsNoWords();
    void nodesThatAreOut();
    void retriedRequestIsNoRefusal();
    void deadline();
    void unknownType();

private:
    [[nodiscard]] bool route(std::string_view upstream);
    /// The newest trace as the control API shows it.
    [[nodiscard]] Json trace() const;
    std::unique_ptr<GatewayFixture> m_gateway;
};

namespace {

using Peer = RawUpstream::Connection;

std::string nodes(std::uint16_t first, std::uint16_t second)
{
    return std::format(
        R"("nodes": [{{"host": "127.0.0.1", "port": {}, "weight": 1, "priority": 1}},
                     {{"host": "127.0.0.1", "port": {}, "weight": 1}}])",
        first, second);
}

/// The texts of the steps of that name.
std::string texts(const Json &trace, std::string_view step)
{
    std::string found;
    for (const Json &each : trace.find("steps")->items()) {
        if (each.stringOr("step", "") == step)
            found += std::string(each.stringOr("text", "")) + "\n";
    }
    return found;
}

} // namespace

void tst_UpstreamTrace::init()
{
    m_gateway = std::make_unique<GatewayFixture>();
    QVERIFY(m_gateway->start());
}

bool tst_UpstreamTrace::route(std::string_view upstream)
{
    const RawMessage answer = m_gateway->admin(
        "PUT", "/routes/1", std::format(R"({{"uri": "/*", "upstream": {{{}}}}})", upstream));
    if (answer.status() / 100 != 2)
        qWarning("%s", answer.body.c_str());
    return answer.status() / 100 == 2;
}

Json tst_UpstreamTrace::trace() const
{
    const auto address = parseServerAddress(m_gateway->gateway().addresses().controlUri());
    if (!address)
        return {};
    const auto answer = ControlClient(*address).send({.target = "/v1/traces?limit=1"});
    const auto page = answer ? parseJson(answer->body) : Result<Json>(fail(Errc::Json));
    const Json *list = page ? page->find("traces") : nullptr;
    return list && list->size() > 0 ? list->items().back() : Json();
}

void tst_UpstreamTrace::sentences_data()
{
    QTest::addColumn<QByteArray>("subject");
    QTest::addColumn<int>("reason");
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<int>("number");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *subject, Errc reason, const char *a,
                        const char *b, int number, const char *text) {
        QTest::newRow(name) << QByteArray(subject) << static_cast<int>(reason) << QByteArray(a)
                            << QByteArray(b) << number << QByteArray(text);
    };
    row("a choice", "least_conn", Errc::Internal, "a:80", "", 0, "least_conn chose a:80");
    row("a choice by key", "chash", Errc::Internal, "a:80", "10.0.0.1", 0,
        "chash chose a:80 for \"10.0.0.1\"");
    row("nodes that are out", "checks", Errc::UpstreamUnhealthy, "b:80 unhealthy (2 tcp failures)",
        "", 0, "left out by health checks: b:80 unhealthy (2 tcp failures)");
    row("all are out", "checks", Errc::UpstreamUnhealthy, "b:80 unhealthy", "", 1,
        "every node is unhealthy, so all are used: b:80 unhealthy");
    row("what a failed connection said", "", Errc::UpstreamConnect, "Connection refused", "", 0,
        "Connection refused");
}

void tst_UpstreamTrace::sentences()
{
    QFETCH(const QByteArray, subject);
    QFETCH(const int, reason);
    QFETCH(const QByteArray, a);
    QFETCH(const QByteArray, b);
    QFETCH(const int, number);
    QFETCH(const QByteArray, text);
    const StepView view{Step::Upstream,
                        Outcome::Note,
                        static_cast<Errc>(reason),
                        std::string_view(subject.constData()),
                        std::string_view(a.constData()),
                        std::string_view(b.constData()),
                        number,
                        {}};
    QCOMPARE(stepText(view), text.toStdString());
}

void tst_UpstreamTrace::everyRefusalHasAFix_data()
{
    QTest::addColumn<int>("reason");
    for (const Errc reason : {Errc::UpstreamType, Errc::UpstreamUnhealthy, Errc::RetryDeadline})
        QTest::addRow("%s", std::string(slug(reason)).c_str()) << static_cast<int>(reason);
}

void tst_UpstreamTrace::everyRefusalHasAFix()
{
    QFETCH(const int, reason);
    const StepView view{
        Step::Upstream, Outcome::Failed, static_cast<Errc>(reason), {}, {}, {}, 0, {}};
    QVERIFY(!stepFix(view, {}).empty());
    QVERIFY(!stepText(view).empty());
}

void tst_UpstreamTrace::chosenNodeAndKey()
{
    const RawUpstream one(RawUpstream::echoing()), two(RawUpstream::echoing());
    QVERIFY(route(R"("type": "chash", "key": "arg_user", )" + nodes(one.port(), two.port())));
    QCOMPARE(m_gateway->get("/?user=jack").status(), 200);
    const std::string said = texts(trace(), "upstream");
    QVERIFY2(said.starts_with(std::format("chash chose 127.0.0.1:{} for \"jack\"\n", one.port())),
             said.c_str());
}

void tst_UpstreamTrace::oneNodeNeedsNoWords()
{
    const RawUpstream one(RawUpstream::echoing());
    QVERIFY(m_gateway->route("1", "/*", one.port()));
    QCOMPARE(m_gateway->get("/").status(), 200);
    QCOMPARE(texts(trace(), "upstream"), std::format("127.0.0.1:{} answered 200\n", one.port()));
}

void tst_UpstreamTrace::nodesThatAreOut()
{
    const RawUpstream good(RawUpstream::echoing());
    const std::uint16_t gone = closedPort();
    QVERIFY(
        route(nodes(gone, good.port())
              + R"(, "checks": {"active": {"type": "tcp", "unhealthy": {"tcp_failures": 1}}})"));
    const std::string expected =
        std::format("left out by health checks: 127.0.0.1:{} unhealthy (1 tcp failure)\n"
                    "roundrobin chose 127.0.0.1:{}\n",
                    gone, good.port());
    const auto said = [this] {
        static_cast<void>(m_gateway->get("/"));
        return texts(trace(), "upstream");
    };
    QTRY_VERIFY_WITH_TIMEOUT(said().starts_with(expected), 20'000);
}

void tst_UpstreamTrace::retriedRequestIsNoRefusal()
{
    const RawUpstream bad([](Peer &peer) { peer.readRequest(); });
    const RawUpstream good(RawUpstream::echoing());
    QVERIFY(route(nodes(bad.port(), good.port())));
    QCOMPARE(m_gateway->get("/").status(), 200);
    const Json shown = trace();
    QCOMPARE(shown.stringOr("decision", ""), std::string_view("allowed"));
    QCOMPARE(shown.find("upstream")->stringOr("address", ""),
             std::string_view(std::format("127.0.0.1:{}", good.port())));
}

void tst_UpstreamTrace::deadline()
{
    const RawUpstream silent([](Peer &peer) {
        peer.readRequest();
        peer.waitForEnd();
    });
    const RawUpstream good(RawUpstream::echoing());
    QVERIFY(
        route(nodes(silent.port(), good.port())
              + R"(, "retry_timeout": 0.05, "timeout": {"connect": 1, "send": 1, "read": 0.2})"));
    QCOMPARE(m_gateway->get("/").status(), 502);
    const Json shown = trace();
    QCOMPARE(shown.stringOr("reason", ""), std::string_view("retry-deadline"));
    QVERIFY(shown.find("fix")->size() > 0);
}

void tst_UpstreamTrace::unknownType()
{
    const RawUpstream one(RawUpstream::echoing()), two(RawUpstream::echoing());
    QVERIFY(route(R"("type": "fastest", )" + nodes(one.port(), two.port())));
    const RawMessage answer = m_gateway->get("/");
    QCOMPARE(answer.status(), 500);
    QVERIFY(answer.body.contains("500 Internal Server Error"));
    const Json shown = trace();
    QCOMPARE(shown.stringOr("reason", ""), std::string_view("upstream-type"));
    QVERIFY(shown.find("fix")->size() > 0);
}

QTEST_GUILESS_MAIN(tst_UpstreamTrace)
#include "tst_upstream_trace.moc"
