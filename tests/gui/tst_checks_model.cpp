// SPDX-License-Identifier: Apache-2.0
#include "gui/models/checks_model.h"
#include "tests/cli/seed_tokens.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <QTranslator>

using namespace postern;
using gui::ChecksModel;

class tst_ChecksModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void marksWhatProfilesDisagreeAbout();
    void endsWithTheVerdict();
    void speaksTheUsersLanguage();
    void isEmptyWithoutVerdicts();

private:
    static std::vector<ProfileVerdict> verdictsOn(const char *token, const char *secret);
    static int rowOf(const ChecksModel &model, const QString &name);
};

std::vector<ProfileVerdict> tst_ChecksModel::verdictsOn(const char *token, const char *secret)
{
    const TrustedKeys keys{.keys = {*Key::fromSecret(Secret(secret))}};
    JwtPolicy policy;
    policy.relaxed = true;
    policy.algs = {Alg::HS256};
    policy.consumerKey = "jack-key";
    std::vector<ProfileVerdict> verdicts;
    for (const TokenProfile &profile : tokenProfiles())
        verdicts.push_back(verifyAs(profile, token, keys, policy, 1'734'000'000));
    return verdicts;
}

int tst_ChecksModel::rowOf(const ChecksModel &model, const QString &name)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, 0).data(Qt::DisplayRole).toString().endsWith(name))
            return row;
    }
    return -1;
}

void tst_ChecksModel::marksWhatProfilesDisagreeAbout()
{
    ChecksModel model;
    const QAbstractItemModelTester tester(&model);
    model.setVerdicts(verdictsOn(test::kT8, "jack-hs256-secret"));
    QCOMPARE(model.columnCount(), 4);
    const int verdict = model.rowCount() - 1;
    // Kong finds its credential by iss, which the token lacks.
    QVERIFY(model.index(verdict, 0).data(ChecksModel::DiffersRole).toBool());
    QVERIFY(model.index(verdict, 0).data(Qt::DisplayRole).toString().startsWith(u"≠"));
    QCOMPARE(model.index(verdict, 1).data(ChecksModel::StateRole).toInt(), ChecksModel::Passed);
    QCOMPARE(model.index(verdict, 2).data(ChecksModel::StateRole).toInt(), ChecksModel::Passed);
    QCOMPARE(model.index(verdict, 3).data(ChecksModel::StateRole).toInt(), ChecksModel::Failed);
    const int signature = rowOf(model, QStringLiteral("signature"));
    QVERIFY(signature >= 0);
    QVERIFY(!model.index(signature, 0).data(ChecksModel::DiffersRole).toBool());
    QVERIFY(model.index(signature, 1).data(Qt::DisplayRole).toString().startsWith(u"✓"));
}

void tst_ChecksModel::endsWithTheVerdict()
{
    ChecksModel model;
    const QAbstractItemModelTester tester(&model);
    model.setVerdicts(verdictsOn(test::kT1, "jack-hs256-secret"));
    const int last = model.rowCount() - 1;
    QCOMPARE(model.index(last, 0).data(Qt::DisplayRole).toString(), QStringLiteral("verdict"));
    for (int column = 1; column < 4; ++column) {
        QCOMPARE(model.index(last, column).data(ChecksModel::StateRole).toInt(),
                 ChecksModel::Failed);
        QVERIFY(model.index(last, column).data(Qt::DisplayRole).toString().startsWith(u"✗"));
    }
    QVERIFY(model.index(last, 2).data(Qt::ToolTipRole).toString().startsWith(u"401"));
}

void tst_ChecksModel::speaksTheUsersLanguage()
{
    class German : public QTranslator
    {
    public:
        [[nodiscard]] bool isEmpty() const override { return false; }
        [[nodiscard]] QString translate(const char *context, const char *text, const char *,
                                        int) const override
        {
            const bool word = qstrcmp(context, "Verdicts") == 0 && qstrcmp(text, "signature") == 0;
            return word ? QStringLiteral("Signatur") : QString();
        }
    } german;
    QCoreApplication::installTranslator(&german);
    ChecksModel model;
    model.setVerdicts(verdictsOn(test::kT1, "jack-hs256-secret"));
    const int row = rowOf(model, QStringLiteral("Signatur"));
    QVERIFY(row >= 0);
    QCOMPARE(model.index(row, 1).data().toString(), QStringLiteral("✗ Signatur"));
    QVERIFY(rowOf(model, QStringLiteral("alg")) >= 0); // a member's name
}

void tst_ChecksModel::isEmptyWithoutVerdicts()
{
    ChecksModel model;
    const QAbstractItemModelTester tester(&model);
    model.setVerdicts(verdictsOn(test::kT8, "jack-hs256-secret"));
    model.setVerdicts({});
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.headerData(2, Qt::Horizontal, Qt::DisplayRole).toString(),
             QStringLiteral("apisix"));
}

QTEST_GUILESS_MAIN(tst_ChecksModel)
#include "tst_checks_model.moc"
