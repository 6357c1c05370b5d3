// SPDX-License-Identifier: Apache-2.0
#include "gateway/lint/config_lint.h"

#include "core/crypto/development_certificate.h"
#include "core/json/parse.h"
#include "gateway/lint/lint_sources.h"

#include <QTest>

#include <algorithm>
#include <format>
#include <set>

using namespace postern;
using namespace postern::gateway;

namespace {

constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::string_view kSecret = "x7#Lq9!vT2@mW5$zR8%pK1^nB4&cJ6*d";

SecretResolver resolver()
{
    return SecretResolver([](const std::string &name) -> std::optional<std::string> {
        if (name == "WEAK")
            return "short";
        if (name == "SHARED")
            return "Zk3vPq8LmN2xR7tYw5BcAq";
        return std::nullopt;
    });
}

/// A configuration in a few lines: `{"consumers/jack": {...}, "routes/1": {...}}`.
std::vector<LintObject> objectsOf(std::string_view text)
{
    std::vector<LintObject> objects;
    const Json json = parseJson(text).value();
    for (const auto &[key, value] : json.members())
        objects.push_back({"/apisix/" + key, value});
    return objects;
}

std::vector<ConfigFinding> linted(std::string_view text)
{
    const SecretResolver secrets = resolver();
    return lintConfig(objectsOf(text), {kNow, &secrets});
}

/// "id key pointer", one a line.
std::string summary(const std::vector<ConfigFinding> &findings)
{
    std::string out;
    for (const ConfigFinding &finding : findings)
        out += std::format("{} {} {}\n", finding.id, finding.key, finding.pointer);
    return out;
}

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

// What `postern config lint` remarks and the desktop application marks.
class tst_ConfigLint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rulesAreUniqueAndExplained();
    void remarks_data();
    void remarks();
    void keepsQuiet_data();
    void keepsQuiet();
    void namesBothOwners();
    void marksLogins();
    void remarksOnCertificates_data();
    void remarksOnCertificates();
    void saysNothingOfReferencesElsewhere();
    void neverShowsASecret();
    void readsWhatIsNotValid();
};

void tst_ConfigLint::rulesAreUniqueAndExplained()
{
    std::set<std::string_view> seen;
    for (const ConfigRule &rule : configRules()) {
        QVERIFY2(seen.insert(rule.id).second, std::string(rule.id).c_str());
        QVERIFY(std::ranges::all_of(rule.id,
                                    [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; }));
        QVERIFY(!rule.help.empty() && !rule.help.ends_with('.'));
    }
    for (const std::string_view promised :
         {"consumer-without-credential", "private-key-not-needed", "sample-secret", "weak-secret"})
        QVERIFY(seen.contains(promised));
}

