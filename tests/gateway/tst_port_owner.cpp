// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/port_owner.h"
#include "gateway/server/socket.h"
#include "tests/support/gateway_fixture.h"

#include <QTest>

#include <csignal>
#include <format>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace postern;
using namespace postern::gateway;

namespace {

/// A process of another name that listens on a free port for as long as this lives.
class Neighbour
{
public:
    explicit Neighbour(const std::string &host)
    {
        int ends[2]{};
        if (::pipe(ends) != 0)
            return;
        m_pid = ::fork();
        if (m_pid == 0) {
            ::prctl(PR_SET_NAME, "neighbour");
            const auto descriptor = listenTcp(host, 0);
            const std::uint16_t port = descriptor ? localAddress(*descriptor).port() : 0;
            static_cast<void>(::write(ends[1], &port, sizeof port) + 1);
            ::pause();
            ::_exit(0);
        }
        ::close(ends[1]);
        if (::read(ends[0], &m_port, sizeof m_port) != sizeof m_port)
            m_port = 0;
        ::close(ends[0]);
    }
    ~Neighbour()
    {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    pid_t m_pid = -1;
    std::uint16_t m_port = 0;
};

} // namespace

// "Port 9080 is used by another program": by which one.
class tst_PortOwner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesTheProgram_data();
    void namesTheProgram();
    void knowsItself();
    void knowsNobody();
    void tellsWhoIsInTheWay();
};

void tst_PortOwner::namesTheProgram_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("IPv4") << QByteArray("127.0.0.1");
    QTest::newRow("every IPv4 address") << QByteArray("0.0.0.0");
    QTest::newRow("IPv6") << QByteArray("::1");
}

void tst_PortOwner::namesTheProgram()
{
    QFETCH(const QByteArray, host);
    const Neighbour neighbour(host.toStdString());
    if (neighbour.port() == 0)
        QSKIP("this machine has no such address");
    const auto owner = portOwner(neighbour.port());
    QVERIFY(owner);
    QCOMPARE(owner->pid, neighbour.pid());
    QCOMPARE(owner->program, "neighbour");
    const auto taken = listenTcp(host.toStdString(), neighbour.port());
    QVERIFY(!taken);
    QCOMPARE(taken.error().code, Errc::PortInUse);
    QCOMPARE(taken.error().detail,
             std::format("neighbour (pid {}) listens there", neighbour.pid()));
}

void tst_PortOwner::knowsItself()
{
    const auto first = listenTcp("127.0.0.1", 0);
    QVERIFY(first);
    const auto second = listenTcp("127.0.0.1", localAddress(*first).port());
    QVERIFY(!second);
    QCOMPARE(second.error().detail, "this program itself listens there");
    ::close(*first);
}

void tst_PortOwner::knowsNobody()
{
    const auto descriptor = listenTcp("127.0.0.1", 0);
    QVERIFY(descriptor);
    const std::uint16_t port = localAddress(*descriptor).port();
    ::close(*descriptor);
    QVERIFY(!portOwner(port));
}

void tst_PortOwner::tellsWhoIsInTheWay()
{
    const Neighbour neighbour("127.0.0.1");
    QVERIFY(neighbour.port() != 0);
    test::GatewayFixture fixture;
    fixture.options.proxy.port = neighbour.port();
    const auto started = Gateway::start(fixture.options);
    QVERIFY(!started);
    QCOMPARE(started.error().code, Errc::PortInUse);
    QCOMPARE(describe(started.error()),
             std::format("127.0.0.1:{}: the port is in use: neighbour (pid {}) listens there",
                         neighbour.port(), neighbour.pid()));
}

QTEST_GUILESS_MAIN(tst_PortOwner)
#include "tst_port_owner.moc"
