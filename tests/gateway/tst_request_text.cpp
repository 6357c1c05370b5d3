// SPDX-License-Identifier: Apache-2.0
#include "core/json/json.h"
#include "gateway/request/curl_line.h"
#include "gateway/request/recorded_exchange.h"
#include "gateway/request/redact.h"
#include "gateway/request/snippet.h"

#include <QProcess>
#include <QTest>

using namespace postern;
using namespace postern::gateway;

namespace {

QString shown(const WebRequest &request)
{
    QString text = QString::fromStdString(request.method + " " + request.url);
    for (const auto &[name, value] : request.headers)
        text += QStringLiteral(" [%1: %2]")
                    .arg(QString::fromStdString(name), QString::fromStdString(value));
    if (!request.body.empty())
        text += QStringLiteral(" <%1>").arg(QString::fromStdString(request.body));
    return request.insecure ? text + QStringLiteral(" insecure") : text;
}

Json keyTrace()
{
    return Json::object(
        {{"id", "01JF8Z6Q3M"},
         {"time", "2026-11-22T19:00:00.000Z"},
         {"method", "GET"},
         {"target", "/get?team-key=s3cret&a=1"},
         {"host", "127.0.0.1:9080"},
         {"status", 403},
         {"decision", "denied"},
         {"steps",
          Json(Json::Array{Json::object(
              {{"step", "extract"},
               {"outcome", "ok"},
               {"subject", "key-auth"},
               {"detail", Json::object({{"where", "query"}, {"name", "team-key"}})}})})},
         {"timing", Json::object({{"total_us", 1500}})}});
}

} // namespace

class tst_RequestText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsCurlLines_data();
    void readsCurlLines();
    void refusesWhatItCannotSend_data();
    void refusesWhatItCannotSend();
    void writesCurlThatReadsBack_data();
    void writesCurlThatReadsBack();
    void writesEveryKind();
    void takesSecretsFromTheEnvironment();
    void takesSecretsOfTheUrlFromTheEnvironment();
    void redacts_data();
    void redacts();
    void removesLogins();
    void archivesKeepWhatWasSeen();
    void archivesHoldNoSecrets();
    void readsForeignArchives();
    void refusesOtherFiles();
};

void tst_RequestText::readsCurlLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *line, const char *expected) {
        QTest::newRow(name) << QByteArray(line) << QString::fromUtf8(expected);
    };
    row("plain", "curl http://a/get", "GET http://a/get");
    row("a scheme is added", "curl 127.0.0.1:9080/get", "GET http://127.0.0.1:9080/get");
    row("prompt", "$ curl -i http://a/", "GET http://a/");
    row("single quotes", "curl 'http://a/get?x=1&y=2' -H 'apikey: a b'",
        "GET http://a/get?x=1&y=2 [apikey: a b]");
    row("double quotes and escapes", R"(curl "http://a/" -H "X: say \"hi\" \$HOME \n")",
        R"(GET http://a/ [X: say "hi" $HOME \n])");
    row("backslash outside quotes", R"(curl http://a/a\&b)", "GET http://a/a&b");
    row("continued lines", "curl http://a/ \\\n  -H 'A: 1' \\\r\n -H 'B: 2'",
        "GET http://a/ [A: 1] [B: 2]");
    row("bash's own quotes", R"(curl http://a/ -H $'X: it\'s\tA\u00e9')",
        "GET http://a/ [X: it's\tA\xC3\xA9]");
    row("letters in one word", "curl -sXPUT http://a/ -dx=1",
        "PUT http://a/ [Content-Type: application/x-www-form-urlencoded] <x=1>");
    row("data makes a POST, several are joined", "curl http://a/ -d a=1 -d b=2",
        "POST http://a/ [Content-Type: application/x-www-form-urlencoded] <a=1&b=2>");
    row("the own type stays", "curl http://a/ -H 'content-type: text/plain' --data-raw @x",
        "POST http://a/ [content-type: text/plain] <@x>");
    row("json", R"(curl http://a/ --json '{"a":1}')",
        R"(POST http://a/ [Content-Type: application/json] [Accept: application/json] <{"a":1}>)");
    row("urlencode", "curl -G http://a/ --data-urlencode 'q=a b'", "GET http://a/?q=a%20b");
    row("user", "curl -u jack:pw -k https://a/",
        "GET https://a/ [Authorization: Basic amFjazpwdw==] insecure");
    row("head", "curl -I http://a/", "HEAD http://a/");
    row("an emptied header goes", "curl http://a/ -H 'A: 1' -H 'A:'", "GET http://a/");
    row("an empty header", "curl http://a/ -H 'X-Empty;'", "GET http://a/ [X-Empty: ]");
    row("ends at a pipe", "curl http://a/ | jq .", "GET http://a/");
    row("output is passed over", "curl -o /dev/null -w '%{http_code}' --max-time 3 http://a/",
        "GET http://a/");
    row("two dashes", "curl -- http://a/", "GET http://a/");
}

