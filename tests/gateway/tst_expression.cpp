// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/pipeline/expression.h"

#include <QTest>

#include <string>

using namespace postern;
using namespace postern::gateway;

/// Conditions on variables: APISIX 3.18, vars expressions.
class tst_Expression : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refuses_data();
    void refuses();
    void holds_data();
    void holds();
    void readsBodies_data();
    void readsBodies();
};

namespace {

/// GET /t with this query, from 127.0.0.1, header X-Real: real.
void fill(Exchange &exchange, std::string_view query)
{
    exchange.clear();
    Request &request = exchange.request;
    request.method = "GET";
    request.path = "/t";
    request.query = query;
    request.peer = "127.0.0.1";
    request.headers.append("X-Real", "10.1.2.3");
}

} // namespace

void tst_Expression::refuses_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *rules, const char *text) {
        QTest::newRow(rules) << QByteArray(rules) << QByteArray(text);
    };
    row(R"(["arg_k", "==", "v"])", "rule should be wrapped inside brackets");
    row(R"(["arg_k"])", "rule should be wrapped inside brackets");
    row(R"([["arg_k", "=", "v"]])", "invalid operator '='");
    row(R"([["arg_k", "!=", "v"]])", "invalid operator '!='");
    row(R"([["arg_k"]])", "invalid expression");
    row(R"([["arg_k", null]])", "invalid expression");
    row(R"([[]])", "rule too short");
    row(R"([["!", "arg_k", "==", "1"]])", "bad 'not' expression");
    row(R"(["OR", ["arg_weight", ">", 10]])", "rule too short");
    row(R"(["OR"])", "rule too short");
    row(R"(["OR", ["arg_weight", ">", 10], ["AND"]])", "rule too short");
    row(R"(["OR", ["arg_weight", ">", 10], []])", "rule too short");
    row(R"([["remote_addr", "ipmatch", null]])", "invalid ip address");
    row(R"([["remote_addr", "ipmatch", ""]])", "invalid ip address");
    row(R"([["remote_addr", "ipmatch", []]])", "invalid ip address");
    row(R"([["remote_addr", "ipmatch", [""]]])", "invalid ip address: ");
    row(R"([["remote_addr", "ipmatch", "1.2.3.400"]])", "invalid ip address: 1.2.3.400");
}

void tst_Expression::refuses()
{
    QFETCH(const QByteArray, rules);
    QFETCH(const QByteArray, text);
    const auto compiled = Expression::compile(*parseJson(rules.toStdString()));
    QVERIFY(!compiled);
    QCOMPARE(compiled.error().detail, text.toStdString());
}

