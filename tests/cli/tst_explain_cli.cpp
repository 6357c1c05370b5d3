// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway_process.h"
#include "seed_tokens.h"

#include <QTest>

using namespace postern;
using namespace postern::test;

/// explain, trace and clock against a running gateway.
class tst_ExplainCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void namesTheSampleSecret();
    void explainsById();
    void allowedIsExitZero();
    void saysWhenThereIsNothing();
    void listsAndFilters();
    void tailShowsARequestAsItIsAnswered();
    void clockMoves();

private:
    Answer get(const char *token)
    {
        return call(m_gateway->port("proxy"), "GET", "/headers",
                    {std::string("Authorization: ") + token});
    }
    std::unique_ptr<GatewayProcess> m_gateway;
};

void tst_ExplainCli::initTestCase()
{
    m_gateway = std::make_unique<GatewayProcess>();
    QVERIFY(m_gateway->ready());
    const std::string credential = R"({"id":"cred-jack-jwt-auth","plugins":{"jwt-auth":)"
                                   R"({"key":"jack-key","secret":"jack-hs256-secret"}}})";
    const std::string route = R"({"id":"jwt-route","uri":"/headers","plugins":{"jwt-auth":{}},)"
                              R"("upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}})";
    QCOMPARE(m_gateway->admin("PUT", "/consumers", R"({"username":"jack"})").status, 201);
    QCOMPARE(m_gateway->admin("PUT", "/consumers/jack/credentials", credential).status, 201);
    QCOMPARE(m_gateway->admin("PUT", "/routes", route).status, 201);
    const Ran ran = m_gateway->postern({"explain", "--last"});
    QCOMPARE(ran.exit, 1);
    QCOMPARE(ran.err,
             std::string("postern: no such object: no request was answered yet [E-not-found]\n"));
}

void tst_ExplainCli::namesTheSampleSecret()
{
    QCOMPARE(get(kT1).status, 401);
    const Ran ran = m_gateway->postern({"explain", "--last"});
    QCOMPARE(ran.exit, 1);
    QVERIFY2(ran.out.contains("your-256-bit-secret"), ran.out.c_str());
    QVERIFY2(!ran.out.contains("jack-hs256-secret"), ran.out.c_str());
}

void tst_ExplainCli::explainsById()
{
    const Answer answer = get("nonsense");
    const std::size_t at = answer.text.find("X-Postern-Trace: ");
    QVERIFY(at != std::string::npos);
    // As `grep | cut` gives it, with the carriage return.
    const std::string id = answer.text.substr(at + 17, answer.text.find('\n', at) - at - 17);
    const Ran ran = m_gateway->postern({"explain", id});
    QVERIFY2(ran.exit == 1 && ran.out.starts_with("GET /headers → 401"), ran.err.c_str());
    const Ran json = m_gateway->postern({"explain", id, "-o", "json"});
    QCOMPARE(parseJson(json.out)->stringOr("decision", ""), std::string_view("denied"));
}

void tst_ExplainCli::allowedIsExitZero()
{
    QCOMPARE(get(kT8).status, 200);
    const Ran ran = m_gateway->postern({"explain", "--last"});
    QVERIFY2(ran.exit == 0 && ran.out.contains("jack"), ran.out.c_str());
}

void tst_ExplainCli::saysWhenThereIsNothing()
{
    QCOMPARE(m_gateway->postern({"explain"}).exit, 2);
    QCOMPARE(m_gateway->postern({"explain", "0000000000"}).exit, 1);
    QCOMPARE(m_gateway->postern({"explain", "not an id"}).exit, 2);
}

void tst_ExplainCli::listsAndFilters()
{
    static_cast<void>(get(kT8));
    static_cast<void>(get("nonsense"));
    const Ran denied = m_gateway->postern({"trace", "list", "--decision", "denied", "-o", "json"});
    const Result<Json> json = parseJson(denied.out);
    QVERIFY2(json && json->find("traces")->size() > 0, denied.err.c_str());
    for (const Json &trace : json->find("traces")->items())
        QCOMPARE(trace.stringOr("decision", ""), std::string_view("denied"));
    const Ran jack = m_gateway->postern({"trace", "list", "--consumer", "jack", "--limit", "1"});
    QVERIFY2(jack.out.contains("allowed") && jack.out.contains("jack"), jack.out.c_str());
    QCOMPARE(m_gateway->postern({"trace", "show", "last"}).exit, 0);
    QCOMPARE(m_gateway->postern({"trace", "list", "--decision", "maybe"}).exit, 2);
}

void tst_ExplainCli::tailShowsARequestAsItIsAnswered()
{
    QProcess tail;
    tail.setProcessEnvironment(cleanEnvironment(m_gateway->environment()));
    tail.start(QStringLiteral(POSTERN_BINARY),
               {QStringLiteral("trace"), QStringLiteral("tail"), QStringLiteral("--count"),
                QStringLiteral("1"), QStringLiteral("-o"), QStringLiteral("json")});
    QVERIFY(tail.waitForStarted());
    // Requests until the tail, which may still be connecting, has seen one.
    QTRY_VERIFY_WITH_TIMEOUT(get(kT8).status == 200 && tail.state() == QProcess::NotRunning,
                             20'000);
    QCOMPARE(tail.exitCode(), 0);
    const Result<Json> trace = parseJson(tail.readAllStandardOutput().trimmed().toStdString());
    QVERIFY(trace && trace->stringOr("target", "") == "/headers");
}

void tst_ExplainCli::clockMoves()
{
    const std::vector<std::string> set{"clock",  "set",    "2030-01-01T00:00:00Z",
                                       "--mode", "frozen", "--force"};
    const Ran there = m_gateway->postern(set);
    QVERIFY2(there.out.starts_with("2030-01-01T00:00:00Z") && there.out.contains("frozen"),
             there.err.c_str());
    QVERIFY(
        m_gateway->postern({"clock", "advance", "31s"}).out.starts_with("2030-01-01T00:00:31Z"));
    QCOMPARE(m_gateway->postern({"clock", "set", "2029-01-01T00:00:00Z"}).exit, 2); // backwards
    QCOMPARE(m_gateway->postern({"clock", "advance", "soon"}).exit, 2);
}

QTEST_GUILESS_MAIN(tst_ExplainCli)
#include "tst_explain_cli.moc"
