// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/claims.h"
#include "core/jose/token_text.h"
#include "core/json/parse.h"
#include "seed_tokens.h"
#include "test_folder.h"

#include <QTest>

using namespace postern;
using namespace postern::cli;
using postern::test::kT1;
using postern::test::kT8;
using postern::test::TestFolder;

class tst_CliArguments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_console.quiet = true; }
    void findsTheToken_data();
    void findsTheToken();
    void findsSeveralTokens();
    void readsSecretForms_data();
    void readsSecretForms();
    void readsKeyForms_data();
    void readsKeyForms();
    void keySetNeedsAChoice();
    void readsInputOnce();
    void assignsClaims_data();
    void assignsClaims();
    void refusesBadClaims_data();
    void refusesBadClaims();
    void unsetsClaims();
    void escapesWhatCouldSteerATerminal();

private:
    Console m_console;
    TestFolder m_folder;
};

void tst_CliArguments::findsTheToken_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("cut");
    const QByteArray t(kT8);
    QTest::newRow("bare") << t << false;
    QTest::newRow("white space around it is not worth a word") << "\n  " + t + " \r\n" << false;
    QTest::newRow("Bearer") << "Bearer " + t << true;
    QTest::newRow("bearer in small letters") << "bearer " + t << true;
    QTest::newRow("header line") << "Authorization: Bearer " + t << true;
    QTest::newRow("header line without scheme") << "authorization:" + t << true;
    QTest::newRow("quotes") << "\"" + t + "\"" << true;
    QTest::newRow("curl line") << "curl -i -H 'Authorization: Bearer " + t + "' http://h.x.y/"
                               << true;
    QTest::newRow("query of a URL") << "http://127.0.0.1/get?jwt=" + t + "&x=1" << true;
    QTest::newRow("JSON") << "{\"token_type\":\"Bearer\",\"access_token\":\"" + t + "\"}" << true;
    QTest::newRow("JSON with a refresh token first")
        << QByteArray("{\"refresh_token\":\"eyJh.eyJh.AA\",\"access_token\":\"") + t + "\"}"
        << true;
    QTest::newRow("broken over lines")
        << t.left(30) + "\n" + t.mid(30, 60) + "\n  " + t.mid(90) << true;
}

void tst_CliArguments::findsTheToken()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, cut);
    const std::vector<FoundToken> found = findTokens(text.toStdString());
    QCOMPARE(found.size(), 1U);
    QCOMPARE(found.front().token, std::string(kT8));
    QCOMPARE(!found.front().cut.empty(), cut);
}

void tst_CliArguments::findsSeveralTokens()
{
    const auto found = findTokens(std::string(kT8) + "\n\nBearer " + kT1 + "\nnonsense\n");
    QCOMPARE(found.size(), 3U);
    QCOMPARE(found[0].token, std::string(kT8));
    QCOMPARE(found[1].token, std::string(kT1));
    QCOMPARE(found[2].token, std::string("nonsense"));
    QCOMPARE(findTokens("  \n ").size(), 0U);
    // Padding is a fault that the reader must see, not something to cut.
    QCOMPARE(findTokens("eyJh.eyJh.AA==").front().token, std::string("eyJh.eyJh.AA=="));
}

void tst_CliArguments::readsSecretForms_data()
{
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("ok");
    const auto row = [](const char *name, const char *argument, const QByteArray &octets, bool ok) {
        QTest::newRow(name) << QString::fromLatin1(argument) << octets << ok;
    };
    row("bare literal is text", "c2VjcmV0", "c2VjcmV0", true);
    row("text: keeps what looks like a form", "text:hex:00", "hex:00", true);
    row("base64", "b64:c2VjcmV0Cg==", "secret\n", true);
    row("base64url", "b64u:_-8", QByteArray("\xff\xef"), true);
    row("hex with NUL", "hex:00ff", QByteArray("\x00\xff", 2), true);
    row("base64url is not base64", "b64:_-8=", {}, false);
    row("odd hex", "hex:0", {}, false);
    row("missing file", "@/nonexistent/secret", {}, false);
    row("unset variable", "env:POSTERN_TEST_UNSET", {}, false);
    row("variable", "env:POSTERN_TEST_SECRET", "from env", true);
    row("file, one newline dropped", "@secret", "from file\n", true);
}

void tst_CliArguments::readsSecretForms()
{
    QFETCH(QString, argument);
    QFETCH(QByteArray, octets);
    QFETCH(bool, ok);
    qputenv("POSTERN_TEST_SECRET", "from env");
    std::string form = argument.toStdString();
    if (form == "@secret")
        form = "@" + m_folder.write("secret", "from file\n\n");
    ArgumentReader reader(m_console);
    const Result<Secret> secret = reader.secret(form);
    QCOMPARE(secret.has_value(), ok);
    if (ok)
        QCOMPARE(QByteArray::fromStdString(std::string(secret->view())), octets);
}

void tst_CliArguments::readsKeyForms_data()
{
    QTest::addColumn<QString>("form");
    for (const char *form : {"pem", "@pem", "jwk", "jwks", "inline pem", "inline jwk", "env:"})
        QTest::newRow(form) << QString::fromLatin1(form);
}

