// SPDX-License-Identifier: Apache-2.0
#include "core/secret/reference.h"

#include "core/json/parse.h"

#include <QTest>

#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace postern;

namespace {

SecretResolver resolver()
{
    const std::map<std::string, std::string> variables{{"JACK", "jack-key"},
                                                       {"EMPTY", ""},
                                                       {"CREDS", R"({"k":"inner","n":5})"},
                                                       {"LIST", "[1]"},
                                                       {"LOOP", "$env://LOOP"}};
    return SecretResolver([variables](const std::string &name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

} // namespace

class tst_SecretReference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void recognises_data();
    void recognises();
    void takesApart_data();
    void takesApart();
    void resolves_data();
    void resolves();
    void saysWhatIsMissing_data();
    void saysWhatIsMissing();
    void resolvesATreeAndReportsTheFirstFailure();
    void readsTheProcessEnvironmentByDefault();
    void takesManagedOnesApart_data();
    void takesManagedOnesApart();
    void asksTheManagers();
};

void tst_SecretReference::recognises_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("is");
    QTest::newRow("apisix 5.1: env") << QByteArray("$env://NAME") << true;
    QTest::newRow("apisix 5.1: env prefix in any case") << QByteArray("$ENV://NAME") << true;
    QTest::newRow("apisix 5.1: secret") << QByteArray("$secret://vault/1/a/b") << true;
    QTest::newRow("apisix 5.1: secret prefix is case-sensitive")
        << QByteArray("$SECRET://vault/1/a/b") << false;
    QTest::newRow("apisix 5.1: no embedding") << QByteArray("x$env://NAME") << false;
    QTest::newRow("no slashes") << QByteArray("$env:NAME") << false;
    QTest::newRow("empty") << QByteArray("") << false;
    QTest::newRow("a name is missing, still a reference") << QByteArray("$env://") << true;
}

void tst_SecretReference::recognises()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, is);
    QCOMPARE(isSecretReference(text.toStdString()), is);
    QCOMPARE(parseSecretReference(text.toStdString()).has_value(), is);
}

void tst_SecretReference::takesApart_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("member");
    QTest::newRow("env") << QByteArray("$env://A_b") << QByteArray("A_b") << QByteArray();
    QTest::newRow("J-59: env member")
        << QByteArray("$env://A/k") << QByteArray("A") << QByteArray("k");
    QTest::newRow("manager") << QByteArray("$secret://vault/jwt/jack/jwt-key")
                             << QByteArray("vault/jwt") << QByteArray("jack/jwt-key");
    QTest::newRow("manager without path")
        << QByteArray("$secret://vault/jwt") << QByteArray("vault/jwt") << QByteArray();
}

void tst_SecretReference::takesApart()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, member);
    const auto reference = parseSecretReference(text.toStdString());
    QVERIFY(reference);
    QCOMPARE(reference->name, name.toStdString());
    QCOMPARE(reference->member, member.toStdString());
}

void tst_SecretReference::resolves_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("J-55: variable") << QByteArray("$env://JACK") << QByteArray("jack-key");
    QTest::newRow("any case") << QByteArray("$Env://JACK") << QByteArray("jack-key");
    QTest::newRow("J-59: member") << QByteArray("$env://CREDS/k") << QByteArray("inner");
    QTest::newRow("number member") << QByteArray("$env://CREDS/n") << QByteArray("5");
    QTest::newRow("empty value") << QByteArray("$env://EMPTY") << QByteArray("");
    QTest::newRow("no second round") << QByteArray("$env://LOOP") << QByteArray("$env://LOOP");
}

void tst_SecretReference::resolves()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, value);
    const auto resolved = resolver().resolve(text.toStdString());
    QVERIFY2(resolved, resolved ? "" : describe(resolved.error()).c_str());
    QCOMPARE(*resolved, value.toStdString());
}

void tst_SecretReference::saysWhatIsMissing_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("J-60: variable")
        << QByteArray("$env://jack")
        << QByteArray("environment variable jack is not set in the gateway process");
    QTest::newRow("no name") << QByteArray("$env://") << QByteArray("names no environment");
    QTest::newRow("member") << QByteArray("$env://CREDS/x") << QByteArray("has no member \"x\"");
    QTest::newRow("member is one level")
        << QByteArray("$env://CREDS/k/l") << QByteArray("has no member \"k/l\"");
    QTest::newRow("not JSON") << QByteArray("$env://JACK/k") << QByteArray("not a JSON object");
    QTest::newRow("an array") << QByteArray("$env://LIST/0") << QByteArray("not a JSON object");
    QTest::newRow("manager") << QByteArray("$secret://vault/jwt/jack/k")
                             << QByteArray("secret manager vault/jwt is not available");
}

