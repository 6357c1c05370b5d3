// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/document.h"

#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "gui/tokens/minting.h"
#include "tests/cli/seed_tokens.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace postern;
using namespace postern::gui;

Q_DECLARE_METATYPE(postern::gui::TokenState)

class tst_TokenDocument : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isNotChangedByReading_data();
    void isNotChangedByReading();
    void namesTheSampleSecretAndSignsAnew();
    void signsAnewWhileThePayloadIsEdited();
    void fixesARemarkAndSignsAnew_data();
    void fixesARemarkAndSignsAnew();
    void fixesWithoutAKeyAndSaysSo();
    void keepsTheSignatureWithoutAKey();
    void undoesEdits();
    void saysWhatIsMissing_data();
    void saysWhatIsMissing();
    void judgesAtItsOwnTime();
    void findsTheKeyThatFitsAmongAllOfMine();
    void marksTheFirstWrongCharacter();
    void looksAtLongTokensInThePool();
    void saysWhyASignatureDoesNotFit();
    void readsSecretsAsTheyAreWritten_data();
    void readsSecretsAsTheyAreWritten();
    void mintsWhatTheCommandLineMints();
    void forgets();

private:
    static std::shared_ptr<const KeyRing> ring();
    static gateway::JwtCredential credential(const char *consumer, const char *key,
                                             const char *secret);
    static KeyChoice secret(const char *text, SecretKind kind = SecretKind::Text);
    static Timestamp at(const char *time) { return *parseTime(time, Timestamp{}); }
    static std::string payloadOf(const TokenDocument &document)
    {
        return std::string(document.view().payloadText());
    }
};

gateway::JwtCredential tst_TokenDocument::credential(const char *consumer, const char *key,
                                                     const char *secret)
{
    const Json value = Json::object(
        {{"plugins",
          Json::object({{"jwt-auth", Json::object({{"key", key}, {"secret", secret}})}})}});
    return gateway::listJwtCredentials(consumer, Json::object(),
                                       {{std::string("cred-") + consumer, value}})
        .front();
}

std::shared_ptr<const KeyRing> tst_TokenDocument::ring()
{
    return std::make_shared<const KeyRing>(
        std::vector{credential("anna", "anna-key", "anna-secret-that-is-long-enough-0"),
                    credential("jack", "jack-key", "jack-hs256-secret")});
}

KeyChoice tst_TokenDocument::secret(const char *text, SecretKind kind)
{
    KeyChoice choice;
    choice.kind = KeyChoice::Kind::Secret;
    choice.secret = Secret(text);
    choice.secretKind = kind;
    return choice;
}

void tst_TokenDocument::isNotChangedByReading_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a token") << QByteArray(test::kT1);
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("two parts") << QByteArray("eyJhbGciOiJIUzI1NiJ9.e30");
    QTest::newRow("padding") << QByteArray("eyJhbGciOiJIUzI1NiJ9.e30=.AA==");
    QTest::newRow("no token") << QByteArray("hello, world");
    QTest::newRow("octets that are no text") << QByteArray("eyJ\xff\xfe.\x01.");
}

void tst_TokenDocument::isNotChangedByReading()
{
    QFETCH(const QByteArray, text);
    TokenDocument document;
    document.setRing(ring());
    document.setText(text.toStdString(), TokenSource::Pasted);
    QCOMPARE(document.text(), text.toStdString());
}

void tst_TokenDocument::namesTheSampleSecretAndSignsAnew()
{
    TokenDocument document;
    document.setRing(ring());
    document.setText(test::kT1, TokenSource::Pasted);
    QCOMPARE(document.answer().state, TokenState::Refused);
    QCOMPARE(document.answer().key, std::string("jack / cred-jack"));
    QVERIFY(document.answer().signer.contains("your-256-bit-secret"));
    QCOMPARE(document.answer().reply, std::string("401 {\"message\":\"failed to verify jwt\"}"));
    QVERIFY(document.resign().has_value());
    QCOMPARE(document.text(), std::string(test::kT8));
    QVERIFY(document.isNewlySigned());
    QCOMPARE(document.answer().state, TokenState::Accepted);
    QVERIFY(document.answer().signatureFits);
}

