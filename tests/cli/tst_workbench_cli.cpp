// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "core/jose/lint.h"
#include "core/json/parse.h"
#include "gateway_process.h"
#include "postern_process.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <format>
#include <ranges>

using namespace postern;
using namespace postern::test;

/// token lint, diff, break, find and inspect --why, on the real binary.
class tst_WorkbenchCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lintTellsLevelsAndExits_data();
    void lintTellsLevelsAndExits();
    void lintReadsAListOfSecrets();
    void lintListsItsRules();
    void diffFollowsDiff();
    void diffNamesTheSigners();
    void whyNamesTheMistake_data();
    void whyNamesTheMistake();
    void whySaysWhenNothingIsFound();
    void whyKnowsTheOtherConsumers();
    void breakGivesVariantsForAConsumer();
    void breakHidesTheSecretWhereAsked();
    void strictBatchAnswersAsPredicted_data();
    void strictBatchAnswersAsPredicted();
    void gatewayProfilesAnswerAsPredicted_data();
    void gatewayProfilesAnswerAsPredicted();
    void gatewayAnswersAsPredicted_data();
    void gatewayAnswersAsPredicted();
    void findsInATree();
    void findFiltersByExpiry();

private:
    std::string write(const char *name, std::string_view content)
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(content.data(), static_cast<qint64>(content.size()));
        return path.toStdString();
    }
    QTemporaryDir m_folder;
};

namespace {

constexpr auto kSecret = "jack-hs256-secret";

std::string tokenOf(std::string_view payload, std::string_view secret = kSecret)
{
    return *signJws(R"({"alg":"HS256","typ":"JWT"})", payload, Alg::HS256,
                    *Key::fromSecret(Secret(secret)), true);
}

/// A process of ours with no gateway in reach.
Ran run(std::vector<std::string> words, const std::string &input = {})
{
    static const QTemporaryDir kHome;
    words.insert(words.begin(), "token");
    return runPostern(words, input, {{"POSTERN_HOME", kHome.path().toStdString()}});
}

std::string shown(const Ran &ran)
{
    return std::format("exit {}\nstdout: {}\nstderr: {}", ran.exit, ran.out, ran.err);
}

std::vector<Json> linesOf(const std::string &text)
{
    std::vector<Json> lines;
    for (const auto part : std::views::split(text, '\n')) {
        if (const std::string_view line(part); !line.empty())
            lines.push_back(parseJson(line).value_or(Json()));
    }
    return lines;
}

} // namespace

void tst_WorkbenchCli::lintTellsLevelsAndExits_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("options");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const std::string &token, const char *options, int exit,
                        const char *says) {
        QTest::newRow(name) << QString::fromStdString(token) << QString::fromLatin1(options) << exit
                            << QString::fromLatin1(says);
    };
    const std::string plain = tokenOf(R"({"key":"jack-key","iat":1799999000,"exp":1800000300})");
    const char *clock = "--clock 1800000000";
    row("nothing but advice", plain, clock, 0, "info     key-claim");
    row("the sample secret is an error", tokenOf(R"({"exp":1800000300})", "your-256-bit-secret"),
        clock, 1, "error    sample-secret");
    row("never expires: a warning", tokenOf("{}"), clock, 0, "warning  no-exp");
    row("a warning with --strict", tokenOf("{}"), "--strict --clock 1800000000", 1, "no-exp");
    row("expired", plain, "--clock 1900000000", 1, "error    expired");
    row("a short secret that is given", plain, "--secret text:jack-hs256-secret", 1,
        "error    weak-secret");
    row("no key claim for APISIX", tokenOf(R"({"iss":"x"})"), "--profile apisix", 0,
        "no-key-claim");
    row("no key claim for Kong", plain, "--profile kong --clock 1800000000", 0, "no-key-claim");
    row("not a token", "nonsense", clock, 1, "error    malformed");
}

void tst_WorkbenchCli::lintTellsLevelsAndExits()
{
    QFETCH(QString, token);
    QFETCH(QString, options);
    QFETCH(int, exit);
    QFETCH(QString, says);
    std::vector<std::string> words{"lint", token.toStdString()};
    for (const QString &word : options.split(QLatin1Char(' ')))
        words.push_back(word.toStdString());
    const Ran ran = run(words);
    QVERIFY2(ran.exit == exit && ran.out.contains(says.toStdString()), shown(ran).c_str());
    words.insert(words.end(), {"-o", "json"});
    const Ran json = run(words);
    const Result<Json> document = parseJson(json.out);
    QVERIFY2(document && document->find("findings") && json.exit == exit, shown(json).c_str());
}

