// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key.h"
#include "core/json/parse.h"
#include "postern_process.h"
#include "seed_tokens.h"
#include "test_folder.h"

#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

namespace {

std::string trimmed(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

QString shown(const Ran &ran)
{
    return QString::fromStdString(
        std::format("exit {}\nstdout: {}\nstderr: {}", ran.exit, ran.out, ran.err));
}

} // namespace

class tst_TokenCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptanceTable_data();
    void acceptanceTable();
    void mintedTokensVerify_data();
    void mintedTokensVerify();
    void algorithmIsNamedByKeyOrCaller_data();
    void algorithmIsNamedByKeyOrCaller();
    void mintReproducesTheManualsToken();
    void payloadFileIsSignedOctetForOctet();
    void claimsTakePathsAndTypes();
    void nothingIsAddedUnasked();
    void reasonsAsExitCodes_data();
    void reasonsAsExitCodes();
    void severalTokensGiveTheWorstCode();
    void verdictAsJson();
    void quietSaysNothing();
    void inspectShowsBrokenTokens_data();
    void inspectShowsBrokenTokens();
    void inspectEscapesControlCharacters();
    void secretsAreNotEchoed();
    void usageErrors_data();
    void usageErrors();

private:
    TestFolder m_folder;
};

void tst_TokenCli::acceptanceTable_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("token");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("says"); // alternatives are lines that must all be found

    const auto row = [](const char *name, const char *arguments, const char *token, int exit,
                        const char *says) {
        QTest::newRow(name) << QString::fromLatin1(arguments) << QString::fromLatin1(token) << exit
                            << QString::fromLatin1(says);
    };
    row("T1 with the page's secret: names the sample secret", "verify --secret jack-hs256-secret",
        kT1, 1, "signature: MISMATCH\nhint: \nyour-256-bit-secret");
    row("T8 with the page's secret: ok, warns of no exp", "verify --secret jack-hs256-secret", kT8,
        0, "signature: ok (HS256)\nnbf: ok\nwarning: no-exp");
    row("T7 with the public key: expired", "verify --key pub.pem", kT7, 1,
        "signature: ok (RS256)\nexp: expired 2024-12-15T02:40:00Z");
    row("T7 one second before its end", "verify --key pub.pem --clock 2024-12-15T02:39:59Z", kT7, 0,
        "signature: ok (RS256)\nexp: ok");
    row("T5c with the vault secret", "verify --secret vault-hs256-secret", kT5c, 0,
        "signature: ok (HS256)");
    row("T3 inspected: dates, signature unchecked", "inspect", kT3, 0,
        "\"key\": \"user-key\"\n\"typ\": \"JWT\"\n2023-09-19T13:10:44Z\n ago\nsignature: not "
        "checked");
}

void tst_TokenCli::acceptanceTable()
{
    QFETCH(QString, arguments);
    QFETCH(QString, token);
    QFETCH(int, exit);
    QFETCH(QString, says);

    const std::string pem = m_folder.write("pub.pem", kPublicPem);
    arguments.replace(QLatin1String("pub.pem"), QString::fromStdString(pem));
    std::vector<std::string> words{"token"};
    for (const QString &word : arguments.split(QLatin1Char(' ')))
        words.push_back(word.toStdString());
    words.insert(words.begin() + 2, token.toStdString());
    const Ran ran = runPostern(words);
    QVERIFY2(ran.exit == exit, qPrintable(shown(ran)));
    for (const QString &part : says.split(QLatin1Char('\n')))
        QVERIFY2(ran.out.contains(part.toStdString()), qPrintable(shown(ran)));
}

void tst_TokenCli::mintedTokensVerify_data()
{
    QTest::addColumn<QString>("alg");
    for (const AlgInfo &row : algorithms())
        QTest::newRow(std::string(row.name).c_str())
            << QString::fromStdString(std::string(row.name));
}

