// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/head_parser.h"

#include <QTest>

#include <memory>
#include <string>
#include <vector>

using namespace postern;
using namespace postern::gateway;
using namespace std::string_literals;

namespace {

constexpr HeadParser::Limits kLimits{1024, 10, 256};

/// Parses from a buffer of exactly the message's size, so that a read past its end is seen.
HeadParser::State parseWhole(HeadParser &parser, const std::string &text)
{
    const auto exact = std::make_unique<char[]>(text.size());
    text.copy(exact.get(), text.size());
    return parser.feed({exact.get(), text.size()}, text.size(), kLimits);
}

/// The same octet by octet, moving the buffer each time.
HeadParser::State parseBytewise(HeadParser &parser, const std::string &text)
{
    for (std::size_t i = 1; i <= text.size(); ++i) {
        const std::string moved = text.substr(0, i);
        const auto state = parser.feed(moved, 1, kLimits);
        if (state != HeadParser::State::More)
            return state;
    }
    return HeadParser::State::More;
}

} // namespace

class tst_HeadParser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusesWhatTheStandardForbids_data();
    void refusesWhatTheStandardForbids();
    void findsTheParts();
    void findsTheSameBytewise();
    void limitsAreKept_data();
    void limitsAreKept();
    void tellsTheFraming_data();
    void tellsTheFraming();
    void takesAChunkedBodyApart();
    void keepAliveFollowsVersionAndConnection_data();
    void keepAliveFollowsVersionAndConnection();
};

