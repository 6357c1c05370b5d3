// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/store/store.h"
#include "gateway/control/client.h"
#include "gateway/control/ready_file.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"

#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include <csignal>

#include <sys/resource.h>

using namespace postern;
using namespace postern::gui;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(postern::Error)

class tst_Session : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void opensAStoreAndWritesToIt();
    void saysWhyAStoreDoesNotOpen();
    void seesWhatAnotherConnectionWrites();
    void hostsAGateway();
    void seesWhatTheAdminApiWrites();
    void undoBringsADeletedConsumerBackAsItWas();
    void stagedEditsAreCheckedByTheGateway();
    void takesTheClockAlong();
    void saysThatThePortIsTaken();
    void streamsTraces();
    void losesAnAttachedGatewayAndFindsItAgain();
    void saysThatTheStoreFileIsGone();
    void keepsTheEditsWhenTheDiskIsFull();
    void answersNobodyWhoIsGone();

private:
    static gateway::GatewayOptions freePorts();
    [[nodiscard]] std::string path(const char *name) const
    {
        return m_directory->filePath(QString::fromLatin1(name)).toStdString();
    }
    [[nodiscard]] std::string store() const { return "sqlite:" + path("test.postern"); }
    static bool put(const std::string &adminUrl, const std::string &key, const std::string &target,
                    const std::string &body);
    static Json value(const char *json) { return *parseJson(json); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Session::initTestCase()
{
    // a full disk is an error, not a signal
    std::signal(SIGXFSZ, SIG_IGN);
}

void tst_Session::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    qputenv("XDG_RUNTIME_DIR", m_directory->path().toUtf8());
}

gateway::GatewayOptions tst_Session::freePorts()
{
    gateway::GatewayOptions options;
    options.proxy.port = options.admin.port = 0;
    options.workers = 1;
    return options;
}

bool tst_Session::put(const std::string &adminUrl, const std::string &key,
                      const std::string &target, const std::string &body)
{
    const gateway::ControlClient client(*gateway::parseServerAddress(adminUrl));
    const auto answer = client.send(
        {.method = "PUT", .target = target, .headers = {{"X-API-KEY", key}}, .body = body});
    return answer && answer->status < 300;
}

void tst_Session::opensAStoreAndWritesToIt()
{
    {
        Session session;
        QCOMPARE(session.state(), Session::State::Closed);
        session.open(store());
        QTRY_COMPARE(session.state(), Session::State::Stopped);
        QCOMPARE(session.store(), store());
        QVERIFY(!session.addresses());
        session.workspace().commit(u"New"_s,
                                   {{"/consumers/jack", value(R"({"username":"jack"})")}});
        QTRY_VERIFY(session.workspace().stored("/consumers/jack"));
        QVERIFY(session.workspace().stored("/consumers/jack")->contains("create_time"));
    }
    Session again;
    again.open(store());
    QTRY_VERIFY(again.workspace().stored("/consumers/jack"));
}

void tst_Session::saysWhyAStoreDoesNotOpen()
{
    QFile broken(m_directory->filePath(u"test.postern"_s));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write(QByteArray(4096, 'x'));
    broken.close();
    Session session;
    QSignalSpy failed(&session, &Session::failed);
    session.open(store());
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(session.state(), Session::State::Closed);
    QCOMPARE(failed.front().front().value<Error>().code, Errc::StoreCorrupt);
}

void tst_Session::seesWhatAnotherConnectionWrites()
{
    Session session;
    session.open(store());
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    auto other = openStore(store());
    QVERIFY(other);
    QVERIFY((*other)->commit({{{"/apisix/routes/1", R"({"uri":"/a","id":"1"})"}}, {}, {}}));
    QTRY_VERIFY(session.workspace().stored("/routes/1"));
    QVERIFY((*other)->commit({{}, {"/apisix/routes/1"}, {}}));
    QTRY_VERIFY(!session.workspace().stored("/routes/1"));
}

void tst_Session::hostsAGateway()
{
    Session session;
    session.open(store());
    session.startGateway(freePorts());
    QCOMPARE(session.state(), Session::State::Starting);
    QTRY_COMPARE(session.state(), Session::State::Running);
    QVERIFY(session.addresses()->proxy.port != 0);
    QCOMPARE(session.profile(), "apisix-3.18");
    bool answered = false;
    session.askControl("GET", "/v1/healthcheck", {}, &session, [&answered](Result<Json> health) {
        answered = health && health->stringOr("status", "") == "ok";
    });
    QTRY_VERIFY(answered);
    // what the user's commands find it by
    const std::string socket = session.addresses()->controlSocket;
    const auto ready = gateway::readReadyFile(socket);
    QVERIFY(ready);
    QCOMPARE(ready->stringOr("admin_key", ""), session.addresses()->adminKey);
    QCOMPARE(ready->stringOr("store", ""), store());
    session.stopGateway();
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    QVERIFY(!session.addresses());
    QVERIFY(!gateway::readReadyFile(socket));
}

