// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"

#include <QTest>

#include <algorithm>
#include <memory>

using namespace postern;

namespace {

template <class Value> std::string outcome(const Result<Value> &result)
{
    return result ? *result : describe(result.error());
}

} // namespace

class tst_Encoding : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void encodesRfc4648Vectors_data();
    void encodesRfc4648Vectors();
    void base64UrlIsStrict_data();
    void base64UrlIsStrict();
    void base64IsStrict_data();
    void base64IsStrict();
    void base64AnyIsAsLenientAsApisix_data();
    void base64AnyIsAsLenientAsApisix();
    void everyLengthAndOctetSurvives();
    void decodingKeepsTheBuffersCapacity();
    void hexBothWays();
    void percentBothWays();
    void checksUtf8_data();
    void checksUtf8();
};

void tst_Encoding::encodesRfc4648Vectors_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("padded");
    const auto row = [](const char *octets, const char *padded) {
        QTest::addRow("RFC 4648 10: \"%s\"", octets) << QByteArray(octets) << QByteArray(padded);
    };
    row("", "");
    row("f", "Zg==");
    row("fo", "Zm8=");
    row("foo", "Zm9v");
    row("foob", "Zm9vYg==");
    row("fooba", "Zm9vYmE=");
    row("foobar", "Zm9vYmFy");
}

void tst_Encoding::encodesRfc4648Vectors()
{
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, padded);
    const std::string unpadded = padded.toStdString().substr(0, padded.toStdString().find('='));
    QCOMPARE(encodeBase64(octets.toStdString()), padded.toStdString());
    QCOMPARE(encodeBase64Url(octets.toStdString()), unpadded);
    QCOMPARE(outcome(decodeBase64(padded.toStdString())), octets.toStdString());
    QCOMPARE(outcome(decodeBase64Url(unpadded)), octets.toStdString());
}

void tst_Encoding::base64UrlIsStrict_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const QByteArray &text, const char *said) {
        QTest::newRow(said) << text << "not valid base64 or base64url: " + QByteArray(said);
    };
    row("Zg==", "'=' at offset 2 is not allowed");
    row("a+bc", "'+' at offset 1 is not allowed");
    row("ab/c", "'/' at offset 2 is not allowed");
    row("abcd efg", "octet 0x20 at offset 4 is not allowed");
    row("abc\n", "octet 0x0a at offset 3 is not allowed");
    row(QByteArray("ab\0d", 4), "octet 0x00 at offset 2 is not allowed");
    row("ab\xC3\xA9", "octet 0xc3 at offset 2 is not allowed");
    row("Zh", "unused bits are set in the last character at offset 1");
    row("Zm9vYmF", "unused bits are set in the last character at offset 6");
    row("A", "one character too many at offset 0: no text has this length");
    row("AAAAA", "one character too many at offset 4: no text has this length");
}

void tst_Encoding::base64UrlIsStrict()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, said);
    const std::unique_ptr<char[]> exact(new char[static_cast<std::size_t>(text.size())]);
    std::ranges::copy(text, exact.get());
    const std::string_view view(exact.get(), static_cast<std::size_t>(text.size()));
    QCOMPARE(outcome(decodeBase64Url(view)), said.toStdString());
    std::string out = "old";
    QVERIFY(!decodeBase64UrlInto(view, out));
    QVERIFY(out.empty());
}

void tst_Encoding::base64IsStrict_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("padding missing") << QByteArray("Zg") << false;
    QTest::newRow("padding short") << QByteArray("Zg=") << false;
    QTest::newRow("padding long") << QByteArray("Zg===") << false;
    QTest::newRow("only padding") << QByteArray("====") << false;
    QTest::newRow("two pads alone") << QByteArray("==") << false;
    QTest::newRow("padding in the middle") << QByteArray("Zg==Zg==") << false;
    QTest::newRow("url alphabet") << QByteArray("-_-_") << false;
    QTest::newRow("unused bits") << QByteArray("Zh==") << false;
    QTest::newRow("standard alphabet") << QByteArray("+/+/") << true;
}

void tst_Encoding::base64IsStrict()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QCOMPARE(decodeBase64(text.toStdString()).has_value(), good);
}

void tst_Encoding::base64AnyIsAsLenientAsApisix_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("hex"); // "-": refused
    const auto row = [](const char *name, const char *text, const char *hex) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(hex);
    };
    row("url alphabet", "-_-_", "fbffbf");
    row("standard alphabet", "+/+/", "fbffbf");
    row("both", "-/+_", "fbffbf");
    row("padded", "Zg==", "66");
    row("unpadded", "Zg", "66");
    row("half padded", "Zg=", "66");
    row("unused bits set", "Zh", "66");
    row("nginx ignores what follows the first =", "Zg=!", "66");
    row("length 1 mod 4", "A", "-");
    row("space", "Z g=", "-");
    row("empty", "", "");
}