void tst_WorkbenchCli::lintReadsAListOfSecrets()
{
    const std::string list = write("weak.txt", "letmein\r\nhunter2\n");
    const Ran ran = run({"lint", tokenOf("{}", "hunter2"), "--weak-list", list});
    QVERIFY2(ran.exit == 1 && ran.out.contains("line 2 of the list"), shown(ran).c_str());
    QVERIFY(!ran.out.contains("hunter2"));
    QCOMPARE(run({"lint", tokenOf("{}"), "--weak-list", list + "x"}).exit, 3);
}

void tst_WorkbenchCli::lintListsItsRules()
{
    const Ran ran = run({"lint", "--rules", "-o", "json"});
    QCOMPARE(ran.exit, 0);
    QCOMPARE(parseJson(ran.out)->find("rules")->size(), lintRules().size());
}

void tst_WorkbenchCli::diffFollowsDiff()
{
    const std::string one = tokenOf(R"({"sub":"jack","exp":1800000000})");
    const std::string two = tokenOf(R"({"sub":"jack","role":"user","exp":1800000060})");
    QCOMPARE(run({"diff", one, one}).exit, 0);
    const Ran ran = run({"diff", one, two});
    QCOMPARE(ran.exit, 1);
    for (const char *part : {"header     same", "payload    different", "+ role: \"user\"",
                             "~ exp: 1800000000 (2027-01-15T08:00:00Z)", "signature  differs"})
        QVERIFY2(ran.out.contains(part), shown(ran).c_str());
    const Ran order = run({"diff", tokenOf(R"({"a":1,"b":2})"), tokenOf(R"({"b":2,"a":1})")});
    QVERIFY2(order.exit == 1 && order.out.contains("same content, written differently")
                 && order.out.contains("order: "),
             shown(order).c_str());
    QCOMPARE(run({"diff", one}).exit, 2);
    QCOMPARE(run({"diff", one, "nonsense"}).exit, 3);
    const Ran json = run({"diff", one, two, "-o", "json"});
    const Result<Json> document = parseJson(json.out);
    QVERIFY2(document && !document->find("same")->asBool(true)
                 && document->find("differences")->size() == 2,
             shown(json).c_str());
}

void tst_WorkbenchCli::diffNamesTheSigners()
{
    const Ran ran = run({"diff", tokenOf("{}", "your-256-bit-secret"), tokenOf("{}"), "--secret",
                         std::string("text:") + kSecret});
    QVERIFY2(ran.out.contains("A fits well-known sample secret \"your-256-bit-secret\"")
                 && ran.out.contains("B fits the given secret"),
             shown(ran).c_str());
}

void tst_WorkbenchCli::whyNamesTheMistake_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("id");
    const std::string s = kSecret;
    const auto row = [](const char *name, const std::string &token, const std::string &secret,
                        const char *id) {
        QTest::newRow(name) << QByteArray::fromStdString(token) << QByteArray::fromStdString(secret)
                            << QByteArray(id);
    };
    row("trailing newline", tokenOf("{}", s + "\n"), s, "secret-newline");
    row("base64 given as text", tokenOf("{}", s), encodeBase64(s), "secret-base64");
    row("text given as base64", tokenOf("{}", encodeBase64(s)), s, "secret-base64-text");
    row("hexadecimal", tokenOf("{}", s), encodeHex(s), "secret-hex");
    row("quotes", tokenOf("{}", s), "\"" + s + "\"", "secret-quotes");
    row("sample secret", tokenOf("{}", "your-256-bit-secret"), s, "sample-secret");
    const std::string good = tokenOf(R"({"a": 1})");
    row("payload printed anew",
        good.substr(0, good.find('.') + 1) + encodeBase64Url(R"({"a":1})")
            + good.substr(good.rfind('.')),
        s, "payload-reserialised");
}