void tst_TokenDocument::signsAnewWhileThePayloadIsEdited()
{
    TokenDocument document;
    document.setRing(ring());
    document.setText(test::kT8, TokenSource::Pasted);
    // Odd blanks stay: the payload is signed octet for octet.
    document.setPayloadText(R"({ "key": "jack-key",  "admin":true })");
    QCOMPARE(payloadOf(document), std::string(R"({ "key": "jack-key",  "admin":true })"));
    QCOMPARE(document.answer().state, TokenState::Accepted);
    QVERIFY(document.isNewlySigned());
    // While the key claim is typed anew it names nobody; the key is still the token's.
    document.setPayloadText(R"({"key":"jack-ke"})");
    QVERIFY(document.isNewlySigned());
    QVERIFY(document.answer().signatureFits);
    QCOMPARE(document.answer().key, std::string("jack / cred-jack"));
}

void tst_TokenDocument::fixesARemarkAndSignsAnew_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("rule");
    const auto row = [](const char *name, const char *header, const char *payload,
                        const char *rule) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(payload) << QByteArray(rule);
    };
    row("no exp", R"({"alg":"HS256"})", R"({"key":"jack-key"})", "no-exp");
    row("milliseconds", R"({"alg":"HS256"})", R"({"key":"jack-key","exp":1900000000000})",
        "exp-looks-like-milliseconds");
    row("no key claim, the key found by its signature", R"({"alg":"HS256"})", R"({"sub":"x"})",
        "no-key-claim");
    row("no exp, and no claim that names the key", R"({"alg":"HS256"})", R"({"sub":"x"})",
        "no-exp");
    row("alg none", R"({"alg":"none"})", R"({"key":"jack-key"})", "alg-none");
    row("an algorithm that the key is not for", R"({"alg":"RS256"})", R"({"key":"jack-key"})",
        "alg-mismatch");
}

void tst_TokenDocument::fixesARemarkAndSignsAnew()
{
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, payload);
    QFETCH(const QByteArray, rule);
    TokenDocument document;
    document.setRing(ring());
    const Key key = Key::fromSecret(Secret("jack-hs256-secret")).value();
    const std::string hs =
        signJws(header.toStdString(), payload.toStdString(), Alg::HS256, key, true)
            .value_or(encodeBase64Url(header.toStdString()) + '.'
                      + encodeBase64Url(payload.toStdString()) + ".AAAA");
    document.setText(hs, TokenSource::Pasted);
    const auto find = [&document, &rule] {
        const auto &lint = document.answer().lint;
        return static_cast<std::size_t>(
            std::ranges::find(lint, rule.toStdString(), &LintFinding::id) - lint.begin());
    };
    QVERIFY(find() < document.answer().lint.size());
    QCOMPARE(document.answer().fixes.size(), document.answer().lint.size());
    const std::optional<LintFix> fix = document.answer().fixes[find()];
    QVERIFY(fix);
    document.applyFix(*fix);
    QCOMPARE(find(), document.answer().lint.size()); // not remarked any more
    QVERIFY(document.isNewlySigned());
    QVERIFY(document.answer().signatureFits);
    QCOMPARE(document.answer().key, std::string("jack / cred-jack"));
    document.undoStack()->undo();
    QCOMPARE(document.text(), hs);
}

void tst_TokenDocument::fixesWithoutAKeyAndSaysSo()
{
    TokenDocument document;
    document.setText(test::kT8, TokenSource::Pasted);
    const auto &lint = document.answer().lint;
    const auto noExp = std::ranges::find(lint, "no-exp", &LintFinding::id);
    QVERIFY(noExp != lint.end());
    const auto fix = document.answer().fixes[static_cast<std::size_t>(noExp - lint.begin())];
    QVERIFY(fix);
    document.applyFix(*fix);
    QVERIFY(document.view().payload.contains("exp"));
    QVERIFY(!document.isNewlySigned());
    QCOMPARE(document.answer().state, TokenState::Changed);
}

void tst_TokenDocument::keepsTheSignatureWithoutAKey()
{
    TokenDocument document;
    document.setText(test::kT8, TokenSource::Pasted);
    document.setPayloadText(R"({"key":"jill"})");
    const std::string signature = std::string(test::kT8).substr(std::string(test::kT8).rfind('.'));
    QVERIFY(document.text().ends_with(signature));
    QCOMPARE(document.answer().state, TokenState::Changed);
    QVERIFY(!document.isNewlySigned());
}

