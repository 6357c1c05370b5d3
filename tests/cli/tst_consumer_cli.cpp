// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway_process.h"

#include <QFile>
#include <QTest>

#include <format>

using namespace postern;
using namespace postern::test;

class tst_ConsumerCli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worksOnAStoreAndOnAGateway_data();
    void worksOnAStoreAndOnAGateway();
    void everyKindOfCredential_data();
    void everyKindOfCredential();
    void secretsAreMaskedUnlessRevealed();
    void refusalsNameTheReason_data();
    void refusalsNameTheReason();
    void withoutGatewaySaysHowToStartOne();
    void wrongAdminKeyIsARemoteProblem();
};

namespace {

/// Runs against a store file or a gateway, whichever it was made for.
struct Place
{
    explicit Place(bool gateway, bool version2 = false)
    {
        if (version2) {
            QFile file(folder.filePath(QStringLiteral("v2.yaml")));
            if (file.open(QIODevice::WriteOnly))
                file.write("admin: { admin_api_version: v2 }\n");
            process.emplace(std::vector<std::string>{"--config", file.fileName().toStdString()});
        } else if (gateway)
            process.emplace();
        else
            source = {"--store", "sqlite:" + folder.filePath(QStringLiteral("s.db")).toStdString()};
    }
    Ran operator()(std::vector<std::string> words)
    {
        words.insert(words.end(), source.begin(), source.end());
        return process ? process->postern(words) : runPostern(words);
    }
    QTemporaryDir folder;
    std::optional<GatewayProcess> process;
    std::vector<std::string> source;
};

} // namespace

void tst_ConsumerCli::worksOnAStoreAndOnAGateway_data()
{
    QTest::addColumn<bool>("gateway");
    QTest::addColumn<bool>("version2");
    QTest::newRow("store") << false << false;
    QTest::newRow("gateway") << true << false;
    QTest::newRow("gateway that answers as v2") << true << true;
}

void tst_ConsumerCli::worksOnAStoreAndOnAGateway()
{
    QFETCH(bool, gateway);
    QFETCH(bool, version2);
    Place place(gateway, version2);
    QCOMPARE(place({"consumer", "add", "jack", "--label", "team=a", "--desc", "x"}).exit, 0);
    QCOMPARE(place({"consumer", "add", "jack"}).exit, 1); // exists
    QCOMPARE(place({"consumer", "set", "jack", "--label", "role=admin", "--unset", "desc"}).exit,
             0);
    const Result<Json> jack = parseJson(place({"consumer", "get", "jack"}).out);
    QVERIFY(jack.has_value());
    const std::string labels = R"({"team":"a","role":"admin"})";
    QCOMPARE(jack->find("labels")->dump(), labels);
    QVERIFY(!jack->contains("desc"));

    QCOMPARE(place({"consumer", "credential", "add", "jack", "--plugin", "jwt-auth", "--set",
                    "key=jack-key", "--secret", "text:jack-hs256-secret"})
                 .exit,
             0);
    QVERIFY(place({"consumer", "credential", "list", "jack"}).out.contains("cred-jack-jwt-auth"));
    QCOMPARE(place({"consumer", "credential", "set", "jack", "cred-jack-jwt-auth", "--set",
                    "key=other-key"})
                 .exit,
             0);
    const Ran token = place({"token", "mint", "--consumer", "jack", "-o", "json"});
    QVERIFY2(token.out.contains(R"("key": "other-key")"), token.err.c_str());
    QVERIFY(place({"consumer", "list"}).out.contains("jack"));
    QCOMPARE(place({"consumer", "credential", "rm", "jack", "cred-jack-jwt-auth"}).exit, 0);
    QCOMPARE(place({"token", "mint", "--consumer", "jack"}).exit, 1);
    QCOMPARE(place({"consumer", "rm", "jack"}).exit, 0);
    QCOMPARE(place({"consumer", "get", "jack"}).exit, 1);
}

void tst_ConsumerCli::everyKindOfCredential_data()
{
    QTest::addColumn<QString>("plugin");
    QTest::addColumn<QString>("login"); // what --set sets; empty: the secret is all
    QTest::addColumn<QString>("member"); // where --secret goes
    QTest::newRow("C-17 key-auth")
        << QStringLiteral("key-auth") << QString() << QStringLiteral("key");
    QTest::newRow("C-18 basic-auth")
        << QStringLiteral("basic-auth") << QStringLiteral("username=jim")
        << QStringLiteral("password");
    QTest::newRow("C-19 hmac-auth") << QStringLiteral("hmac-auth") << QStringLiteral("key_id=k1")
                                    << QStringLiteral("secret_key");
    QTest::newRow("C-20 jwt-auth")
        << QStringLiteral("jwt-auth") << QStringLiteral("key=k1") << QStringLiteral("secret");
}

