// SPDX-License-Identifier: Apache-2.0
#include "core/store/seal.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <fstream>

using namespace postern;

namespace {

constexpr std::string_view kConsumer = "/apisix/consumers/jack";

Sealer sealer(char key = 'k', std::string_view salt = "salt")
{
    auto made = Sealer::make(Secret(std::string(32, key)), salt);
    if (!made)
        qFatal("%s", describe(made.error()).c_str());
    return *made;
}

} // namespace

class tst_Seal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sealsAndOpensDocuments_data();
    void sealsAndOpensDocuments();
    void leavesOtherDocumentsAlone_data();
    void leavesOtherDocumentsAlone();
    void opensOnlyWithTheSameKey();
    void opensOnlyAtItsPlace();
    void noticesEveryChangedOctet();
    void sealsTheSameTextDifferently();
    void refusesRepeatedMembers();
    void refusesKeysOfTheWrongSize();
    void keepsKeyFilesPrivate();
    void derivesKeysFromPassphrases();
};

void tst_Seal::sealsAndOpensDocuments_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *name, const char *key, const char *value) {
        QTest::newRow(name) << QByteArray(key) << QByteArray(value);
    };
    row("apisix 1.14: key-auth", "/apisix/consumers/a",
        R"({ "plugins": {"key-auth" : { "key" : "S3CRET" }}, "desc":"x" })");
    row("apisix 1.14: basic-auth", "/apisix/consumers/a",
        R"({"plugins":{"basic-auth":{"username":"u","password":"S3CRET"}}})");
    row("apisix 1.14: jwt-auth in a credential", "/apisix/consumers/a/credentials/c",
        R"({"plugins":{"jwt-auth":{"secret":"S3CRET","key":"k"}}})");
    row("apisix 1.14: hmac-auth", "/apisix/consumers/a",
        R"({"plugins":{"hmac-auth":{"key_id":"i","secret_key":"S3CRET"}}})");
    row("apisix 1.14: several, nested", "/apisix/routes/1",
        R"({"plugins":{"openid-connect":{"client_id":"i","session":{"secret":"S3CRET","redis":{"password":"S3CRET"}}},"limit-count":{"redis_password":"S3CRET"}}})");
    row("escapes are kept", "/apisix/consumers/a",
        R"({"plugins":{"key-auth":{"key":"S3CRET\u00e4\"\\"}}})");
    row("a reference is sealed as any text", "/apisix/consumers/a",
        R"({"plugins":{"key-auth":{"key":"$env://S3CRET"}}})");
    row("a value that looks sealed", "/apisix/consumers/a",
        R"({"plugins":{"key-auth":{"key":"sealed:v1:S3CRET"}}})");
    row("a list of keys", "/apisix/ssls/1", R"({"cert":"c","keys":["S3CRET","S3CRET"]})");
    row("secrets manager", "/apisix/secrets/vault/1", R"({"uri":"u","token":"S3CRET"})");
    row("inline upstream", "/apisix/routes/1", R"({"upstream":{"tls":{"client_key":"S3CRET"}}})");
    row("Kong credential", "/kong/jwt_secrets/1", R"({"key":"k","secret":"S3CRET"})");
}

void tst_Seal::sealsAndOpensDocuments()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    const auto sealed = sealer().sealDocument(key.toStdString(), value.toStdString());
    QVERIFY2(sealed, sealed ? "" : describe(sealed.error()).c_str());
    QVERIFY2(!sealed->contains("S3CRET"), sealed->c_str());
    QVERIFY(sealed->contains("\"sealed:v1:"));
    QVERIFY(mayHoldSealed(*sealed));
    QVERIFY(holdsSecrets(key.toStdString(), value.toStdString()));
    QCOMPARE(*sealer().openDocument(key.toStdString(), *sealed), value.toStdString());
}

void tst_Seal::leavesOtherDocumentsAlone_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *name, const char *key, const char *value) {
        QTest::newRow(name) << QByteArray(key) << QByteArray(value);
    };
    row("no plugins", "/apisix/consumers/a", R"({"username":"a"})");
    row("jwt-auth's key is public", "/apisix/consumers/a",
        R"({"plugins":{"jwt-auth":{"key":"k","public_key":"p"}}})");
    row("a route's key-auth", "/apisix/routes/1", R"({"plugins":{"key-auth":{"header":"h"}}})");
    row("secret outside plugins", "/apisix/consumers/a", R"({"labels":{"secret":"x"}})");
    row("text that mentions a seal", "/apisix/routes/1", R"({"desc":"sealed:v1:abc"})");
    row("null", "/apisix/consumers/a", R"({"plugins":{"key-auth":{"key":null}}})");
    row("plugins of another type", "/apisix/consumers/a", R"({"plugins":[1]})");
    row("no JSON", "/apisix/routes/", "init_dir");
}

