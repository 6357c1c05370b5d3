// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/json_jws.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "core/json/parse.h"
#include "postern_process.h"
#include "test_folder.h"

#include <QRegularExpression>
#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

/// Every form that `token mint` offers: what is signed, octet for octet, and what is printed.
class tst_MintCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signsWhatWasAsked_data();
    void signsWhatWasAsked();
    void mintsAsManyAsAsked();
    void payloadsAreSignedOctetForOctet_data();
    void payloadsAreSignedOctetForOctet();
    void headerFilesAreSignedOctetForOctet();
    void printsTheFormAskedFor_data();
    void printsTheFormAskedFor();
    void jsonNamesAllParts();
    void flattenedAndGeneralVerify();
    void severalKeysSignInGeneralForm();
    void detachedAndUnencoded_data();
    void detachedAndUnencoded();
    void keysAreNamed();
    void secretsHaveManySources_data();
    void secretsHaveManySources();
    void shortSecretsAreToldOrRefused();
    void wrongUsageSaysWhat_data();
    void wrongUsageSaysWhat();

private:
    std::vector<std::string> words(const QStringList &given) const
    {
        std::vector<std::string> out{"token", "mint"};
        for (QString word : given)
            out.push_back(word.replace(QLatin1String("%d"), QString::fromStdString(m_folder.path()))
                              .toStdString());
        return out;
    }

    TestFolder m_folder;
};

namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

std::string trimmed(std::string text)
{
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

QString shown(const Ran &ran)
{
    return QString::fromStdString(
        std::format("exit {}\nstdout: {}\nstderr: {}", ran.exit, ran.out, ran.err));
}

/// Split at every blank; a word in which a blank is needed has a '~' there.
QStringList split(const char *text)
{
    QStringList list = QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (QString &word : list)
        word = word == u"''" ? QString() : word.replace(QLatin1Char('~'), QLatin1Char(' '));
    return list;
}

QStringList withSecret(const char *text)
{
    return QStringList{QStringLiteral("--secret"),
                       QStringLiteral("text:") + QString::fromLatin1(kSecret)}
    + split(text);
}

} // namespace

