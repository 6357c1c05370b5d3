// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace postern;
using namespace postern::gui;

class tst_TrafficModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsTheMembersOfATrace();
    void dropsTheOldest();
};

void tst_TrafficModel::showsTheMembersOfATrace()
{
    TrafficModel model;
    const QAbstractItemModelTester tester(&model);
    model.append(Json::object({{"method", "GET"},
                               {"target", "/get"},
                               {"status", 403},
                               {"decision", "denied"},
                               {"reason", "label-not-allowed"}}));
    model.append(Json::object()); // a request that could not even be read
    QCOMPARE(model.rowCount(), 2);
    const auto text = [&model](int row, int column) {
        return model.index(row, column).data().toString();
    };
    QCOMPARE(text(0, TrafficModel::Path), QStringLiteral("/get"));
    QCOMPARE(text(0, TrafficModel::Status), QStringLiteral("403"));
    QCOMPARE(text(0, TrafficModel::Reason), QStringLiteral("label-not-allowed"));
    QCOMPARE(text(0, TrafficModel::Consumer), QString());
    QCOMPARE(text(1, TrafficModel::Status), QString());
    QCOMPARE(model.index(0, TrafficModel::Status).data(TrafficModel::SortRole).toInt(), 403);
    model.clear();
    QCOMPARE(model.rowCount(), 0);
}

void tst_TrafficModel::dropsTheOldest()
{
    TrafficModel model;
    for (std::size_t i = 0; i <= TrafficModel::kMaxRows; ++i)
        model.append(Json::object({{"target", std::to_string(i)}}));
    QCOMPARE(model.rowCount(), static_cast<int>(TrafficModel::kMaxRows));
    QCOMPARE(model.index(0, TrafficModel::Path).data().toString(), QStringLiteral("1"));
}

QTEST_GUILESS_MAIN(tst_TrafficModel)
#include "tst_traffic_model.moc"