void tst_ConfigLint::remarks_data()
{
    QTest::addColumn<QByteArray>("objects");
    QTest::addColumn<QByteArray>("finding"); // id, object, pointer
    const auto row = [](const char *what, const char *objects, const char *finding) {
        QTest::newRow(what) << QByteArray(objects) << QByteArray(finding);
    };
    row("E-02: a consumer without credential", R"({"consumers/bot":{"username":"bot"}})",
        "consumer-without-credential /apisix/consumers/bot ");
    row("E-02: plugins that are no login do not count",
        R"({"consumers/bot":{"username":"bot","plugins":{"limit-count":{"count":1}}}})",
        "consumer-without-credential /apisix/consumers/bot ");
    row("E-29: a login on the consumer",
        R"({"consumers/bot":{"username":"bot","plugins":{"key-auth":{"key":"k"}}}})",
        "inline-login /apisix/consumers/bot /plugins/key-auth");
    row("C-28: a key of two consumers",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"k"}}},
            "consumers/b/credentials/y":{"plugins":{"key-auth":{"key":"k"}}}})",
        "duplicate-login /apisix/consumers/b/credentials/y /plugins/key-auth/key");
    row("C-28: a user name inline and in a credential",
        R"({"consumers/a":{"plugins":{"basic-auth":{"username":"u","password":"p"}}},
            "consumers/b/credentials/y":{"plugins":{"basic-auth":{"username":"u","password":"q"}}}})",
        "duplicate-login /apisix/consumers/a /plugins/basic-auth/username");
    row("C-28: a reference has the value of another key",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$env://SHARED"}}},
            "consumers/b/credentials/y":{"plugins":{"key-auth":{"key":"Zk3vPq8LmN2xR7tYw5BcAq"}}}})",
        "duplicate-login /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("J-79: a private key",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","algorithm":"RS256",
            "public_key":"p","private_key":"q"}}}})",
        "private-key-not-needed /apisix/consumers/a/credentials/x /plugins/jwt-auth/private_key");
    row("J-22: HS256 without secret",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k"}}}})",
        "missing-secret /apisix/consumers/a/credentials/x /plugins/jwt-auth");
    row("J-34: a manual's secret",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","secret":"your-256-bit-secret"}}}})",
        "sample-secret /apisix/consumers/a/credentials/x /plugins/jwt-auth/secret");
    row("RFC 7518 3.2: 17 bytes for HS256",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","secret":"jack-hs256-secret"}}}})",
        "weak-secret /apisix/consumers/a/credentials/x /plugins/jwt-auth/secret");
    row("RFC 7518 3.2: 32 bytes for HS512",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","algorithm":"HS512",
            "secret":"x7#Lq9!vT2@mW5$zR8%pK1^nB4&cJ6*d"}}}})",
        "weak-secret /apisix/consumers/a/credentials/x /plugins/jwt-auth/secret");
    row("a variable's value is judged",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","secret":"$env://WEAK"}}}})",
        "weak-secret /apisix/consumers/a/credentials/x /plugins/jwt-auth/secret");
    row("base64 counts decoded",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","base64_secret":true,
            "secret":"eDcjTHE5IXZUMkBtVzUkelI4"}}}})",
        "weak-secret /apisix/consumers/a/credentials/x /plugins/jwt-auth/secret");
    row("a short password",
        R"({"consumers/a/credentials/x":{"plugins":{"basic-auth":{"username":"u","password":"pX3!"}}}})",
        "weak-secret /apisix/consumers/a/credentials/x /plugins/basic-auth/password");
    row("an HMAC secret shorter than the hash",
        R"({"consumers/a/credentials/x":{"plugins":{"hmac-auth":{"key_id":"u","secret_key":"pX3!Rt"}}}})",
        "weak-secret /apisix/consumers/a/credentials/x /plugins/hmac-auth/secret_key");
    row("a sequence as API key",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"cdefghijklmn"}}}})",
        "weak-secret /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("an API key that can be guessed",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"jack-key"}}}})",
        "guessable-secret /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("a public key that is none",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","algorithm":"RS256","public_key":"p"}}}})",
        "unusable-key /apisix/consumers/a/credentials/x /plugins/jwt-auth/public_key");
    row("a secret that is not base64",
        R"({"consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k","base64_secret":true,"secret":"!!"}}}})",
        "unusable-key /apisix/consumers/a/credentials/x /plugins/jwt-auth/secret");
    row("an unset variable",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$env://NONE"}}}})",
        "unset-variable /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("a variable deep in a route's plugin",
        R"({"routes/1":{"plugins":{"proxy-rewrite":{"headers":{"set":{"a/b":"$ENV://NONE"}}}}}})",
        "unset-variable /apisix/routes/1 /plugins/proxy-rewrite/headers/set/a~1b");
    row("a secret manager that is not configured",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$secret://vault/1/jack/key"}}}})",
        "unresolved-secret /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("a reference without member",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$secret://vault/1"}}}})",
        "unresolved-secret /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("a manager that is not asked",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$secret://aws/1/jack/key"}}}})",
        "unresolved-secret /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("$Secret is case-sensitive",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$Secret://vault/1/jack/key"}}}})",
        "misspelt-reference /apisix/consumers/a/credentials/x /plugins/key-auth/key");
    row("A-18: labels by an expression",
        R"({"routes/1":{"plugins":{"key-auth":{},"acl":{"allow_labels":{"groups":["a"]},
            "external_user_label_field":"$..groups"}}}})",
        "acl-label-key /apisix/routes/1 /plugins/acl/external_user_label_field");
    row("a label that nobody has",
        R"({"consumers/a":{"username":"a","labels":{"team":"x"}},
            "routes/1":{"plugins":{"key-auth":{},"acl":{"allow_labels":{"teams":["a"]}}}}})",
        "acl-unknown-label /apisix/routes/1 /plugins/acl/allow_labels/teams");
    row("acl where nobody logs in",
        R"({"routes/1":{"plugins":{"acl":{"deny_labels":{"x":["a"]}}}}})",
        "acl-without-login /apisix/routes/1 /plugins");
    row("acl of a service, and no login",
        R"({"services/s":{"plugins":{"acl":{"deny_labels":{"x":["a"]}}}},"routes/1":{"service_id":"s"}})",
        "acl-without-login /apisix/routes/1 ");
    row("a login plugin that is switched off",
        R"({"routes/1":{"plugins":{"acl":{"deny_labels":{"x":["a"]}},"key-auth":{"_meta":{"disable":true}}}}})",
        "acl-without-login /apisix/routes/1 /plugins");
    row("an anonymous consumer that is not there",
        R"({"routes/1":{"plugins":{"key-auth":{"anonymous_consumer":"anonymous"}}}})",
        "anonymous-consumer-missing /apisix/routes/1 /plugins/key-auth/anonymous_consumer");
    row("one of multi-auth",
        R"({"routes/1":{"plugins":{"multi-auth":{"auth_plugins":[{"jwt-auth":{}},{"key-auth":{"anonymous_consumer":"x"}}]}}}})",
        "anonymous-consumer-missing /apisix/routes/1 "
        "/plugins/multi-auth/auth_plugins/1/key-auth/anonymous_consumer");
    row("a restriction to a consumer that is not there",
        R"({"consumers/jack":{"username":"jack"},"routes/1":{"plugins":{"key-auth":{},
            "consumer-restriction":{"whitelist":["jack","jcak"]}}}})",
        "restriction-unknown-name /apisix/routes/1 /plugins/consumer-restriction/whitelist/1");
    row("J-15: identity headers of a route without login",
        R"({"consumers/jack":{"username":"jack"},"routes/1":{"uri":"/"}})",
        "spoofable-identity /apisix/routes/1 ");
    row("tokens without exp",
        R"({"routes/1":{"plugins":{"jwt-auth":{"claims_to_verify":["nbf"]}}}})",
        "exp-not-required /apisix/routes/1 /plugins/jwt-auth");
}

