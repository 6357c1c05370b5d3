// SPDX-License-Identifier: Apache-2.0
#include "tests/support/gateway_fixture.h"

#include <QDir>
#include <QTest>

#include <array>
#include <csignal>

#include <unistd.h>

using namespace postern;
using namespace postern::gateway;
using postern::test::GatewayFixture;

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2};

/// How many entries a folder below /proc/self has.
qsizetype entries(const char *folder)
{
    return QDir(QStringLiteral("/proc/self/") + QLatin1String(folder))
        .entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)
        .size();
}

struct Footprint
{
    qsizetype descriptors = entries("fd");
    qsizetype threads = entries("task");
    std::array<void (*)(int), kSignals.size()> handlers{};
    sigset_t mask{};

    Footprint()
    {
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            struct sigaction action{};
            ::sigaction(kSignals.at(i), nullptr, &action);
            handlers.at(i) = action.sa_handler;
        }
        ::sigemptyset(&mask);
        ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    }
    [[nodiscard]] bool sameSignals(const Footprint &other) const
    {
        for (const int signal : kSignals) {
            if (::sigismember(&mask, signal) != ::sigismember(&other.mask, signal))
                return false;
        }
        return handlers == other.handlers;
    }
};

/// A gateway with every port open, asked once by each of its doors.
bool liveOnce()
{
    GatewayFixture gateway;
    gateway.options.workers = 2;
    gateway.options.builtinUpstream = true;
    gateway.options.controlTcp = Endpoint{"127.0.0.1", 0};
    gateway.options.controlApisix = Endpoint{"127.0.0.1", 0};
    gateway.options.status = Endpoint{"127.0.0.1", 0};
    gateway.options.metrics = Endpoint{"127.0.0.1", 0};
    gateway.options.https = Endpoint{"127.0.0.1", 0};
    if (!gateway.start())
        return false;
    const auto upstream = gateway.gateway().addresses().upstream->port;
    if (!gateway.route("1", "/get", upstream) || gateway.get("/get").status() != 200)
        return false;
    // A client that stays connected must not keep anything alive.
    const auto idle = gateway.connect();
    gateway.stop();
    return true;
}

} // namespace

// A window hosts a gateway in its own process, starts and stops it as often as its user likes.
class tst_GatewayLifetime : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void leavesNothingBehind();
    void leavesNothingBehindWhenItCannotStart();
    void servesWithoutAnEventLoop();
    void takesItsPortsBack();
};

void tst_GatewayLifetime::leavesNothingBehind()
{
    QVERIFY(liveOnce()); // what libraries open once for all stays
    const Footprint before;
    for (int i = 0; i < 20; ++i)
        QVERIFY(liveOnce());
    // Ended threads leave /proc a moment after they were joined.
    QTRY_COMPARE_WITH_TIMEOUT(entries("task"), before.threads, 20'000);
    const Footprint after;
    QCOMPARE(after.descriptors, before.descriptors);
    QVERIFY(after.sameSignals(before));
}

void tst_GatewayLifetime::leavesNothingBehindWhenItCannotStart()
{
    GatewayFixture first;
    QVERIFY(first.start());
    const Footprint before;
    for (int i = 0; i < 20; ++i) {
        GatewayFixture second;
        second.options.builtinUpstream = true;
        second.options.proxy.port = first.proxyPort();
        const auto started = Gateway::start(second.options);
        QVERIFY(!started && started.error().code == Errc::PortInUse);
    }
    QTRY_COMPARE_WITH_TIMEOUT(entries("task"), before.threads, 20'000);
    const Footprint after;
    QCOMPARE(after.descriptors, before.descriptors);
    QVERIFY(after.sameSignals(before));
}

// Its threads are its own: a window that is busy delays no request.
void tst_GatewayLifetime::servesWithoutAnEventLoop()
{
    GatewayFixture gateway;
    gateway.options.builtinUpstream = true;
    QVERIFY(gateway.start());
    QVERIFY(gateway.route("1", "/get", gateway.gateway().addresses().upstream->port));
    QCOMPARE(gateway.get("/get").status(), 200);
}

void tst_GatewayLifetime::takesItsPortsBack()
{
    std::uint16_t port = 0;
    for (int i = 0; i < 20; ++i) {
        GatewayFixture gateway;
        gateway.options.proxy.port = port;
        QVERIFY(gateway.start());
        port = gateway.proxyPort();
        QCOMPARE(gateway.get("/nowhere").status(), 404);
    }
}

QTEST_MAIN(tst_GatewayLifetime)
#include "tst_gateway_lifetime.moc"