void tst_TokenCli::mintedTokensVerify()
{
    QFETCH(QString, alg);
    const Result<Key> key = Key::generate(findAlg(alg.toStdString())->alg);
    QVERIFY(key.has_value());
    const std::string secretKey = m_folder.write("key.jwk", key->toJwk(true).dump());
    const std::string publicKey =
        m_folder.write("pub.jwk", key->toJwk(key->type() == KeyType::Oct).dump());

    const Ran minted = runPostern({"token", "mint", "--key", secretKey, "--alg", alg.toStdString(),
                                   "--ttl", "1h", "--sub", "alice"});
    QVERIFY2(minted.exit == 0, qPrintable(shown(minted)));
    const Ran good = runPostern({"token", "verify", trimmed(minted.out), "--key", publicKey,
                                 "--sub", "alice", "--alg", alg.toStdString()});
    QVERIFY2(good.exit == 0, qPrintable(shown(good)));
    const Ran late = runPostern({"token", "verify", trimmed(minted.out), "--key", publicKey,
                                 "--alg", alg.toStdString(), "--clock", "+2h"});
    QVERIFY2(late.exit == 1 && late.out.contains("exp: expired"), qPrintable(shown(late)));
}

void tst_TokenCli::algorithmIsNamedByKeyOrCaller_data()
{
    QTest::addColumn<Alg>("alg");
    QTest::addColumn<bool>("declared"); // the JWK has its alg
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("candidates");
    const auto row = [](const char *name, Alg alg, bool declared, const char *words, int exit,
                        const char *candidates = "") {
        QTest::newRow(name) << alg << declared
                            << QString::fromLatin1(words).split(QLatin1Char(' '),
                                                                Qt::SkipEmptyParts)
                            << exit << QString::fromLatin1(candidates);
    };
    row("the secret says it", Alg::HS512, true, "", 0);
    row("the caller says it", Alg::HS512, false, "--alg HS512", 0);
    row("the caller says another", Alg::HS512, false, "--alg HS256", 1);
    row("a secret stands for HS256", Alg::HS256, false, "", 0);
    row("nobody says HS512", Alg::HS512, false, "", 3, "HS256, HS384, HS512");
    row("an RSA key stands for RS256", Alg::RS256, false, "", 0);
    row("nobody says PS256", Alg::PS256, false, "", 3, "RS256, RS384, RS512, PS256, PS384, PS512");
    row("the RSA key says PS256", Alg::PS256, true, "", 0);
    row("the curve says it", Alg::ES384, false, "", 0);
    row("Edwards curve", Alg::Ed25519, false, "", 0);
    row("asked what a gateway does, whose credential says it", Alg::HS512, false,
        "--profile apisix", 1);
    row("strict beside a gateway", Alg::HS512, false, "--profile strict,kong", 3, "HS384");
}

void tst_TokenCli::algorithmIsNamedByKeyOrCaller()
{
    QFETCH(const Alg, alg);
    QFETCH(const bool, declared);
    QFETCH(const QStringList, words);
    QFETCH(const int, exit);
    QFETCH(const QString, candidates);
    Json jwk = Key::generate(alg)->toJwk(true);
    jwk.erase("alg");
    if (declared)
        jwk.set("alg", info(alg).name);
    const std::string file = m_folder.write("silent.jwk", jwk.dump());
    const Ran minted = runPostern(
        {"token", "mint", "--key", file, "--alg", std::string(info(alg).name), "--claim", "a=b"});
    QVERIFY2(minted.exit == 0, qPrintable(shown(minted)));
    std::vector<std::string> verify{"token", "verify", trimmed(minted.out), "--key", file};
    for (const QString &word : words)
        verify.push_back(word.toStdString());
    const Ran ran = runPostern(verify);
    QVERIFY2(ran.exit == exit, qPrintable(shown(ran)));
    if (exit == 3) {
        QVERIFY2(ran.out.empty() && ran.err.contains("[E-alg-undecided]")
                     && ran.err.contains(candidates.toStdString()),
                 qPrintable(shown(ran)));
    }
}

void tst_TokenCli::mintReproducesTheManualsToken()
{
    const Ran ran = runPostern({"token", "mint", "--secret", "jack-hs256-secret", "--claim",
                                "key=jack-key", "--claim", "nbf=1729132271"});
    QCOMPARE(trimmed(ran.out), std::string(kT8));
}

void tst_TokenCli::payloadFileIsSignedOctetForOctet()
{
    const std::string payload = "{ \"n\": 1.50, \"n2\":18446744073709551617 }\n";
    const std::string file = m_folder.write("payload.json", payload);
    const Ran minted = runPostern({"token", "mint", "--secret", "text:s", "--payload", file});
    const Ran seen = runPostern({"token", "inspect", trimmed(minted.out), "-o", "json"});
    QVERIFY2(seen.out.contains("18446744073709551617") && seen.out.contains("1.50"),
             qPrintable(shown(seen)));
    const Ran mixed =
        runPostern({"token", "mint", "--secret", "text:s", "--payload", file, "--claim", "a=b"});
    QCOMPARE(mixed.exit, 2);
}

