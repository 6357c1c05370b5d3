// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/header_list.h"
#include "gateway/pipeline/arena.h"
#include "gateway/server/real_ip.h"
#include "tests/support/plugin_gateway.h"

#include <QTest>

#include <format>
#include <utility>
#include <vector>

using namespace postern;
using namespace postern::gateway;
using namespace postern::test;

/// Whose address a request has: nginx's real-ip module as APISIX configures it. apisix.md 2.3.
class tst_RealIp : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void trusts_data();
    void trusts();
    void variables_data();
    void variables();
};

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

RealIpOptions options(const char *header, bool recursive = false)
{
    RealIpOptions made{header, {}, true, recursive};
    for (const char *range : {"127.0.0.1", "10.0.0.0/8", "fd00::/8"})
        made.from.push_back(*IpRange::parse(range));
    return made;
}

} // namespace

void tst_RealIp::reads_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("recursive");
    QTest::addColumn<Fields>("fields");
    QTest::addColumn<QByteArray>("address"); // empty: the peer's own stays
    QTest::addColumn<int>("port");
    const auto row = [](const char *title, const char *header, bool recursive, Fields fields,
                        const char *address, int port = 0) {
        QTest::newRow(title) << QByteArray(header) << recursive << std::move(fields)
                             << QByteArray(address) << port;
    };
    constexpr const char *kReal = "X-Real-IP";
    constexpr const char *kFor = "X-Forwarded-For";
    row("no header", kReal, false, {{"X-Other", "1.2.3.4"}}, "");
    row("an address", kReal, false, {{"x-real-ip", "1.2.3.4"}}, "1.2.3.4");
    row("an address and a port", kReal, false, {{"X-Real-IP", "1.2.3.4:81"}}, "1.2.3.4", 81);
    row("IPv6", kReal, false, {{"X-Real-IP", "2001:DB8:0:0::1"}}, "2001:db8::1");
    row("IPv6 and a port", kReal, false, {{"X-Real-IP", "[2001:db8::1]:81"}}, "2001:db8::1", 81);
    row("IPv6 in brackets needs a port", kReal, false, {{"X-Real-IP", "[2001:db8::1]"}}, "");
    row("port 0 is none", kReal, false, {{"X-Real-IP", "1.2.3.4:0"}}, "");
    row("a port beyond the last", kReal, false, {{"X-Real-IP", "1.2.3.4:65536"}}, "");
    row("words behind the port", kReal, false, {{"X-Real-IP", "1.2.3.4:81x"}}, "");
    row("a name", kReal, false, {{"X-Real-IP", "a.example"}}, "");
    row("nothing", kReal, false, {{"X-Real-IP", ""}}, "");
    row("only separators", kReal, false, {{"X-Real-IP", " , ,"}}, "");
    row("a list: its last", kReal, false, {{"X-Real-IP", "1.2.3.4, 5.6.7.8"}}, "5.6.7.8");
    row("a list with an end that is open", kReal, false, {{"X-Real-IP", "1.2.3.4,5.6.7.8 , "}},
        "5.6.7.8");
    row("the first of several fields", kReal, false,
        {{"X-Real-IP", "1.1.1.1"}, {"X-Real-IP", "2.2.2.2"}}, "1.1.1.1");
    row("X-Forwarded-For: the last of several fields", kFor, false,
        {{"X-Forwarded-For", "1.1.1.1"}, {"x-forwarded-for", "2.2.2.2"}}, "2.2.2.2");
    row("another header", "CF-Connecting-IP", false, {{"cf-connecting-ip", "1.1.1.1"}}, "1.1.1.1");
    row("recursive off: a trusted address counts", kFor, false,
        {{"X-Forwarded-For", "1.1.1.1, 10.0.0.1"}}, "10.0.0.1");
    row("recursive: past trusted addresses", kFor, true,
        {{"X-Forwarded-For", "9.9.9.9, 1.1.1.1, 10.0.0.2, fd00::1"}}, "1.1.1.1");
    row("recursive: past trusted fields", kFor, true,
        {{"X-Forwarded-For", "9.9.9.9, 1.1.1.1"}, {"X-Forwarded-For", "10.0.0.1"}}, "1.1.1.1");
    row("recursive: not past an untrusted field", kFor, true,
        {{"X-Forwarded-For", "9.9.9.9"}, {"X-Forwarded-For", "1.1.1.1"}}, "1.1.1.1");
    row("recursive: all are trusted: the first", kFor, true,
        {{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}, "10.0.0.3");
    row("recursive: nonsense ends it", kFor, true, {{"X-Forwarded-For", "1.1.1.1, x, 10.0.0.2"}},
        "10.0.0.2");
    row("recursive: other headers, too", kReal, true, {{"X-Real-IP", "1.1.1.1, 10.0.0.2"}},
        "1.1.1.1");
}

