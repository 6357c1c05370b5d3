// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key.h"

#include "core/bytes/encoding.h"
#include "core/crypto/pem.h"
#include "core/json/parse.h"
#include "tests/core/jose_samples.h"

#include <openssl/err.h>

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <format>
#include <vector>

using namespace postern;

class tst_Key : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void readsFilesOfOpenSsl_data();
    void readsFilesOfOpenSsl();
    void readsPemAsPeoplePasteIt_data();
    void readsPemAsPeoplePasteIt();
    void saysWhatIsWrongWithPem_data();
    void saysWhatIsWrongWithPem();
    void neverAsksForAPassphrase_data();
    void neverAsksForAPassphrase();
    void detectsByContent_data();
    void detectsByContent();
    void refusesBadJwks_data();
    void refusesBadJwks();
    void refusesWeakEdwardsPoints_data();
    void refusesWeakEdwardsPoints();
    void refusesThePointAtInfinity();
    void refusesUnusableCurves();
    void provesThatPrivateFitsPublic();
    void limitsUse_data();
    void limitsUse();
    void writesWhatItReads_data();
    void writesWhatItReads();
    void survivesTruncatedAndChangedInput();

private:
    std::string file(const char *name) const;
    bool openssl(const char *arguments) const;

    QTemporaryDir m_folder;
    bool m_haveOpenSsl = false;
};

namespace {

Json parse(std::string_view text) { return parseJson(text).value_or(Json()); }

const std::string kX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const std::string kY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const std::string kD = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
const std::string kEdX = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const std::string kEdD = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

std::string ec(std::string_view more = {})
{
    return std::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}"{}}})", kX, kY, more);
}

} // namespace

std::string tst_Key::file(const char *name) const
{
    QFile in(m_folder.filePath(QString::fromLatin1(name)));
    return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : std::string();
}

bool tst_Key::openssl(const char *arguments) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(QStringLiteral("openssl"),
                  QString::fromLatin1(arguments).split(QLatin1Char(' ')));
    const bool ok = process.waitForFinished(60'000) && process.exitCode() == 0;
    if (!ok)
        qWarning("openssl %s: %s", arguments, process.readAllStandardError().constData());
    return ok;
}

void tst_Key::initTestCase()
{
    m_haveOpenSsl = !QStandardPaths::findExecutable(QStringLiteral("openssl")).isEmpty();
    if (!m_haveOpenSsl)
        return;
    for (const char *arguments : {
             "genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-pkcs8.pem",
             "rsa -in rsa-pkcs8.pem -traditional -out rsa-pkcs1.pem",
             "rsa -in rsa-pkcs8.pem -pubout -out rsa-spki.pem",
             "rsa -in rsa-pkcs8.pem -RSAPublicKey_out -out rsa-public-pkcs1.pem",
             "rsa -in rsa-pkcs8.pem -outform DER -out rsa-pkcs8.der",
             "rsa -in rsa-pkcs8.pem -pubout -outform DER -out rsa-spki.der",
             "pkcs8 -topk8 -in rsa-pkcs8.pem -passout pass:geheim -out rsa-encrypted.pem",
             "pkcs8 -topk8 -in rsa-pkcs8.pem -passout pass:geheim -outform DER -out "
             "rsa-encrypted.der",
             "rsa -in rsa-pkcs8.pem -traditional -aes128 -passout pass:geheim -out "
             "rsa-traditional.pem",
             "req -x509 -key rsa-pkcs8.pem -subj /CN=x -days 9 -out rsa-certificate.pem",
             "x509 -in rsa-certificate.pem -outform DER -out rsa-certificate.der",
             "ecparam -name prime256v1 -genkey -out ec-with-parameters.pem",
             "ec -in ec-with-parameters.pem -out ec-sec1.pem",
             "ec -in ec-with-parameters.pem -pubout -out ec-spki.pem",
             "ec -in ec-with-parameters.pem -pubout -conv_form compressed -out ec-compressed.pem",
             "ecparam -name prime256v1 -param_enc explicit -genkey -out ec-explicit.pem",
             "genpkey -quiet -algorithm ED25519 -out ed25519.pem",
             "genpkey -quiet -algorithm ED448 -out ed448.pem",
             "genpkey -quiet -algorithm X25519 -out x25519.pem",
             "genpkey -quiet -algorithm RSA-PSS -out rsa-pss.pem",
             "req -new -key rsa-pkcs8.pem -subj /CN=x -out request.pem",
         })
        QVERIFY(openssl(arguments));
}