void tst_TokenDocument::undoesEdits()
{
    TokenDocument document;
    document.setRing(ring());
    document.setText(test::kT1, TokenSource::Pasted);
    QVERIFY(document.resign().has_value());
    document.setPayloadText(R"({"key":"jack-key","a":1})");
    const std::string edited = document.text();
    document.undoStack()->undo();
    QCOMPARE(document.text(), std::string(test::kT8));
    document.undoStack()->undo();
    QCOMPARE(document.text(), std::string(test::kT1));
    QCOMPARE(document.answer().state, TokenState::Refused);
    document.undoStack()->redo();
    document.undoStack()->redo();
    QCOMPARE(document.text(), edited);
}

void tst_TokenDocument::saysWhatIsMissing_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<TokenState>("state");
    QTest::newRow("empty") << QByteArray() << TokenState::Empty;
    QTest::newRow("no key is mine") << QByteArray(test::kT3) << TokenState::NoKey;
    QTest::newRow("the key is for another algorithm")
        << QByteArray(test::kT7) << TokenState::KeyMisfit;
    QTest::newRow("no token") << QByteArray("hello") << TokenState::NoToken;
    QTest::newRow("encrypted") << QByteArray("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AA.AA.AA")
                               << TokenState::Encrypted;
}

void tst_TokenDocument::saysWhatIsMissing()
{
    QFETCH(const QByteArray, token);
    QFETCH(const TokenState, state);
    TokenDocument document;
    document.setRing(ring());
    document.setText(token.toStdString(), TokenSource::Pasted);
    QCOMPARE(document.answer().state, state);
}

void tst_TokenDocument::judgesAtItsOwnTime()
{
    TokenDocument document;
    const Result<KeyChoice> key = importChoice(test::kPublicPem, "pub.pem");
    QVERIFY(key.has_value());
    document.setKeyChoice(*key);
    document.setSessionTime(at("2026-11-22T00:00:00Z"));
    document.setText(test::kT7, TokenSource::Pasted);
    QCOMPARE(document.answer().state, TokenState::Refused);
    QVERIFY(document.answer().reason.contains("2024-12-15T02:40:00Z"));
    QVERIFY(document.answer().signatureFits);
    document.setClock(at("2024-12-14T00:00:00Z"));
    QCOMPARE(document.answer().state, TokenState::Accepted);
    document.setSessionTime(at("2026-11-22T00:00:01Z")); // the clock was set
    QCOMPARE(document.answer().state, TokenState::Accepted);
    document.setClock({});
    QCOMPARE(document.answer().state, TokenState::Refused);
    QCOMPARE(document.now(), at("2026-11-22T00:00:01Z"));
}

void tst_TokenDocument::findsTheKeyThatFitsAmongAllOfMine()
{
    TokenDocument document;
    document.setRing(ring());
    const std::string claims = R"({"sub":"nobody names a key"})";
    const Key key = *Key::fromSecret(Secret("anna-secret-that-is-long-enough-0"));
    document.setText(*signJws(R"({"alg":"HS256"})", claims, Alg::HS256, key), TokenSource::Pasted);
    QCOMPARE(document.answer().key, std::string("anna / cred-anna"));
    QVERIFY(document.answer().signatureFits);
}

void tst_TokenDocument::marksTheFirstWrongCharacter()
{
    std::string token(test::kT1);
    token[2] = '*';
    TokenDocument document;
    document.setRing(ring());
    document.setText(token, TokenSource::Pasted);
    QVERIFY(!document.view().faults.empty());
    QCOMPARE(document.view().faults.front().offset, std::optional<std::size_t>(2));
    QCOMPARE(payloadOf(document), std::string(R"({"key":"jack-key","nbf":1729132271})"));
    QVERIFY(document.answer().state == TokenState::Refused
            || document.answer().state == TokenState::NoKey);
}