void tst_MintCli::signsWhatWasAsked_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<std::string>("header");
    QTest::addColumn<std::string>("payload");
    const std::string usual = R"({"alg":"HS256","typ":"JWT"})";
    const auto claims = [&](const char *name, const char *given, const char *payload) {
        QTest::newRow(name) << withSecret(given) << usual << std::string(payload);
    };
    const auto header = [](const char *name, const char *given, const char *text) {
        QTest::newRow(name) << withSecret(given) << std::string(text) << std::string("{}");
    };
    claims("nothing is added unasked", "", "{}");
    claims("text", "--claim a=1", R"({"a":"1"})");
    claims("empty text", "--claim a=", R"({"a":""})");
    claims("text with an equals sign", "--claim a=b=c", R"({"a":"b=c"})");
    claims("number, digits kept", "--claim a:=1.50", R"({"a":1.50})");
    claims("integer above 2^64", "--claim a:=18446744073709551617",
           R"({"a":18446744073709551617})");
    claims("true and null", "--claim a:=true --claim b:=null", R"({"a":true,"b":null})");
    claims("array and object", R"(--claim a:=[1,{"b":2}])", R"({"a":[1,{"b":2}]})");
    claims("content of a file", "--claim a=@%d/claim.txt", R"({"a":"from a file"})");
    claims("paths", "--claim realm.roles[0]=user --claim realm.roles[1]=admin",
           R"({"realm":{"roles":["user","admin"]}})");
    claims("quoted name in a path", R"(--claim ["https://x.y/z"]=w)", R"({"https://x.y/z":"w"})");
    claims("order of the words", "--claim b=1 --claim a=2", R"({"b":"1","a":"2"})");
    claims("the later wins in its place", "--claim a=1 --claim b=2 --claim a=3",
           R"({"a":"3","b":"2"})");
    claims("unset", "--sub alice --claim a=1 --unset sub", R"({"a":"1"})");
    claims("unset of what is not there", "--unset nothing", "{}");
    claims("iss, sub, jti", "--iss https://i --sub alice --jti 7",
           R"({"iss":"https://i","sub":"alice","jti":"7"})");
    claims("one audience is text", "--aud api", R"({"aud":"api"})");
    claims("several are an array", "--aud api --aud web", R"({"aud":["api","web"]})");
    claims("ttl in seconds", "--ttl 30", R"({"exp":1893456030})");
    claims("ttl with a unit", "--ttl 30s", R"({"exp":1893456030})");
    claims("ttl of two units", "--ttl 1h30m", R"({"exp":1893461400})");
    claims("exp as a distance", "--exp +90s", R"({"exp":1893456090})");
    claims("exp in the past", "--exp -90s", R"({"exp":1893455910})");
    claims("exp as a number", "--exp 1893456001", R"({"exp":1893456001})");
    claims("exp as a number with a fraction", "--exp 1893456001.5", R"({"exp":1893456001.5})");
    claims("nbf and iat", "--nbf now --iat 2030-01-01T00:00:01Z",
           R"({"iat":1893456001,"nbf":1893456000})");
    claims("a time claim takes times", "--claim nbf=now", R"({"nbf":1893456000})");
    claims("a time claim as JSON stays as it is", R"(--claim exp:="soon")", R"({"exp":"soon"})");
    claims("computed: time", "--claim t:@{now}", R"({"t":1893456000})");
    claims("computed: a later time", "--claim t:@{now+30m}", R"({"t":1893457800})");
    claims("computed: an earlier time", "--claim t:@{now-1h}", R"({"t":1893452400})");
    claims("computed: the token's number", "--claim n:@{n}", R"({"n":1})");
    claims("computed: text around it", "--claim sub:@user-{n}@{now}",
           R"({"sub":"user-1@1893456000"})");
    claims("computed: nothing in it", "--claim a.b:@x", R"({"a":{"b":"x"}})");
    header("computed", "--header n:@{n}", R"({"alg":"HS256","typ":"JWT","n":1})");
    header("typ", "--typ at+jwt", R"({"alg":"HS256","typ":"at+jwt"})");
    header("no typ", "--typ ''", R"({"alg":"HS256"})");
    header("kid", "--kid k1", R"({"alg":"HS256","typ":"JWT","kid":"k1"})");
    header("header member", "--header cty=json --header x:=1",
           R"({"alg":"HS256","typ":"JWT","cty":"json","x":1})");
    header("a header member may replace", "--header typ=JOSE", R"({"alg":"HS256","typ":"JOSE"})");
}

void tst_MintCli::signsWhatWasAsked()
{
    QFETCH(QStringList, given);
    QFETCH(const std::string, header);
    QFETCH(const std::string, payload);
    m_folder.write("claim.txt", "from a file");
    given << QStringLiteral("--clock") << QStringLiteral("2030-01-01T00:00:00Z");
    const Ran ran = runPostern(words(given));
    QVERIFY2(ran.exit == 0 && ran.err.empty(), qPrintable(shown(ran)));
    // The token and one newline, nothing else.
    QCOMPARE(std::ranges::count(ran.out, '\n'), 1);
    QVERIFY(ran.out.ends_with('\n'));
    const Result<DecodedJws> jws = verifyJws(trimmed(ran.out), *Key::fromSecret(Secret(kSecret)));
    QVERIFY2(jws.has_value(), qPrintable(shown(ran)));
    QCOMPARE(jws->headerText, header);
    QCOMPARE(jws->payloadText, payload);
}

void tst_MintCli::mintsAsManyAsAsked()
{
    const Ran ran =
        runPostern(words(withSecret("--claim jti:@{uuid} --claim n:@{n} --count 3 -o ndjson")));
    QVERIFY2(ran.exit == 0, qPrintable(shown(ran)));
    const QStringList lines =
        QString::fromStdString(ran.out).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    static const QRegularExpression uuid(
        QStringLiteral("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
    QStringList ids;
    for (int i = 0; i < lines.size(); ++i) {
        const auto line = parseJson(lines[i].toStdString());
        QVERIFY(line);
        const Json *payload = line->find("payload");
        QCOMPARE(payload->find("n")->asInteger().value_or(0), i + 1);
        ids << QString::fromUtf8(payload->stringOr("jti", ""));
        QVERIFY(uuid.match(ids.back()).hasMatch());
    }
    QCOMPARE(ids.removeDuplicates(), 0);
}

void tst_MintCli::payloadsAreSignedOctetForOctet_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<bool>("fromInput");
    for (const bool input : {false, true}) {
        const auto row = [input](const char *name, const QByteArray &payload) {
            QTest::addRow("%s, %s", name, input ? "standard input" : "file") << payload << input;
        };
        row("white space and number text", "{ \"n\": 1.50,\t\"n2\":1E400 }\r\n");
        row("duplicate members", R"({"a":1,"a":2})");
        row("no JSON", "hello");
        row("no text", QByteArray("\x00\xff\x80\n", 4));
        row("nothing", {});
    }
}

void tst_MintCli::payloadsAreSignedOctetForOctet()
{
    QFETCH(const QByteArray, payload);
    QFETCH(const bool, fromInput);
    const std::string octets = payload.toStdString();
    const std::string file = m_folder.write("payload.bin", octets);
    QStringList given = withSecret("--payload");
    given << (fromInput ? QStringLiteral("-") : QString::fromStdString(file));
    const Ran ran = runPostern(words(given), fromInput ? octets : std::string());
    const Result<DecodedJws> jws = verifyJws(trimmed(ran.out), *Key::fromSecret(Secret(kSecret)));
    QVERIFY2(jws.has_value(), qPrintable(shown(ran)));
    QCOMPARE(QByteArray::fromStdString(jws->payloadText), payload);
}

void tst_MintCli::headerFilesAreSignedOctetForOctet()
{
    const std::string header = "{ \"typ\" : \"JWT\",\n  \"alg\" : \"HS256\" }";
    const std::string file = m_folder.write("header.json", header);
    for (const std::string &form : {file, "@" + file}) {
        const Ran ran = runPostern(
            {"token", "mint", "--secret", "text:" + std::string(kSecret), "--header", form});
        const Result<DecodedJws> jws =
            verifyJws(trimmed(ran.out), *Key::fromSecret(Secret(kSecret)));
        QVERIFY2(jws.has_value(), qPrintable(shown(ran)));
        QCOMPARE(jws->headerText, header);
    }
}

void tst_MintCli::printsTheFormAskedFor_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<QString>("pattern"); // of all that is printed; %t is the token
    QTest::newRow("alone") << QStringList() << QStringLiteral("%t\n");
    QTest::newRow("header line") << split("--header-line")
                                 << QStringLiteral("Authorization: Bearer %t\n");
    QTest::newRow("environment") << split("--env TOKEN") << QStringLiteral("TOKEN=%t\n");
    QTest::newRow("curl") << split("--curl http://127.0.0.1:9080/get?a=1&b=2")
                          << QStringLiteral("curl -i -H 'Authorization: Bearer %t' "
                                            "'http://127.0.0.1:9080/get?a=1&b=2'\n");
}

void tst_MintCli::printsTheFormAskedFor()
{
    QFETCH(const QStringList, given);
    QFETCH(QString, pattern);
    const Ran alone = runPostern(words(withSecret("--sub alice")));
    const Ran ran = runPostern(words(withSecret("--sub alice") + given));
    QVERIFY2(ran.exit == 0 && ran.err.empty(), qPrintable(shown(ran)));
    pattern.replace(QLatin1String("%t"), QString::fromStdString(trimmed(alone.out)));
    QCOMPARE(QString::fromStdString(ran.out), pattern);
}

void tst_MintCli::jsonNamesAllParts()
{
    const Ran ran = runPostern(words(withSecret("--sub alice -o json")));
    const Result<Json> json = parseJson(ran.out);
    QVERIFY2(json.has_value(), qPrintable(shown(ran)));
    QCOMPARE(json->find("version")->dump(), std::string("1"));
    QCOMPARE(json->find("header")->dump(), std::string(R"({"alg":"HS256","typ":"JWT"})"));
    QCOMPARE(json->find("payload")->dump(), std::string(R"({"sub":"alice"})"));
    QVERIFY(decodeJws(json->stringOr("token", "")).has_value());
}

void tst_MintCli::flattenedAndGeneralVerify()
{
    for (const char *format : {"flattened", "general"}) {
        QStringList given = withSecret("--sub alice --unprotected cty=json --format");
        given << QString::fromLatin1(format);
        const Ran ran = runPostern(words(given));
        const Result<JsonJws> form = decodeJsonJws(trimmed(ran.out));
        QVERIFY2(form.has_value(), qPrintable(shown(ran)));
        QCOMPARE(form->flattened, std::string_view(format) == "flattened");
        QCOMPARE(form->signatures.size(), 1UL);
        // What is no JWT does not call itself one.
        QCOMPARE(form->signatures[0].jws.headerText, std::string(R"({"alg":"HS256"})"));
        QCOMPARE(form->signatures[0].unprotected.dump(), std::string(R"({"cty":"json"})"));
        const Ran verified = runPostern(
            {"token", "verify", "-", "--kind", "jws", "--secret", "text:" + std::string(kSecret)},
            ran.out);
        QVERIFY2(verified.exit == 0, qPrintable(shown(verified)));
    }
}

void tst_MintCli::severalKeysSignInGeneralForm()
{
    std::vector<std::string> files;
    Json keys = Json::array();
    for (const auto &[name, alg] : {std::pair{"a.jwk", Alg::ES256}, {"b.jwk", Alg::RS256}}) {
        const Key key = Key::generate(alg)->withKid(name);
        files.push_back(m_folder.write(name, key.toJwk(true).dump()));
        keys.push_back(key.toJwk(false));
    }
    const std::string set = m_folder.write("set.json", Json::object({{"keys", keys}}).dump());
    std::vector<std::string> mint{"token", "mint", "--format", "general", "--sub", "alice"};
    for (const std::string &file : files)
        mint.insert(mint.end(), {"--key", file});
    mint.insert(mint.end(), {"--kid", "auto"});
    const Ran ran = runPostern(mint);
    const Result<JsonJws> form = decodeJsonJws(trimmed(ran.out));
    QVERIFY2(form.has_value() && form->signatures.size() == 2, qPrintable(shown(ran)));
    QCOMPARE(form->signatures[0].jws.alg, std::string("ES256"));
    QCOMPARE(form->signatures[1].jws.alg, std::string("RS256"));
    QCOMPARE(form->signatures[1].jws.kid, std::string("b.jwk"));
    const Ran verified =
        runPostern({"token", "verify", "-", "--kind", "jws", "--jwks", set}, ran.out);
    QVERIFY2(verified.exit == 0, qPrintable(shown(verified)));
}

void tst_MintCli::detachedAndUnencoded_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<std::string>("header");
    QTest::addColumn<std::string>("middle"); // between the dots
    QTest::newRow("detached") << split("--detached") << std::string(R"({"alg":"HS256"})")
                              << std::string();
    QTest::newRow("unencoded") << split("--b64 false")
                               << std::string(R"({"alg":"HS256","b64":false,"crit":["b64"]})")
                               << std::string("a,b~c");
    QTest::newRow("both") << split("--detached --b64 false")
                          << std::string(R"({"alg":"HS256","b64":false,"crit":["b64"]})")
                          << std::string();
    QTest::newRow("b64 true says nothing")
        << split("--b64 true --detached") << std::string(R"({"alg":"HS256"})") << std::string();
}