void tst_ConfigLint::remarks()
{
    QFETCH(QByteArray, objects);
    QFETCH(QByteArray, finding);
    const std::string told = summary(linted(objects.toStdString()));
    QVERIFY2(told.contains(finding.toStdString() + '\n'), told.c_str());
}

void tst_ConfigLint::keepsQuiet_data()
{
    QTest::addColumn<QByteArray>("objects");
    QTest::addColumn<QByteArray>("rule"); // empty: no remark at all
    const auto row = [](const char *what, const char *objects, const char *rule) {
        QTest::newRow(what) << QByteArray(objects) << QByteArray(rule);
    };
    row("E-02: not for an anonymous consumer",
        R"({"consumers/anonymous":{"username":"anonymous"},
            "services/s":{"plugins":{"multi-auth":{"auth_plugins":[{"key-auth":{"anonymous_consumer":"anonymous"}}]}}}})",
        "consumer-without-credential");
    row("E-02: a credential is enough",
        R"({"consumers/a":{"username":"a"},
            "consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"k"}}}})",
        "consumer-without-credential");
    row("C-28: one key of two plugins",
        R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"k"}}},
            "consumers/b/credentials/y":{"plugins":{"jwt-auth":{"key":"k","secret":"s"}}}})",
        "duplicate-login");
    row("A-18: with the key named",
        R"({"routes/1":{"plugins":{"acl":{"allow_labels":{"groups":["a"]},
            "external_user_label_field":"$..groups","external_user_label_field_key":"groups"}}}})",
        "acl-label-key");
    row("A-18: a plain field is its own name",
        R"({"routes/1":{"plugins":{"acl":{"allow_labels":{"groups":["a"]},
            "external_user_label_field":"groups"}}}})",
        "acl-label-key");
    row("login in a global rule",
        R"({"global_rules/1":{"plugins":{"key-auth":{}}},
            "routes/1":{"plugins":{"acl":{"deny_labels":{"x":["a"]}}}}})",
        "acl-without-login");
    row("login in a plugin configuration, numbers as ids",
        R"({"plugin_configs/7":{"plugins":{"jwt-auth":{}}},
            "routes/1":{"plugin_config_id":7,"plugins":{"acl":{"deny_labels":{"x":["a"]}}}}})",
        "acl-without-login");
    row("a configured manager",
        R"({"secrets/vault/1":{"uri":"http://127.0.0.1"},
            "consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$secret://vault/1/jack/key"}}}})",
        "unresolved-secret");
    row("a good configuration",
        R"({"consumers/a":{"username":"a"},
            "consumers/a/credentials/x":{"plugins":{"jwt-auth":{"key":"k",
              "secret":"x7#Lq9!vT2@mW5$zR8%pK1^nB4&cJ6*d"}}},
            "routes/1":{"uri":"/","plugins":{"jwt-auth":{"claims_to_verify":["exp"]}}}})",
        "");
    row("nothing", "{}", "");
}

