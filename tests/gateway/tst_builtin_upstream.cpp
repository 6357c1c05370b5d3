// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/upstream/builtin.h"
#include "gateway/upstream/form_data.h"
#include "gateway/upstream/python_text.h"
#include "gateway/upstream/websocket.h"
#include "tests/support/service_fixture.h"

#include <QTest>

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

using namespace postern;
using namespace postern::gateway;
using namespace std::string_literals;

namespace {

using Response = ClientResponse;

Json json(const Result<Response> &response)
{
    return response ? parseJson(response->body).value_or(Json()) : Json();
}

std::string text(const Json &value, std::initializer_list<std::string_view> path)
{
    const Json *at = &value;
    for (const auto name : path)
        at = at ? at->find(name) : nullptr;
    return at ? at->asString() : "(absent)";
}

std::string printedAnswer(const std::string &host)
{
    return "{\n"
           "  \"args\": {\n"
           "    \"a\": \"1\",\n"
           "    \"b\": [\n"
           "      \"2\",\n"
           "      \"3\"\n"
           "    ]\n"
           "  },\n"
           "  \"headers\": {\n"
           "    \"Connection\": \"close\",\n"
           "    \"Host\": \""
        + host
        + "\",\n"
          "    \"X-Consumer-Custom-Id\": \"495aec6a\",\n"
          "    \"X-Forwarded-For\": \"1.2.3.4, 127.0.0.1\",\n"
          "    \"X-Forwarded-Proto\": \"https\",\n"
          "    \"X-Two\": \"a,b\"\n"
          "  },\n"
          "  \"origin\": \"1.2.3.4, 127.0.0.1\",\n"
          "  \"url\": \"https://"
        + host + "/get?b=2&a=1&b=3\"\n}\n";
}

std::string repeat(std::string_view name, std::string_view value)
{
    return std::string(name) + "=" + std::string(value);
}

} // namespace

class tst_BuiltinUpstream : public QObject
{
    Q_OBJECT

    BuiltinUpstream m_upstream;
    testing::ServiceFixture m_server{
        [this](const ServiceRequest &request, const Responder &responder) {
            m_upstream.handle(request, responder);
        }};

    Result<Response> send(const std::string &method, const std::string &target,
                          ServiceHeaders headers = {}, std::string body = {})
    {
        return m_server.send({method, target, std::move(headers), std::move(body)});
    }

private Q_SLOTS:
    void initTestCase() { m_server.run(); }

    void printsAsHttpbinDoes()
    {
        const auto response = send("GET", "/get?b=2&a=1&b=3",
                                   {{"X-Forwarded-For", "1.2.3.4, 127.0.0.1"},
                                    {"X-Forwarded-Proto", "https"},
                                    {"X-Consumer-Custom-ID", "495aec6a"},
                                    {"x-two", "a"},
                                    {"X-Two", "b"}});
        QVERIFY(response);
        QCOMPARE(response->status, 200);
        QCOMPARE(response->header("content-type"), "application/json");
        QCOMPARE(response->header("server"), "postern-upstream");
        QCOMPARE(response->header("access-control-allow-origin"), "*");
        QCOMPARE(response->header("access-control-allow-credentials"), "true");
        const std::string host = "127.0.0.1:" + std::to_string(m_server.port());
        QCOMPARE(response->body, printedAnswer(host));
    }