void tst_TokenCli::claimsTakePathsAndTypes()
{
    const std::string file = m_folder.write("note.txt", "from a file");
    const Ran minted = runPostern(
        {"token",    "mint",          "--secret",    "text:s",     "--claim",
         "a.b[0]=x", "--claim",       "a.b[1]:=1e2", "--claim",    R"(["https://x.y/z"]=w)",
         "--claim",  R"(d\.e:=null)", "--claim",     "f=@" + file, "--claim",
         "gone=1",   "--unset",       "gone",        "-o",         "json"});
    QVERIFY2(minted.exit == 0, qPrintable(shown(minted)));
    const Result<Json> json = parseJson(minted.out);
    QVERIFY(json.has_value());
    const std::string wanted = R"({"a":{"b":["x",1e2]},"https://x.y/z":"w",)"
                               R"("d.e":null,"f":"from a file"})";
    QCOMPARE(json->find("payload")->dump(), wanted);
}

void tst_TokenCli::nothingIsAddedUnasked()
{
    const Ran minted = runPostern({"token", "mint", "--secret", "text:s", "-o", "json"});
    const Result<Json> json = parseJson(minted.out);
    QVERIFY(json.has_value());
    QCOMPARE(json->find("payload")->dump(), std::string("{}"));
    const std::string header = R"({"alg":"HS256","typ":"JWT"})";
    QCOMPARE(json->find("header")->dump(), header);
}

void tst_TokenCli::reasonsAsExitCodes_data()
{
    QTest::addColumn<QStringList>("mint");
    QTest::addColumn<QStringList>("verify");
    QTest::addColumn<int>("exit");
    const auto list = [](const char *text) {
        return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    };
    const QStringList secret = list("--secret text:s");
    QTest::newRow("valid") << secret << secret << 0;
    QTest::newRow("signature") << secret << list("--secret text:t") << 10;
    QTest::newRow("time") << secret + list("--ttl 10s") << secret + list("--clock +1h") << 11;
    QTest::newRow("claim") << secret << secret + list("--aud api") << 12;
    QTest::newRow("policy") << secret << secret + list("--alg HS512") << 13;
    QTest::newRow("policy before time")
        << secret + list("--ttl 10s") << secret + list("--alg HS512 --clock +1h") << 13;
}

void tst_TokenCli::reasonsAsExitCodes()
{
    QFETCH(QStringList, mint);
    QFETCH(QStringList, verify);
    QFETCH(int, exit);
    std::vector<std::string> words{"token", "mint"};
    for (const QString &word : mint)
        words.push_back(word.toStdString());
    const std::string token = trimmed(runPostern(words).out);
    words = {"token", "verify", token, "--exit-reason"};
    for (const QString &word : verify)
        words.push_back(word.toStdString());
    const Ran ran = runPostern(words);
    QVERIFY2(ran.exit == exit, qPrintable(shown(ran)));
}

void tst_TokenCli::severalTokensGiveTheWorstCode()
{
    const std::string input = std::format("{}\n{}\nnonsense\n", kT8, kT1);
    const std::vector<std::string> verify{"token", "verify", "--secret", "jack-hs256-secret"};
    QCOMPARE(runPostern(verify, input).exit, 3);
    QCOMPARE(runPostern(verify, std::format("{}\n{}\n", kT8, kT1)).exit, 1);
    QCOMPARE(runPostern(verify, std::format("{}\n{}\n", kT8, kT8)).exit, 0);
}

void tst_TokenCli::verdictAsJson()
{
    const Ran ran =
        runPostern({"token", "verify", kT7, "--key", m_folder.write("pub.pem", kPublicPem), "-o",
                    "json", "--clock", "2024-12-15T02:40:03Z"});
    const Result<Json> json = parseJson(ran.out);
    QVERIFY2(json.has_value(), qPrintable(shown(ran)));
    QCOMPARE(json->find("version")->dump(), std::string("1"));
    QCOMPARE(json->find("valid")->asBool(true), false);
    for (const Json &check : json->find("checks")->items()) {
        if (check.stringOr("id", "") == "exp") {
            QCOMPARE(check.stringOr("reason", ""), std::string_view("expired"));
            QCOMPARE(check.find("by_s")->dump(), std::string("3"));
            return;
        }
    }
    QFAIL("no check named exp");
}

