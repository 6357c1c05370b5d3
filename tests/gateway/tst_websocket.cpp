// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/websocket.h"

#include <QTest>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace postern::gateway;
using namespace std::string_literals;

namespace {

constexpr std::uint32_t kMask = 0x37FA213D;
using Op = WebSocketOpcode;
using Messages = std::vector<std::pair<Op, std::string>>;

std::string client(Op opcode, std::string_view payload, bool final = true)
{
    return webSocketFrame(opcode, payload, final, kMask);
}

struct Outcome
{
    Messages messages;
    std::expected<void, WebSocketClose> result;
};

Outcome read(std::string_view wire, std::size_t portion, std::size_t limit = 1U << 20)
{
    Outcome outcome;
    WebSocketReader reader(true, limit);
    while (!wire.empty() && outcome.result) {
        // An exact-size copy, so that reading beyond a portion is seen by the sanitizer.
        const std::vector<char> part(
            wire.begin(),
            wire.begin() + static_cast<std::ptrdiff_t>(std::min(portion, wire.size())));
        outcome.result =
            reader.feed({part.data(), part.size()}, [&](Op opcode, std::string &&text) {
                outcome.messages.emplace_back(opcode, std::move(text));
            });
        wire.remove_prefix(part.size());
    }
    return outcome;
}

} // namespace

class tst_WebSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersTheHandshakeOfTheRfc()
    {
        // RFC 6455 1.3
        QCOMPARE(webSocketAccept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        QVERIFY(isWebSocketKey("dGhlIHNhbXBsZSBub25jZQ=="));
        QVERIFY(!isWebSocketKey("dGhlIHNhbXBsZQ=="));
        QVERIFY(!isWebSocketKey("no base64!"));
    }

    void writesTheFramesOfTheRfc()
    {
        // RFC 6455 5.7
        QCOMPARE(webSocketFrame(Op::Text, "Hello"), "\x81\x05Hello"s);
        QCOMPARE(client(Op::Text, "Hello"), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
        QCOMPARE(webSocketFrame(Op::Binary, std::string(256, 'x')).substr(0, 4),
                 "\x82\x7e\x01\x00"s);
        QCOMPARE(webSocketFrame(Op::Binary, std::string(65536, 'x')).substr(0, 10),
                 "\x82\x7f\0\0\0\0\0\x01\0\0"s);
    }

    void readsMessages_data()
    {
        QTest::addColumn<std::string>("wire");
        QTest::addColumn<Messages>("messages");
        QTest::newRow("RFC 6455 5.7: masked text")
            << client(Op::Text, "Hello") << Messages{{Op::Text, "Hello"}};
        QTest::newRow("empty message") << client(Op::Text, "") << Messages{{Op::Text, ""}};
        QTest::newRow("two in a row") << client(Op::Text, "a") + client(Op::Binary, "\xff")
                                      << Messages{{Op::Text, "a"}, {Op::Binary, "\xff"}};
        QTest::newRow("RFC 6455 5.4: fragments are joined") << client(Op::Text, "Hel", false)
                + client(Op::Continuation, "lo") << Messages{{Op::Text, "Hello"}};
        QTest::newRow("RFC 6455 5.5: a control frame between fragments")
            << client(Op::Text, "Hel", false) + client(Op::Ping, "p")
                + client(Op::Continuation, "lo")
            << Messages{{Op::Ping, "p"}, {Op::Text, "Hello"}};
        QTest::newRow("UTF-8 split over fragments") << client(Op::Text, "\xc3", false)
                + client(Op::Continuation, "\xa9") << Messages{{Op::Text, "\xc3\xa9"}};
        QTest::newRow("16 bit length") << client(Op::Binary, std::string(300, 'x'))
                                       << Messages{{Op::Binary, std::string(300, 'x')}};
        QTest::newRow("64 bit length") << client(Op::Binary, std::string(70000, 'x'))
                                       << Messages{{Op::Binary, std::string(70000, 'x')}};
        QTest::newRow("RFC 6455 5.5.1: nothing counts after Close") << client(Op::Close, "\x03\xe8")
                + client(Op::Text, "late") << Messages{{Op::Close, "\x03\xe8"}};
    }
    void readsMessages()
    {
        QFETCH(std::string, wire);
        QFETCH(Messages, messages);
        for (const std::size_t portion : {wire.size(), std::size_t{1}, std::size_t{7}}) {
            const Outcome outcome = read(wire, portion);
            QVERIFY(outcome.result.has_value());
            QCOMPARE(outcome.messages, messages);
        }
    }

    void refuses_data()
    {
        QTest::addColumn<std::string>("wire");
        QTest::addColumn<WebSocketClose>("reason");
        const auto row = [](const char *name, const std::string &wire, WebSocketClose reason) {
            QTest::newRow(name) << wire << reason;
        };
        row("RFC 6455 5.1: unmasked frame", webSocketFrame(Op::Text, "x"),
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.2: reserved bit", "\xc1\x80" + std::string(4, '\0'),
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.2: unknown opcode", client(static_cast<Op>(3), "x"),
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.2: length not in its shortest form", "\x81\xfe\x00\x05"s + "0000hello",
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.2: length with the highest bit", "\x82\xff\x80\0\0\0\0\0\0\0"s + "0000",
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.5: fragmented Ping", client(Op::Ping, "x", false),
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.5: control frame over 125 octets", client(Op::Ping, std::string(126, 'x')),
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.4: continuation of nothing", client(Op::Continuation, "x"),
            WebSocketClose::ProtocolError);
        row("RFC 6455 5.4: new message within a message",
            client(Op::Text, "x", false) + client(Op::Text, "y"), WebSocketClose::ProtocolError);
        row("RFC 6455 8.1: text that is no UTF-8", client(Op::Text, "\xff"),
            WebSocketClose::InvalidText);
        row("RFC 6455 5.5.1: Close of one octet", client(Op::Close, "x"),
            WebSocketClose::ProtocolError);
        row("RFC 6455 7.4: Close code 1005", client(Op::Close, "\x03\xed"),
            WebSocketClose::ProtocolError);
        row("limit: one frame", client(Op::Binary, std::string(1001, 'x')).substr(0, 10),
            WebSocketClose::TooBig);
        row("limit: over fragments",
            client(Op::Binary, std::string(600, 'x'), false)
                + client(Op::Continuation, std::string(401, 'x')),
            WebSocketClose::TooBig);
    }
    void refuses()
    {
        QFETCH(std::string, wire);
        QFETCH(WebSocketClose, reason);
        for (const std::size_t portion : {wire.size(), std::size_t{1}}) {
            const Outcome outcome = read(wire, portion, 1000);
            QVERIFY(!outcome.result.has_value());
            QCOMPARE(outcome.result.error(), reason);
        }
    }

    void echoes()
    {
        WebSocketEcho echo;
        QCOMPARE(echo.feed(client(Op::Text, "hi")).octets, webSocketFrame(Op::Text, "hi"));
        QCOMPARE(echo.feed(client(Op::Ping, "p")).octets, webSocketFrame(Op::Pong, "p"));
        QVERIFY(echo.feed(client(Op::Pong, "")).octets.empty());
        const auto last = echo.feed(client(Op::Close, "\x03\xe8"s + "bye"));
        QCOMPARE(last.octets, webSocketFrame(Op::Close, "\x03\xe8"));
        QVERIFY(last.close);
        QVERIFY(echo.feed(client(Op::Text, "late")).octets.empty());
    }
};

QTEST_GUILESS_MAIN(tst_WebSocket)
#include "tst_websocket.moc"