void tst_MintCli::detachedAndUnencoded()
{
    QFETCH(const QStringList, given);
    QFETCH(const std::string, header);
    QFETCH(const std::string, middle);
    const std::string body = m_folder.write("body.txt", "a,b~c");
    QStringList mint = withSecret("--payload %d/body.txt") + given;
    const Ran ran = runPostern(words(mint));
    const std::string token = trimmed(ran.out);
    const std::size_t first = token.find('.');
    QVERIFY2(ran.exit == 0 && first != std::string::npos, qPrintable(shown(ran)));
    QCOMPARE(*decodeBase64Url(token.substr(0, first)), header);
    QCOMPARE(token.substr(first + 1, token.rfind('.') - first - 1), middle);
    std::vector<std::string> verify{
        "token", "verify", token, "--kind", "jws", "--secret", "text:" + std::string(kSecret)};
    if (middle.empty())
        verify.insert(verify.end(), {"--detached", body});
    const Ran verified = runPostern(verify);
    QVERIFY2(verified.exit == 0, qPrintable(shown(verified)));
    // A dot would end an unencoded payload; apart from the token it may stand.
    m_folder.write("dot.txt", "a.b");
    const Ran dotted = runPostern(words(withSecret("--payload %d/dot.txt --b64 false")));
    QVERIFY2(dotted.exit == 2 && dotted.out.empty(), qPrintable(shown(dotted)));
}