void tst_Session::seesWhatTheAdminApiWrites()
{
    Session session;
    session.open(store());
    session.startGateway(freePorts());
    QTRY_COMPARE(session.state(), Session::State::Running);
    QVERIFY(put(session.addresses()->adminUrl(), session.addresses()->adminKey, "/consumers/jack",
                R"({"username":"jack"})"));
    QTRY_VERIFY(session.workspace().stored("/consumers/jack"));
    session.stopGateway();
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    QVERIFY(session.workspace().stored("/consumers/jack"));
}

void tst_Session::undoBringsADeletedConsumerBackAsItWas()
{
    Session session;
    session.open(store());
    session.startGateway(freePorts());
    QTRY_COMPARE(session.state(), Session::State::Running);
    Workspace &workspace = session.workspace();
    workspace.commit(
        u"New"_s,
        {{"/consumers/jack", value(R"({"username":"jack","create_time":1700000000})")},
         {"/consumers/jack/credentials/k",
          value(R"({"plugins":{"key-auth":{"key":"jack-key"}},"create_time":1700000001})")}});
    QTRY_VERIFY(workspace.stored("/consumers/jack/credentials/k"));
    const std::string consumer = workspace.stored("/consumers/jack")->dump();
    const std::string credential = workspace.stored("/consumers/jack/credentials/k")->dump();
    QVERIFY(consumer.contains("1700000000"));
    QTRY_COMPARE(workspace.undoStack()->count(), 1);
    workspace.commit(u"Delete"_s, {{"/consumers/jack", std::nullopt}});
    QTRY_VERIFY(!workspace.stored("/consumers/jack/credentials/k"));
    QTRY_COMPARE(workspace.undoStack()->count(), 2);
    workspace.undoStack()->undo();
    QTRY_VERIFY(workspace.stored("/consumers/jack/credentials/k"));
    QCOMPARE(workspace.stored("/consumers/jack")->dump(), consumer);
    QCOMPARE(workspace.stored("/consumers/jack/credentials/k")->dump(), credential);
}

void tst_Session::stagedEditsAreCheckedByTheGateway()
{
    Session session;
    session.open(store());
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    Workspace &workspace = session.workspace();
    workspace.stage({}, {{"/consumers/bad name", value(R"({"username":"bad name"})")}});
    QTRY_VERIFY(workspace.refusal("/consumers/bad name"));
    QVERIFY(!workspace.stored("/consumers/bad name"));
}

void tst_Session::takesTheClockAlong()
{
    Session session;
    QCOMPARE(session.clockMode(), "real");
    session.setClock(Json::object({{"set", "2030-01-01T00:00:00Z"}, {"mode", "frozen"}}));
    QCOMPARE(formatTime(session.now()), "2030-01-01T00:00:00Z");
    session.open(store());
    session.startGateway(freePorts());
    QTRY_COMPARE(session.state(), Session::State::Running);
    session.setClock(Json::object({{"advance", "30s"}}));
    QTRY_COMPARE(formatTime(session.now()), "2030-01-01T00:00:30Z");
    QCOMPARE(session.clockMode(), "frozen");
    // somebody else's change, through the control API
    const gateway::ControlClient other(
        *gateway::parseServerAddress(session.addresses()->controlUri()));
    QVERIFY(other.send(
        {.method = "POST", .target = "/v1/clock", .headers = {}, .body = R"({"advance":"1h"})"}));
    QTRY_COMPARE(formatTime(session.now()), "2030-01-01T01:00:30Z");
    session.setClock(Json::object({{"mode", "real"}, {"force", true}})); // back in time
    QTRY_COMPARE(session.clockMode(), "real");
}

void tst_Session::saysThatThePortIsTaken()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    Session session;
    session.open(store());
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    QSignalSpy failed(&session, &Session::startFailed);
    gateway::GatewayOptions options = freePorts();
    options.proxy.port = taken.serverPort();
    session.startGateway(options);
    QTRY_COMPARE(failed.count(), 1);
    const auto error = failed.front().front().value<Error>();
    QCOMPARE(error.code, Errc::PortInUse);
    QVERIFY(describe(error).contains(std::to_string(taken.serverPort())));
    QCOMPARE(session.state(), Session::State::Stopped);
    session.startGateway(freePorts());
    QTRY_COMPARE(session.state(), Session::State::Running);
}