void tst_Key::cleanup() { QCOMPARE(ERR_peek_error(), 0UL); }

void tst_Key::readsFilesOfOpenSsl_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<KeyType>("type");
    QTest::addColumn<bool>("isPrivate");
    QTest::addColumn<QByteArray>("same"); // a file with the same key
    const auto row = [](const char *name, KeyType type, bool isPrivate, const char *same) {
        QTest::newRow(name) << QByteArray(name) << type << isPrivate << QByteArray(same);
    };
    row("rsa-pkcs8.pem", KeyType::Rsa, true, "rsa-spki.pem");
    row("rsa-pkcs1.pem", KeyType::Rsa, true, "rsa-spki.pem");
    row("rsa-public-pkcs1.pem", KeyType::Rsa, false, "rsa-spki.pem");
    row("rsa-pkcs8.der", KeyType::Rsa, true, "rsa-spki.pem");
    row("rsa-spki.der", KeyType::Rsa, false, "rsa-spki.pem");
    row("rsa-encrypted.pem", KeyType::Rsa, true, "rsa-spki.pem");
    row("rsa-encrypted.der", KeyType::Rsa, true, "rsa-spki.pem");
    row("rsa-traditional.pem", KeyType::Rsa, true, "rsa-spki.pem");
    row("rsa-certificate.pem", KeyType::Rsa, false, "rsa-spki.pem");
    row("rsa-certificate.der", KeyType::Rsa, false, "rsa-spki.pem");
    row("ec-with-parameters.pem", KeyType::Ec, true, "ec-spki.pem");
    row("ec-sec1.pem", KeyType::Ec, true, "ec-spki.pem");
    row("ec-compressed.pem", KeyType::Ec, false, "ec-spki.pem");
    row("ed25519.pem", KeyType::Okp, true, "ed25519.pem");
    row("ed448.pem", KeyType::Okp, true, "ed448.pem");
    row("rsa-pss.pem", KeyType::Rsa, true, "rsa-pss.pem");
}

void tst_Key::readsFilesOfOpenSsl()
{
    if (!m_haveOpenSsl)
        QSKIP("the openssl command is not here");
    QFETCH(const QByteArray, name);
    QFETCH(const KeyType, type);
    QFETCH(const bool, isPrivate);
    QFETCH(const QByteArray, same);
    const Result<Key> key = Key::import(file(name.constData()), "geheim");
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QCOMPARE(key->type(), type);
    QCOMPARE(key->isPrivate(), isPrivate);
    QCOMPARE(key->thumbprint(), Key::import(file(same.constData()))->thumbprint());
}

void tst_Key::readsPemAsPeoplePasteIt_data()
{
    QTest::addColumn<std::string>("text");
    const std::string &body = samples::kPublicKeyBody;
    const std::string begin = "-----BEGIN PUBLIC KEY-----";
    const std::string end = "-----END PUBLIC KEY-----";
    std::string wrapped;
    for (std::size_t i = 0; i < body.size(); i += 76)
        wrapped += body.substr(i, 76) + "\r\n";
    QTest::newRow("the body on one line") << samples::kPublicKeyPem;
    QTest::newRow("no line break at the end") << begin + "\n" + body + "\n" + end;
    QTest::newRow("CRLF") << begin + "\r\n" + body + "\r\n" + end + "\r\n";
    QTest::newRow("76 columns and CRLF") << begin + "\r\n" + wrapped + end;
    QTest::newRow("blanks before each line")
        << "  " + begin + "\n    " + body + "\n    " + end + "\n\n";
    QTest::newRow("blanks behind the armour") << begin + "  \n" + body + " \n" + end + "  ";
    QTest::newRow("empty lines around") << "\n\n" + begin + "\n\n" + body + "\n\n" + end + "\n\n";
    QTest::newRow("text before it") << "Key of jack:\n" + samples::kPublicKeyPem;
    std::string longest(samples::kPublicKeyPem);
    QTest::newRow("blanks inside the body")
        << begin + "\n" + body.substr(0, 100) + "   " + body.substr(100) + "\n" + end;
}