void tst_WorkbenchCli::whyNamesTheMistake()
{
    QFETCH(QByteArray, token);
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, id);
    const Ran ran =
        run({"inspect", "--why", token.toStdString(), "--secret", "text:" + secret.toStdString()});
    QVERIFY2(ran.exit == 0 && ran.out.contains("[" + id.toStdString() + "]")
                 && ran.out.contains("tried: "),
             shown(ran).c_str());
}

void tst_WorkbenchCli::whySaysWhenNothingIsFound()
{
    const std::string token = tokenOf("{}", "somebody else's secret");
    const Ran ran = run({"inspect", "--why", token, "--secret", std::string("text:") + kSecret});
    QVERIFY2(ran.exit == 1 && ran.out.contains("nothing explains it"), shown(ran).c_str());
    const Ran fits = run({"inspect", "--why", tokenOf("{}"), "--secret",
                          std::string("text:") + kSecret, "-o", "json"});
    QVERIFY2(fits.exit == 0 && parseJson(fits.out)->find("fits")->asBool(), shown(fits).c_str());
}

void tst_WorkbenchCli::whyKnowsTheOtherConsumers()
{
    const std::string store = "sqlite:" + m_folder.filePath(QStringLiteral("why.db")).toStdString();
    for (const char *name : {"jack", "carol"}) {
        QCOMPARE(runPostern({"consumer", "add", name, "--store", store}).exit, 0);
        QCOMPARE(runPostern({"consumer", "credential", "add", name, "--plugin", "jwt-auth", "--set",
                             std::format("key={}-key", name), "--secret",
                             std::format("text:{}-hs256-secret", name), "--store", store})
                     .exit,
                 0);
    }
    const Ran ran = run({"inspect", "--why", tokenOf("{}", "carol-hs256-secret"), "--consumer",
                         "jack", "--store", store});
    QVERIFY2(ran.exit == 0 && ran.out.contains("carol / cred-carol-jwt-auth"), shown(ran).c_str());
}

void tst_WorkbenchCli::breakGivesVariantsForAConsumer()
{
    const std::string store =
        "sqlite:" + m_folder.filePath(QStringLiteral("break.db")).toStdString();
    QCOMPARE(runPostern({"consumer", "add", "jack", "--store", store}).exit, 0);
    QCOMPARE(
        runPostern({"consumer", "credential", "add", "jack", "--plugin", "jwt-auth", "--set",
                    "key=jack-key", "--secret", std::string("text:") + kSecret, "--store", store})
            .exit,
        0);
    const Ran ran = run({"break", "--consumer", "jack", "--store", store});
    QCOMPARE(ran.exit, 0);
    const std::vector<Json> lines = linesOf(ran.out);
    QVERIFY2(lines.size() >= 25, shown(ran).c_str());
    for (const Json &line : lines) {
        for (const char *member : {"id", "what", "token", "secret_b64u", "now", "algs", "expect"})
            QVERIFY2(line.contains(member), line.dump().c_str());
        QVERIFY(line.find("expect")->contains("strict"));
        QVERIFY(line.find("expect")->find("apisix")->contains("status"));
    }
    QCOMPARE(run({"break", tokenOf("{}"), "--only", "no-such-variant"}).exit, 1);
}

void tst_WorkbenchCli::breakHidesTheSecretWhereAsked()
{
    const Ran ran = run({"break", "--secret", std::string("text:") + kSecret, "--no-key"});
    QVERIFY(ran.exit == 0 && !linesOf(ran.out).empty());
    QVERIFY(!ran.out.contains("secret_b64u"));
    // Without a key: what needs none.
    const std::vector<Json> lines = linesOf(run({"break", tokenOf("{}")}).out);
    QVERIFY(lines.size() > 10 && lines.size() < 60);
}

void tst_WorkbenchCli::strictBatchAnswersAsPredicted_data()
{
    QTest::addColumn<QString>("secret");
    QTest::newRow("a secret as long as the hash")
        << QStringLiteral("0123456789abcdef0123456789abcdef");
    QTest::newRow("the manual's short secret") << QString::fromLatin1(kSecret);
}

