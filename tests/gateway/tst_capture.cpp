// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "gateway/control/client.h"
#include "gateway/control/control_capture.h"
#include "gateway/observe/capture_mask.h"
#include "gateway/pipeline/trace.h"
#include "tests/support/gateway_fixture.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::gateway;
using postern::test::GatewayFixture;
using postern::test::RawMessage;

namespace {

constexpr const char *kToken = "eyJhbGciOiJIUzI1NiJ9.eyJrZXkiOiJqYWNrIn0.c2lnbmF0dXJlLW9mLWphY2s";

/// A gateway with the built-in upstream, and its control API.
class Captured
{
public:
    [[nodiscard]] bool start(std::string_view settings = R"({"enabled":true})")
    {
        m_gateway.options.builtinUpstream = true;
        return m_gateway.start() && m_gateway.route("open", "/anything/*", upstream())
            && m_gateway.route("keyed", "/keyed/*", upstream(),
                               R"(, "plugins":{"key-auth":{"header":"X-Key","query":"k"},)"
                               R"("proxy-rewrite":{"uri":"/anything"}})")
            && m_gateway
                   .admin("PUT", "/consumers/jack",
                          R"({"username":"jack","plugins":{"key-auth":{"key":"jacks-key"}}})")
                   .status()
            == 201
            && (settings.empty() || configure(settings).status == 200);
    }
    ClientResponse configure(std::string_view settings)
    {
        return send({"POST", "/v1/capture", {}, std::string(settings)});
    }
    ClientResponse send(const ClientRequest &request)
    {
        const auto answer =
            ControlClient(ServerAddress{.unixPath = m_gateway.options.controlSocket}).send(request);
        return answer.value_or(ClientResponse{});
    }
    ClientResponse exchange(const RawMessage &answer, std::string_view query = {})
    {
        return send(
            {"GET", std::format("/v1/exchanges/{}{}", answer.header("X-Postern-Trace"), query)});
    }
    RawMessage ask(std::string_view octets) { return m_gateway.ask(octets); }
    [[nodiscard]] std::uint16_t upstream()
    {
        return m_gateway.gateway().addresses().upstream->port;
    }
    GatewayFixture &fixture() { return m_gateway; }

private:
    GatewayFixture m_gateway;
};

Json jsonOf(const ClientResponse &response) { return parseJson(response.body).value_or(Json()); }

/// The text at a JSON pointer of simple names and numbers; "-" if there is none.
QByteArray at(const Json &json, const char *pointer)
{
    const Json *value = &json;
    const QList<QByteArray> names = QByteArray(pointer).split('/').sliced(1);
    for (const QByteArray &name : names) {
        const std::size_t index = name.toULong();
        if (value && value->isArray())
            value = index < value->size() ? &value->items()[index] : nullptr;
        else if (value)
            value = value->find(name.toStdString());
    }
    if (!value)
        return "-";
    return QByteArray::fromStdString(value->isString() ? value->asString() : value->dump());
}

QByteArray header(const Json &message, std::string_view name)
{
    const Json *const headers = message.find("headers");
    for (const Json &field : headers ? headers->items() : Json::Array()) {
        if (field.items()[0].asString() == name)
            return QByteArray::fromStdString(field.items()[1].asString());
    }
    return "-";
}

} // namespace

// Whole exchanges for the inspector: as they went over the wires, credentials masked.
class tst_Capture : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isOffByDefault();
    void keepsBothSides();
    void keepsWhatTheGatewayAnswers();
    void keepsWhatNobodyAnswered();
    void keepsUpgrades();
    void tellsWhichHeaderAStepUsed();
    void tellsWhen();
    void cutsBodies_data();
    void cutsBodies();
    void keepsChunkedBodiesDecoded();
    void keepsWhatIsNoRequest_data();
    void keepsWhatIsNoRequest();
    void masks_data();
    void masks();
    void masksWhatTheUpstreamEchoes();
    void revealsOnlyWhatWasKept();
    void forgetsCredentials();
    void isBounded();
    void survivesManyConnections();
    void refusesSettings_data();
    void refusesSettings();
};

