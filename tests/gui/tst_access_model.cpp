// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gui/models/access_filter_model.h"
#include "gui/models/access_model.h"
#include "gui/session/workspace.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <QTranslator>

using namespace postern;
using namespace postern::gui;

class tst_AccessModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void showsWhatTheEngineDecides_data();
    void showsWhatTheEngineDecides();
    void speaksTheUsersLanguage();
    void tellsWhichCellsStagedEditsChange();
    void forgetsStagedEditsWhenToldSo();
    void followsTheStore();
    void filtersConsumersAndRoutes();
    void groupsByLabel();
    void marksAnswersThatDiffer();
    void exportsTables();
    void explainsACell();

private:
    [[nodiscard]] QString cell(const char *consumer, const char *route) const;
    [[nodiscard]] QModelIndex at(const char *consumer, const char *route) const;
    void wait();

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<AccessModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

namespace {

Edit put(const char *key, const char *json) { return {key, parseJson(json).value()}; }

Edit consumer(const char *name, const char *label, const char *value)
{
    Json object = Json::object({{"username", name},
                                {"labels", Json::object({{label, value}})},
                                {"plugins", Json::object()}});
    object.find("plugins")->set("key-auth", Json::object({{"key", std::string(name) + "-key"}}));
    return {std::string("/consumers/") + name, std::move(object)};
}

} // namespace

void tst_AccessModel::init()
{
    m_tester.reset();
    m_model = std::make_unique<AccessModel>();
    m_workspace = std::make_unique<Workspace>();
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    m_model->setWorkspace(m_workspace.get());
    const QSignalSpy recomputed(m_model.get(), &AccessModel::recomputed);
    m_workspace->update(
        {consumer("alice", "team", "platform"), consumer("bob", "team", "sales"),
         consumer("carol", "role", "guest"),
         put("/routes/allow",
             R"({"uri":"/allow","plugins":{"key-auth":{},"acl":{"allow_labels":{"team":["platform"]}}},"upstream":{"nodes":{"127.0.0.1:1":1}}})"),
         put("/routes/deny",
             R"({"uri":"/deny","plugins":{"key-auth":{},"acl":{"deny_labels":{"role":["guest"]}}},"upstream":{"nodes":{"127.0.0.1:1":1}}})"),
         put("/routes/custom",
             R"({"uri":"/custom","methods":["GET"],"plugins":{"key-auth":{},"acl":{"allow_labels":{"team":["platform"]},"rejected_code":401,"rejected_msg":"no"}},"upstream":{"nodes":{"127.0.0.1:1":1}}})")},
        true);
    QTRY_VERIFY(recomputed.count() > 0);
    QTRY_COMPARE(m_model->rowCount(), 4);
}

QModelIndex tst_AccessModel::at(const char *consumer, const char *route) const
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        for (int column = 0; column < m_model->columnCount(); ++column) {
            if (m_model->consumerAt(row) == consumer && m_model->routeAt(column) == route)
                return m_model->index(row, column);
        }
    }
    return {};
}

QString tst_AccessModel::cell(const char *consumer, const char *route) const
{
    return at(consumer, route).data().toString();
}