void tst_WorkbenchCli::strictBatchAnswersAsPredicted()
{
    QFETCH(QString, secret);
    const std::string store =
        std::format("sqlite:{}/batch-{}.db", m_folder.path().toStdString(), secret.size());
    QCOMPARE(runPostern({"consumer", "add", "jack", "--store", store}).exit, 0);
    QCOMPARE(
        runPostern({"consumer", "credential", "add", "jack", "--plugin", "jwt-auth", "--set",
                    "key=jack-key", "--secret", "text:" + secret.toStdString(), "--store", store})
            .exit,
        0);
    const Ran broken = run({"break", "--consumer", "jack", "--store", store});
    const std::vector<Json> asked = linesOf(broken.out);
    const Ran verified = run({"verify", "--batch", "-"}, broken.out);
    const std::vector<Json> answers = linesOf(verified.out);
    QVERIFY2(answers.size() == asked.size() && asked.size() >= 25, shown(verified).c_str());
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const Json &expected = *asked[i].find("expect")->find("strict");
        const std::string what = expected.dump() + "\n" + answers[i].dump();
        QCOMPARE(answers[i].stringOr("id", ""), asked[i].stringOr("id", "-"));
        QVERIFY2(answers[i].find("valid")->asBool() == expected.find("valid")->asBool(),
                 what.c_str());
        if (expected.find("valid")->asBool())
            continue;
        QVERIFY2(answers[i].stringOr("stage", "") == expected.stringOr("stage", "-"), what.c_str());
        QVERIFY2(answers[i].stringOr("reason", "") == expected.stringOr("reason", "-"),
                 what.c_str());
    }
}

void tst_WorkbenchCli::gatewayProfilesAnswerAsPredicted_data()
{
    QTest::addColumn<QString>("profile");
    QTest::addColumn<QString>("alg");
    for (const char *profile : {"apisix", "kong"}) {
        for (const char *alg : {"HS256", "RS256", "PS256", "ES256", "EdDSA"})
            QTest::addRow("%s %s", profile, alg)
                << QString::fromLatin1(profile) << QString::fromLatin1(alg);
    }
}

void tst_WorkbenchCli::gatewayProfilesAnswerAsPredicted()
{
    QFETCH(const QString, profile);
    QFETCH(const QString, alg);
    const std::string name = profile.toStdString();
    const Key key = *Key::generate(findAlg(alg.toStdString())->alg);
    const Ran broken = run({"break", "--key", write("wire.jwk", key.toJwk(true).dump()), "--alg",
                            alg.toStdString(), "--consumer-key", "jack-key", "--profile", name});
    const std::vector<Json> asked = linesOf(broken.out);
    const Ran verified = run({"verify", "--batch", "-"}, broken.out);
    const std::vector<Json> answers = linesOf(verified.out);
    QVERIFY2(answers.size() == asked.size() && asked.size() >= 50, shown(verified).c_str());
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const Json *const expected = asked[i].find("expect")->find(name);
        const std::string what = asked[i].dump() + "\n" + answers[i].dump();
        QVERIFY2(expected && answers[i].find("status"), what.c_str());
        QVERIFY2(*answers[i].find("status") == *expected->find("status"), what.c_str());
        QVERIFY2(answers[i].stringOr("body", "").contains(expected->stringOr("message", "")),
                 what.c_str());
    }
    QCOMPARE(run({"break", tokenOf("{}"), "--profile", "nginx"}).exit, 2);
}

void tst_WorkbenchCli::gatewayAnswersAsPredicted_data()
{
    QTest::addColumn<QString>("alg");
    for (const char *alg : {"HS256", "HS512", "RS256", "PS256", "ES256", "ES384", "EdDSA"})
        QTest::newRow(alg) << QString::fromLatin1(alg);
}

