// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/content_coding.h"

#include <QTest>

#include <memory>
#include <string>

#include <zlib.h>

using namespace postern;
using namespace postern::gateway;

/// Undoing gzip, deflate and br. RFC 1950 to 1952, RFC 7932.
class tst_ContentCoding : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void names_data();
    void names();
    void decodes_data();
    void decodes();
    void refusesEveryCut_data();
    void refusesEveryCut();
    void refusesBrokenData();
    void joinsMembers();
    void stopsAtTheLimit();
};

namespace {

constexpr std::string_view kText = "GET /r from http://a and http://b\n";
const QByteArray kGzip = QByteArray::fromHex("1f8b08000000000002ff73770d51d02f52482bcacf55c8282929b"
                                             "0d2d74f5448cc4b817192b8005d1f9d0722000000");
const QByteArray kZlib =
    QByteArray::fromHex("789c73770d51d02f52482bcacf55c8282929b0d2d74f5448cc4b817192b800ba5a0a86");
const QByteArray kRaw =
    QByteArray::fromHex("73770d51d02f52482bcacf55c8282929b0d2d74f5448cc4b817192b800");
const QByteArray kBrotli = QByteArray::fromHex(
    "8b1080474554202f722066726f6d20687474703a2f2f6120616e6420687474703a2f2f620a03");

/// The octets lie in a buffer of their exact size.
Result<std::string> decoded(ContentCoding coding, const QByteArray &octets,
                            std::uint64_t limit = 1 << 20)
{
    const auto size = static_cast<std::size_t>(octets.size());
    const std::unique_ptr<char[]> exact(new char[size]);
    std::ranges::copy(octets, exact.get());
    return decodeContent(coding, {exact.get(), size}, limit);
}

QByteArray zipped(const std::string &text)
{
    uLongf size = ::compressBound(static_cast<uLong>(text.size()));
    QByteArray out(static_cast<qsizetype>(size), 0);
    ::compress(reinterpret_cast<Bytef *>(out.data()), &size,
               reinterpret_cast<const Bytef *>(text.data()), static_cast<uLong>(text.size()));
    out.truncate(static_cast<qsizetype>(size));
    return out;
}

} // namespace

void tst_ContentCoding::names_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<int>("coding");
    const auto row = [](const char *field, ContentCoding coding) {
        QTest::newRow(*field ? field : "(none)") << QByteArray(field) << static_cast<int>(coding);
    };
    row("", ContentCoding::Identity);
    row("identity", ContentCoding::Identity);
    row("gzip", ContentCoding::Gzip);
    row("GZip", ContentCoding::Gzip);
    row("x-gzip", ContentCoding::Gzip);
    row("deflate", ContentCoding::Deflate);
    row("br", ContentCoding::Brotli);
    row("zstd", ContentCoding::Unknown);
    row("gzip, br", ContentCoding::Unknown);
}

void tst_ContentCoding::names()
{
    QFETCH(const QByteArray, field);
    QFETCH(const int, coding);
    QCOMPARE(static_cast<int>(contentCodingOf(field.toStdString())), coding);
}

void tst_ContentCoding::decodes_data()
{
    QTest::addColumn<int>("coding");
    QTest::addColumn<QByteArray>("octets");
    QTest::newRow("RFC 1952 gzip") << static_cast<int>(ContentCoding::Gzip) << kGzip;
    QTest::newRow("RFC 1950 zlib") << static_cast<int>(ContentCoding::Deflate) << kZlib;
    QTest::newRow("RFC 1951 bare") << static_cast<int>(ContentCoding::Deflate) << kRaw;
    QTest::newRow("RFC 7932 br") << static_cast<int>(ContentCoding::Brotli) << kBrotli;
    QTest::newRow("none") << static_cast<int>(ContentCoding::Identity)
                          << QByteArray(kText.data(), static_cast<qsizetype>(kText.size()));
}

void tst_ContentCoding::decodes()
{
    QFETCH(const int, coding);
    QFETCH(const QByteArray, octets);
    const auto text = decoded(static_cast<ContentCoding>(coding), octets);
    QVERIFY(text.has_value());
    QCOMPARE(*text, std::string(kText));
}

void tst_ContentCoding::refusesEveryCut_data() { decodes_data(); }

void tst_ContentCoding::refusesEveryCut()
{
    QFETCH(const int, coding);
    QFETCH(const QByteArray, octets);
    if (static_cast<ContentCoding>(coding) == ContentCoding::Identity)
        return;
    for (qsizetype size = 0; size < octets.size(); ++size) {
        const auto text = decoded(static_cast<ContentCoding>(coding), octets.first(size));
        QVERIFY2(!text.has_value(), QByteArray::number(size));
        QCOMPARE(text.error().code, Errc::InvalidArgument);
    }
}

void tst_ContentCoding::refusesBrokenData()
{
    for (const ContentCoding coding :
         {ContentCoding::Gzip, ContentCoding::Deflate, ContentCoding::Brotli}) {
        QVERIFY(!decoded(coding, QByteArray("this is no encoded text at all")).has_value());
        QVERIFY(!decoded(coding, QByteArray(1000, '\xff')).has_value());
    }
    QByteArray wrong = kGzip;
    wrong[wrong.size() - 6] = static_cast<char>(wrong[wrong.size() - 6] ^ 1); // its checksum
    QVERIFY(!decoded(ContentCoding::Gzip, wrong).has_value());
    QVERIFY(!decoded(ContentCoding::Brotli, kBrotli + "x").has_value());
    QCOMPARE(decoded(ContentCoding::Unknown, kGzip).error().code, Errc::Unsupported);
}

void tst_ContentCoding::joinsMembers()
{
    const auto text = decoded(ContentCoding::Gzip, kGzip + kGzip);
    QVERIFY(text.has_value());
    QCOMPARE(*text, std::string(kText) + std::string(kText));
}

void tst_ContentCoding::stopsAtTheLimit()
{
    const QByteArray bomb = zipped(std::string(8 << 20, 'a'));
    QVERIFY(bomb.size() < 16384);
    QCOMPARE(decoded(ContentCoding::Deflate, bomb).error().code, Errc::LimitExceeded);
    QVERIFY(decoded(ContentCoding::Deflate, bomb, 8 << 20).has_value());
    QCOMPARE(decoded(ContentCoding::Deflate, bomb, (8 << 20) - 1).error().code,
             Errc::LimitExceeded);
    QCOMPARE(decoded(ContentCoding::Identity, QByteArray("abc"), 2).error().code,
             Errc::LimitExceeded);
}

QTEST_GUILESS_MAIN(tst_ContentCoding)
#include "tst_content_coding.moc"
