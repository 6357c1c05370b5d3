// SPDX-License-Identifier: Apache-2.0
#include "gui/models/token_history.h"
#include "tests/cli/seed_tokens.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace postern;
using gui::TokenHistory;
using gui::TokenSource;
using gui::TokenState;

class tst_TokenHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsNoSignature();
    void notesATokenOnce();
    void dropsTheOldest();
};

void tst_TokenHistory::showsNoSignature()
{
    TokenHistory history;
    const QAbstractItemModelTester tester(&history);
    history.add(test::kT8, TokenSource::Pasted, TokenState::Accepted, Timestamp{});
    const QString shown = history.index(0, TokenHistory::Token).data().toString();
    QVERIFY(shown.startsWith(u"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
    QVERIFY(!shown.contains(u"hjtSsEILpko14"));
    QCOMPARE(history.token(0), std::string(test::kT8));
    QCOMPARE(history.index(0, TokenHistory::Source).data().toString(), QStringLiteral("pasted"));
}

void tst_TokenHistory::notesATokenOnce()
{
    TokenHistory history;
    const QAbstractItemModelTester tester(&history);
    history.add(test::kT8, TokenSource::Pasted, TokenState::NoKey, Timestamp{});
    history.add(test::kT8, TokenSource::Pasted, TokenState::Accepted, Timestamp{});
    QCOMPARE(history.rowCount(), 1);
    QVERIFY(history.index(0, TokenHistory::Verdict).data().toString().contains(u"accepted"));
    history.add(test::kT1, TokenSource::Resigned, TokenState::Refused, Timestamp{});
    QCOMPARE(history.rowCount(), 2);
    QCOMPARE(history.token(0), std::string(test::kT1)); // newest first
}

void tst_TokenHistory::dropsTheOldest()
{
    TokenHistory history;
    const QAbstractItemModelTester tester(&history);
    for (std::size_t i = 0; i < TokenHistory::kMaxRows + 5; ++i)
        history.add("a.b." + std::to_string(i), TokenSource::Pasted, TokenState::NoKey,
                    Timestamp{});
    QCOMPARE(history.rowCount(), static_cast<int>(TokenHistory::kMaxRows));
    history.clear();
    QCOMPARE(history.rowCount(), 0);
}

QTEST_GUILESS_MAIN(tst_TokenHistory)
#include "tst_token_history.moc"