void tst_ConfigLint::keepsQuiet()
{
    QFETCH(QByteArray, objects);
    QFETCH(QByteArray, rule);
    const std::vector<ConfigFinding> findings = linted(objects.toStdString());
    const bool quiet = rule.isEmpty()
        ? findings.empty()
        : !std::ranges::contains(findings, rule.toStdString(), &ConfigFinding::id);
    QVERIFY2(quiet, summary(findings).c_str());
}

void tst_ConfigLint::namesBothOwners()
{
    const auto findings = linted(
        R"({"consumers/a":{"username":"a","plugins":{"key-auth":{"key":"Zk3vPq8LmN2xR7tYw5BcAq"}}},
            "consumers/b/credentials/y":{"plugins":{"key-auth":{"key":"Zk3vPq8LmN2xR7tYw5BcAq"}}}})");
    std::vector<ConfigFinding> shared;
    std::ranges::copy_if(findings, std::back_inserter(shared),
                         [](const ConfigFinding &one) { return one.id == "duplicate-login"; });
    QCOMPARE(shared.size(), 2U);
    QCOMPARE(
        bytes(shared[0].text),
        "duplicate key of plugin key-auth: consumer a has the same as credential y of consumer b");
    QCOMPARE(bytes(shared[0].other), "/apisix/consumers/b/credentials/y");
    QCOMPARE(
        bytes(shared[1].text),
        "duplicate key of plugin key-auth: credential y of consumer b has the same as consumer a");
    QCOMPARE(bytes(shared[1].other), "/apisix/consumers/a");
    QCOMPARE(shared[0].level, LintLevel::Error);
}

void tst_ConfigLint::marksLogins()
{
    const auto markOf = [](std::string_view objects) {
        const auto findings = linted(objects);
        return findings.empty() ? LoginMark::None : findings.front().mark;
    };
    QCOMPARE(markOf(R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"jack-key"}}}})"),
             LoginMark::Weak);
    QCOMPARE(
        markOf(R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$env://NONE"}}}})"),
        LoginMark::Unresolved);
    QCOMPARE(markOf(R"({"consumers/bot":{"username":"bot"}})"), LoginMark::None);
}

void tst_ConfigLint::remarksOnCertificates_data()
{
    QTest::addColumn<qint64>("days"); // from now, of a certificate for 90 days
    QTest::addColumn<QByteArray>("rule");
    QTest::newRow("in its time") << qint64(0) << QByteArray();
    QTest::newRow("in its last month") << qint64(70) << QByteArray("certificate-expires-soon");
    QTest::newRow("its time is over") << qint64(91) << QByteArray("certificate-expired");
    QTest::newRow("before its time") << qint64(-10) << QByteArray("certificate-not-yet-valid");
}