void tst_CliArguments::readsKeyForms()
{
    QFETCH(QString, form);
    const Result<Key> made = Key::generate(Alg::ES256);
    QVERIFY(made.has_value());
    const std::string pem = made->toPem(false).value_or("");
    const std::string jwk = made->toJwk(false).dump();
    qputenv("POSTERN_TEST_KEY", QByteArray::fromStdString(pem));
    std::string argument;
    if (form == QLatin1String("pem") || form == QLatin1String("@pem"))
        argument = (form.startsWith(QLatin1Char('@')) ? "@" : "") + m_folder.write("k.pem", pem);
    else if (form == QLatin1String("jwk"))
        argument = m_folder.write("k.jwk", jwk);
    else if (form == QLatin1String("jwks"))
        argument = m_folder.write("k.jwks", "{\"keys\":[" + jwk + "]}");
    else if (form == QLatin1String("inline pem"))
        argument = pem;
    else
        argument = form == QLatin1String("env:") ? "env:POSTERN_TEST_KEY" : jwk;
    ArgumentReader reader(m_console);
    const Result<Key> key = reader.key(argument);
    QVERIFY2(key.has_value(), key ? "" : describe(key.error()).c_str());
    QCOMPARE(key->thumbprint(), made->thumbprint());
}

void tst_CliArguments::keySetNeedsAChoice()
{
    const auto jwk = [](const char *kid) {
        Json json = Key::generate(Alg::ES256)->toJwk(false);
        json.set("kid", kid);
        return json;
    };
    Json keys = Json::array();
    keys.push_back(jwk("one"));
    keys.push_back(jwk("two"));
    const Json set = Json::object({{"keys", keys}});
    QCOMPARE(keyFromJwks(set, "two")->kid(), std::string("two"));
    const Result<Key> none = keyFromJwks(set, "");
    QVERIFY(!none && none.error().code == Errc::KeyMissing);
    QVERIFY(none.error().detail.contains("one, two"));
    QVERIFY(!keyFromJwks(set, "three").has_value());
}

void tst_CliArguments::readsInputOnce()
{
    QVERIFY(std::freopen("/dev/null", "r", stdin) != nullptr);
    ArgumentReader reader(m_console);
    QVERIFY(reader.standardInput().has_value());
    const Result<Secret> second = reader.secret("-");
    QVERIFY(!second && second.error().code == Errc::Usage);
}

void tst_CliArguments::assignsClaims_data()
{
    QTest::addColumn<QString>("specification");
    QTest::addColumn<QString>("json");
    const auto row = [](const char *name, const char *specification, const char *json) {
        QTest::newRow(name) << QString::fromUtf8(specification) << QString::fromUtf8(json);
    };
    row("text", "a=1", R"({"a":"1"})");
    row("text with equals signs", "a=b=c:=d", R"({"a":"b=c:=d"})");
    row("empty text", "a=", R"({"a":""})");
    row("number keeps its digits", "a:=1.50", R"({"a":1.50})");
    row("dotted path", "a.b.c=x", R"({"a":{"b":{"c":"x"}}})");
    row("indexed path", "a[0].b=x", R"({"a":[{"b":"x"}]})");
    row("escaped dot", R"(a\.b=x)", R"({"a.b":"x"})");
    row("quoted name", R"(["a=b"]=x)", R"({"a=b":"x"})");
    row("colon in a name", "urn:x=y", R"({"urn:x":"y"})");
    row("time claim as a number", "nbf=1729132271", R"({"nbf":1729132271})");
    row("time claim with a fraction", "exp=1729132271.5", R"({"exp":1729132271.5})");
    row("time claim, relative", "exp=+90s", R"({"exp":1090})");
    row("time claim, RFC 3339", "iat=1970-01-01T00:00:10Z", R"({"iat":10})");
    row("wrong time claim on purpose", R"(exp:="soon")", R"({"exp":"soon"})");
    row("nested exp is no time", "a.exp=5", R"({"a":{"exp":"5"}})");
}

void tst_CliArguments::assignsClaims()
{
    QFETCH(QString, specification);
    QFETCH(QString, json);
    Json object = Json::object();
    const Timestamp now{std::chrono::seconds(1000)};
    const Result<void> done = assignClaim(object, specification.toStdString(), now);
    QVERIFY2(done.has_value(), done ? "" : describe(done.error()).c_str());
    QCOMPARE(object.dump(), json.toStdString());
}

void tst_CliArguments::refusesBadClaims_data()
{
    QTest::addColumn<QString>("specification");
    for (const char *text : {"a", "=x", ".a=x", "a.=x", "a..b=x", "a[=x", "a[x]=1", "a[1]=x",
                             "[\"a=x", "a:={", "exp=soon", "a=@/nonexistent"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void tst_CliArguments::refusesBadClaims()
{
    QFETCH(QString, specification);
    Json object = Json::object();
    QVERIFY(!assignClaim(object, specification.toStdString(), Timestamp{}).has_value());
}

void tst_CliArguments::unsetsClaims()
{
    Json object = *parseJson(R"({"a":{"b":[1,2,3]},"c":1})");
    QVERIFY(unsetClaim(object, "a.b[1]").has_value());
    QVERIFY(unsetClaim(object, "c").has_value());
    QVERIFY(unsetClaim(object, "not.there[7]").has_value());
    const std::string wanted = R"({"a":{"b":[1,3]}})";
    QCOMPARE(object.dump(), wanted);
    QVERIFY(!unsetClaim(object, "a=b").has_value());
}

void tst_CliArguments::escapesWhatCouldSteerATerminal()
{
    QCOMPARE(printable("a\x1b[31m\tb\nü"), std::string("a\\x1b[31m\tb\nü"));
    QCOMPARE(printable("\xff\xc3"), std::string("\\xff\\xc3"));
    QCOMPARE(printable("\xc2\x9b"), std::string("\\xc2\\x9b"));
}

QTEST_GUILESS_MAIN(tst_CliArguments)
#include "tst_cli_arguments.moc"