void tst_TokenDocument::looksAtLongTokensInThePool()
{
    TokenDocument document;
    document.setRing(ring());
    const Key key = *Key::fromSecret(Secret("jack-hs256-secret"));
    const auto token = [&key](char c) {
        const Json claims = Json::object({{"key", "jack-key"}, {"pad", std::string(140'000, c)}});
        return *signJws(R"({"alg":"HS256"})", claims.dump(), Alg::HS256, key, true);
    };
    document.setText(token('a'), TokenSource::Pasted);
    QCOMPARE(document.answer().state, TokenState::Pending);
    document.setText(token('b'), TokenSource::Typed); // only the newest counts
    const QSignalSpy answers(&document, &TokenDocument::answerChanged);
    QTRY_COMPARE(document.answer().state, TokenState::Accepted);
    QCOMPARE(document.answer().key, std::string("jack / cred-jack"));
    // Longer than any token: said at once, not searched.
    document.setText(std::string(5'000'000, 'e'), TokenSource::Pasted);
    QTRY_COMPARE(document.answer().state, TokenState::NoToken);
}

void tst_TokenDocument::saysWhyASignatureDoesNotFit()
{
    TokenDocument document;
    document.setRing(ring());
    document.setText(test::kT1, TokenSource::Pasted);
    bool named = false;
    std::size_t tried = 0;
    connect(&document, &TokenDocument::whyFound, this, [&](const Misfit &misfit) {
        tried = misfit.report.tried.size();
        for (const WhyFinding &finding : misfit.report.found)
            named = named || finding.sentence.contains("your-256-bit-secret");
    });
    document.findOutWhy();
    QVERIFY(document.isSearching());
    QTRY_VERIFY(named);
    QVERIFY(tried > 0);
    QVERIFY(!document.isSearching());
}

void tst_TokenDocument::readsSecretsAsTheyAreWritten_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("kind");
    QTest::newRow("text") << QByteArray("jack-hs256-secret") << int(SecretKind::Text);
    QTest::newRow("base64") << QByteArray("amFjay1oczI1Ni1zZWNyZXQ=") << int(SecretKind::Base64);
    QTest::newRow("base64url") << QByteArray("amFjay1oczI1Ni1zZWNyZXQ")
                               << int(SecretKind::Base64Url);
    QTest::newRow("hex") << QByteArray("6a61636b2d68733235362d736563726574")
                         << int(SecretKind::Hex);
}

void tst_TokenDocument::readsSecretsAsTheyAreWritten()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, kind);
    TokenDocument document;
    document.setText(test::kT8, TokenSource::Pasted);
    QCOMPARE(document.answer().state, TokenState::NoKey);
    document.setKeyChoice(secret(text.constData(), static_cast<SecretKind>(kind)));
    QVERIFY(document.answer().signatureFits);
    QCOMPARE(document.answer().key, std::string("the secret of 17 bytes"));
    QCOMPARE(std::string(cleanedSecret(" \"" + text.toStdString() + "\"\n")), text.toStdString());
}

void tst_TokenDocument::mintsWhatTheCommandLineMints()
{
    const MintRequest request{.consumer = "jack",
                              .credential = {},
                              .lifetime = 30,
                              .claims = {"role=user", "admin:=true", "it's=\"quoted\""}};
    const Result<std::string> token = mintToken(*ring(), request, at("2024-12-14T00:00:00Z"));
    QVERIFY(token.has_value());
    const std::string payload = "{\"key\":\"jack-key\",\"exp\":1734134430,\"role\":\"user\","
                                "\"admin\":true,\"it's\":\"\\\"quoted\\\"\"}";
    QCOMPARE(decodeJws(*token)->payloadText, payload);
    const std::string command = "postern token mint --consumer jack --ttl 30s --claim role=user "
                                "--claim admin:=true --claim 'it'\\''s=\"quoted\"'";
    QCOMPARE(mintCommand(*ring(), request), command);
    const auto noFile = mintToken(
        *ring(),
        {.consumer = "jack", .credential = {}, .lifetime = {}, .claims = {"x=@/etc/hostname"}},
        Timestamp{});
    QVERIFY(!noFile.has_value());
    QCOMPARE(noFile.error().where, std::string("x"));
    QCOMPARE(mintToken(*ring(),
                       {.consumer = "nobody", .credential = {}, .lifetime = {}, .claims = {}},
                       Timestamp{})
                 .error()
                 .code,
             Errc::NotFound);
}

void tst_TokenDocument::forgets()
{
    TokenDocument document;
    document.setRing(ring());
    document.setKeyChoice(secret("jack-hs256-secret"));
    document.setText(test::kT8, TokenSource::Pasted);
    document.forget();
    QVERIFY(document.text().empty());
    QVERIFY(document.ring().credentials().empty());
    QVERIFY(document.keyChoice().secret.empty());
    document.undoStack()->undo();
    QVERIFY(document.text().empty());
}

QTEST_GUILESS_MAIN(tst_TokenDocument)
#include "tests/support/patience.h"
#include "tst_token_document.moc"