    void echoes_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::addColumn<std::string>("first");
        QTest::addColumn<std::string>("second");
        QTest::addColumn<std::string>("value");
        const auto row = [](const char *name, const char *target, const char *first,
                            const char *second, const char *value) {
            QTest::newRow(name) << std::string(target) << std::string(first) << std::string(second)
                                << std::string(value);
        };
        row("J-47: Title-Case names", "/headers", "headers", "Jwt-Auth-Header", "tok");
        row("J-49: query argument", "/get?jwt-query=abc.def", "args", "jwt-query", "abc.def");
        row("J-51: cookie header", "/headers", "headers", "Cookie", "jwt-cookie=tok; b=\"2\"");
        row("cookies by name", "/cookies", "cookies", "jwt-cookie", "tok");
        row("cookies without quotes", "/cookies", "cookies", "b", "2");
        row("plus and percent", "/get?a=x+y%2Bz", "args", "a", "x y+z");
        row("argument without value", "/get?a", "args", "a", "");
        row("argument that is no UTF-8", "/get?a=%ff", "args", "a", "\xEF\xBF\xBD");
        row("user agent", "/user-agent", "user-agent", "", "probe/1");
        row("J-87: method", "/anything", "method", "", "GET");
        row("below /anything", "/anything/a/b", "method", "", "GET");
    }
    void echoes()
    {
        QFETCH(std::string, target);
        QFETCH(std::string, first);
        QFETCH(std::string, second);
        QFETCH(std::string, value);
        const Json body = json(send("GET", target,
                                    {{"JWT-Auth-Header", "tok"},
                                     {"Cookie", "jwt-cookie=tok; b=\"2\""},
                                     {"User-Agent", "probe/1"}}));
        QCOMPARE(second.empty() ? text(body, {first}) : text(body, {first, second}), value);
    }

    void decodesTheUrlAsFarAsItStaysTheSame()
    {
        const Json body = json(send("GET", "/anything/a%20b%2Fc?q=%C3%A9%26%3D%25&r=%ff"));
        const std::string url = text(body, {"url"});
        QVERIFY2(url.ends_with("/anything/a b%2Fc?q=%C3%A9%26%3D%25&r=%ff"), url.c_str());
        const Json good = json(send("GET", "/get?q=%C3%A9%26"));
        QVERIFY(text(good, {"url"}).ends_with("/get?q=\xC3\xA9%26"));
    }

    void readsBodies_data()
    {
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char *name, std::string type, std::string body,
                            std::string expected) {
            QTest::newRow(name) << std::move(type) << std::move(body) << std::move(expected);
        };
        row("JSON", "application/json", "{\"b\":[1,2.50],\"a\":null}",
            "{\"data\":\"{\\\"b\\\":[1,2.50],\\\"a\\\":null}\",\"files\":{},\"form\":{},\"json\":{"
            "\"a\":null,\"b\":[1,2.50]}}");
        row("plain text", "text/plain", "hello",
            "{\"data\":\"hello\",\"files\":{},\"form\":{},\"json\":null}");
        row("no UTF-8", "text/plain", "\xff\x00\x01"s,
            "{\"data\":\"data:application/octet-stream;base64,/"
            "wAB\",\"files\":{},\"form\":{},\"json\":null}");
        row("form", "application/x-www-form-urlencoded; charset=utf-8", "a=1&b=2&a=x+y",
            "{\"data\":\"\",\"files\":{},\"form\":{\"a\":[\"1\",\"x "
            "y\"],\"b\":\"2\"},\"json\":null}");
        row("multipart", "multipart/form-data; boundary=\"xx\"",
            "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
            "--xx\r\nContent-Disposition: form-data; name=\"f\"; filename=\"q\\\"; x=\"\r\n"
            "Content-Type: text/plain\r\n\r\nline\r\n--x\r\n\r\n--xx--\r\n",
            "{\"data\":\"\",\"files\":{\"f\":\"line\\r\\n--x\\r\\n\"},\"form\":{\"a\":\"1\"},"
            "\"json\":null}");
        row("multipart with a binary file", "multipart/form-data; boundary=xx",
            "--xx\r\nContent-Disposition: form-data; name=f; filename=x\r\n"
            "Content-Type: image/png\r\n\r\n\xff\r\n--xx--",
            "{\"data\":\"\",\"files\":{\"f\":\"data:image/png;base64,/"
            "w==\"},\"form\":{},\"json\":null}");
        row("multipart cut off", "multipart/form-data; boundary=xx",
            "--xx\r\nContent-Disposition: form-data; name=f\r\n\r\nabc",
            "{\"data\":\"\",\"files\":{},\"form\":{},\"json\":null}");
        row("multipart without boundary", "multipart/form-data", "--xx\r\n\r\n",
            "{\"data\":\"\",\"files\":{},\"form\":{},\"json\":null}");
        row("JSON nested too deeply is data only", "application/json", std::string(600, '['),
            "{\"data\":\"" + std::string(600, '[') + "\",\"files\":{},\"form\":{},\"json\":null}");
    }
    void readsBodies()
    {
        QFETCH(std::string, type);
        QFETCH(std::string, body);
        QFETCH(std::string, expected);
        Json answer = json(send("POST", "/post", {{"Content-Type", type}}, body));
        for (const char *name : {"args", "headers", "origin", "url"})
            QVERIFY(answer.erase(name));
        QCOMPARE(answer.dump(), parseJson(expected)->dump());
    }

    void answersByStatus_data()
    {
        QTest::addColumn<std::string>("method");
        QTest::addColumn<std::string>("target");
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("header");
        QTest::addColumn<std::string>("value");
        const auto row = [](const char *name, const char *method, const char *target, int status,
                            const char *header = "server", const char *value = "postern-upstream") {
            QTest::newRow(name) << std::string(method) << std::string(target) << status
                                << std::string(header) << std::string(value);
        };
        row("status", "GET", "/status/503", 503);
        row("status by any method", "PATCH", "/status/201", 201);
        row("redirect status", "GET", "/status/302", 302, "location", "/redirect/1");
        row("status 401", "GET", "/status/401", 401, "www-authenticate",
            "Basic realm=\"Fake Realm\"");
        row("status 418", "GET", "/status/418", 418, "x-more-info",
            "http://tools.ietf.org/html/rfc2324");
        row("status 204", "GET", "/status/204", 204);
        row("weights", "GET", "/status/200:0,500:1", 500);
        row("status that is none", "GET", "/status/abc", 400);
        row("interim status", "GET", "/status/101", 400);
        row("status with endless weight", "GET", "/status/200:inf,201:nan", 400);
        row("unknown path", "GET", "/nothing", 404, "content-type", "text/html");
        row("wrong method", "POST", "/get", 405, "allow", "GET, HEAD, OPTIONS");
        row("unknown method on a known path", "PUT", "/post", 405, "allow", "POST, OPTIONS");
        row("OPTIONS", "OPTIONS", "/get", 200, "allow", "GET, HEAD, OPTIONS");
        row("OPTIONS: CORS", "OPTIONS", "/post", 200, "access-control-max-age", "3600");
        row("HEAD", "HEAD", "/get", 200, "content-type", "application/json");
        row("redirect", "GET", "/redirect/2", 302, "location", "/redirect/1");
        row("last redirect", "GET", "/redirect/1", 302, "location", "/get");
        row("set cookies", "GET", "/cookies/set?a=b%0d%0aX:y", 302, "set-cookie",
            "a=b%0D%0AX%3Ay; Path=/");
        row("response headers", "GET", "/response-headers?X-A=1", 200, "x-a", "1");
        row("response headers: own type", "GET", "/response-headers?content-type=text/plain", 200,
            "content-type", "text/plain");
        row("response headers: no new line", "GET", "/response-headers?X-A=1%0d%0aX-B:2", 400);
        row("response headers: no such name", "GET", "/response-headers?X%20A=1", 400);
        row("bytes: not a number", "GET", "/bytes/x", 404);
        row("bytes: bad seed", "GET", "/bytes/1?seed=x", 400);
        row("delay: not a number", "GET", "/delay/x", 400);
        row("delay: negative", "GET", "/delay/-1", 400);
        row("no upgrade", "GET", "/ws", 426, "upgrade", "websocket");
    }
    void answersByStatus()
    {
        QFETCH(std::string, method);
        QFETCH(std::string, target);
        QFETCH(int, status);
        QFETCH(std::string, header);
        QFETCH(std::string, value);
        const auto response = send(method, target);
        QVERIFY2(response, response ? "" : describe(response.error()).c_str());
        QCOMPARE(response->status, status);
        QCOMPARE(response->header(header), value);
    }

    void namesItsOwnHeaders()
    {
        const auto response = send("GET", "/response-headers?x=1&x=2&Transfer-Encoding=chunked");
        const Json body = json(response);
        QCOMPARE(text(body, {"Content-Length"}), std::to_string(response->body.size()));
        QCOMPARE(text(body, {"Content-Length"}), response->header("content-length"));
        QCOMPARE(body.find("x")->dump(), "[\"1\",\"2\"]");
        QVERIFY(!body.contains("Transfer-Encoding"));
    }

    void givesBytes()
    {
        // python3 -c 'import random; random.seed(1); print([random.randint(0,255) for _ in
        // range(8)])'
        QCOMPARE(send("GET", "/bytes/8?seed=1")->body, "\x44\x20\x82\x3c\xfd\xe6\xf1\xc2"s);
        QCOMPARE(send("GET", "/bytes/4?seed=-1")->body, "\x44\x20\x82\x3c"s);
        QCOMPARE(send("GET", "/bytes/4?seed=0")->body, "\xc5\xd7\x14\x84"s);
        QCOMPARE(pythonRandomBytes(12345678901234567890ULL, 4), "\xe5\xa7\xb5\x75"s);
        QCOMPARE(send("GET", "/bytes/0")->body.size(), 0U);
        QCOMPARE(send("GET", "/bytes/99999999")->body.size(), 100U * 1024);
        QVERIFY(send("GET", "/bytes/32")->body != send("GET", "/bytes/32")->body);
    }

    void streamsLines()
    {
        const auto response = send("GET", "/stream/3?a=1", {{"X-E", "\xC3\xA9\""}});
        QCOMPARE(response->header("transfer-encoding"), "chunked");
        const QByteArray body = QByteArray::fromStdString(response->body);
        const auto lines = body.split('\n');
        QCOMPARE(lines.size(), 4); // the last one is empty
        const std::string start = "{\"url\": \"http://127.0.0.1:" + std::to_string(m_server.port())
            + "/stream/3?a=1\", \"args\": {\"a\": \"1\"}, \"headers\": {\"Connection\": "
              "\"close\", ";
        QVERIFY2(lines[2].startsWith(start), lines[2].constData());
        QVERIFY(lines[2].contains("\"X-E\": \"\\u00e9\\\"\""));
        QVERIFY2(lines[2].endsWith("\"origin\": \"127.0.0.1\", \"id\": 2}"), lines[2].constData());
        QCOMPARE(QByteArray::fromStdString(send("GET", "/stream/1000")->body).count('\n'), 100);
    }

    void delays()
    {
        const auto begin = std::chrono::steady_clock::now();
        const auto response = send("POST", "/delay/0.2", {}, "x");
        QVERIFY(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(190));
        QCOMPARE(text(json(response), {"data"}), "x");
    }

    void escapesAsPython()
    {
        QCOMPARE(
            pythonJson(Json::object({{"b", "\xF0\x9F\x98\x80\x7F\x01/\b"}, {"a", Json::array()}}),
                       PythonStyle::Pretty),
            "{\n  \"a\": [],\n  \"b\": \"\\ud83d\\ude00\x7F\\u0001/\\b\"\n}\n");
    }

    void givesUuids()
    {
        const std::string uuid = text(json(send("GET", "/uuid")), {"uuid"});
        QCOMPARE(uuid.size(), 36U);
        QCOMPARE(uuid[14], '4');
        QVERIFY("89ab"s.contains(uuid[19]));
        QVERIFY(uuid != text(json(send("GET", "/uuid")), {"uuid"}));
    }

    void survivesManyFields()
    {
        std::string body;
#if defined(__SANITIZE_ADDRESS__)
        constexpr int kFields = 20'000; // about as long as 200,000 without
#else
        constexpr int kFields = 200'000;
#endif
        for (int i = 0; i < kFields; ++i)
            body += repeat("k" + std::to_string(i), "v") + "&";
        const std::clock_t begin = std::clock(); // the processor's time: the machine may be busy
        const auto response =
            send("POST", "/post", {{"Content-Type", "application/x-www-form-urlencoded"}}, body);
        QVERIFY(response);
        QVERIFY(std::clock() - begin < 5 * CLOCKS_PER_SEC);
    }

    void echoesWebSocketMessages()
    {
        const std::string big(300'000, 'b');
        const std::string wire =
            "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, "
            "Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            + webSocketFrame(WebSocketOpcode::Text, "hello", true, 7)
            + webSocketFrame(WebSocketOpcode::Binary, big, true, 9)
            + webSocketFrame(WebSocketOpcode::Close, "\x03\xe8", true, 11);
        const std::string answer = testing::exchangeRaw(m_server.port(), wire);
        QVERIFY(answer.starts_with("HTTP/1.1 101 "));
        QVERIFY(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
        const std::string frames = answer.substr(answer.find("\r\n\r\n") + 4);
        QVERIFY(frames
                == webSocketFrame(WebSocketOpcode::Text, "hello")
                    + webSocketFrame(WebSocketOpcode::Binary, big)
                    + webSocketFrame(WebSocketOpcode::Close, "\x03\xe8"));
    }

    void countsHits()
    {
        const auto before = m_upstream.hits();
        static_cast<void>(send("GET", "/ip"));
        QCOMPARE(m_upstream.hits(), before + 1);
    }
};

QTEST_GUILESS_MAIN(tst_BuiltinUpstream)
#include "tst_builtin_upstream.moc"