void tst_RequestText::readsCurlLines()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QString, expected);
    QVERIFY(looksLikeCurl(line.toStdString()));
    const auto request = readCurlLine(line.toStdString());
    QVERIFY2(request, request ? "" : describe(request.error()).c_str());
    QCOMPARE(shown(*request), expected);
}

void tst_RequestText::refusesWhatItCannotSend_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("where");
    QTest::newRow("no curl") << QByteArray("wget http://a/") << QStringLiteral("wget");
    QTest::newRow("empty") << QByteArray("") << QString();
    QTest::newRow("no URL") << QByteArray("curl -s") << QStringLiteral("curl");
    QTest::newRow("open quote") << QByteArray("curl 'http://a/") << QStringLiteral("5");
    QTest::newRow("unknown option")
        << QByteArray("curl --frobnicate http://a/") << QStringLiteral("--frobnicate");
    QTest::newRow("unknown letter") << QByteArray("curl -sZ http://a/") << QStringLiteral("-Z");
    QTest::newRow("a file") << QByteArray("curl -d @body http://a/") << QStringLiteral("-d");
    QTest::newRow("no value") << QByteArray("curl http://a/ -H") << QStringLiteral("-H");
    QTest::newRow("no header") << QByteArray("curl http://a/ -H apikey")
                               << QStringLiteral("apikey");
    QTest::newRow("two URLs") << QByteArray("curl http://a/ http://b/")
                              << QStringLiteral("http://b/");
}

void tst_RequestText::refusesWhatItCannotSend()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QString, where);
    const auto request = readCurlLine(line.toStdString());
    QVERIFY(!request);
    QCOMPARE(request.error().code, Errc::InvalidArgument);
    QCOMPARE(QString::fromStdString(request.error().where), where);
}

void tst_RequestText::writesCurlThatReadsBack_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("plain") << QByteArray("GET") << QByteArray("x") << QByteArray();
    QTest::newRow("quotes") << QByteArray("POST") << QByteArray("it's \"$HOME\" \\ `x`")
                            << QByteArray("{\"a\":\"it's\"}");
    QTest::newRow("line ends in the body")
        << QByteArray("PUT") << QByteArray("x") << QByteArray("a\nb\r\n");
    QTest::newRow("a body with GET") << QByteArray("GET") << QByteArray("x") << QByteArray("b");
    QTest::newRow("a value like an option")
        << QByteArray("DELETE") << QByteArray("-X") << QByteArray("@file");
}

void tst_RequestText::writesCurlThatReadsBack()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, body);
    WebRequest request;
    request.method = method.toStdString();
    request.url = "http://127.0.0.1:9080/get?a=it's&b=2";
    request.headers = {{"apikey", value.toStdString()}, {"Content-Type", "text/plain"}};
    request.body = body.toStdString();
    const auto back = readCurlLine(snippet(SnippetKind::Curl, request));
    QVERIFY2(back, back ? "" : describe(back.error()).c_str());
    QCOMPARE(shown(*back), shown(request));
}