void tst_Encoding::base64AnyIsAsLenientAsApisix()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, hex);
    std::string out;
    const bool good = decodeBase64AnyInto(text.toStdString(), out);
    QCOMPARE(good ? encodeHex(out) : std::string("-"), hex.toStdString());
    // with the standard alphabet only, and otherwise as lenient
    const bool standard = !text.contains('-') && !text.contains('_');
    const bool lax = decodeBase64LaxInto(text.toStdString(), out);
    QCOMPARE(lax ? encodeHex(out) : std::string("-"), standard ? hex.toStdString() : "-");
}

void tst_Encoding::everyLengthAndOctetSurvives()
{
    std::string octets;
    for (int i = 0; i < 600; ++i) {
        QCOMPARE(outcome(decodeBase64Url(encodeBase64Url(octets))), octets);
        QCOMPARE(outcome(decodeBase64(encodeBase64(octets))), octets);
        QCOMPARE(outcome(decodeHex(encodeHex(octets))), octets);
        QCOMPARE(decodePercent(encodePercent(octets)), octets);
        octets.push_back(static_cast<char>(i * 167));
    }
    // Every octet in every place of a group: only the alphabet passes.
    for (int place = 0; place < 8; ++place) {
        for (int octet = 0; octet < 256; ++octet) {
            std::string text = "AAAAAAAA";
            text[static_cast<std::size_t>(place)] = static_cast<char>(octet);
            const bool inAlphabet = (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z')
                || (octet >= 'a' && octet <= 'z') || octet == '-' || octet == '_';
            QCOMPARE(decodeBase64Url(text).has_value(), inAlphabet);
        }
    }
}

void tst_Encoding::decodingKeepsTheBuffersCapacity()
{
    std::string out;
    out.reserve(500);
    const char *place = out.data();
    QVERIFY(decodeBase64UrlInto("Zm9vYmFy", out));
    QCOMPARE(out, std::string("foobar"));
    QCOMPARE(static_cast<const void *>(out.data()), static_cast<const void *>(place));
}

void tst_Encoding::hexBothWays()
{
    QCOMPARE(encodeHex(std::string_view("\x00\xAB\xff", 3)), std::string("00abff"));
    QCOMPARE(outcome(decodeHex("00ABff")), std::string("\x00\xAB\xff", 3));
    QCOMPARE(outcome(decodeHex("0g")),
             std::string("not valid hexadecimal: 'g' at offset 1 is not allowed"));
    QCOMPARE(outcome(decodeHex("abc")),
             std::string("not valid hexadecimal: odd number of digits: 3"));
}

void tst_Encoding::percentBothWays()
{
    QCOMPARE(decodePercent("a%20b%2Fc%2f+"), std::string("a b/c/+"));
    QCOMPARE(decodePercent("a+b", true), std::string("a b"));
    QCOMPARE(decodePercent("%2B", true), std::string("+"));
    QCOMPARE(decodePercent("%"), std::string("%"));
    QCOMPARE(decodePercent("%4"), std::string("%4"));
    QCOMPARE(decodePercent("%zz%41"), std::string("%zzA"));
    QCOMPARE(decodePercent("%00"), std::string("\0", 1));
    QCOMPARE(decodePercent("%2541"), std::string("%41")); // once, not twice
    QCOMPARE(encodePercent("a b/\xC3\xA9~"), std::string("a%20b%2F%C3%A9~"));
    QCOMPARE(encodePercent("a/b?c", "/"), std::string("a/b%3Fc"));
}

void tst_Encoding::checksUtf8_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("good");
    const auto row = [](const char *name, const QByteArray &octets, bool good) {
        QTest::newRow(name) << octets << good;
    };
    row("ascii, longer than a word", "0123456789abcdef\x7f", true);
    row("2, 3 and 4 bytes",
        "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true);
    row("NUL", QByteArray("\0", 1), true);
    row("overlong 2", "\xC0\x80", false);
    row("overlong 2 high", "\xC1\xBF", false);
    row("overlong 3", "\xE0\x9F\xBF", false);
    row("overlong 4", "\xF0\x8F\xBF\xBF", false);
    row("surrogate", "\xED\xA0\x80", false);
    row("before surrogates", "\xED\x9F\xBF", true);
    row("above U+10FFFF", "\xF4\x90\x80\x80", false);
    row("F5", "\xF5\x80\x80\x80", false);
    row("lone continuation", "12345678\x80", false);
    row("cut 2", "\xC3", false);
    row("cut 3", "\xE2\x82", false);
    row("cut 4", "\xF0\x9F\x98", false);
    row("second byte wrong", "\xC3(", false);
    row("FF", "\xFF", false);
}

void tst_Encoding::checksUtf8()
{
    QFETCH(QByteArray, octets);
    QFETCH(bool, good);
    const std::unique_ptr<char[]> exact(new char[static_cast<std::size_t>(octets.size())]);
    std::ranges::copy(octets, exact.get());
    QCOMPARE(isUtf8({exact.get(), static_cast<std::size_t>(octets.size())}), good);
}

QTEST_GUILESS_MAIN(tst_Encoding)
#include "tst_encoding.moc"
