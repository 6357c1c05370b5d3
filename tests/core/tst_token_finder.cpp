// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "core/jose/token_finder.h"

#include <QTest>

#include <format>

using namespace postern;

class tst_TokenFinder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void saysWhatItIs();
    void countsLinesAndColumns();
    void masks();
    void passesOverLookalikes();
};

namespace {

std::string token(std::string_view payload = R"({"exp":1700000000})",
                  std::string_view secret = "a-rather-private-one")
{
    return *signJws(R"({"alg":"HS256"})", payload, Alg::HS256, *Key::fromSecret(Secret(secret)),
                    true);
}

} // namespace

void tst_TokenFinder::finds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("kinds");
    const auto row = [](const char *name, const std::string &text, const char *kinds) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(kinds);
    };
    const std::string t = token();
    const Key ec = *Key::generate(Alg::ES256);
    const std::string pem = *ec.toPem(true);
    std::string escaped;
    for (const char c : pem)
        escaped += c == '\n' ? std::string("\\n") : std::string(1, c);
    std::string literal;
    for (const char c : pem)
        literal += c == '\n' ? std::string("\\n\"\n    \"") : std::string(1, c);

    row("nothing", "eyJ is how a token begins; see eyJhbGciOiJIUzI1NiJ9.", "");
    row("a token alone", t, "token");
    row("in a header line", "Authorization: Bearer " + t + "\r\n", "token");
    row("in JSON", R"({"access_token":")" + t + R"("})", "token");
    row("in a URL", "http://x/?jwt=" + t + "&a=1", "token");
    row("at the end of a sentence", "It is " + t + ".", "token");
    row("two on a line", t + " " + t, "token token");
    row("behind a word: another text", "x" + t, "");
    row("a header with a space in front", encodeBase64Url(R"({ "alg":"HS256"})") + ".e30.AAAA",
        "token");
    row("three parts that are no token", "eyJhbGciOiI.eyJhbGciOiI.AAAA", "");
    row("an encrypted token",
        encodeBase64Url(R"({"alg":"dir","enc":"A256GCM"})") + "..AAAA.AAAA.AAAA",
        "encrypted-token");
    row("PEM private key", "key:\n" + pem, "private-key");
    row("PEM in a JSON string", R"({"key":")" + escaped + R"("})", "private-key");
    row("PEM in a C string", "const char k[] = \"" + literal + "\";", "private-key");
    row("PEM public key", *ec.toPem(false), "");
    row("armour without a key", "if (text.contains(\"-----BEGIN PRIVATE KEY-----\"))", "");
    row("armour twice, no key", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "");
    row("private JWK", ec.toJwk(true).dump(2), "private-key");
    row("public JWK", ec.toJwk(false).dump(), "public-key");
    row("key set", R"({"keys":[)" + ec.toJwk(false).dump() + "," + ec.toJwk(true).dump() + "]}",
        "public-key private-key");
    row("secret JWK", R"({"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQ"})", "secret-key");
    row("a word that is no JWK", R"({"kty":"unknown","x":1})", "");
    row("sample secret", "jwt.secret = \"your-256-bit-secret\"", "sample-secret");
    row("sample secret without the word", "k='qwertyuiopasdfghjklzxcvbnm123456'", "sample-secret");
    row("part of a longer word", "my-your-256-bit-secret-2", "");
    row("an ordinary word", "password = secret", "");
}

void tst_TokenFinder::finds()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, kinds);
    std::string found;
    const std::string octets = text.toStdString();
    for (const FoundItem &item : findInText(octets)) {
        found += found.empty() ? "" : " ";
        found += nameOf(item.kind);
        QVERIFY(item.offset + item.length <= octets.size());
    }
    QCOMPARE(found, kinds.toStdString());
}

void tst_TokenFinder::saysWhatItIs()
{
    const std::string text = token();
    const FoundItem plain = findInText(text).at(0);
    QCOMPARE(plain.alg, std::string("HS256"));
    QCOMPARE(plain.expires, std::optional<std::int64_t>(1'700'000'000));
    QVERIFY(plain.remark.empty());
    QVERIFY(!findInText(token("{}")).at(0).expires);
    QVERIFY(!findInText(token(R"({"exp":1e400})")).at(0).expires);
    QVERIFY(findInText(token("{}", "your-256-bit-secret"))
                .at(0)
                .remark.contains("your-256-bit-secret"));
    QVERIFY(findInText(text + "AA").at(0).remark.starts_with("damaged"));
    QCOMPARE(findInText(*Key::generate(Alg::RS256)->toPem(true)).at(0).alg,
             std::string("RSA 2048"));
    QCOMPARE(findInText(Key::generate(Alg::ES256)->toJwk(true).dump()).at(0).alg,
             std::string("EC P-256"));
}

void tst_TokenFinder::countsLinesAndColumns()
{
    const std::string text = "one\n\n  " + token() + " " + token() + "\nx" + " " + token();
    const std::vector<FoundItem> items = findInText(text);
    QCOMPARE(items.size(), std::size_t{3});
    QCOMPARE(std::pair(items[0].line, items[0].column), std::pair(3UL, 3UL));
    QCOMPARE(std::pair(items[1].line, items[1].column), std::pair(3UL, 4 + token().size()));
    QCOMPARE(std::pair(items[2].line, items[2].column), std::pair(4UL, 3UL));
}

void tst_TokenFinder::masks()
{
    const std::string text = token() + "\n" + *Key::generate(Alg::ES256)->toPem(true);
    for (const FoundItem &item : findInText(text)) {
        const std::string shown = maskedExcerpt(text, item);
        QVERIFY(shown.size() < 40);
        QVERIFY(!shown.empty());
    }
}

void tst_TokenFinder::passesOverLookalikes()
{
    // Source text with base64 and the word "secret" in it.
    const std::string line =
        "const secret = decode(\"TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsu\"); // eyJ?\n";
    std::string text;
    while (text.size() < 256UL * 1024)
        text += line;
    QVERIFY(findInText(text).empty());
}

QTEST_GUILESS_MAIN(tst_TokenFinder)
#include "tst_token_finder.moc"