void tst_TokenCli::quietSaysNothing()
{
    const Ran ran = runPostern({"token", "verify", kT1, "--secret", "x", "-q"});
    QCOMPARE(ran.exit, 1);
    QVERIFY2(ran.out.empty() && ran.err.empty(), qPrintable(shown(ran)));
}

void tst_TokenCli::inspectShowsBrokenTokens_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("says");
    const auto base64 = [](const char *text) {
        return QString::fromLatin1(QByteArray(text).toBase64(QByteArray::Base64UrlEncoding
                                                             | QByteArray::OmitTrailingEquals));
    };
    const QString header = base64(R"({"alg":"HS256"})");
    QTest::newRow("duplicate member")
        << header + QLatin1Char('.') + base64(R"({"a":1,"a":2})") + QStringLiteral(".AA") << 0
        << QStringLiteral("duplicate-member");
    QTest::newRow("payload no JSON, its text is shown")
        << header + QLatin1Char('.') + base64("hello") + QStringLiteral(".AA") << 0
        << QStringLiteral("hello");
    QTest::newRow("five parts, the header broken")
        << QStringLiteral("eyJh.AA.AA.AA.AA") << 0 << QStringLiteral("{\"a");
    QTest::newRow("one part") << QStringLiteral("nonsense") << 3 << QString();
}

void tst_TokenCli::inspectShowsBrokenTokens()
{
    QFETCH(QString, token);
    QFETCH(int, exit);
    QFETCH(QString, says);
    const Ran ran = runPostern({"token", "inspect", token.toStdString()});
    QVERIFY2(ran.exit == exit, qPrintable(shown(ran)));
    QVERIFY2(ran.out.contains(says.toStdString()), qPrintable(shown(ran)));
}

void tst_TokenCli::inspectEscapesControlCharacters()
{
    const std::string file = m_folder.write("evil", "{\"a\":\"\\u001b[2J\u009b\"}");
    const Ran minted = runPostern({"token", "mint", "--secret", "text:s", "--payload", file});
    const Ran ran = runPostern({"token", "inspect", trimmed(minted.out)});
    QVERIFY2(!ran.out.contains('\x1b') && !ran.out.contains("\u009b"), qPrintable(shown(ran)));
}

void tst_TokenCli::secretsAreNotEchoed()
{
    const std::string secret = "b64:c2VjcmV0LXZhbHVl!"; // wrong on purpose
    const Ran bad = runPostern({"token", "mint", "--secret", secret});
    QCOMPARE(bad.exit, 3);
    QVERIFY2(!bad.err.contains("c2VjcmV0"), qPrintable(shown(bad)));
    const Ran mismatch = runPostern({"token", "verify", kT1, "--secret", "my-very-private-secret"});
    QVERIFY2(!(mismatch.out + mismatch.err).contains("my-very-private"),
             qPrintable(shown(mismatch)));
}

void tst_TokenCli::usageErrors_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exit");
    const auto row = [](const char *name, const char *words, int exit) {
        QTest::newRow(name) << QString::fromLatin1(words).split(QLatin1Char(' ')) << exit;
    };
    row("unknown flag", "token verify x --bogus", 2);
    row("no key at all", "token verify x", 2);
    row("two keys", "token verify x --secret a --key b", 2);
    row("unknown verb", "token frobnicate", 2);
    row("unknown command", "frobnicate", 2);
    row("bad duration", "token mint --secret a --ttl soon", 2);
    row("gap in an array", "token mint --secret a --claim a[3]=1", 2);
    row("unknown algorithm", "token mint --secret a --alg HS257", 3);
    row("missing key file", "token mint --key /nonexistent/key.pem", 3);
    row("unset variable", "token mint --secret env:POSTERN_NOT_SET", 3);
}

void tst_TokenCli::usageErrors()
{
    QFETCH(QStringList, words);
    QFETCH(int, exit);
    std::vector<std::string> arguments;
    for (const QString &word : words)
        arguments.push_back(word.toStdString());
    const Ran ran = runPostern(arguments);
    QVERIFY2(ran.exit == exit, qPrintable(shown(ran)));
    QVERIFY2(ran.err.starts_with("postern: ") && ran.err.contains("[E-"), qPrintable(shown(ran)));
    QVERIFY2(ran.out.empty(), qPrintable(shown(ran)));
}

QTEST_GUILESS_MAIN(tst_TokenCli)
#include "tst_token_cli.moc"