void tst_ConsumerCli::everyKindOfCredential()
{
    QFETCH(QString, plugin);
    QFETCH(QString, login);
    QFETCH(QString, member);
    Place place(false);
    static_cast<void>(place({"consumer", "add", "jack"}));
    std::vector<std::string> add{
        "consumer", "credential",      "add", "jack", "c1", "--plugin", plugin.toStdString(),
        "--secret", "text:open-sesame"};
    if (!login.isEmpty())
        add.insert(add.end(), {"--set", login.toStdString()});
    const Ran added = place(add);
    QVERIFY2(added.exit == 0, added.err.c_str());
    const auto stored = [&](std::vector<std::string> words) {
        const Result<Json> credential = parseJson(place(std::move(words)).out);
        const Json *plugins = credential ? credential->find("plugins") : nullptr;
        const Json *config = plugins ? plugins->find(plugin.toStdString()) : nullptr;
        return config ? std::string(config->stringOr(member.toStdString(), "")) : std::string();
    };
    QCOMPARE(stored({"consumer", "credential", "get", "jack", "c1", "--reveal"}),
             std::string("open-sesame"));
    QVERIFY(!stored({"consumer", "credential", "get", "jack", "c1"}).contains("sesame"));
}

void tst_ConsumerCli::secretsAreMaskedUnlessRevealed()
{
    Place place(false);
    static_cast<void>(place({"consumer", "add", "jack"}));
    const Ran added = place({"consumer", "credential", "add", "jack", "c1", "--plugin", "jwt-auth",
                             "--set", "key=jack-key", "--secret", "text:very-secret"});
    QVERIFY(!(added.out + added.err).contains("very-secret"));
    const std::vector<std::string> get{"consumer", "credential", "get", "jack", "c1"};
    QVERIFY(!place(get).out.contains("very-secret"));
    std::vector<std::string> reveal = get;
    reveal.emplace_back("--reveal");
    QVERIFY(place(reveal).out.contains("very-secret"));
}

void tst_ConsumerCli::refusalsNameTheReason_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const char *words, int exit, const char *says) {
        QTest::newRow(name) << QString::fromLatin1(words).split(QLatin1Char(' ')) << exit
                            << QString::fromLatin1(says);
    };
    row("name with a space character", "consumer add a%b", 3, "[E-schema]");
    row("credential of nobody", "consumer credential add nobody --plugin key-auth --set key=k", 1,
        "[E-not-found]");
    row("label without a value", "consumer add x --label team", 2, "[E-usage]");
    row("credential without its required member", "consumer credential add jack --plugin key-auth",
        3, "key");
}

void tst_ConsumerCli::refusalsNameTheReason()
{
    QFETCH(QStringList, words);
    QFETCH(int, exit);
    QFETCH(QString, says);
    Place place(false);
    static_cast<void>(place({"consumer", "add", "jack"}));
    std::vector<std::string> arguments;
    for (const QString &word : words)
        arguments.push_back(word.toStdString());
    const Ran ran = place(arguments);
    QVERIFY2(ran.exit == exit && ran.err.contains(says.toStdString()),
             std::format("exit {}\n{}", ran.exit, ran.err).c_str());
}

void tst_ConsumerCli::withoutGatewaySaysHowToStartOne()
{
    QTemporaryDir home;
    const Ran ran =
        runPostern({"consumer", "list"}, {}, {{"POSTERN_HOME", home.path().toStdString()}});
    QCOMPARE(ran.exit, 5);
    QVERIFY2(ran.err.contains("postern gateway run"), ran.err.c_str());
}

void tst_ConsumerCli::wrongAdminKeyIsARemoteProblem()
{
    GatewayProcess gateway;
    QVERIFY(gateway.ready());
    Environment environment = gateway.environment();
    environment.emplace_back("POSTERN_ADMIN_KEY", "wrong");
    const Ran ran = runPostern({"consumer", "list"}, {}, environment);
    QCOMPARE(ran.exit, 5);
    QVERIFY2(ran.err.contains("POSTERN_ADMIN_KEY"), ran.err.c_str());
}

QTEST_GUILESS_MAIN(tst_ConsumerCli)
#include "tst_consumer_cli.moc"