void tst_Key::readsPemAsPeoplePasteIt()
{
    QFETCH(const std::string, text);
    for (const Result<Key> &key : {Key::fromPem(text), Key::import(text)}) {
        QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
        QCOMPARE(key->bits(), 2048U);
        QVERIFY(!key->isPrivate());
    }
    // A private key's body of 1,600 characters on one line: OpenSSL itself refuses it.
    const std::string pem = *Key::generate(Alg::RS256)->toPem(true);
    const std::size_t first = pem.find('\n');
    const std::size_t last = pem.rfind("\n-----END");
    std::string body = pem.substr(first + 1, last - first);
    std::erase(body, '\n');
    QVERIFY(body.size() > 1600);
    QVERIFY(Key::fromPem(pem.substr(0, first + 1) + body + pem.substr(last)).has_value());
}

void tst_Key::saysWhatIsWrongWithPem_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("detail");
    QTest::addColumn<std::string>("where");
    const std::string &body = samples::kPublicKeyBody;
    const std::string begin = "-----BEGIN PUBLIC KEY-----";
    const std::string end = "-----END PUBLIC KEY-----";
    const auto row = [](const char *name, std::string text, std::string detail, std::string where) {
        QTest::newRow(name) << text << detail << where;
    };
    row("no break after BEGIN", begin + body + "\n" + end,
        "a line break is missing after \"-----BEGIN PUBLIC KEY-----\"", "1:27");
    row("no break before END", begin + "\n" + body + end,
        "a line break is missing before \"-----END PUBLIC KEY-----\"", "2:393");
    row("no break at all", begin + body + end, "a line break is missing after", "1:27");
    row("blanks instead of breaks", begin + " " + body + " " + end, "a line break is missing after",
        "1:27");
    row("the two characters \\n", begin + "\\n" + body + "\\n" + end, R"(the two characters \n)",
        "1:27");
    row("END missing", begin + "\n" + body + "\n",
        "the line \"-----END PUBLIC KEY-----\" is missing", "1:1");
    row("END of something else", begin + "\n" + body + "\n-----END PRIVATE KEY-----\n",
        "the END line does not say \"PUBLIC KEY\"", "1:1");
    row("empty body", begin + "\n" + end, "the block is empty", "1:27");
    row("a character that is not base64", begin + "\nMIIB!\n" + end,
        "a character that is not base64", "2:5");
    row("truncated body", begin + "\n" + body.substr(0, 64) + "\n" + end, "cannot be read", "");
    row("not a key", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----",
        "is not a key", "");
    row("OpenSSH", "-----BEGIN OPENSSH PRIVATE KEY-----\nMIIB\n-----END OPENSSH PRIVATE KEY-----",
        "ssh-keygen -p -m PKCS8", "");
}

void tst_Key::saysWhatIsWrongWithPem()
{
    QFETCH(const std::string, text);
    QFETCH(const std::string, detail);
    QFETCH(const std::string, where);
    const Result<Key> key = Key::fromPem(text);
    QVERIFY(!key);
    QCOMPARE(key.error().code, Errc::KeyFormat);
    QVERIFY2(key.error().detail.contains(detail), describe(key.error()).c_str());
    QCOMPARE(key.error().where, where);
}