void tst_RequestText::writesEveryKind()
{
    WebRequest request;
    request.method = "POST";
    request.url = "http://a/get";
    request.headers = {{"apikey", "k"}};
    request.body = "b";
    for (const SnippetInfo &kind : snippetKinds()) {
        const std::string text = snippet(kind.kind, request, SnippetSecrets::Value, 201);
        for (const std::string_view part : {"POST", "apikey", "k", "b"})
            QVERIFY2(text.contains(part) || kind.kind == SnippetKind::Curl, text.c_str());
        QVERIFY2(text.contains("http://a/get") || text.contains("Host: a"), text.c_str());
    }
    QVERIFY(snippet(SnippetKind::Hurl, request, SnippetSecrets::Value, 201).contains("HTTP 201"));
    QCOMPARE(
        snippet(SnippetKind::Raw, request),
        std::string("POST /get HTTP/1.1\r\nHost: a\r\napikey: k\r\nContent-Length: 1\r\n\r\nb"));
}

void tst_RequestText::takesSecretsFromTheEnvironment()
{
    WebRequest request;
    request.url = "http://a/";
    request.headers = {{"X-Api-Key", "k-secret"}, {"Accept", "*/*"}};
    for (const SnippetInfo &kind : snippetKinds()) {
        const std::string text = snippet(kind.kind, request, SnippetSecrets::Variable);
        QVERIFY2(!text.contains("k-secret"), text.c_str());
        QVERIFY2(text.contains("X_API_KEY"), text.c_str());
    }
}

void tst_RequestText::takesSecretsOfTheUrlFromTheEnvironment()
{
    WebRequest request;
    request.url = "http://a/get?apikey=k-secret&b=it's&team=t-secret#x";
    request.headers = {{"X-Team", "h-secret"}};
    SecretPlaces places;
    places.arguments = {"team"};
    places.headers = {"X-Team"};
    for (const SnippetInfo &kind : snippetKinds()) {
        const std::string text = snippet(kind.kind, request, SnippetSecrets::Variable, 0, places);
        QVERIFY2(!text.contains("-secret"), text.c_str());
        for (const char *name : {"APIKEY", "TEAM", "X_TEAM"})
            QVERIFY2(text.contains(name), text.c_str());
        const std::string value = snippet(kind.kind, request, SnippetSecrets::Value, 0, places);
        QVERIFY2(value.contains("k-secret") && value.contains("h-secret"), value.c_str());
    }
    QVERIFY(
        snippet(SnippetKind::Python, request, SnippetSecrets::Variable).contains("import os\n"));
    QCOMPARE(snippet(SnippetKind::Raw, request, SnippetSecrets::Variable, 0, places),
             std::string("GET /get?apikey=$APIKEY&b=it's&team=$TEAM HTTP/1.1\r\nHost: a\r\n"
                         "X-Team: $X_TEAM\r\n\r\n"));
    // A shell puts the values back where they were.
    QProcess shell;
    shell.setProcessEnvironment([] {
        QProcessEnvironment values = QProcessEnvironment::systemEnvironment();
        values.insert(QStringLiteral("APIKEY"), QStringLiteral("k-secret"));
        values.insert(QStringLiteral("TEAM"), QStringLiteral("t-secret"));
        values.insert(QStringLiteral("X_TEAM"), QStringLiteral("h-secret"));
        return values;
    }());
    const std::string line = "curl() { printf '%s\\n' \"$@\"; }\n"
        + snippet(SnippetKind::Curl, request, SnippetSecrets::Variable, 0, places);
    shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromStdString(line)});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardOutput(),
             QByteArray::fromStdString(request.url + "\n-H\nX-Team: h-secret\n"));
}

void tst_RequestText::redacts_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *rule, const char *name, const char *value,
                        const char *expected) {
        QTest::newRow(rule) << QByteArray(name) << QByteArray(value) << QString::fromUtf8(expected);
    };
    row("nothing secret", "Accept", "*/*", "*/*");
    row("a key, whatever its length", "ApiKey", "k", "••••••••");
    row("the scheme stays", "Authorization", "Basic amFjazpwdw==", "Basic ••••••••");
    row("of a token the signature goes", "authorization", "Bearer eyJh.eyJi.c2ln",
        "Bearer eyJh.eyJi.••••••••");
    row("a token without scheme", "Authorization", "eyJh.eyJi.c2ln", "eyJh.eyJi.••••••••");
    row("cookies keep their names", "Cookie", "a=1; b=2", "a=••••••••; b=••••••••");
    row("a set cookie keeps its attributes", "Set-Cookie", "a=1; Path=/", "a=••••••••; Path=/");
    row("what a plugin reads", "X-Team", "k", "••••••••");
}