void tst_RealIp::reads()
{
    QFETCH(const QByteArray, header);
    QFETCH(const bool, recursive);
    QFETCH(const Fields, fields);
    QFETCH(const QByteArray, address);
    QFETCH(const int, port);
    HeaderList headers;
    for (const auto &[name, value] : fields)
        headers.append(name, value);
    Arena arena;
    const auto real = realAddress(options(header.constData(), recursive), headers, arena);
    QCOMPARE(real ? std::string(real->address) : std::string(), address.toStdString());
    QCOMPARE(real ? int{real->port} : 0, port);
}

void tst_RealIp::trusts_data()
{
    QTest::addColumn<QByteArray>("peer");
    QTest::addColumn<bool>("byDefault");
    QTest::addColumn<bool>("here"); // options(), without unix sockets
    QTest::newRow("this machine") << QByteArray("127.0.0.1") << true << true;
    QTest::newRow("another loopback address") << QByteArray("127.0.0.2") << false << false;
    QTest::newRow("a unix socket") << QByteArray("unix") << true << false;
    QTest::newRow("a block") << QByteArray("10.9.8.7") << false << true;
    QTest::newRow("a block of IPv6") << QByteArray("fd00::7") << false << true;
    QTest::newRow("a stranger") << QByteArray("8.8.8.8") << false << false;
}

void tst_RealIp::trusts()
{
    QFETCH(const QByteArray, peer);
    QFETCH(const bool, byDefault);
    QFETCH(const bool, here);
    QCOMPARE(RealIpOptions().trusts(peer.toStdString()), byDefault);
    RealIpOptions own = options("X-Real-IP");
    own.fromUnixSockets = false;
    QCOMPARE(own.trusts(peer.toStdString()), here);
}

void tst_RealIp::variables_data()
{
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("said"); // remote_addr, remote_port
    QTest::newRow("a header that is believed")
        << true << QByteArray("X-Forwarded-For: 8.8.8.8:4711, 10.0.0.1\r\n")
        << QByteArray("8.8.8.8 4711");
    QTest::newRow("without a port")
        << true << QByteArray("X-Forwarded-For: 8.8.8.8\r\n") << QByteArray("8.8.8.8 ");
    QTest::newRow("a peer that is not")
        << false << QByteArray("X-Forwarded-For: 8.8.8.8\r\n") << QByteArray("127.0.0.1 *");
    QTest::newRow("the default's header does not count")
        << true << QByteArray("X-Real-IP: 8.8.8.8\r\n") << QByteArray("127.0.0.1 *");
}

void tst_RealIp::variables()
{
    QFETCH(const bool, trusted);
    QFETCH(const QByteArray, fields);
    QFETCH(const QByteArray, said);
    PluginGateway gateway;
    gateway.gateway.options.proxyOptions.realIp = options("X-Forwarded-For", true);
    if (!trusted)
        gateway.gateway.options.proxyOptions.realIp.from = {*IpRange::parse("192.0.2.1")};
    QVERIFY(gateway.start());
    QVERIFY(gateway.use(
        R"("mocking": {"response_example": "$remote_addr $remote_port|$realip_remote_addr $realip_remote_port"})"));
    const RawMessage answer = gateway.get("/r", fields.toStdString());
    QCOMPARE(answer.status(), 200);
    const std::size_t bar = answer.body.find('|');
    QVERIFY(bar != std::string::npos);
    const std::string client = answer.body.substr(0, bar);
    const std::string socket = answer.body.substr(bar + 1);
    QVERIFY2(socket.starts_with("127.0.0.1 ") && socket.size() > 10, answer.body.c_str());
    QCOMPARE(client, said.endsWith('*') ? socket : said.toStdString());
}

QTEST_GUILESS_MAIN(tst_RealIp)
#include "tst_real_ip.moc"