void tst_Expression::holds_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *rules, const char *query, bool expected) {
        const std::string name = std::string(rules) + " ? " + query;
        QTest::newRow(name.c_str()) << QByteArray(rules) << QByteArray(query) << expected;
    };
    row("[]", "", true);
    row("{}", "", true);
    // ==
    row(R"([["arg_k", "==", "v"]])", "k=v", true);
    row(R"([["arg_k", "==", "v"]])", "k=V", false);
    row(R"([["arg_k", "==", "v"]])", "", false);
    row(R"([["arg_k", "==", 10]])", "k=10", true);
    row(R"([["arg_k", "==", 10]])", "k=10.0", true);
    row(R"([["arg_k", "==", 10]])", "k=0xA", true);
    row(R"([["arg_k", "==", 10]])", "k=%2010%20", true);
    row(R"([["arg_k", "==", 10]])", "k=ten", false);
    row(R"([["arg_k", "==", "10"]])", "k=10.0", false);
    row(R"([["arg_k", "==", null]])", "", true);
    row(R"([["arg_k", "==", null]])", "k=v", false);
    row(R"([["arg_k", "==", true]])", "k=true", false);
    row(R"([["arg_k", "v"]])", "k=v", true);
    row(R"([["arg_k", "v"]])", "k=w", false);
    row(R"([["arg_k", "V"]])", "k=v", true); // APISIX lowers what it took for an operator
    row(R"([["ARG_k", "==", "v"]])", "k=v", false); // names are case-sensitive
    // ~=
    row(R"([["arg_k", "~=", "v"]])", "k=w", true);
    row(R"([["arg_k", "~=", "v"]])", "k=v", false);
    row(R"([["arg_k", "~=", "v"]])", "", true);
    row(R"([["arg_k", "~=", 10]])", "k=10.0", false);
    row(R"([["arg_k", "~=", 10]])", "k=ten", true);
    row(R"([["arg_k", "~=", 10]])", "", true);
    row(R"([["arg_k", "~=", null]])", "k=", true);
    row(R"([["arg_k", "~=", null]])", "", false);
    // order
    row(R"([["arg_k", ">", 10]])", "k=11", true);
    row(R"([["arg_k", ">", 10]])", "k=10", false);
    row(R"([["arg_k", ">", "10"]])", "k=9", false); // numbers, not texts
    row(R"([["arg_k", ">", 10]])", "k=x", false);
    row(R"([["arg_k", ">", 10]])", "", false);
    row(R"([["arg_k", ">=", 10]])", "k=10", true);
    row(R"([["arg_k", ">=", 10]])", "k=9.99", false);
    row(R"([["arg_k", "<", 10]])", "k=-1", true);
    row(R"([["arg_k", "<", 10]])", "k=10", false);
    row(R"([["arg_k", "<", "x"]])", "k=1", false);
    row(R"([["arg_k", "<=", 10]])", "k=10", true);
    row(R"([["arg_k", "<=", 10]])", "k=1e1", true);
    row(R"([["arg_k", "<=", 10]])", "k=10.01", false);
    // regular expressions
    row(R"([["arg_k", "~~", "^[a-z]+$"]])", "k=json", true);
    row(R"([["arg_k", "~~", "^[a-z]+$"]])", "k=JSON", false);
    row(R"([["arg_k", "~~", "so"]])", "k=json", true);
    row(R"([["arg_k", "~~", ".*"]])", "", false);
    row(R"([["arg_k", "~~", "("]])", "k=(", false);
    row(R"([["arg_k", "~*", "^[a-z]+$"]])", "k=JSON", true);
    row(R"([["arg_k", "~*", "^[a-z]+$"]])", "k=1", false);
    // in, has
    row(R"([["arg_k", "in", ["a", "b"]]])", "k=b", true);
    row(R"([["arg_k", "IN", ["a", "b"]]])", "k=b", true);
    row(R"([["arg_k", "in", ["a", "b"]]])", "k=c", false);
    row(R"([["arg_k", "in", [1, 2]]])", "k=1", false); // no conversion
    row(R"([["arg_k", "in", "b"]])", "k=b", false);
    row(R"([["arg_k", "in", [null]]])", "", false);
    row(R"([["arg_k", "has", "b"]])", "k=b", false); // the left side is no list
    // addresses
    row(R"([["remote_addr", "ipmatch", "127.0.0.1"]])", "", true);
    row(R"([["remote_addr", "ipmatch", ["10.0.0.0/8", "127.0.0.0/16"]]])", "", true);
    row(R"([["remote_addr", "ipmatch", ["10.0.0.0/8"]]])", "", false);
    row(R"([["http_x_real", "ipmatch", ["10.0.0.0/8"]]])", "", true);
    row(R"([["arg_ip", "ipmatch", ["::/0"]]])", "ip=::1", true);
    row(R"([["arg_ip", "ipmatch", ["::/0"]]])", "ip=x", false);
    row(R"([["arg_ip", "ipmatch", ["::/0"]]])", "", false);
    // not
    row(R"([["arg_k", "!", "==", "v"]])", "k=w", true);
    row(R"([["arg_k", "!", "==", "v"]])", "k=v", false);
    row(R"([["arg_k", "!", "in", ["a"]]])", "", true);
    row(R"([["arg_k", "!", ">", 10]])", "", true);
    // several, groups, nesting
    row(R"([["arg_a", "==", "1"], ["arg_b", "==", "2"]])", "a=1&b=2", true);
    row(R"([["arg_a", "==", "1"], ["arg_b", "==", "2"]])", "a=1&b=3", false);
    row(R"(["AND", ["arg_a", "==", "1"], ["arg_b", "==", "2"]])", "a=1&b=2", true);
    row(R"(["or", ["arg_a", "==", "1"], ["arg_b", "==", "2"]])", "a=0&b=2", true);
    row(R"(["OR", ["arg_a", "==", "1"], ["arg_b", "==", "2"]])", "a=0&b=0", false);
    row(R"(["!AND", ["arg_w", ">", 10], ["arg_w", "!", ">", 15]])", "w=12", false);
    row(R"(["!AND", ["arg_w", ">", 10], ["arg_w", "!", ">", 15]])", "w=8", true);
    row(R"(["!OR", ["arg_w", ">", 10], ["arg_w", "!", "<", 15]])", "w=8", true);
    row(R"(["!OR", ["arg_w", ">", 10], ["arg_w", "!", ">", 15]])", "w=12", false);
    row(R"(["!OR", ["!AND", ["arg_w", "<", 20], ["arg_w", "!", "<", 15]],
            ["!OR", ["arg_h", ">", 10], ["arg_h", "!", "<", 15]]])",
        "w=16&h=16", true);
    row(R"(["!OR", ["AND", ["arg_w", "<", 20], ["arg_w", "!", "<", 15]],
            [["arg_h", ">", 10], ["arg_h", "!", "<", 15]]])",
        "w=16&h=16", false);
}