void tst_SecretReference::saysWhatIsMissing()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    const auto resolved = resolver().resolve(text.toStdString());
    QVERIFY(!resolved);
    QCOMPARE(resolved.error().code, Errc::SecretUnresolved);
    QVERIFY2(resolved.error().detail.contains(says.toStdString()), resolved.error().detail.c_str());
    QVERIFY2(!resolved.error().detail.contains("jack-key"), "the value must not be shown");
}

void tst_SecretReference::resolvesATreeAndReportsTheFirstFailure()
{
    Json tree = *parseJson(
        R"({"a":"$env://JACK","$env://JACK":1,"b":["$env://NOPE",{"c":"$env://CREDS/k"}],"d":"x"})");
    const auto outcome = resolver().resolveAll(tree);
    QVERIFY(!outcome);
    QVERIFY(outcome.error().detail.contains("NOPE"));
    const std::string expected =
        "{\"a\":\"jack-key\",\"$env://JACK\":1,\"b\":[\"$env://NOPE\",{\"c\":\"inner\"}],"
        "\"d\":\"x\"}";
    QCOMPARE(tree.dump(), expected);
    Json fine = *parseJson(R"(["$env://JACK",null,true,1.50])");
    QVERIFY(resolver().resolveAll(fine));
    QCOMPARE(fine.dump(), std::string(R"(["jack-key",null,true,1.50])"));
}

void tst_SecretReference::readsTheProcessEnvironmentByDefault()
{
    qputenv("POSTERN_TEST_SECRET", "from the environment");
    QCOMPARE(*SecretResolver().resolve("$env://POSTERN_TEST_SECRET"),
             std::string("from the environment"));
    qunsetenv("POSTERN_TEST_SECRET");
    QVERIFY(!SecretResolver().resolve("$env://POSTERN_TEST_SECRET"));
}

void tst_SecretReference::takesManagedOnesApart_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("parts"); ///< manager|id|path|member, or what is wrong
    const auto row = [](const char *name, const char *text, const char *parts) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(parts);
    };
    row("5.1 the manual's", "$secret://vault/jwt/jack/jwt-key", "vault|jwt|jack|jwt-key");
    row("5.1 a deep path", "$secret://vault/1/a/b/c/key", "vault|1|a/b/c|key");
    row("5.3 slashes stay", "$secret://vault/1//a//b/key", "vault|1|/a//b|key");
    row("other letters", "$secret://vault/1/jäck/schlüssel", "vault|1|jäck|schlüssel");
    row("5.1 no manager", "$secret://vault", "error format: no secret manager");
    row("5.1 nothing at all", "$secret://", "error format: no secret manager");
    row("5.1 no id", "$secret://vault/1", "error format: no secret conf id");
    row("5.1 no key", "$secret://vault/1/", "error format: no secret key id");
    row("5.3 no slash in the key", "$secret://vault/1/key", "error key format, key: key");
    row("5.3 no path", "$secret://vault/1//key", "can't find main key, key: /key");
    row("5.3 no member", "$secret://vault/1/a/", "can't find sub key, key: a/");
    row("a variable is none", "$env://A", "not a reference to a secret manager");
}

void tst_SecretReference::takesManagedOnesApart()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, parts);
    const auto secret = parseManagedSecret(text.toStdString());
    if (!secret) {
        QCOMPARE(secret.error().code, Errc::SecretUnresolved);
        QVERIFY2(secret.error().detail.contains(parts.toStdString()),
                 secret.error().detail.c_str());
        return;
    }
    QCOMPARE(secret->manager + "|" + secret->id + "|" + secret->path + "|" + secret->member,
             parts.toStdString());
}

void tst_SecretReference::asksTheManagers()
{
    std::vector<std::string> asked, failed;
    const SecretResolver secrets(
        [](const std::string &) { return std::nullopt; },
        [&asked](std::string_view reference, std::string_view user) -> Result<std::string> {
            asked.push_back(std::string(reference) + " for " + std::string(user));
            if (reference.ends_with("gone"))
                return fail(Errc::SecretMember, "it is gone");
            return "value";
        },
        [&failed](std::string_view user, const Error &error) {
            failed.push_back(std::string(user) + " " + error.where);
        });
    Json tree = *parseJson(R"(["$secret://vault/1/a/k","$secret://vault/1/a/gone","$env://NOPE"])");
    const auto outcome = secrets.resolveAll(tree, "/apisix/routes/1");
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, Errc::SecretMember);
    QCOMPARE(outcome.error().where, std::string("$secret://vault/1/a/gone"));
    const std::string expected = R"(["value","$secret://vault/1/a/gone","$env://NOPE"])";
    QCOMPARE(tree.dump(), expected);
    QCOMPARE(asked.size(), 2U);
    QCOMPARE(asked[0], std::string("$secret://vault/1/a/k for /apisix/routes/1"));
    QCOMPARE(failed.size(), 2U);
    QCOMPARE(failed[1], std::string("/apisix/routes/1 $env://NOPE"));
}

QTEST_GUILESS_MAIN(tst_SecretReference)
#include "tst_secret_reference.moc"