void tst_HeadParser::refusesWhatTheStandardForbids_data()
{
    QTest::addColumn<QByteArray>("head");
    const auto row = [](const char *name, const char *text) {
        QTest::newRow(name) << QByteArray(text);
    };
    row("RFC 9112 6.1: CL with TE",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
    row("RFC 9112 6.3: two different CL",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n");
    row("RFC 9112 6.3: CL list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n");
    row("RFC 9112 6.1: chunked is not last",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n");
    row("RFC 9112 2.2: bare LF", "GET / HTTP/1.1\nHost: a\n\n");
    row("RFC 9112 5.2: obs-fold", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n");
    row("RFC 9112 5.1: space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n");
    row("not a number as CL", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n");
    row("CL overflow",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n");
    row("unknown method", "FROB / HTTP/1.1\r\nHost: a\r\n\r\n");
    row("raw UTF-8 in the path", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n");
    row("TLS hello on a plain port", "\x16\x03\x01\x02");
}

void tst_HeadParser::refusesWhatTheStandardForbids()
{
    QFETCH(QByteArray, head);
    HeadParser whole(HeadParser::Kind::Request), bytewise(HeadParser::Kind::Request);
    QCOMPARE(parseWhole(whole, head.toStdString()), HeadParser::State::Failed);
    QCOMPARE(parseBytewise(bytewise, head.toStdString()), HeadParser::State::Failed);
    QCOMPARE(whole.error().code, Errc::HttpSyntax);
}

void tst_HeadParser::findsTheParts()
{
    const std::string text =
        "\r\nGET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Odd:  v v \t\r\nEmpty:\r\n\r\nrest";
    HeadParser parser(HeadParser::Kind::Request);
    QCOMPARE(parseWhole(parser, text), HeadParser::State::Complete);
    QCOMPARE(parser.headSize(), text.size() - 4);
    QCOMPARE(parser.method(text), "GET"s);
    QCOMPARE(parser.target(text), "/a?b=c"s);
    HeaderList fields;
    parser.fields(text, fields);
    QCOMPARE(fields.size(), 3U);
    QCOMPARE(fields.fields()[1].name, "X-Odd"s);
    QCOMPARE(fields.fields()[1].value, "v v"s);
    QCOMPARE(fields.fields()[2].value, ""s);
}

void tst_HeadParser::findsTheSameBytewise()
{
    const std::string text =
        "HTTP/1.1 404 Not here\r\nA: 1\r\nLong-Name: long value\r\nContent-Length: 5\r\n\r\n";
    HeadParser whole(HeadParser::Kind::Response), bytewise(HeadParser::Kind::Response);
    QCOMPARE(parseWhole(whole, text), HeadParser::State::Complete);
    QCOMPARE(parseBytewise(bytewise, text), HeadParser::State::Complete);
    for (const HeadParser *parser : {&whole, &bytewise}) {
        QCOMPARE(parser->status(), 404);
        QCOMPARE(parser->reason(text), "Not here"s);
        QCOMPARE(parser->headSize(), text.size());
        HeaderList fields;
        parser->fields(text, fields);
        QCOMPARE(fields.value("long-name"), "long value"s);
        QCOMPARE(parser->contentLength(), 5U);
    }
}

void tst_HeadParser::limitsAreKept_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<int>("code");
    const QByteArray start = "GET / HTTP/1.1\r\nHost: a\r\n";
    QTest::newRow("one long field, complete") << start + "X: " + QByteArray(2000, 'x') + "\r\n\r\n"
                                              << int(Errc::HttpHeaderTooLarge);
    QTest::newRow("one long field, never ends")
        << start + "X: " + QByteArray(2000, 'x') << int(Errc::HttpHeaderTooLarge);
    QTest::newRow("long target") << QByteArray("GET /" + QByteArray(300, 'x') + " HTTP/1.1\r\n\r\n")
                                 << int(Errc::HttpHeaderTooLarge);
    QTest::newRow("many fields") << start + QByteArray("X: 1\r\n").repeated(10) + "\r\n"
                                 << int(Errc::HttpTooManyHeaders);
}

void tst_HeadParser::limitsAreKept()
{
    QFETCH(QByteArray, head);
    QFETCH(int, code);
    HeadParser whole(HeadParser::Kind::Request), bytewise(HeadParser::Kind::Request);
    QCOMPARE(parseWhole(whole, head.toStdString()), HeadParser::State::Failed);
    QCOMPARE(int(whole.error().code), code);
    QCOMPARE(parseBytewise(bytewise, head.toStdString()), HeadParser::State::Failed);
    QCOMPARE(int(bytewise.error().code), code);
}

void tst_HeadParser::tellsTheFraming_data()
{
    QTest::addColumn<bool>("request");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<int>("framing");
    const QByteArray post = "POST / HTTP/1.1\r\nHost: a\r\n", ok = "HTTP/1.1 200 OK\r\n";
    QTest::newRow("request without") << true << post + "\r\n" << int(Framing::None);
    QTest::newRow("request, CL 0") << true << post + "Content-Length: 0\r\n\r\n"
                                   << int(Framing::None);
    QTest::newRow("request, CL") << true << post + "Content-Length: 7\r\n\r\n"
                                 << int(Framing::Length);
    QTest::newRow("request, chunked") << true << post + "Transfer-Encoding: chunked\r\n\r\n"
                                      << int(Framing::Chunked);
    QTest::newRow("response without") << false << ok + "\r\n" << int(Framing::UntilClose);
    QTest::newRow("response, CL 0") << false << ok + "Content-Length: 0\r\n\r\n"
                                    << int(Framing::None);
}

void tst_HeadParser::tellsTheFraming()
{
    QFETCH(bool, request);
    QFETCH(QByteArray, head);
    QFETCH(int, framing);
    HeadParser parser(request ? HeadParser::Kind::Request : HeadParser::Kind::Response);
    QCOMPARE(parseWhole(parser, head.toStdString()), HeadParser::State::Complete);
    QCOMPARE(int(parser.framing()), framing);
}

void tst_HeadParser::takesAChunkedBodyApart()
{
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string body = "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: t\r\n\r\nGET /next";
    for (const std::size_t step : {body.size(), std::size_t{1}}) {
        HeadParser parser(HeadParser::Kind::Request);
        QCOMPARE(parseWhole(parser, head), HeadParser::State::Complete);
        std::string content;
        std::size_t at = 0;
        auto state = HeadParser::State::More;
        while (state == HeadParser::State::More && at < body.size()) {
            std::vector<std::string_view> pieces;
            std::size_t used = 0;
            state = parser.feedBody(std::string_view(body).substr(at, step), pieces, used);
            for (const auto piece : pieces)
                content.append(piece);
            at += used;
        }
        QCOMPARE(state, HeadParser::State::Complete);
        QCOMPARE(content, "hello world"s);
        QCOMPARE(body.substr(at), "GET /next"s);
    }
}

void tst_HeadParser::keepAliveFollowsVersionAndConnection_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<bool>("keep");
    QTest::newRow("1.1") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n") << true;
    QTest::newRow("1.1 close") << QByteArray(
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                               << false;
    QTest::newRow("1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << false;
    QTest::newRow("1.0 keep-alive")
        << QByteArray("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") << true;
}

void tst_HeadParser::keepAliveFollowsVersionAndConnection()
{
    QFETCH(QByteArray, head);
    QFETCH(bool, keep);
    HeadParser parser(HeadParser::Kind::Request);
    QCOMPARE(parseWhole(parser, head.toStdString()), HeadParser::State::Complete);
    QCOMPARE(parser.keepAlive(), keep);
}

QTEST_GUILESS_MAIN(tst_HeadParser)
#include "tst_head_parser.moc"