void tst_AccessModel::wait()
{
    QSignalSpy recomputed(m_model.get(), &AccessModel::recomputed);
    QVERIFY(recomputed.wait(20'000));
}

void tst_AccessModel::showsWhatTheEngineDecides_data()
{
    QTest::addColumn<QByteArray>("consumer");
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *consumer, const char *route, const char *text) {
        QTest::addRow("%s on %s", consumer, route)
            << QByteArray(consumer) << QByteArray(route) << QString::fromUtf8(text);
    };
    row("alice", "allow", "✓");
    row("bob", "allow", "✗ 403 label");
    row("carol", "allow", "✗ 403 label");
    row("alice", "deny", "✓");
    row("bob", "deny", "✓");
    row("carol", "deny", "✗ 403 deny");
    row("bob", "custom", "✗ 401 label");
    row("", "allow", "✗ 401 no login");
}

void tst_AccessModel::showsWhatTheEngineDecides()
{
    QFETCH(QByteArray, consumer);
    QFETCH(QByteArray, route);
    QFETCH(QString, text);
    QCOMPARE(cell(consumer.constData(), route.constData()), text);
    const QModelIndex index = at(consumer.constData(), route.constData());
    QVERIFY(!index.data(Qt::AccessibleTextRole).toString().isEmpty());
    QVERIFY(!index.data(AccessModel::FlippedRole).toBool());
}

void tst_AccessModel::speaksTheUsersLanguage()
{
    class German : public QTranslator
    {
    public:
        [[nodiscard]] bool isEmpty() const override { return false; }
        [[nodiscard]] QString translate(const char *context, const char *text, const char *,
                                        int) const override
        {
            const bool word =
                qstrcmp(context, "AccessWords") == 0 && qstrcmp(text, "no login") == 0;
            return word ? QStringLiteral("ohne Anmeldung") : QString();
        }
    } german;
    QCoreApplication::installTranslator(&german);
    QCOMPARE(cell("", "allow"), QStringLiteral("✗ 401 ohne Anmeldung"));
    QVERIFY(at("", "allow")
                .data(Qt::AccessibleTextRole)
                .toString()
                .contains(QStringLiteral("ohne Anmeldung")));
    QCOMPARE(cell("bob", "allow"), QStringLiteral("✗ 403 label")); // as it is, without a word
}

void tst_AccessModel::tellsWhichCellsStagedEditsChange()
{
    Json route = *m_workspace->value("/routes/allow");
    route.find("plugins")->find("acl")->find("allow_labels")->find("team")->push_back("sales");
    m_workspace->stage(QStringLiteral("x"), {{"/routes/allow", route}});
    wait();
    QCOMPARE(cell("bob", "allow"), QStringLiteral("✓"));
    QVERIFY(at("bob", "allow").data(AccessModel::FlippedRole).toBool());
    QCOMPARE(at("bob", "allow").data(AccessModel::BeforeRole).toString(),
             QStringLiteral("✗ 403 label"));
    QVERIFY(!m_model->findFlips(std::chrono::milliseconds(0))); // no time, nothing found
    QCOMPARE(m_model->flips().size(), std::size_t{1});
    QVERIFY(m_model->findFlips(std::chrono::milliseconds(0)));
    QCOMPARE(m_model->flips().front().consumer, QStringLiteral("bob"));
    QCOMPARE(m_model->flips().front().route, QStringLiteral("allow"));
    QVERIFY(!at("carol", "allow").data(AccessModel::FlippedRole).toBool());
}

void tst_AccessModel::forgetsStagedEditsWhenToldSo()
{
    m_workspace->stage(QStringLiteral("x"), {{"/consumers/bob", std::nullopt}});
    wait();
    QCOMPARE(m_model->rowCount(), 3);
    m_model->setStaged(false);
    wait();
    QCOMPARE(m_model->rowCount(), 4);
    QCOMPARE(cell("bob", "deny"), QStringLiteral("✓"));
}

void tst_AccessModel::followsTheStore()
{
    m_workspace->update({{"/routes/deny", std::nullopt}}, false);
    wait();
    QCOMPARE(m_model->columnCount(), 2);
    m_workspace->update({consumer("bob", "team", "platform")}, false);
    wait();
    QCOMPARE(cell("bob", "allow"), QStringLiteral("✓"));
    m_workspace->clear();
    wait();
    QCOMPARE(m_model->columnCount(), 0);
}

void tst_AccessModel::filtersConsumersAndRoutes()
{
    AccessFilterModel shown(m_model.get());
    const QAbstractItemModelTester tester(&shown,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(shown.rowCount(), 4);
    shown.setConsumerFilter(
        *Filter::parse(QStringLiteral("label:team=*"), AccessFilterModel::consumerFields()));
    QCOMPARE(shown.rowCount(), 2);
    shown.setRouteFilter(
        *Filter::parse(QStringLiteral("-route:deny"), AccessFilterModel::routeFields()));
    QCOMPARE(shown.columnCount(), 2);
    QVERIFY(shown.headerData(0, Qt::Vertical, Qt::DisplayRole)
                .toString()
                .contains(QStringLiteral("team=")));
}

void tst_AccessModel::groupsByLabel()
{
    AccessFilterModel shown(m_model.get());
    QCOMPARE(shown.labels(), (QStringList{QStringLiteral("role"), QStringLiteral("team")}));
    shown.setGroupLabel(QStringLiteral("role"));
    QVERIFY(shown.headerData(0, Qt::Vertical, Qt::DisplayRole)
                .toString()
                .startsWith(QStringLiteral("carol")));
}

void tst_AccessModel::marksAnswersThatDiffer()
{
    QVERIFY(m_model->compare(at("bob", "allow"), 403));
    QVERIFY(m_model->compare(at("bob", "deny"), 502)); // the upstream's own affair
    QVERIFY(!m_model->compare(at("bob", "deny"), 403));
    QVERIFY(at("bob", "deny").data(AccessModel::DisagreedRole).toBool());
    QVERIFY(m_model->compare(at("bob", "deny"), 200));
    QVERIFY(!at("bob", "deny").data(AccessModel::DisagreedRole).toBool());
}

void tst_AccessModel::exportsTables()
{
    const QStringList csv = m_model->csv().split(QStringLiteral("\r\n"));
    QCOMPARE(csv.value(0), QStringLiteral("consumer,allow,custom,deny"));
    QCOMPARE(csv.value(2), QStringLiteral("bob,✗ 403 label,✗ 401 label,✓"));
    QVERIFY(m_model->markdown().startsWith(
        QStringLiteral("| consumer | allow | custom | deny |\n| --- | --- | --- | --- |\n")));
}

void tst_AccessModel::explainsACell()
{
    const auto detail = m_model->explain(at("bob", "allow"));
    QVERIFY(detail);
    QCOMPARE(detail->cell.plugin, std::string("acl"));
    QVERIFY(detail->text.contains("sales"));
    QVERIFY(detail->request.header("apikey") != nullptr);
    QVERIFY(!m_model->explain(QModelIndex()));
}

QTEST_GUILESS_MAIN(tst_AccessModel)
#include "tests/support/patience.h"
#include "tst_access_model.moc"