void tst_Key::neverAsksForAPassphrase_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"rsa-encrypted.pem", "rsa-encrypted.der", "rsa-traditional.pem"})
        QTest::newRow(name) << QByteArray(name);
}

void tst_Key::neverAsksForAPassphrase()
{
    if (!m_haveOpenSsl)
        QSKIP("the openssl command is not here");
    QFETCH(const QByteArray, name);
    const std::string octets = file(name.constData());
    QCOMPARE(Key::import(octets).error().code, Errc::KeyPassphrase);
    QCOMPARE(Key::import(octets).error().detail, std::string("no passphrase was given"));
    const Result<Key> wrong = Key::import(octets, "falsch");
    QCOMPARE(wrong.error().code, Errc::KeyPassphrase);
    QVERIFY(!describe(wrong.error()).contains("falsch"));
}

void tst_Key::detectsByContent_data()
{
    QTest::addColumn<std::string>("octets");
    QTest::addColumn<std::string>("problem"); // "" = reads
    const auto row = [](const char *name, std::string octets, std::string problem) {
        QTest::newRow(name) << octets << problem;
    };
    row("PEM", samples::kPublicKeyPem, "");
    row("DER", *decodeBase64(samples::kPublicKeyBody), "");
    row("JWK", "  " + ec() + "\n", "");
    row("JWKS of one", R"({"keys":[)" + ec() + "]}", "");
    row("JWKS of two", R"({"keys":[)" + ec() + "," + ec() + "]}", "one must be chosen");
    row("JWKS of none", R"({"keys":[]})", "has 0 keys");
    row("bare body", samples::kPublicKeyBody, "the BEGIN and END lines are missing");
    row("OpenSSH, damaged", "ssh-ed25519 AAAA x", "the OpenSSH key is damaged");
    row("OpenSSH certificate", "ssh-ed25519-cert-v01@openssh.com AAAA x", "OpenSSH key of type");
    row("OpenSSH",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea x", "");
    row("empty", "", "the key is empty");
    row("text", "hello", "neither PEM, DER, JWK nor JWKS");
    row("broken JSON", "{", "JSON");
    row("DER with bytes behind", *decodeBase64(samples::kPublicKeyBody) + "x", "DER");
}

void tst_Key::detectsByContent()
{
    QFETCH(const std::string, octets);
    QFETCH(const std::string, problem);
    const std::vector<char> exact(octets.begin(), octets.end());
    const Result<Key> key = Key::import({exact.data(), exact.size()});
    QVERIFY2(key.has_value() == problem.empty(), describe(key.error_or(Error{})).c_str());
    if (!key)
        QVERIFY2(describe(key.error()).contains(problem), describe(key.error()).c_str());
}

void tst_Key::refusesBadJwks_data()
{
    QTest::addColumn<std::string>("jwk");
    QTest::addColumn<Errc>("code");
    QTest::addColumn<std::string>("where");
    const auto row = [](const char *name, std::string jwk, Errc code, std::string where) {
        QTest::newRow(name) << jwk << code << where;
    };
    row("no object", "[]", Errc::KeyFormat, "");
    row("kty missing", R"({"k":"AAAA"})", Errc::KeyTypeUnknown, "/kty");
    row("kty in another case", R"({"kty":"OCT","k":"AAAA"})", Errc::KeyTypeUnknown, "/kty");
    row("oct: empty", R"({"kty":"oct","k":""})", Errc::KeyEmpty, "/k");
    row("oct: padded", R"({"kty":"oct","k":"AA=="})", Errc::Base64, "/k");
    row("oct: k is a number", R"({"kty":"oct","k":5})", Errc::KeyMemberType, "/k");
    row("EC: y missing", std::format(R"({{"kty":"EC","crv":"P-256","x":"{}"}})", kX),
        Errc::KeyMember, "/y");
    row("EC: leading zero stripped",
        std::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}})", kX.substr(4), kY),
        Errc::EcLength, "/x");
    row("EC: off the curve",
        std::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}})", kY, kX), Errc::KeyFormat,
        "");
    row("EC: curve in another case",
        std::format(R"({{"kty":"EC","crv":"p-256","x":"{}","y":"{}"}})", kX, kY), Errc::KeyCurve,
        "/crv");
    row("OKP: X25519 cannot sign", std::format(R"({{"kty":"OKP","crv":"X25519","x":"{}"}})", kEdX),
        Errc::KeyCurveUse, "/crv");
    row("OKP: 31 bytes",
        std::format(R"({{"kty":"OKP","crv":"Ed25519","x":"{}"}})",
                    encodeBase64Url(decodeBase64Url(kEdX)->substr(1))),
        Errc::OkpLength, "/x");
    row("alg of another curve", ec(R"(,"alg":"ES384")"), Errc::AlgKeyMismatch, "/alg");
    row("alg unregistered", ec(R"(,"alg":"ES521")"), Errc::AlgUnknown, "/alg");
    row("use is a number", ec(R"(,"use":1)"), Errc::KeyMemberType, "/use");
    row("key_ops is a string", ec(R"(,"key_ops":"verify")"), Errc::KeyMemberType, "/key_ops");
    row("key_ops twice", ec(R"(,"key_ops":["verify","verify"])"), Errc::KeyOps, "/key_ops");
    row("use and key_ops contradict", ec(R"(,"use":"enc","key_ops":["verify"])"), Errc::KeyOps,
        "/key_ops");
    row("kid is a number", ec(R"(,"kid":1)"), Errc::KeyMemberType, "/kid");
    row("AKP pub of one byte", R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AA"})", Errc::AkpLength,
        "/pub");
}