void tst_MintCli::keysAreNamed()
{
    const Key key = *Key::generate(Alg::ES256);
    const std::string file = m_folder.write("pair.pem", *key.toPem(true));
    const auto kidOf = [&](const std::string &kid, const std::string &of) {
        const Ran ran = runPostern({"token", "mint", "--key", of, "--kid", kid});
        const Result<DecodedJws> jws = decodeJws(trimmed(ran.out));
        return jws ? jws->kid : shown(ran).toStdString();
    };
    QCOMPARE(kidOf("auto", file), key.thumbprint());
    QCOMPARE(kidOf("mine", file), std::string("mine"));
    // Of a set the kid chooses the key, and stands in the header.
    Json keys = Json::array();
    keys.push_back(key.withKid("one").toJwk(true));
    keys.push_back(Key::generate(Alg::ES256)->withKid("two").toJwk(true));
    const std::string set = m_folder.write("two.jwks", Json::object({{"keys", keys}}).dump());
    QCOMPARE(kidOf("one", set), std::string("one"));
    const Ran none = runPostern({"token", "mint", "--key", set, "--kid", "three"});
    QVERIFY2(none.exit == 3 && none.err.contains("one"), qPrintable(shown(none)));
}

void tst_MintCli::secretsHaveManySources_data()
{
    QTest::addColumn<QString>("secret");
    QTest::addColumn<QString>("input");
    const auto row = [](const char *name, const QString &secret, const QString &input = {}) {
        QTest::newRow(name) << secret << input;
    };
    const QByteArray octets(kSecret.data(), static_cast<qsizetype>(kSecret.size()));
    const QString text = QString::fromLatin1(octets);
    row("bare text", text);
    row("text:", QStringLiteral("text:") + text);
    row("hex:", QStringLiteral("hex:") + QString::fromLatin1(octets.toHex()));
    row("b64:", QStringLiteral("b64:") + QString::fromLatin1(octets.toBase64()));
    row("b64u:",
        QStringLiteral("b64u:")
            + QString::fromLatin1(
                octets.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)));
    row("@file, its last newline dropped", QStringLiteral("@%d/secret.txt"));
    row("env:", QStringLiteral("env:POSTERN_TEST_SECRET"));
    row("standard input", QStringLiteral("-"), text);
}