void tst_Session::streamsTraces()
{
    Session session;
    QStringList seen;
    connect(&session, &Session::tracesArrived, this, [&seen](const std::vector<QByteArray> &batch) {
        for (const QByteArray &trace : batch)
            seen << QString::fromUtf8(trace);
    });
    session.open(store());
    session.startGateway(freePorts());
    QTRY_COMPARE(session.state(), Session::State::Running);
    const gateway::ControlClient proxy(
        *gateway::parseServerAddress(session.addresses()->proxyUrl()));
    // one request, at once: the stream may not be connected yet
    QVERIFY(proxy.send({.target = "/nowhere", .headers = {}, .body = {}}));
    QTRY_COMPARE(seen.size(), 1);
    QVERIFY(seen.front().contains(u"/nowhere"_s));
}

void tst_Session::losesAnAttachedGatewayAndFindsItAgain()
{
    gateway::GatewayOptions options = freePorts();
    options.controlSocket = path("c.sock");
    options.store = store();
    options.adminKey = "test-key";
    auto gateway = gateway::Gateway::start(options);
    QVERIFY(gateway);
    Session session;
    session.attach("unix:" + options.controlSocket, "test-key");
    QTRY_COMPARE(session.state(), Session::State::Attached);
    QVERIFY(session.store().empty());
    QVERIFY(put((*gateway)->addresses().adminUrl(), "test-key", "/consumers/jack",
                R"({"username":"jack"})"));
    QTRY_VERIFY(session.workspace().stored("/consumers/jack"));
    session.workspace().stage({}, {{"/routes/1", value(R"({"uri":"/"})")}});
    gateway->reset();
    QTRY_COMPARE(session.state(), Session::State::Lost);
    QVERIFY(!session.addresses());
    QVERIFY(session.workspace().isDirty()); // no lost edit
    QSignalSpy refused(&session.workspace(), &Workspace::refused);
    session.workspace().save();
    QTRY_COMPARE(refused.count(), 1);
    gateway = gateway::Gateway::start(options);
    QVERIFY(gateway);
    QTRY_COMPARE(session.state(), Session::State::Attached);
    QVERIFY(session.workspace().isStaged("/routes/1"));
    QVERIFY(session.workspace().stored("/consumers/jack"));
}

void tst_Session::saysThatTheStoreFileIsGone()
{
    Session session;
    QSignalSpy failed(&session, &Session::failed);
    session.open(store());
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    session.workspace().stage({}, {{"/consumers/jack", value(R"({"username":"jack"})")}});
    QVERIFY(QFile::remove(QString::fromStdString(path("test.postern"))));
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.front().front().value<Error>().code, Errc::StoreOpen);
    QSignalSpy refused(&session.workspace(), &Workspace::refused);
    session.workspace().save();
    QTRY_COMPARE(refused.count(), 1);
    QVERIFY(session.workspace().isStaged("/consumers/jack"));
}

void tst_Session::keepsTheEditsWhenTheDiskIsFull()
{
    Session session;
    session.open(store());
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    Workspace &workspace = session.workspace();
    Json big = value(R"({"username":"jack"})");
    big.set("desc", std::string(200, 'x'));
    workspace.commit({}, {{"/consumers/first", value(R"({"username":"first"})")}});
    QTRY_VERIFY(workspace.stored("/consumers/first"));
    workspace.stage({}, {{"/consumers/jack", big}});

    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit none = before;
    none.rlim_cur = 512; // nothing that SQLite writes fits
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &none), 0);
    QSignalSpy refused(&workspace, &Workspace::refused);
    workspace.save();
    const bool told = QTest::qWaitFor([&refused] { return refused.count() == 1; }, 20'000);
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(told);
    QVERIFY(workspace.isStaged("/consumers/jack"));
    QVERIFY(!workspace.stored("/consumers/jack"));
    workspace.save();
    QTRY_VERIFY(workspace.stored("/consumers/jack"));
    QVERIFY(!workspace.isDirty());
}

void tst_Session::answersNobodyWhoIsGone()
{
    Session session;
    session.open(store());
    QTRY_COMPARE(session.state(), Session::State::Stopped);
    bool answered = false, told = false;
    {
        QObject gone;
        session.ask(
            &gone, [](gateway::AdminAccess &admin) { return admin.now(); },
            [&answered](const Result<Timestamp> &) { answered = true; });
    }
    session.ask(
        &session, [](gateway::AdminAccess &admin) { return admin.request("GET", "/consumers"); },
        [&told](const Result<Json> &list) { told = list.has_value(); });
    QTRY_VERIFY(told);
    QVERIFY(!answered);
}

QTEST_GUILESS_MAIN(tst_Session)
#include "tests/support/patience.h"
#include "tst_session.moc"