void tst_RequestText::redacts()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QFETCH(const QString, expected);
    SecretPlaces places;
    places.headers = {"x-team"};
    QCOMPARE(QString::fromStdString(redactHeader(name.toStdString(), value.toStdString(), places)),
             expected);
}

void tst_RequestText::removesLogins()
{
    WebRequest request;
    request.url = "http://a/get?a=1&apikey=k&b=2";
    request.headers = {{"Accept", "*/*"}, {"Authorization", "x"}, {"x-team", "y"}};
    SecretPlaces places;
    places.headers = {"X-Team"};
    QCOMPARE(shown(removeLogin(request, places)),
             QStringLiteral("GET http://a/get?a=1&b=2 [Accept: */*]"));
    QCOMPARE(redactTarget("/get?a=1&apikey=k&b=2"), std::string("/get?a=1&apikey=••••••••&b=2"));
}

void tst_RequestText::archivesKeepWhatWasSeen()
{
    RecordedExchange exchange;
    exchange.trace = keyTrace();
    exchange.request = {.present = true,
                        .method = "POST",
                        .target = "/get?a=1",
                        .status = 0,
                        .headers = {{"Accept", "*/*"}},
                        .body = std::string("\xff\x00\x01", 3),
                        .bodySize = 3};
    exchange.response.present = true;
    exchange.response.body = "{\"ok\":true}";
    exchange.response.bodySize = exchange.response.body.size();
    exchange.comment = "why?";
    exchange.marked = true;
    const auto back = readHar(writeHar({exchange}, "http://127.0.0.1:9080").dump());
    QVERIFY2(back, back ? "" : describe(back.error()).c_str());
    QCOMPARE(back->size(), std::size_t(1));
    const RecordedExchange &read = back->front();
    QCOMPARE(read.request.method, exchange.request.method);
    QCOMPARE(read.request.target, exchange.request.target);
    QVERIFY(read.request.body == exchange.request.body);
    QCOMPARE(read.response.body, exchange.response.body);
    QCOMPARE(read.comment, exchange.comment);
    QVERIFY(read.marked);
    QCOMPARE(read.trace.stringOr("decision", ""), std::string_view("denied"));
}

void tst_RequestText::archivesHoldNoSecrets()
{
    RecordedExchange exchange;
    exchange.trace = keyTrace();
    exchange.request = {.present = true,
                        .method = "GET",
                        .target = "/get?team-key=s3cret&a=1",
                        .status = 0,
                        .headers = {{"apikey", "s3cret"}, {"Cookie", "c=s3cret"}},
                        .body = {},
                        .bodySize = 0};
    exchange.response.present = true;
    exchange.response.headers = {{"Set-Cookie", "c=s3cret; Path=/"}};
    const std::string text = writeHar({exchange}, "http://127.0.0.1:9080").dump();
    QVERIFY2(!text.contains("s3cret"), text.c_str());
}

void tst_RequestText::readsForeignArchives()
{
    const auto read = readHar(
        R"({"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","time":12.5,)"
        R"("request":{"method":"GET","url":"https://a.example/x?y=1","headers":[{"name":"A","value":"1"}]},)"
        R"("response":{"status":404,"headers":[],"content":{"text":"no"}}}]}})");
    QVERIFY(read);
    const Json &trace = read->front().trace;
    QCOMPARE(trace.stringOr("target", ""), std::string_view("/x?y=1"));
    QCOMPARE(trace.find("status")->asInteger(), std::optional<std::int64_t>(404));
    QCOMPARE(trace.find("timing")->find("total_us")->asInteger(),
             std::optional<std::int64_t>(12500));
    QCOMPARE(read->front().request.header("a"), std::string_view("1"));
}

void tst_RequestText::refusesOtherFiles()
{
    QVERIFY(!readHar("{}"));
    QVERIFY(!readHar("[1"));
    QCOMPARE(readHar(R"({"log":{"entries":[{}]}})").error().where,
             std::string("/log/entries/0/request"));
}

QTEST_GUILESS_MAIN(tst_RequestText)
#include "tst_request_text.moc"