void tst_Key::refusesBadJwks()
{
    QFETCH(const std::string, jwk);
    QFETCH(const Errc, code);
    QFETCH(const std::string, where);
    const Result<Key> key = Key::fromJwk(parse(jwk));
    QVERIFY(!key);
    QVERIFY2(key.error().code == code, describe(key.error()).c_str());
    QCOMPARE(key.error().where, where);
}

void tst_Key::refusesWeakEdwardsPoints_data()
{
    QTest::addColumn<std::string>("curve");
    QTest::addColumn<std::string>("hex");
    QTest::addColumn<bool>("weak");
    const auto row = [](const char *name, const char *curve, std::string hex, bool weak) {
        QTest::newRow(name) << std::string(curve) << hex << weak;
    };
    const std::string zeros(62, '0');
    std::string ff;
    for (int i = 0; i < 30; ++i)
        ff += "ff";
    row("25519: y = 0", "Ed25519", "00" + zeros, true);
    row("25519: y = 1, fits every message", "Ed25519", "01" + zeros, true);
    row("25519: y = 1, sign set", "Ed25519", "01" + zeros.substr(2) + "80", true);
    row("25519: y = p - 1", "Ed25519", "ec" + ff + "7f", true);
    row("25519: y = p", "Ed25519", "ed" + ff + "7f", true);
    row("25519: y = p + 1", "Ed25519", "ee" + ff + "ff", true);
    row("25519: all ones", "Ed25519", "ff" + ff + "ff", true);
    row("25519: order 8", "Ed25519",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", true);
    row("25519: order 8, the other", "Ed25519",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", true);
    row("25519: an ordinary point", "Ed25519", encodeHex(*decodeBase64Url(kEdX)), false);
    const std::string zeros448(112, '0');
    const std::string f28(56, 'f');
    const std::string f27(54, 'f');
    row("448: y = 0", "Ed448", "00" + zeros448, true);
    row("448: y = 1", "Ed448", "01" + zeros448, true);
    row("448: y = 1, sign set", "Ed448", "01" + zeros448.substr(2) + "80", true);
    row("448: y = p - 1", "Ed448", "fe" + f27 + "fe" + f27 + "00", true);
    row("448: y = p", "Ed448", f28 + "fe" + f27 + "00", true);
    row("448: y = p + 1", "Ed448", "00" + std::string(54, '0') + "ff" + f27 + "00", true);
}

void tst_Key::refusesWeakEdwardsPoints()
{
    QFETCH(const std::string, curve);
    QFETCH(const std::string, hex);
    QFETCH(const bool, weak);
    const std::string x = *decodeHex(hex);
    const Json jwk = Json::object({{"kty", "OKP"}, {"crv", curve}, {"x", encodeBase64Url(x)}});
    const Result<Key> fromJwk = Key::fromJwk(jwk);
    QCOMPARE(fromJwk.has_value(), !weak);
    // The same point as SubjectPublicKeyInfo.
    const std::string prefix =
        curve == "Ed25519" ? "302a300506032b6570032100" : "3043300506032b6571033a00";
    const Result<Key> fromDer = Key::import(*decodeHex(prefix) + x);
    QVERIFY2(fromDer.has_value() == !weak, describe(fromDer.error_or(Error{})).c_str());
    if (weak) {
        QCOMPARE(fromJwk.error().code, Errc::OkpPoint);
        QCOMPARE(fromDer.error().code, Errc::OkpPoint);
    }
}

// OpenSSL imports the one-byte encoding of the point at infinity without a word.
void tst_Key::refusesThePointAtInfinity()
{
    const Result<Key> key =
        Key::import(*decodeHex("3019301306072a8648ce3d020106082a8648ce3d030107030200"
                               "00"));
    QVERIFY(!key);
    QVERIFY2(key.error().code == Errc::KeyFormat, describe(key.error()).c_str());
}

void tst_Key::refusesUnusableCurves()
{
    if (!m_haveOpenSsl)
        QSKIP("the openssl command is not here");
    QCOMPARE(Key::import(file("x25519.pem")).error().code, Errc::KeyType);
    QVERIFY(openssl("ecparam -name brainpoolP256r1 -genkey -noout -out brainpool.pem"));
    const Result<Key> brainpool = Key::import(file("brainpool.pem"));
    QCOMPARE(brainpool.error().code, Errc::KeyCurve);
    QVERIFY(brainpool.error().detail.contains("brainpoolP256r1"));
    QVERIFY(!Key::import(file("request.pem")).has_value());
}

void tst_Key::provesThatPrivateFitsPublic()
{
    const auto code = [](std::string_view jwk) {
        return Key::fromJwk(parse(jwk)).error_or(Error{}).code;
    };
    QVERIFY(Key::fromJwk(parse(ec(std::format(R"(,"d":"{}")", kD)))).has_value());
    std::string other = kD;
    other[5] = other[5] == 'A' ? 'B' : 'A';
    QCOMPARE(code(ec(std::format(R"(,"d":"{}")", other))), Errc::KeyMismatch);
    const auto ed = [](std::string_view d) {
        return std::format(R"({{"kty":"OKP","crv":"Ed25519","x":"{}","d":"{}"}})", kEdX, d);
    };
    QVERIFY(Key::fromJwk(parse(ed(kEdD))).has_value());
    QCOMPARE(code(ed(kD)), Errc::KeyMismatch);
    // RSA as n, e, d only: OpenSSL's pairwise check says no even to a good one.
    Json rsa = Key::generate(Alg::RS256)->toJwk(true);
    const Json full = rsa;
    for (const char *member : {"p", "q", "dp", "dq", "qi"})
        rsa.erase(member);
    QVERIFY(Key::fromJwk(rsa).has_value());
    QVERIFY(Key::fromJwk(full).has_value());
    std::string d(rsa.stringOr("d", ""));
    d[9] = d[9] == 'A' ? 'B' : 'A';
    rsa.set("d", d);
    QCOMPARE(Key::fromJwk(rsa).error().code, Errc::KeyMismatch);
    // RFC 7518 6.3.2: all CRT members or none.
    Json partial = full;
    partial.erase("qi");
    QCOMPARE(Key::fromJwk(partial).error().code, Errc::KeyFormat);
}

void tst_Key::limitsUse_data()
{
    QTest::addColumn<std::string>("members");
    QTest::addColumn<bool>("verify");
    QTest::addColumn<bool>("sign");
    const auto row = [](const char *members, bool verify, bool sign) {
        QTest::newRow(members) << std::string(members) << verify << sign;
    };
    row(R"(,"use":"sig")", true, true);
    row(R"(,"use":"enc")", false, false);
    row(R"(,"use":"other")", false, false);
    row(R"(,"key_ops":["verify"])", true, false);
    row(R"(,"key_ops":["sign"])", false, true);
    row(R"(,"key_ops":["encrypt"])", false, false);
    row(R"(,"alg":"ES256")", true, true);
    row(R"(,"alg":"ECDH-ES")", false, false);
}

void tst_Key::limitsUse()
{
    QFETCH(const std::string, members);
    QFETCH(const bool, verify);
    QFETCH(const bool, sign);
    const Result<Key> key = Key::fromJwk(parse(ec(std::format(R"(,"d":"{}"{})", kD, members))));
    QVERIFY2(key.has_value(), describe(key.error_or(Error{})).c_str());
    QCOMPARE(key->allows(Alg::ES256, false).has_value(), verify);
    QCOMPARE(key->allows(Alg::ES256, true).has_value(), sign);
    QCOMPARE(key->possibleAlgs(), verify ? std::vector{Alg::ES256} : std::vector<Alg>{});
}

void tst_Key::writesWhatItReads_data()
{
    QTest::addColumn<Alg>("alg");
    for (const AlgInfo &row : algorithms()) {
        if (row.keyType != KeyType::Rsa || row.alg == Alg::RS256)
            QTest::newRow(std::string(row.name).c_str()) << row.alg;
    }
}

void tst_Key::writesWhatItReads()
{
    QFETCH(const Alg, alg);
    const Key key = *Key::generate(alg);
    QVERIFY(key.isPrivate());
    QCOMPARE(key.kid(), key.thumbprint());
    QCOMPARE(key.declaredAlg(), alg);
    const Json jwk = key.toJwk(true);
    const Result<Key> again = Key::fromJwk(jwk);
    QVERIFY2(again.has_value(), describe(again.error_or(Error{})).c_str());
    QVERIFY(again->isPrivate());
    QCOMPARE(again->toJwk(true).dump(), jwk.dump());
    const Json open = key.toJwk(false);
    for (const char *secret : {"d", "k", "p", "q", "dp", "dq", "qi"})
        QVERIFY(!open.contains(secret));
    if (key.type() == KeyType::Oct)
        return;
    QCOMPARE(Key::fromJwk(open)->thumbprint(), key.thumbprint());
    QCOMPARE(Key::fromPem(*key.toPem(true))->thumbprint(), key.thumbprint());
    const Key publicKey = *Key::fromPem(*key.toPem(false));
    QCOMPARE(publicKey.thumbprint(), key.thumbprint());
    QVERIFY(!publicKey.toPem(true).has_value());
}

// Bad input: an error, no crash; run with the sanitizers.
void tst_Key::survivesTruncatedAndChangedInput()
{
    const std::string der = *decodeBase64(samples::kPublicKeyBody);
    const std::string jwk = ec();
    for (const std::string &whole : {samples::kPublicKeyPem, der, jwk}) {
        for (std::size_t i = 0; i < whole.size(); ++i) {
            const std::vector<char> cut(whole.begin(),
                                        whole.begin() + static_cast<std::ptrdiff_t>(i));
            QVERIFY(!Key::import({cut.data(), cut.size()}).has_value()
                    || whole.starts_with("-----")); // PEM without its last line break is fine
            std::vector<char> changed(whole.begin(), whole.end());
            changed[i] = static_cast<char>(changed[i] ^ 0x55);
            (void)Key::import({changed.data(), changed.size()}).has_value();
        }
    }
}

QTEST_GUILESS_MAIN(tst_Key)
#include "tst_key.moc"