void tst_WorkbenchCli::gatewayAnswersAsPredicted()
{
    QFETCH(QString, alg);
    const std::string name = alg.toStdString();
    const Alg algorithm = findAlg(name)->alg;
    const bool hmac = info(algorithm).keyType == KeyType::Oct;
    GatewayProcess gateway;
    QVERIFY(gateway.ready());
    const Key pair = *Key::generate(algorithm);
    Json config = Json::object({{"key", "jack-key"}, {"algorithm", name}});
    if (hmac)
        config.set("secret", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    else
        config.set("public_key", *pair.toPem(false));
    const Json credential =
        Json::object({{"id", "c1"}, {"plugins", Json::object({{"jwt-auth", std::move(config)}})}});
    QCOMPARE(gateway.admin("PUT", "/consumers", R"({"username":"jack"})").status, 201);
    QCOMPARE(gateway.admin("PUT", "/consumers/jack/credentials", credential.dump()).status, 201);
    QCOMPARE(gateway
                 .admin("PUT", "/routes",
                        R"({"id":"r","uri":"/get","plugins":{"jwt-auth":{}},"upstream":)"
                        R"({"type":"roundrobin","nodes":{"httpbin.org:80":1}}})")
                 .status,
             201);

    std::vector<std::string> words{"token", "break", "--consumer", "jack"};
    if (!hmac)
        words.insert(words.end(), {"--key", write("pair.pem", *pair.toPem(true))});
    const Ran ran = gateway.postern(words);
    const std::vector<Json> lines = linesOf(ran.out);
    QVERIFY2(lines.size() >= 50, shown(ran).c_str());
    for (const Json &line : lines) {
        const Json &expected = *line.find("expect")->find("apisix");
        const std::string what = std::format("{} ({})", line.stringOr("id", ""), expected.dump());
        const Answer answer =
            call(gateway.port("proxy"), "GET", "/get",
                 {std::format("Authorization: Bearer {}", line.stringOr("token", ""))});
        QVERIFY2(answer.status == expected.find("status")->asInteger(),
                 (what + "\n" + answer.text).c_str());
        const std::string_view message = expected.stringOr("message", "");
        QVERIFY2(answer.status == 200
                     || answer.text.contains(std::format(R"({{"message":"{}")", message))
                     || message.empty(),
                 (what + "\n" + answer.text).c_str());
    }
}

void tst_WorkbenchCli::findsInATree()
{
    write("tree/src/fixture.txt", "a\n  token: " + tokenOf(R"({"exp":1700000000})") + "\n");
    write("tree/src/key.pem", *Key::generate(Alg::ES256)->toPem(true));
    write("tree/app.conf", "secret = \"your-256-bit-secret\"\n");
    write("tree/build/out.txt", tokenOf("{}"));
    write("tree/.git/config", tokenOf("{}"));
    write("tree/data.bin", std::string("\0\1\2", 3) + tokenOf("{}"));
    const std::string tree = m_folder.filePath(QStringLiteral("tree")).toStdString();
    const Ran ran = run({"find", tree});
    QCOMPARE(ran.exit, 0);
    QVERIFY2(ran.out.contains("fixture.txt:2:10: token HS256, expired ")
                 && ran.out.contains("key.pem:1:1: private-key EC P-256")
                 && ran.out.contains("app.conf:1:11: sample-secret"),
             shown(ran).c_str());
    QVERIFY2(!ran.out.contains("out.txt") && !ran.out.contains(".git")
                 && ran.err.contains("3 found in 3 files; left out: 2 folders, 1 binary files"),
             shown(ran).c_str());
    QVERIFY2(!ran.out.contains(tokenOf(R"({"exp":1700000000})")), shown(ran).c_str());
    QVERIFY(run({"find", tree, "--reveal"}).out.contains(tokenOf(R"({"exp":1700000000})")));
    QCOMPARE(run({"find", tree, "--fail"}).exit, 1);
    QCOMPARE(run({"find", tree + "/none"}).exit, 3);
    const Ran json = run({"find", tree, "-o", "json"});
    QCOMPARE(parseJson(json.out)->find("findings")->size(), std::size_t{3});
    QCOMPARE(linesOf(run({"find", tree, "-o", "ndjson"}).out).size(), std::size_t{3});
    QVERIFY(run({"find", "-"}, tokenOf("{}")).out.contains("-:1:1: token"));
}

void tst_WorkbenchCli::findFiltersByExpiry()
{
    write("dates/old.txt", tokenOf(R"({"exp":1700000000})"));
    write("dates/soon.txt", tokenOf(R"({"exp":1800086400})"));
    write("dates/late.txt", tokenOf(R"({"exp":1900000000})"));
    write("dates/never.txt", tokenOf("{}"));
    const Ran ran = run({"find", m_folder.filePath(QStringLiteral("dates")).toStdString(),
                         "--expires-within", "30d", "--clock", "1800000000"});
    QVERIFY2(ran.out.contains("old.txt") && ran.out.contains("soon.txt")
                 && !ran.out.contains("late.txt") && !ran.out.contains("never.txt"),
             shown(ran).c_str());
}

QTEST_GUILESS_MAIN(tst_WorkbenchCli)
#include "tst_workbench_cli.moc"