void tst_Seal::leavesOtherDocumentsAlone()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    QVERIFY(!holdsSecrets(key.toStdString(), value.toStdString()));
    QCOMPARE(*sealer().sealDocument(key.toStdString(), value.toStdString()), value.toStdString());
    QCOMPARE(*sealer().openDocument(key.toStdString(), value.toStdString()), value.toStdString());
}

void tst_Seal::opensOnlyWithTheSameKey()
{
    const auto sealed = sealer().seal("text", "place");
    QCOMPARE(*sealer().open(*sealed, "place"), std::string("text"));
    QCOMPARE(sealer('x').open(*sealed, "place").error().code, Errc::StoreSeal);
    QCOMPARE(sealer('k', "other").open(*sealed, "place").error().code, Errc::StoreSeal);
}

void tst_Seal::opensOnlyAtItsPlace()
{
    const std::string value = R"({"plugins":{"key-auth":{"key":"k"}}})";
    const auto sealed = sealer().sealDocument(kConsumer, value);
    const auto moved = sealer().openDocument("/apisix/consumers/eve", *sealed);
    QCOMPARE(moved.error().code, Errc::StoreSeal);
    QCOMPARE(moved.error().where, std::string("/apisix/consumers/eve"));
    const auto text = sealer().seal("text", "a");
    QVERIFY(!sealer().open(*text, "b"));
    QVERIFY(!sealer().open(*text, ""));
}

void tst_Seal::noticesEveryChangedOctet()
{
    const Sealer mine = sealer();
    const auto sealed = mine.seal("text", "p");
    for (std::size_t i = 0; i < sealed->size(); ++i) {
        std::string changed = *sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        QVERIFY2(!mine.open(changed, "p"), qPrintable(QString::number(i)));
    }
    for (std::size_t size = 0; size < sealed->size(); ++size)
        QVERIFY(!mine.open(std::string_view(*sealed).substr(0, size), "p"));
}

void tst_Seal::sealsTheSameTextDifferently()
{
    const Sealer mine = sealer();
    QVERIFY(*mine.seal("text", "p") != *mine.seal("text", "p"));
}

void tst_Seal::refusesRepeatedMembers()
{
    // The first one would stay in clear.
    const auto sealed = sealer().sealDocument(
        kConsumer, R"({"plugins":{"key-auth":{"key":"first","key":"second"}}})");
    QCOMPARE(sealed.error().code, Errc::JsonDuplicateMember);
    QVERIFY(!sealed.error().detail.contains("first"));
}

void tst_Seal::refusesKeysOfTheWrongSize()
{
    QCOMPARE(Sealer::make(Secret("short"), "salt").error().code, Errc::InvalidArgument);
}

void tst_Seal::keepsKeyFilesPrivate()
{
    const QTemporaryDir dir;
    const std::filesystem::path path = dir.filePath(QStringLiteral("k")).toStdString();
    QCOMPARE(readKeyFile(path).error().code, Errc::StoreSeal);
    const auto made = makeKeyFile(path);
    QVERIFY(made);
    QCOMPARE(made->size(), 32U);
    struct stat status = {};
    QCOMPARE(::stat(path.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QVERIFY(*makeKeyFile(path) == *made);
    QVERIFY(*readKeyFile(path) == *made);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(dir.path().toStdString()), {}), 1);
    QCOMPARE(::chmod(path.c_str(), 0640), 0);
    QCOMPARE(readKeyFile(path).error().code, Errc::Permission);
}

void tst_Seal::derivesKeysFromPassphrases()
{
    const auto key = keyFromPassphrase("pass", "salt");
    QVERIFY(key);
    QCOMPARE(key->size(), 32U);
    QVERIFY(*keyFromPassphrase("pass", "salt") == *key);
    QVERIFY(!(*keyFromPassphrase("pass", "tlas") == *key));
    QVERIFY(!(*keyFromPassphrase("past", "salt") == *key));
}

QTEST_GUILESS_MAIN(tst_Seal)
#include "tst_seal.moc"