void tst_ConfigLint::remarksOnCertificates()
{
    QFETCH(qint64, days);
    QFETCH(QByteArray, rule);
    const auto authority = makeAuthority("lint", std::chrono::days(90));
    QVERIFY2(authority, authority ? "" : describe(authority.error()).c_str());
    const std::int64_t from = describeCertificates(authority->certificate).value()[0].notBefore;
    const Json pem(authority->certificate);
    const std::array<LintObject, 3> objects{
        LintObject{"/apisix/ssls/1",
                   Json::object({{"cert", pem}, {"certs", Json(Json::Array{pem})}})},
        LintObject{"/apisix/ssls/2", Json::object({{"client", Json::object({{"ca", pem}})}})},
        LintObject{"/apisix/upstreams/1",
                   Json::object({{"tls", Json::object({{"client_cert", pem}})}})}};
    const auto findings = lintConfig(objects, {from + 3600 + days * 86400, nullptr});
    QCOMPARE(findings.size(), rule.isEmpty() ? 0U : 4U);
    for (const ConfigFinding &finding : findings)
        QCOMPARE(bytes(finding.id), rule);
    if (!rule.isEmpty()) {
        QCOMPARE(bytes(findings[1].pointer), "/certs/0");
        QCOMPARE(bytes(findings[3].pointer), "/tls/client_cert");
    }
}

void tst_ConfigLint::saysNothingOfReferencesElsewhere()
{
    // A gateway on another machine has other variables.
    const auto findings = lintConfig(
        objectsOf(
            R"({"consumers/a/credentials/x":{"plugins":{"key-auth":{"key":"$env://NONE"}}}})"),
        {kNow, nullptr});
    QVERIFY2(findings.empty(), summary(findings).c_str());
}

void tst_ConfigLint::neverShowsASecret()
{
    const std::string objects = std::format(
        R"({{"consumers/a":{{"plugins":{{"jwt-auth":{{"key":"k","base64_secret":true,"secret":"{0}"}}}}}},
             "consumers/b":{{"plugins":{{"basic-auth":{{"username":"u","password":"pX3!x"}},
                "hmac-auth":{{"key_id":"i","secret_key":"pX3!xpX3!x"}},
                "key-auth":{{"key":"$Secret://pX3!xpX3!x"}}}}}},
             "consumers/c":{{"plugins":{{"key-auth":{{"key":"$Secret://pX3!xpX3!x"}}}}}}}})",
        kSecret);
    const auto findings = linted(objects);
    QVERIFY(findings.size() > 6);
    for (const ConfigFinding &finding : findings) {
        for (const std::string_view secret : {kSecret, std::string_view("pX3!x")})
            QVERIFY2(!finding.text.contains(secret) && !finding.fix.contains(secret),
                     finding.text.c_str());
    }
}

void tst_ConfigLint::readsWhatIsNotValid()
{
    // Lint comes before validation, so any shape may come.
    for (const std::string_view odd :
         {"null", "7", "[]", "\"x\"", R"({"plugins":7})",
          R"({"plugins":{"key-auth":null,"acl":[],"jwt-auth":"x"}})",
          R"({"plugins":{"multi-auth":{"auth_plugins":[7,{}]}}})",
          R"({"labels":[1],"plugins":{"key-auth":{"key":7}}})",
          R"({"upstream":"u","client":7,"certs":"x","cert":{}})",
          R"({"plugins":{"consumer-restriction":{"type":7,"whitelist":[null,7]}}})"}) {
        std::vector<LintObject> objects;
        for (const std::string_view key :
             {"/apisix/consumers/a", "/apisix/consumers/a/credentials/x", "/apisix/routes/1",
              "/apisix/ssls/1", "/apisix/upstreams/1", "/apisix/global_rules/1", "", "nonsense",
              "/apisix/secrets/vault/1"})
            objects.push_back({std::string(key), parseJson(odd).value()});
        const SecretResolver secrets = resolver();
        const auto findings = lintConfig(objects, {kNow, &secrets});
        QVERIFY(std::ranges::all_of(
            findings, [&](const ConfigFinding &one) { return one.object < objects.size(); }));
    }
}

QTEST_GUILESS_MAIN(tst_ConfigLint)
#include "tst_config_lint.moc"
