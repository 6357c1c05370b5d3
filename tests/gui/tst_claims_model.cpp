// SPDX-License-Identifier: Apache-2.0
#include "gui/models/claims_model.h"

#include "core/json/parse.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace postern;
using gui::ClaimsModel;

class tst_ClaimsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysWhatAClaimMeansAndWhoUsesIt();
    void writesTimesInThreeWays();
    void marksNumbersThatJavaScriptWouldChange();
    void followsTheClock();
    void isBounded();

private:
    static QString cell(const ClaimsModel &model, int row, int column)
    {
        return model.index(row, column).data(Qt::DisplayRole).toString();
    }
    static Timestamp at(std::int64_t seconds) { return Timestamp(std::chrono::seconds(seconds)); }
};

void tst_ClaimsModel::saysWhatAClaimMeansAndWhoUsesIt()
{
    ClaimsModel model;
    const QAbstractItemModelTester tester(&model);
    model.setClaims(*parseJson(R"({"key":"jack-key","roles":["a","b"],"x":{}})"), at(0));
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(cell(model, 0, ClaimsModel::Value), QStringLiteral("jack-key"));
    QCOMPARE(cell(model, 0, ClaimsModel::Type), QStringLiteral("text"));
    QVERIFY(cell(model, 0, ClaimsModel::Meaning).contains(u"APISIX jwt-auth"));
    QVERIFY(cell(model, 0, ClaimsModel::UsedBy).contains(u"apisix: finds the consumer by it"));
    QCOMPARE(cell(model, 1, ClaimsModel::Type), QStringLiteral("list of 2"));
    QCOMPARE(cell(model, 2, ClaimsModel::Meaning), QString());
}

void tst_ClaimsModel::writesTimesInThreeWays()
{
    ClaimsModel model;
    const QAbstractItemModelTester tester(&model);
    model.setClaims(*parseJson(R"({"exp":1734230400})"), at(1'734'230'410));
    QCOMPARE(cell(model, 0, ClaimsModel::Value),
             QStringLiteral("1734230400 = 2024-12-15T02:40:00Z, expired 10 s ago"));
    model.setTimes(ClaimsModel::Times::Utc);
    QCOMPARE(cell(model, 0, ClaimsModel::Value), QStringLiteral("2024-12-15T02:40:00Z"));
    model.setTimes(ClaimsModel::Times::Local);
    QVERIFY(cell(model, 0, ClaimsModel::Value).contains(u"2024"));
    QVERIFY(!cell(model, 0, ClaimsModel::Value).contains(u"1734230400"));
}

void tst_ClaimsModel::marksNumbersThatJavaScriptWouldChange()
{
    ClaimsModel model;
    const QAbstractItemModelTester tester(&model);
    model.setClaims(*parseJson(R"({"id":9007199254740993,"small":7})"), at(0));
    QVERIFY(model.index(0, 0).data(ClaimsModel::ExactRole).toBool());
    QVERIFY(model.index(0, 1).data(Qt::ToolTipRole).toString().contains(u"9007199254740992"));
    QVERIFY(cell(model, 0, ClaimsModel::Value).contains(u"9007199254740993"));
    QVERIFY(!model.index(1, 0).data(ClaimsModel::ExactRole).toBool());
}

void tst_ClaimsModel::followsTheClock()
{
    ClaimsModel model;
    const QAbstractItemModelTester tester(&model);
    const Json claims = *parseJson(R"({"exp":1000})");
    model.setClaims(claims, at(990));
    QVERIFY(cell(model, 0, ClaimsModel::Value).contains(u"expires in 10 s"));
    model.setClaims(claims, at(1003));
    QVERIFY(cell(model, 0, ClaimsModel::Value).contains(u"expired 3 s ago"));
}

void tst_ClaimsModel::isBounded()
{
    Json claims = Json::object();
    for (int i = 0; i < 1500; ++i)
        claims.members().emplace_back("c" + std::to_string(i), Json(i));
    ClaimsModel model;
    const QAbstractItemModelTester tester(&model);
    model.setClaims(claims, at(0));
    QCOMPARE(model.rowCount(), static_cast<int>(ClaimsModel::kMaxRows));
}

QTEST_GUILESS_MAIN(tst_ClaimsModel)
#include "tst_claims_model.moc"
