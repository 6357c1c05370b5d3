// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "tests/support/raw_stream.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <format>
#include <memory>
#include <string>
#include <thread>

using namespace postern;
using namespace postern::test;

namespace {

constexpr int kPuts = 1'000;
constexpr int kPatience = 30'000;

// `postern gateway run` on a file, a process of its own.
class GatewayOnFile
{
public:
    explicit GatewayOnFile(const QTemporaryDir &folder)
    {
        const auto in = [&folder](const char *name) {
            return folder.filePath(QString::fromLatin1(name));
        };
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(POSTERN_BINARY),
                        {QStringLiteral("gateway"), QStringLiteral("run"),
                         QStringLiteral("--store"), QStringLiteral("sqlite:") + in("postern.db"),
                         QStringLiteral("--proxy"), QStringLiteral("127.0.0.1:0"),
                         QStringLiteral("--admin"), QStringLiteral("127.0.0.1:0"),
                         QStringLiteral("--control"), QStringLiteral("unix:") + in("control.sock"),
                         QStringLiteral("--admin-key"), QStringLiteral("durable"),
                         QStringLiteral("--port-file"), QStringLiteral("-")});
        while (!m_process.canReadLine() && m_process.waitForReadyRead(kPatience)) {}
        const auto ready = parseJson(m_process.readLine().toStdString());
        const std::string url(ready ? ready->stringOr("admin", "") : "");
        const std::size_t colon = url.find(':', url.find("://") + 3);
        if (colon != std::string::npos) {
            m_port = static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1)));
            connect();
        }
    }
    ~GatewayOnFile() { kill(); }

    [[nodiscard]] bool ready() const { return m_port != 0; }
    [[nodiscard]] pid_t pid() const { return static_cast<pid_t>(m_process.processId()); }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished(kPatience);
    }

    RawMessage admin(std::string_view method, std::string_view path, std::string_view json = {})
    {
        m_stream.send(std::format("{} /apisix/admin{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                                  "X-API-KEY: durable\r\nContent-Length: {}\r\n\r\n{}",
                                  method, path, m_port, json.size(), json));
        return m_stream.readMessage();
    }

private:
    void connect() { m_stream = RawStream::connectTo(m_port); }

    QProcess m_process;
    std::uint16_t m_port = 0;
    RawStream m_stream;
};

// A consumer with a secret, which is sealed in the file.
std::string consumerOf(int number)
{
    return std::format(R"({{"username":"c{0}","plugins":{{"key-auth":{{"key":"key-{0}"}}}}}})",
                       number);
}

std::string integrityOf(const QString &path)
{
    sqlite3 *database = nullptr;
    std::string verdict = "cannot be opened";
    if (sqlite3_open_v2(path.toUtf8().constData(), &database, SQLITE_OPEN_READWRITE, nullptr)
        == SQLITE_OK) {
        const auto take = [](void *out, int, char **values, char **) {
            *static_cast<std::string *>(out) = values[0];
            return 0;
        };
        sqlite3_exec(database, "PRAGMA integrity_check", take, &verdict, nullptr);
    }
    sqlite3_close(database);
    return verdict;
}

} // namespace

class tst_Durability : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatWasAcknowledged_data();
    void keepsWhatWasAcknowledged();
};

void tst_Durability::keepsWhatWasAcknowledged_data()
{
    QTest::addColumn<int>("after");
    QTest::addColumn<int>("microseconds");
    const auto row = [](const char *name, int after) {
        const int later = QRandomGenerator::global()->bounded(2'000);
        QTest::newRow(name) << after << later;
    };
    row("killed early", QRandomGenerator::global()->bounded(1, 20));
    row("killed somewhere", QRandomGenerator::global()->bounded(20, kPuts));
    row("killed elsewhere", QRandomGenerator::global()->bounded(20, kPuts));
    row("killed late", kPuts - 2);
}

void tst_Durability::keepsWhatWasAcknowledged()
{
    QFETCH(int, after);
    QFETCH(int, microseconds);
    qInfo("killed %d us after %d acknowledged objects", microseconds, after);
    const QTemporaryDir folder;
    int acknowledged = 0;
    {
        GatewayOnFile gateway(folder);
        QVERIFY(gateway.ready());
        std::atomic<int> count = 0;
        std::jthread killer([&count, after, microseconds, pid = gateway.pid()] {
            for (int now = count.load(); now < after; now = count.load())
                count.wait(now);
            std::this_thread::sleep_for(std::chrono::microseconds(microseconds)); // any moment
            ::kill(pid, SIGKILL);
        });
        while (acknowledged < kPuts
               && gateway.admin("PUT", "/consumers", consumerOf(acknowledged)).status() == 201) {
            count = ++acknowledged;
            count.notify_one();
        }
        count = kPuts; // lets the killer go, whatever happened
        count.notify_one();
    }
    QVERIFY2(acknowledged >= after, "the gateway stopped by itself");

    GatewayOnFile again(folder);
    QVERIFY(again.ready());
    for (int number = 0; number < acknowledged; ++number) {
        const RawMessage answer = again.admin("GET", std::format("/consumers/c{}", number));
        QCOMPARE(answer.status(), 200);
        QVERIFY2(answer.body.contains(std::format(R"("key":"key-{}")", number)),
                 answer.body.c_str());
    }
    // The one that was on its way may have arrived; nothing else may.
    const auto list = parseJson(again.admin("GET", "/consumers").body);
    QVERIFY(list.has_value());
    const auto total = list->find("total")->asInteger().value_or(-1);
    QVERIFY(total == acknowledged || total == acknowledged + 1);
    again.kill();
    QCOMPARE(integrityOf(folder.filePath(QStringLiteral("postern.db"))), std::string("ok"));
}

QTEST_GUILESS_MAIN(tst_Durability)
#include "tst_durability.moc"
