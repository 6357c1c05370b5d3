// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <QTest>

#include <set>

using namespace postern;

class tst_Error : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void slugsAreUniqueAndSpaceFree();
    void describesPlaceSentenceAndDetail();
};

void tst_Error::slugsAreUniqueAndSpaceFree()
{
    std::set<std::string_view> seen;
    for (const Errc code : {
#define X(name, slugText, sentenceText) Errc::name,
#include "core/errors.def"
#undef X
         }) {
        QVERIFY2(seen.insert(slug(code)).second, slug(code).data());
        QVERIFY(slug(code).find(' ') == std::string_view::npos);
        QVERIFY(!sentence(code).empty() && !sentence(code).ends_with('.'));
    }
}

void tst_Error::describesPlaceSentenceAndDetail()
{
    QCOMPARE(describe({Errc::TokenExpired, "3 s ago", "exp"}),
             std::string("exp: the token has expired: 3 s ago"));
    QCOMPARE(describe({Errc::TokenExpired, {}, {}}), std::string("the token has expired"));
}

QTEST_GUILESS_MAIN(tst_Error)
#include "tst_error.moc"
