// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key_file.h"
#include "core/jose/alg.h"
#include "core/jose/jwks.h"
#include "core/json/parse.h"
#include "postern_process.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <format>
#include <memory>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace postern;
using namespace postern::test;

/// The key commands as people use them: the real binary, real files, the openssl command as peer.
class tst_KeyCli : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();

    void newWritesAPairThatOpenSslReads_data();
    void newWritesAPairThatOpenSslReads();
    void newKeepsThePrivateKeyOrRefuses();
    void neverOverwritesSilently();
    void showMasksPrivateMembers();
    void showTellsDatesOfACertificate();
    void warnsOfExposedPrivateKeys();
    void convertsByteForByte_data();
    void convertsByteForByte();
    void convertNamesTheKeyByItsThumbprint();
    void printsPublicPartsOnly();
    void encryptsAndDecrypts_data();
    void encryptsAndDecrypts();
    void readsPkcs12_data();
    void readsPkcs12();
    void asksForThePassphraseWithoutEcho();
    void keepsSetsInFiles();
    void refusesToPublishSecrets();
    void signsAndVerifies_data();
    void signsAndVerifies();
    void checksJson();

private:
    /// A shell line in the test's folder.
    Ran shell(const std::string &line) { return runShell(line, m_folder->path().toStdString()); }
    std::string path(const std::string &name)
    {
        return m_folder->filePath(QString::fromStdString(name)).toStdString();
    }
    std::string read(const std::string &name)
    {
        QFile file(QString::fromStdString(path(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }
    unsigned mode(const std::string &name)
    {
        struct stat about{};
        return ::stat(path(name).c_str(), &about) == 0 ? about.st_mode & 07777U : 0;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

#define RUNS(ran)                                                                                  \
    do {                                                                                           \
        const Ran theRun = (ran);                                                                  \
        QVERIFY2(theRun.exit == 0,                                                                 \
                 std::format("exit {}\n{}\n{}", theRun.exit, theRun.out, theRun.err).c_str());     \
    } while (false)

void addAlgorithms(bool withSecrets)
{
    QTest::addColumn<QByteArray>("alg");
    for (const AlgInfo &row : algorithms()) {
        if (row.keyType == KeyType::Oct ? withSecrets : row.keyType != KeyType::Rsa)
            QTest::newRow(std::string(row.name).c_str())
                << QByteArray(row.name.data(), qsizetype(row.name.size()));
    }
    QTest::newRow("RS256") << QByteArray("RS256");
    QTest::newRow("PS256") << QByteArray("PS256");
}

bool contains(const std::string &text, std::string_view part) { return text.contains(part); }

} // namespace

void tst_KeyCli::init() { m_folder = std::make_unique<QTemporaryDir>(); }

void tst_KeyCli::newWritesAPairThatOpenSslReads_data() { addAlgorithms(false); }

void tst_KeyCli::newWritesAPairThatOpenSslReads()
{
    QFETCH(const QByteArray, alg);
    const Ran ran = shell("postern key new --out pair --alg " + alg.toStdString());
    RUNS(ran);
    QCOMPARE(mode("pair-private.pem"), 0600U);
    QVERIFY(contains(ran.out, "-----BEGIN PUBLIC KEY-----"));
    QVERIFY(contains(ran.out, "thumbprint  "));
    QVERIFY(!contains(ran.out + ran.err, "PRIVATE KEY"));
    RUNS(shell("openssl pkey -in pair-private.pem -pubout -out derived.pem && "
               "openssl pkey -pubin -in pair-public.pem -noout"));
    QCOMPARE(read("derived.pem"), read("pair-public.pem"));
    // Nothing is left beside the two files (and the derived one).
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 3);
}

void tst_KeyCli::newKeepsThePrivateKeyOrRefuses()
{
    const Ran lost = shell("postern key new --alg ES256");
    QCOMPARE(lost.exit, 2);
    QVERIFY(contains(lost.err, "--out") && contains(lost.err, "--reveal"));
    const Ran shown = shell("postern key new --alg ES256 --to jwk --reveal");
    RUNS(shown);
    QVERIFY(parseJson(shown.out)->contains("d"));
    QCOMPARE(shell("postern key new --alg ES257 --out x").exit, 3);
    QCOMPARE(shell("postern key new --out x").exit, 2);
    const Ran json = shell("postern key new --alg Ed25519 --out k.jwk -o json");
    RUNS(json);
    const Json document = *parseJson(json.out);
    QCOMPARE(document.stringOr("kid", ""), document.stringOr("thumbprint", "-"));
    QVERIFY(!document.find("public")->contains("d"));
    QVERIFY(document.find("jwk")->stringOr("d", "").starts_with("***"));
}

void tst_KeyCli::neverOverwritesSilently()
{
    RUNS(shell("postern key new --alg ES256 --out key.pem"));
    const std::string first = read("key.pem");
    const Ran again = shell("postern key new --alg ES256 --out key.pem");
    QCOMPARE(again.exit, 3);
    QVERIFY(contains(again.err, "[E-file-exists]"));
    QCOMPARE(read("key.pem"), first);
    RUNS(shell("postern key new --alg ES256 --out key.pem --force"));
    QVERIFY(read("key.pem") != first);
    QCOMPARE(mode("key.pem"), 0600U);
    // A dangling link is a name that is taken, not a way to elsewhere.
    RUNS(shell("ln -s elsewhere link.pem"));
    QCOMPARE(shell("postern key new --alg ES256 --out link.pem").exit, 3);
    QVERIFY(!QFile::exists(QString::fromStdString(path("elsewhere"))));
    QCOMPARE(shell("postern key new --alg ES256 --out missing/key.pem").exit, 3);
}

void tst_KeyCli::showMasksPrivateMembers()
{
    RUNS(shell("postern key new --alg RS256 --out key.jwk"));
    const Json jwk = *parseJson(read("key.jwk"));
    const std::string masked = shell("postern key show key.jwk").out;
    const std::string json = shell("postern key show key.jwk -o json").out;
    for (const char *member : {"d", "p", "q", "dp", "dq", "qi"}) {
        QVERIFY(!contains(masked, jwk.stringOr(member, "-")));
        QVERIFY(!contains(json, jwk.stringOr(member, "-")));
    }
    QVERIFY(contains(masked, jwk.stringOr("n", "-")));
    QVERIFY(contains(shell("postern key show key.jwk --reveal").out, jwk.stringOr("d", "-")));
    RUNS(shell("printf secret-of-jack | postern key show - 2>/dev/null; true"));
}

void tst_KeyCli::showTellsDatesOfACertificate()
{
    RUNS(shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 30 "
               "-subj /CN=jack 2>/dev/null && cat k.pem c.pem > both.pem"));
    const Ran one = shell("postern key show c.pem -o json");
    RUNS(one);
    const Json document = *parseJson(one.out);
    const Json &key = document.find("keys")->items().front();
    QCOMPARE(key.find("certificate")->stringOr("subject", ""), std::string_view("CN=jack"));
    QVERIFY(key.find("certificate")->stringOr("not_after", "").ends_with("Z"));
    QVERIFY(!key.find("private")->asBool());
    // The key and its certificate are one key.
    const Json both =
        *parseJson(shell("chmod 600 both.pem; postern key show both.pem -o json").out);
    QCOMPARE(both.find("keys")->size(), 1UL);
    QVERIFY(both.find("keys")->items().front().find("private")->asBool());
    QVERIFY(both.find("keys")->items().front().contains("certificate"));
}

void tst_KeyCli::warnsOfExposedPrivateKeys()
{
    RUNS(shell("postern key new --alg ES256 --out k"));
    QVERIFY(!contains(shell("postern key show k-private.pem").err, "warning"));
    RUNS(shell("chmod 640 k-private.pem"));
    QVERIFY(contains(shell("postern key show k-private.pem").err, "mode 0640: its group"));
    RUNS(shell("chmod 644 k-private.pem k-public.pem"));
    QVERIFY(contains(shell("postern key show k-private.pem").err, "others can read it"));
    QVERIFY(!contains(shell("postern key show k-public.pem").err, "warning"));
}

void tst_KeyCli::convertsByteForByte_data() { addAlgorithms(false); }

void tst_KeyCli::convertsByteForByte()
{
    QFETCH(const QByteArray, alg);
    RUNS(shell("postern key new --out k --alg " + alg.toStdString()));
    for (const std::string part : {"private", "public"}) {
        const std::string name = "k-" + part + ".pem";
        RUNS(shell(std::format(
            "postern key convert {0} --out {1}.jwk && postern key convert {1}.jwk --out {1}2.pem "
            "&& "
            "postern key convert {1}2.pem --out {1}.der && postern key convert {1}.der --out "
            "{1}3.pem && postern key convert {1}3.pem --out {1}2.jwk && postern key convert "
            "{1}.der "
            "--out {1}3.jwk && postern key convert {1}.jwk --to jwks --out {1}.jwks && postern key "
            "convert {1}.jwks --to pem --out {1}4.pem",
            name, part)));
        QVERIFY(!read(name).empty());
        QCOMPARE(read(part + "2.pem"), read(name));
        QCOMPARE(read(part + "3.pem"), read(name));
        QCOMPARE(read(part + "4.pem"), read(name));
        QCOMPARE(read(part + "2.jwk"), read(part + ".jwk"));
        QCOMPARE(read(part + "3.jwk"), read(part + ".jwk"));
        const unsigned expected = part == "private" ? 0600U : mode("k-public.pem");
        QCOMPARE(mode(part + ".jwk"), expected);
        QCOMPARE(mode(part + ".der"), expected);
    }
    // What openssl writes by itself comes back as it was (ML-DSA: in the form of the seed).
    if (alg.startsWith("ML-DSA") || alg == "PS256")
        return;
    RUNS(shell("openssl pkcs8 -topk8 -nocrypt -in k-private.pem -out theirs.pem && postern key "
               "convert theirs.pem --out t.jwk && postern key convert t.jwk --out ours.pem"));
    QCOMPARE(read("ours.pem"), read("theirs.pem"));
}

void tst_KeyCli::convertNamesTheKeyByItsThumbprint()
{
    RUNS(shell("postern key new --alg ES256 --out k"));
    const Json jwk = *parseJson(shell("postern key convert k-public.pem --to jwk").out);
    std::string thumbprint = shell("postern key thumbprint k-public.pem").out;
    thumbprint.pop_back();
    QCOMPARE(std::string(jwk.stringOr("kid", "")), thumbprint);
    QVERIFY(!parseJson(shell("postern key convert k-public.pem --kid none").out)->contains("kid"));
    const Json named =
        *parseJson(shell("postern key convert k-public.pem --kid 2026 --alg ES256").out);
    QCOMPARE(named.stringOr("kid", ""), std::string_view("2026"));
    QCOMPARE(named.stringOr("alg", ""), std::string_view("ES256"));
    const Ran wrong = shell("postern key convert k-public.pem --alg RS256");
    QCOMPARE(wrong.exit, 3);
    QVERIFY(contains(wrong.err, "EC P-256"));
    // Members that mean nothing here survive, in their order.
    RUNS(shell(R"(echo '{"kty":"oct","x-note":"a","k":"AAAA","kid":"z"}' > o.jwk)"));
    QCOMPARE(*parseJson(shell("postern key convert o.jwk --to jwk --reveal").out),
             *parseJson(read("o.jwk")));
}

void tst_KeyCli::printsPublicPartsOnly()
{
    RUNS(shell("postern key new --alg ES256 --out k.pem"));
    const Ran ran = shell("postern key convert k.pem --to pem");
    RUNS(ran);
    QVERIFY(contains(ran.out, "BEGIN PUBLIC KEY") && !contains(ran.out, "PRIVATE"));
    QVERIFY(contains(ran.err, "only the public part"));
    QVERIFY(
        contains(shell("postern key convert k.pem --to pem --reveal").out, "BEGIN PRIVATE KEY"));
    QVERIFY(!parseJson(shell("postern key convert k.pem --to jwk").out)->contains("d"));
    RUNS(shell("postern key new --alg HS256 --out s.jwk"));
    const Ran secret = shell("postern key convert s.jwk --to jwk");
    QCOMPARE(secret.exit, 3);
    QVERIFY(secret.out.empty());
}

void tst_KeyCli::encryptsAndDecrypts_data() { addAlgorithms(false); }

void tst_KeyCli::encryptsAndDecrypts()
{
    QFETCH(const QByteArray, alg);
    RUNS(shell("printf 'geheim\n' > word; postern key new --out k.pem --alg " + alg.toStdString()
               + " && postern key convert k.pem --new-passphrase @word --out safe.pem"));
    QVERIFY(contains(read("safe.pem"), "BEGIN ENCRYPTED PRIVATE KEY"));
    QCOMPARE(mode("safe.pem"), 0600U);
    RUNS(shell("openssl pkey -in safe.pem -passin pass:geheim -noout"));
    RUNS(shell("postern key convert safe.pem --passphrase @word --out back.pem"));
    QCOMPARE(read("back.pem"), read("k.pem"));
    const Ran wrong = runShell("postern key show safe.pem --passphrase env:W",
                               m_folder->path().toStdString(), {{"W", "falsch"}});
    QCOMPARE(wrong.exit, 3);
    QVERIFY(contains(wrong.err, "[E-key-passphrase]"));
    QVERIFY(!contains(wrong.err + wrong.out, "falsch"));
    if (alg == "ES256")
        RUNS(shell("postern token mint --key safe.pem --passphrase @word --sub jack --ttl 1m"));
    // Without a terminal nobody is asked.
    const Ran silent = shell("setsid -w postern key show safe.pem < /dev/null");
    QCOMPARE(silent.exit, 3);
    QVERIFY(contains(silent.err, "no terminal to ask on"));
}

void tst_KeyCli::readsPkcs12_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("options");
    QTest::newRow("RSA, by QCA") << QByteArray("rsa:2048") << QByteArray();
    QTest::newRow("RSA with the old ciphers") << QByteArray("rsa:2048") << QByteArray("-legacy");
    QTest::newRow("EC, which QCA has no type for")
        << QByteArray("ec -pkeyopt ec_paramgen_curve:P-256") << QByteArray();
    QTest::newRow("Ed25519") << QByteArray("ed25519") << QByteArray();
}