void tst_MintCli::secretsHaveManySources()
{
    QFETCH(const QString, secret);
    QFETCH(const QString, input);
    m_folder.write("secret.txt", std::string(kSecret) + "\n");
    const Ran ran =
        runPostern(words({QStringLiteral("--secret"), secret, QStringLiteral("--sub"),
                          QStringLiteral("alice")}),
                   input.toStdString(), {{"POSTERN_TEST_SECRET", std::string(kSecret)}});
    QVERIFY2(ran.exit == 0, qPrintable(shown(ran)));
    QVERIFY2(verifyJws(trimmed(ran.out), *Key::fromSecret(Secret(kSecret))).has_value(),
             qPrintable(shown(ran)));
    QVERIFY2(!(ran.out + ran.err).contains(kSecret), qPrintable(shown(ran)));
}

void tst_MintCli::shortSecretsAreToldOrRefused()
{
    const Ran told = runPostern({"token", "mint", "--secret", "text:short"});
    QVERIFY2(told.exit == 0 && told.err.contains("the secret has 5 bytes, HS256 wants 32"),
             qPrintable(shown(told)));
    const Ran refused = runPostern({"token", "mint", "--secret", "text:short", "--strict"});
    QVERIFY2(refused.exit == 3 && refused.err.contains("[E-key-weak]") && refused.out.empty(),
             qPrintable(shown(refused)));
}