void tst_Expression::holds()
{
    QFETCH(const QByteArray, rules);
    QFETCH(const QByteArray, query);
    QFETCH(const bool, expected);
    const auto compiled = Expression::compile(*parseJson(rules.toStdString()));
    QVERIFY2(compiled, compiled ? "" : compiled.error().detail.c_str());
    Exchange exchange;
    const std::string text = query.toStdString();
    fill(exchange, text);
    QCOMPARE(compiled->holds(exchange), expected);
    QVERIFY(!compiled->needsBody());
}

void tst_Expression::readsBodies_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char *name, const char *rules, const char *type, const char *body,
                        bool expected) {
        QTest::newRow(name) << QByteArray(rules) << QByteArray(type) << QByteArray(body)
                            << expected;
    };
    const char *json = "application/json";
    const char *form = "application/x-www-form-urlencoded";
    row("post_arg_x", R"([["post_arg_a", "==", "b c"]])", form, "a=b+c&a=d", true);
    row("post_arg_x: absent", R"([["post_arg_z", "==", null]])", form, "a=b", true);
    row("post_arg.x of a form", R"([["post_arg.a", "==", "b"]])", form, "a=b", true);
    row("post_arg.x of JSON", R"([["post_arg.a", "==", "b"]])", json, R"({"a":"b"})", true);
    row("a number", R"([["post_arg.a", ">", 4]])", json, R"({"a":5})", true);
    row("a number is no text", R"([["post_arg.a", "==", "5"]])", json, R"({"a":5})", false);
    row("a boolean", R"([["post_arg.a", "==", true]])", json, R"({"a":true})", true);
    row("nested", R"([["post_arg.a.b[1]", "==", "y"]])", json, R"({"a":{"b":["x","y"]}})", true);
    row("a list", R"([["post_arg.a", "has", "y"]])", json, R"({"a":["x","y"]})", true);
    row("wildcard", R"([["post_arg.a[*].n", "has", 2]])", json, R"({"a":[{"n":1},{"n":2}]})", true);
    row("wildcard: not there", R"([["post_arg.a[*].n", "has", 3]])", json,
        R"({"a":[{"n":1},{"n":2}]})", false);
    row("broken JSON", R"([["post_arg.a", "==", null]])", json, "{", true);
    row("multipart", R"([["post_arg.a", "==", "b"]])", "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n", true);
    row("multipart, lines end in LF", R"([["post_arg.a", "==", "b"]])",
        "multipart/form-data; boundary=x",
        "--x\nContent-Disposition: form-data; name=\"a\"\n\nb\n--x--\n", true);
    const char *plain = R"([["post_arg_a", "==", "b"]])";
    row("2.4 post_arg_x: a form with a charset", plain,
        "application/x-www-form-urlencoded; charset=utf-8", "a=b", true);
    row("2.4 post_arg_x: no Content-Type", plain, "", "a=b", false);
    row("2.4 post_arg_x: multipart", plain, "multipart/form-data", "a=b", false);
    row("2.4 post_arg_x: JSON", plain, json, "a=b", false);
    row("2.4 post_arg_x: another type", plain, "text/plain", "a=b", false);
    const char *member = R"([["post_arg.a", "==", "b"]])";
    row("2.4 post_arg.x: JSON with a charset", member, "Application/JSON; charset=utf-8",
        R"({"a":"b"})", true);
    row("2.4 post_arg.x: no Content-Type", member, "", R"({"a":"b"})", false);
    row("2.4 post_arg.x: another type", member, "text/plain", R"({"a":"b"})", false);
    row("2.4 post_arg.x: a type of JSON", member, "application/vnd.x+json", R"({"a":"b"})", false);
}

void tst_Expression::readsBodies()
{
    QFETCH(const QByteArray, rules);
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, body);
    QFETCH(const bool, expected);
    const auto compiled = Expression::compile(*parseJson(rules.toStdString()));
    QVERIFY(compiled);
    QVERIFY(compiled->needsBody());
    Exchange exchange;
    fill(exchange, "");
    const std::string contentType = type.toStdString();
    if (!contentType.empty())
        exchange.request.headers.append("Content-Type", contentType);
    exchange.body.text = body.toStdString();
    QCOMPARE(compiled->holds(exchange), expected);
}

QTEST_GUILESS_MAIN(tst_Expression)
#include "tst_expression.moc"