void tst_KeyCli::readsPkcs12()
{
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, options);
    RUNS(shell(std::format(
        "umask 077; openssl req -x509 -newkey {} -nodes -keyout k.pem -out c.pem -days 30 -subj "
        "/CN=jack 2>/dev/null && openssl pkcs12 -export {} -inkey k.pem -in c.pem -passout "
        "pass:geheim -out k.p12",
        key.toStdString(), options.toStdString())));
    const std::string wanted = shell("postern key thumbprint k.pem").out;
    QVERIFY(!wanted.empty());
    RUNS(shell("printf geheim > word"));
    QCOMPARE(shell("postern key thumbprint k.p12 --passphrase @word").out, wanted);
    const Ran shown = shell("postern key show k.p12 --passphrase @word");
    QVERIFY(contains(shown.out, "private (PKCS#12)") && contains(shown.out, "CN=jack"));
    const Ran wrong = shell("printf x > word; postern key show k.p12 --passphrase @word");
    QCOMPARE(wrong.exit, 3);
    QVERIFY(contains(wrong.err, "[E-key-passphrase]"));
}

void tst_KeyCli::asksForThePassphraseWithoutEcho()
{
    RUNS(shell("printf geheim > word && postern key new --alg ES256 --out k.pem --new-passphrase "
               "@word"));
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    QVERIFY(master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0);
    const std::string slave = ::ptsname(master);
    const int held = ::open(slave.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC); // or reading gives EIO
    QProcess process;
    process.setProcessEnvironment(cleanEnvironment({}));
    process.setWorkingDirectory(m_folder->path());
    process.setChildProcessModifier([slave] {
        ::setsid();
        ::close(::open(slave.c_str(), O_RDWR)); // becomes the controlling terminal
    });
    process.start(QStringLiteral(POSTERN_BINARY),
                  {QStringLiteral("key"), QStringLiteral("thumbprint"), QStringLiteral("k.pem")});
    QVERIFY(process.waitForStarted());
    std::string seen;
    const auto readUntil = [&](std::string_view part) {
        while (!seen.contains(part)) {
            pollfd waiting{.fd = master, .events = POLLIN, .revents = 0};
            char block[256];
            if (::poll(&waiting, 1, 30'000) <= 0)
                return false;
            const ssize_t got = ::read(master, block, sizeof block);
            if (got <= 0)
                return false;
            seen.append(block, static_cast<std::size_t>(got));
        }
        return true;
    };
    QVERIFY2(readUntil("Passphrase of k.pem: "), seen.c_str());
    QCOMPARE(::write(master, "falsch\n", 7), 7);
    seen.clear();
    QVERIFY2(readUntil("Passphrase of k.pem: "), seen.c_str());
    QVERIFY(!seen.contains("falsch"));
    QCOMPARE(::write(master, "geheim\n", 7), 7);
    QVERIFY(process.waitForFinished());
    ::close(held);
    ::close(master);
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(process.readAllStandardOutput().trimmed().size(), 43);
    QVERIFY(!seen.contains("geheim"));
}

void tst_KeyCli::keepsSetsInFiles()
{
    RUNS(shell("postern key new --alg ES256 --out a -q && postern key new --alg Ed25519 --out b "
               "-q && postern key jwks add keys.json a-private.pem && postern key jwks add "
               "keys.json b-public.pem --kid b"));
    const KeySet set = *KeySet::parse(read("keys.json"));
    QCOMPARE(set.keys().size(), 2UL);
    QCOMPARE(set.keys()[0].kid(), set.keys()[0].thumbprint());
    QCOMPARE(set.keys()[1].kid(), std::string("b"));
    QVERIFY(!set.keys()[0].isPrivate());
    QVERIFY(!contains(read("keys.json"), "\"d\""));
    // The same key again adds nothing; another key of the same name is refused.
    RUNS(shell("postern key jwks add keys.json a-public.pem"));
    QCOMPARE(KeySet::parse(read("keys.json"))->keys().size(), 2UL);
    const Ran conflict =
        shell("postern key new --alg ES256 --out c -q; postern key jwks add keys.json c-public.pem "
              "--kid b");
    QCOMPARE(conflict.exit, 1);
    QCOMPARE(KeySet::parse(read("keys.json"))->keys().size(), 2UL);
    // Standard input to standard output.
    const Ran piped = shell("postern key jwks add - c-public.pem --kid c < keys.json");
    QCOMPARE(KeySet::parse(piped.out)->keys().size(), 3UL);
    RUNS(shell("postern key jwks rm keys.json b"));
    QCOMPARE(KeySet::parse(read("keys.json"))->keys().size(), 1UL);
    QCOMPARE(shell("postern key jwks rm keys.json b").exit, 1);
    // With private parts: mode 0600, also where the file was public before.
    RUNS(shell("postern key jwks add keys.json b-private.pem --private"));
    QCOMPARE(mode("keys.json"), 0600U);
    const Ran published = shell("postern key jwks public keys.json");
    RUNS(published);
    QVERIFY(!contains(published.out, "\"d\""));
    RUNS(shell("postern key jwks merge keys.json c-public.pem --out all.json"));
    QCOMPARE(KeySet::parse(read("all.json"))->keys().size(), 3UL);
    QVERIFY(!contains(read("all.json"), "\"d\""));
    // What cannot be read is not lost by writing the rest back.
    RUNS(shell(R"(echo '{"keys":[{"kty":"LWE","kid":"x"}]}' > odd.json)"));
    QCOMPARE(shell("postern key jwks add odd.json a-public.pem").exit, 3);
    QVERIFY(contains(read("odd.json"), "LWE"));
}

void tst_KeyCli::refusesToPublishSecrets()
{
    RUNS(shell("postern key new --alg HS256 --to jwks --out s.jwks && postern key new --alg ES256 "
               "--out a.pem -q"));
    const Ran added = shell("postern key jwks add s2.json s.jwks");
    QCOMPARE(added.exit, 3);
    QVERIFY(!QFile::exists(QString::fromStdString(path("s2.json"))));
    const Ran published = shell("postern key jwks public s.jwks");
    QCOMPARE(published.exit, 3);
    QVERIFY(published.out.empty());
    RUNS(shell("postern key jwks add s.jwks a.pem --private"));
    const Ran part = shell("postern key jwks public s.jwks --drop-secrets");
    RUNS(part);
    QCOMPARE(KeySet::parse(part.out)->keys().size(), 1UL);
}

void tst_KeyCli::signsAndVerifies_data() { addAlgorithms(true); }

void tst_KeyCli::signsAndVerifies()
{
    QFETCH(const QByteArray, alg);
    const std::string name = alg.toStdString();
    RUNS(shell("printf 'a\\r\\nb' > text && postern key new --out k.jwk --alg " + name));
    for (const std::string form : {"b64u", "hex", "raw"}) {
        RUNS(shell(std::format("postern key sign --key k.jwk --to {} --out sig.{} text && postern "
                               "key verify --key k.jwk --signature @sig.{} text",
                               form, form, form)));
    }
    QCOMPARE(shell("printf other | postern key verify --key k.jwk --signature @sig.hex").exit, 1);
    // Deterministic where it can be, and stable for EdDSA, HMAC and RS* anyway.
    const std::string once = shell("postern key sign --key k.jwk --deterministic text").out;
    const std::string twice = shell("postern key sign --key k.jwk --deterministic text").out;
    QVERIFY(!once.empty());
    QCOMPARE(once == twice, !name.starts_with("PS"));
    const std::string hedged = shell("postern key sign --key k.jwk text").out;
    const bool random = name.starts_with("ES") || name.starts_with("ML") || name.starts_with("PS");
    QCOMPARE(hedged == once, !random);
}

void tst_KeyCli::checksJson()
{
    const Ran good = shell("printf '{\"a\":1}' | postern json check");
    QCOMPARE(good.exit, 0);
    const Ran bad = shell("printf '{\"a\":1,\\n 01}' > b.json; postern json check b.json");
    QCOMPARE(bad.exit, 1);
    QVERIFY2(contains(bad.out, "b.json:2:2: json: "), bad.out.c_str());
    QCOMPARE(shell("printf '{\"a\":1,\"a\":2}' | postern json check").exit, 0);
    QCOMPARE(shell("printf '{\"a\":1,\"a\":2}' | postern json check --unique").exit, 1);
    QCOMPARE(shell("postern json check missing.json").exit, 3);
}

QTEST_GUILESS_MAIN(tst_KeyCli)
#include "tst_key_cli.moc"