void tst_MintCli::wrongUsageSaysWhat_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const QStringList &given, int exit, const char *says) {
        QTest::newRow(name) << given << exit << QString::fromLatin1(says);
    };
    row("no key", split("--sub alice"), 2, "name the key with one of --secret, --key");
    row("two keys", withSecret("--jwks x"), 2, "name the key with one of");
    row("unknown option", withSecret("--expires 1h"), 2, "--expires");
    row("claim without a value", withSecret("--claim a"), 2, "write name=text");
    row("claim without a name", withSecret("--claim =a"), 2, "a name is missing");
    row("claim of broken JSON", withSecret("--claim a:={"), 3, "a: ");
    row("claim of a file that is not there", withSecret("--claim a=@/nonexistent"), 3,
        "cannot be read: No such file");
    row("an item of what is no array", withSecret("--claim a=1 --claim a[0]=2"), 2, "a[0]: ");
    row("a gap", withSecret("--claim a[1]=2"), 2, "would leave a gap");
    row("computed from what is not known", withSecret("--claim a:@{soon}"), 2,
        "{soon} is unknown; there are {uuid}, {now}, {now+30m} and {n}");
    row("computed, not closed", withSecret("--claim a:@{now"), 2, "a } is missing");
    row("none at all", withSecret("--count 0"), 2, "--count");
    row("no time", withSecret("--exp soon"), 2, "--exp: ");
    row("no duration", withSecret("--ttl soon"), 2, "--ttl: ");
    row("no clock", withSecret("--clock soon"), 2, "--clock: ");
    row("payload and claims", withSecret("--payload - --sub alice"), 2,
        "--payload is signed as it is and takes no claims");
    row("payload that is not there", withSecret("--payload /nonexistent"), 3, "/nonexistent");
    row("standard input twice", split("--secret - --payload -"), 2,
        "'-' can stand for one argument only");
    row("unknown algorithm", withSecret("--alg HS257"), 3, "[E-alg-unknown]");
    row("algorithm of another key", withSecret("--alg RS256"), 3, "[E-alg-key-mismatch]");
    row("thumbprint of a secret", withSecret("--kid auto"), 2, "a secret has no thumbprint");
    row("unknown format", withSecret("--format xml"), 2, "--format");
    row("unknown b64", withSecret("--b64 maybe"), 2, "--b64");
    row("line of a JSON form", withSecret("--format general --header-line"), 2,
        "too long for a line");
    row("unprotected in a compact token", withSecret("--unprotected a=1"), 2,
        "a compact token has no unprotected header");
    row("header file beside members", withSecret("--header @x --header a=1"), 2,
        "a header file is signed as it is");
    row("wrong base64", split("--secret b64:***"), 3, "postern: b64: not valid");
    row("unset variable", split("--secret env:POSTERN_NOT_SET"), 3, "env:POSTERN_NOT_SET");
    row("empty secret", split("--secret text:"), 3, "[E-key-empty]");
}

void tst_MintCli::wrongUsageSaysWhat()
{
    QFETCH(const QStringList, given);
    QFETCH(const int, exit);
    QFETCH(const QString, says);
    const Ran ran = runPostern(words(given), std::string(kSecret));
    QVERIFY2(ran.exit == exit, qPrintable(shown(ran)));
    QVERIFY2(ran.out.empty() && ran.err.starts_with("postern: ") && ran.err.contains("[E-"),
             qPrintable(shown(ran)));
    QVERIFY2(ran.err.contains(says.toStdString()), qPrintable(shown(ran)));
}

QTEST_GUILESS_MAIN(tst_MintCli)
#include "tst_mint_cli.moc"