void tst_Capture::isOffByDefault()
{
    Captured gateway;
    QVERIFY(gateway.start({}));
    QCOMPARE(at(jsonOf(gateway.send({"GET", "/v1/capture"})), "/enabled"), "false");
    const auto before = gateway.ask("GET /anything/a HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(before.status(), 200);
    QCOMPARE(gateway.exchange(before).status, 404);
    QCOMPARE(gateway.configure(R"({"enabled":true})").status, 200);
    const auto during = gateway.ask("GET /anything/b HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(gateway.exchange(during).status, 200);
    QCOMPARE(gateway.configure(R"({"enabled":false})").status, 200);
    const auto after = gateway.ask("GET /anything/c HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(gateway.exchange(after).status, 404);
    QCOMPARE(gateway.exchange(during).status, 200); // what was kept can still be read
    QCOMPARE(gateway.send({"GET", "/v1/exchanges/nonsense"}).status, 400);
}

void tst_Capture::keepsBothSides()
{
    Captured gateway;
    QVERIFY(gateway.start());
    const std::string head = "POST /anything/x?a=1&b=%20 HTTP/1.1\r\nhOsT: example.org\r\n"
                             "X-Twice: one\r\nX-Twice:  two \r\nContent-Length: 11\r\n"
                             "Accept: */*\r\n\r\n";
    const auto answer = gateway.ask(head + "hello world");
    QCOMPARE(answer.status(), 200);
    const Json kept = jsonOf(gateway.exchange(answer));
    QCOMPARE(at(kept, "/id"), QByteArray::fromStdString(answer.header("X-Postern-Trace")));
    QCOMPARE(at(kept, "/request/raw"), QByteArray::fromStdString(head));
    QCOMPARE(at(kept, "/request/line"), "POST /anything/x?a=1&b=%20 HTTP/1.1");
    QCOMPARE(at(kept, "/request/headers/0/0"), "hOsT");
    QCOMPARE(at(kept, "/request/headers/2/1"), "two");
    QCOMPARE(at(kept, "/request/body/text"), "hello world");
    QCOMPARE(at(kept, "/request/body/size"), "11");
    QCOMPARE(at(kept, "/upstream/line"), "POST /anything/x?a=1&b=%20 HTTP/1.1");
    QVERIFY(header(*kept.find("upstream"), "X-Forwarded-Host") != "-");
    QCOMPARE(at(kept, "/response/raw"), QByteArray::fromStdString(answer.head));
    QCOMPARE(at(kept, "/response/body/text"), QByteArray::fromStdString(answer.body));
    QCOMPARE(at(kept, "/parsed"), "true");
    QCOMPARE(at(kept, "/masked"), "true");
}

void tst_Capture::keepsWhatTheGatewayAnswers()
{
    Captured gateway;
    QVERIFY(gateway.start());
    const auto answer = gateway.ask("GET /keyed/x HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(answer.status(), 401);
    const Json kept = jsonOf(gateway.exchange(answer));
    QCOMPARE(at(kept, "/upstream"), "null");
    QCOMPARE(at(kept, "/response/raw"), QByteArray::fromStdString(answer.head));
    QCOMPARE(at(kept, "/response/body/text"), QByteArray::fromStdString(answer.body));
    QCOMPARE(at(kept, "/timing/upstream_tried_us"), "null");
    QVERIFY(at(kept, "/timing/decided_us").toLongLong() >= 0);
}

void tst_Capture::keepsWhatNobodyAnswered()
{
    Captured gateway;
    QVERIFY(gateway.start());
    QVERIFY(gateway.fixture().route("dead", "/dead", 1));
    const auto answer = gateway.ask("GET /dead HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(answer.status(), 502);
    const Json kept = jsonOf(gateway.exchange(answer));
    QCOMPARE(at(kept, "/upstream"), "null"); // nothing was sent
    QVERIFY(at(kept, "/timing/upstream_tried_us") != "null");
    QCOMPARE(at(kept, "/timing/upstream_connected_us"), "null");
    QCOMPARE(at(kept, "/timing/upstream_first_byte_us"), "null");
    QCOMPARE(at(kept, "/response/raw"), QByteArray::fromStdString(answer.head));
}

void tst_Capture::keepsUpgrades()
{
    Captured gateway;
    QVERIFY(gateway.start());
    QVERIFY(
        gateway.fixture().route("ws", "/ws", gateway.upstream(), ", \"enable_websocket\": true"));
    auto stream = gateway.fixture().connect();
    QVERIFY(stream.send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n"
                        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    const auto answer = stream.readMessage();
    QCOMPARE(answer.status(), 101);
    stream = {}; // the exchange is over when the tunnel is
    Json trace;
    const auto isTraced = [&] {
        trace = jsonOf(gateway.send({"GET", "/v1/traces/last"}));
        return trace.contains("id");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isTraced(), 20'000);
    const Json kept =
        jsonOf(gateway.send({"GET", "/v1/exchanges/" + std::string(trace.stringOr("id", ""))}));
    QCOMPARE(at(kept, "/response/raw"), QByteArray::fromStdString(answer.head));
    QCOMPARE(header(*kept.find("upstream"), "Upgrade"), "websocket");
}

void tst_Capture::tellsWhichHeaderAStepUsed()
{
    Captured gateway;
    QVERIFY(gateway.start());
    const auto answer =
        gateway.ask("GET /keyed/x HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nx-KEY: jacks-key\r\n\r\n");
    QCOMPARE(answer.status(), 200);
    const Json kept = jsonOf(gateway.exchange(answer));
    QCOMPARE(at(kept, "/credentials/0/plugin"), "key-auth");
    QCOMPARE(at(kept, "/credentials/0/in"), "header");
    QCOMPARE(at(kept, "/credentials/0/name"), "X-Key");
    QCOMPARE(at(kept, "/credentials/0/fields"), "[2]");
    QCOMPARE(at(kept, "/request/headers/2/1"), "***");
    // The number is that of the trace's step.
    const Json trace =
        jsonOf(gateway.send({"GET", "/v1/traces/" + answer.header("X-Postern-Trace")}));
    const QByteArray step = at(kept, "/credentials/0/step");
    QCOMPARE(at(trace, ("/steps/" + step + "/step").constData()), "extract");
    QCOMPARE(at(trace, ("/steps/" + step + "/subject").constData()), "key-auth");
}

void tst_Capture::tellsWhen()
{
    Captured gateway;
    QVERIFY(gateway.start());
    const auto answer = gateway.ask("GET /anything/x HTTP/1.1\r\nHost: h\r\n\r\n");
    const Json kept = jsonOf(gateway.exchange(answer));
    qint64 last = 0;
    for (const char *name : {"decided_us", "upstream_tried_us", "upstream_connected_us",
                             "upstream_first_byte_us", "upstream_last_byte_us", "total_us"}) {
        const QByteArray text = at(kept, (QByteArray("/timing/") + name).constData());
        bool number = false;
        const qint64 since = text.toLongLong(&number);
        QVERIFY2(number && since >= last, (name + QByteArray(" ") + text).constData());
        last = since;
    }
}

void tst_Capture::cutsBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QByteArray>("kept");
    QTest::addColumn<bool>("truncated");
    QTest::newRow("within the limit")
        << QByteArray("12345678") << QByteArray("text") << QByteArray("12345678") << false;
    QTest::newRow("one more") << QByteArray("123456789") << QByteArray("text")
                              << QByteArray("12345678") << true;
    QTest::newRow("a character at the cut")
        << QByteArray("1234567\xc3\xa4") << QByteArray("text") << QByteArray("1234567") << true;
    QTest::newRow("no text") << QByteArray("\xff\x00\x01", 3) << QByteArray("base64")
                             << QByteArray("/wAB") << false;
    QTest::newRow("a long one") << QByteArray(300'000, 'x') << QByteArray("text")
                                << QByteArray("xxxxxxxx") << true;
}

void tst_Capture::cutsBodies()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, member);
    QFETCH(const QByteArray, kept);
    QFETCH(const bool, truncated);
    Captured gateway;
    QVERIFY(gateway.start(R"({"enabled":true,"body_limit":8})"));
    const auto answer = gateway.ask(
        std::format("POST /anything/x HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}",
                    body.size(), std::string_view(body.data(), std::size_t(body.size()))));
    QCOMPARE(answer.status(), 200);
    const Json json = jsonOf(gateway.exchange(answer));
    QCOMPARE(at(json, ("/request/body/" + member).constData()), kept);
    QCOMPARE(at(json, "/request/body/size").toLongLong(), qint64(body.size()));
    QCOMPARE(at(json, "/request/body/truncated"), truncated ? "true" : "false");
    QCOMPARE(at(json, "/response/body/size").toULong(), answer.body.size());
    QCOMPARE(at(json, "/response/body/truncated"), "true");
}

void tst_Capture::keepsChunkedBodiesDecoded()
{
    Captured gateway;
    QVERIFY(gateway.start());
    const auto answer = gateway.ask("POST /anything/x HTTP/1.1\r\nHost: h\r\n"
                                    "Transfer-Encoding: chunked\r\n\r\n"
                                    "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    QCOMPARE(answer.status(), 200);
    QCOMPARE(at(jsonOf(gateway.exchange(answer)), "/request/body/text"), "hello world");
}

void tst_Capture::keepsWhatIsNoRequest_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("answered");
    QTest::newRow("no HTTP at all") << QByteArray("\x16\x03\x01\x02\x00\x01", 6) << true;
    QTest::newRow("a broken field")
        << QByteArray("GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n") << true;
    QTest::newRow("line ends without returns") << QByteArray("GET / HTTP/1.1\nHost h\n\n") << true;
    QTest::newRow("half a head") << QByteArray("GET /anything/x HTTP/1.1\r\nHo") << false;
}

void tst_Capture::keepsWhatIsNoRequest()
{
    QFETCH(const QByteArray, octets);
    QFETCH(const bool, answered);
    Captured gateway;
    QVERIFY(gateway.start());
    {
        auto stream = gateway.fixture().connect();
        QVERIFY(stream.send({octets.data(), std::size_t(octets.size())}));
        if (answered)
            QVERIFY(stream.readMessage().status() >= 400);
    }
    Json trace;
    const auto isTraced = [&] {
        trace = jsonOf(gateway.send({"GET", "/v1/traces/last"}));
        return trace.contains("id");
    };
    // Half a head is noticed when the connection is gone.
    QTRY_VERIFY_WITH_TIMEOUT(isTraced(), 20'000);
    const Json kept =
        jsonOf(gateway.send({"GET", "/v1/exchanges/" + std::string(trace.stringOr("id", ""))}));
    QCOMPARE(at(kept, "/parsed"), "false");
    QCOMPARE(at(kept, "/request/line"), "null");
    QCOMPARE(at(kept, "/request/headers"), "[]");
    QCOMPARE(at(kept, "/request/raw"), octets);
    QCOMPARE(at(kept, "/response") == "null", !answered);
}

void tst_Capture::masks_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("maskedLine");
    QTest::addColumn<QByteArray>("maskedField");
    const auto field = [](const char *name, const QByteArray &value, const QByteArray &masked) {
        QTest::newRow(name) << QByteArray("GET / HTTP/1.1") << value << QByteArray("GET / HTTP/1.1")
                            << masked;
    };
    const auto line = [](const char *name, const char *target, const char *masked) {
        QTest::newRow(name) << QByteArray("GET ") + target + " HTTP/1.1" << QByteArray("A: b")
                            << QByteArray("GET ") + masked + " HTTP/1.1" << QByteArray("A: b");
    };
    const QByteArray token(kToken);
    const QByteArray shown = token.left(token.lastIndexOf('.') + 1) + "***";
    field("a JWT keeps header and payload", "Authorization: Bearer " + token,
          "Authorization: Bearer " + shown);
    field("a JWT without scheme", "Authorization: " + token, "Authorization: " + shown);
    field("an opaque token", "authorization: bearer abcdef", "authorization: bearer ***");
    field("a password", "Authorization: Basic amFjazpzZWNyZXQ=", "Authorization: Basic ***");
    field("no known scheme", "Authorization: open sesame", "Authorization: ***");
    field("a signature keeps its parameters",
          "Authorization: Signature keyId=\"jack\",algorithm=\"hmac-sha256\",signature=\"c2ln\"",
          "Authorization: Signature keyId=\"jack\",algorithm=\"hmac-sha256\",signature=\"***\"");
    field("for a proxy", "Proxy-Authorization: Basic eDp5", "Proxy-Authorization: Basic ***");
    field("the usual key", "apikey: jacks-key", "apikey: ***");
    field("the usual key, spaces kept", "ApiKey:  \tjacks-key ", "ApiKey:  \t*** ");
    field("a key of two words", "apikey: two words", "apikey: ***");
    field("the plugin's own header", "X-Own: jacks-key", "X-Own: ***");
    field("a token in any field", "X-Other: " + token, "X-Other: " + shown);
    field("a cookie used as credential", "Cookie: a=1; own=jacks-key; b=2",
          "Cookie: a=1; own=***; b=2");
    field("a cookie of the usual name", "Cookie: jwt=" + token, "Cookie: jwt=" + shown);
    field("another cookie stays", "Cookie: session=abc", "Cookie: session=abc");
    field("an empty value", "apikey:", "apikey:");
    field("two letters", "apikey: ab", "apikey: ***");
    field("no field at all", "apikey jacks-key", "apikey jacks-key");
    line("an argument of the usual name", "/?a=1&apikey=jacks-key&b=2", "/?a=1&apikey=***&b=2");
    line("the plugin's own argument", "/?own=jacks-key", "/?own=***");
    line("its name in escapes", "/?%6fwn=jacks-key", "/?%6fwn=***");
    line("a token in the path", "/eyJhbGciOiJIUzI1NiJ9.eyJrZXkiOiJqIn0.c2ln/x",
         "/eyJhbGciOiJIUzI1NiJ9.eyJrZXkiOiJqIn0.***/x");
    line("no value", "/?apikey", "/?apikey");
}

void tst_Capture::masks()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, field);
    QFETCH(const QByteArray, maskedLine);
    QFETCH(const QByteArray, maskedField);
    CapturedExchange exchange;
    exchange.credentials = {{0, "key-auth", "header", "X-Own"}, {1, "jwt-auth", "cookie", "own"}};
    exchange.request = (line + "\r\n" + field + "\r\n\r\n").toStdString();
    exchange.upstream = exchange.request;
    maskCredentials(exchange);
    const std::string masked = (maskedLine + "\r\n" + maskedField + "\r\n\r\n").toStdString();
    QCOMPARE(exchange.request, masked);
    QCOMPARE(exchange.upstream, masked);
}

void tst_Capture::masksWhatTheUpstreamEchoes()
{
    Captured gateway;
    QVERIFY(gateway.start());
    const std::string head = std::format("GET /keyed/x?k=jacks%2Dkey HTTP/1.1\r\nHost: h\r\n"
                                         "X-Key: jacks-key\r\nAuthorization: Basic {}\r\n"
                                         "Cookie: jwt={}\r\n\r\n",
                                         encodeBase64("jack:open-sesame"), kToken);
    const auto answer = gateway.ask(head);
    QCOMPARE(answer.status(), 200);
    QVERIFY(answer.body.contains("jacks-key")); // the upstream shows what it got
    const ClientResponse kept = gateway.exchange(answer);
    QCOMPARE(kept.status, 200);
    for (const char *secret : {"jacks-key", "jacks%2Dkey", "open-sesame", "c2lnbmF0dXJl"})
        QVERIFY2(!kept.body.contains(secret), secret);
    QVERIFY(kept.body.contains("eyJrZXkiOiJqYWNrIn0.***")); // the payload stays readable
}

void tst_Capture::revealsOnlyWhatWasKept()
{
    const std::string head = "GET /keyed/x HTTP/1.1\r\nHost: h\r\nX-Key: jacks-key\r\n\r\n";
    Captured gateway;
    QVERIFY(gateway.start());
    const auto masked = gateway.ask(head);
    QCOMPARE(gateway.exchange(masked, "?reveal=true").status, 403);
    QCOMPARE(gateway.configure(R"({"secrets":true})").status, 200);
    const auto kept = gateway.ask(head);
    QVERIFY(!gateway.exchange(kept).body.contains("jacks-key"));
    QCOMPARE(at(jsonOf(gateway.exchange(kept)), "/masked"), "true");
    const Json revealed = jsonOf(gateway.exchange(kept, "?reveal=true"));
    QCOMPARE(at(revealed, "/request/raw"), QByteArray::fromStdString(head));
    QCOMPARE(at(revealed, "/masked"), "false");
    QCOMPARE(gateway.exchange(masked, "?reveal=true").status, 403); // what came before stays masked
}

void tst_Capture::forgetsCredentials()
{
    Captured gateway;
    QVERIFY(gateway.start(R"({"enabled":true,"secrets":true})"));
    const auto kept = gateway.ask("GET /anything/x HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(gateway.exchange(kept).status, 200);
    QCOMPARE(gateway.configure(R"({"secrets":false})").status, 200);
    QCOMPARE(gateway.exchange(kept).status, 404);
}

void tst_Capture::isBounded()
{
    CaptureRing ring;
    constexpr std::size_t kBytes = 64U * 1024;
    ring.configure({.enabled = true, .secrets = false, .bodyLimit = 1024, .bytes = kBytes});
    TraceRecord trace;
    trace.reset();
    for (std::uint64_t id = 1; id <= 1000; ++id) {
        auto exchange = ring.begin("GET / HTTP/1.1\r\n\r\n");
        for (int piece = 0; piece < 10; ++piece)
            ring.append(exchange->responseBody, std::string(300, 'x'));
        QCOMPARE(exchange->responseBody.octets.size(), std::size_t(1024));
        QCOMPARE(exchange->responseBody.size, std::uint64_t(3000));
        trace.id = id;
        ring.keep(std::move(exchange), trace);
    }
    std::size_t bytes = 0;
    std::size_t count = 0;
    for (std::uint64_t id = 1; id <= 1000; ++id) {
        if (const auto found = ring.find(id)) {
            bytes += found->bytes();
            ++count;
        }
    }
    QVERIFY(ring.find(1000));
    QVERIFY(!ring.find(1));
    QVERIFY(count > 10 && bytes <= kBytes);
    // One that does not fit is not kept, and takes nothing else's place for longer than itself.
    ring.configure({.enabled = true, .secrets = false, .bodyLimit = 1024, .bytes = 1});
    QVERIFY(!ring.find(1000));
}

// Keep-alive, pipelining and clients that go away, while capture is switched on and off.
void tst_Capture::survivesManyConnections()
{
    Captured gateway;
    QVERIFY(gateway.start());
    for (int i = 0; i < 40; ++i) {
        QCOMPARE(gateway.configure(i % 2 ? R"({"enabled":true})" : R"({"enabled":false})").status,
                 200);
        auto stream = gateway.fixture().connect();
        const std::string one = std::format("GET /anything/{} HTTP/1.1\r\nHost: h\r\n\r\n", i);
        QVERIFY(stream.send(one + one + one));
        QCOMPARE(stream.readMessage().status(), 200);
        if (i % 3 == 0)
            continue; // leaves with two answers on their way
        QCOMPARE(stream.readMessage().status(), 200);
        const RawMessage last = stream.readMessage();
        QCOMPARE(last.status(), 200);
        QCOMPARE(gateway.exchange(last).status, i % 2 ? 200 : 404);
    }
}

void tst_Capture::refusesSettings_data()
{
    QTest::addColumn<QByteArray>("settings");
    QTest::addColumn<QByteArray>("where");
    const auto row = [](const char *name, const char *settings, const char *where) {
        QTest::newRow(name) << QByteArray(settings) << QByteArray(where);
    };
    row("no JSON", "{", "1:2");
    row("an array", "[]", "");
    row("an unknown member", R"({"enable":true})", "/enable");
    row("a flag that is none", R"({"enabled":1})", "/enabled");
    row("a text", R"({"secrets":"yes"})", "/secrets");
    row("a negative limit", R"({"body_limit":-1})", "/body_limit");
    row("a limit above the largest", R"({"body_limit":16777217})", "/body_limit");
    row("a fraction", R"({"body_limit":1.5})", "/body_limit");
    row("too few octets", R"({"bytes":65535})", "/bytes");
    row("too many octets", R"({"bytes":4294967297})", "/bytes");
    row("an absurd number", R"({"bytes":1e400})", "/bytes");
}

void tst_Capture::refusesSettings()
{
    QFETCH(const QByteArray, settings);
    QFETCH(const QByteArray, where);
    const auto changed = changedCapture({}, settings.toStdString());
    QVERIFY(!changed);
    QCOMPARE(QByteArray::fromStdString(changed.error().where), where);
}

QTEST_GUILESS_MAIN(tst_Capture)
#include "tst_capture.moc"
