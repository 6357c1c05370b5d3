// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "gateway/control/client.h"
#include "gui/models/access_model.h"
#include "gui/session/workspace.h"
#include "tests/support/stage.h"

#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QUndoStack>

using namespace postern;
using gui::Stage;

/// Scenarios of the access page, with the labels example of the acl manual.
class tst_ScenariosAccess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void g21_matrixOfTheAclSamples();
    void g22_turnACellAround();
    void saysWhenThereIsNothingToCompare();

private:
    static void loadSamples(Stage &stage);
    static bool startGateway(Stage &stage);
    static QModelIndex cell(const QTableView &view, const char *consumer, const char *route);
    static int statusAs(Stage &stage, const char *target, const char *key);
};

namespace {

gui::Edit put(std::string key, const std::string &json)
{
    return {std::move(key), parseJson(json).value()};
}

gui::Edit consumer(const std::string &name, const std::string &labels)
{
    return put("/consumers/" + name,
               R"({"username":")" + name + R"(","labels":)" + labels
                   + R"(,"plugins":{"key-auth":{"key":")" + name + R"(-key"}}})");
}

gui::Edit route(const std::string &id, const std::string &plugins)
{
    return put("/routes/" + id,
               R"({"uri":"/anything/)" + id + R"(","name":")" + id + R"(","plugins":)" + plugins
                   + R"(,"upstream":{"type":"roundrobin","nodes":{"httpbin.org:80":1}}})");
}

} // namespace

void tst_ScenariosAccess::loadSamples(Stage &stage)
{
    const std::string platform = R"("acl":{"allow_labels":{"team":["platform"]})";
    stage.workspace().commit(
        QStringLiteral("Load samples"),
        {consumer("alice", R"({"team":"platform"})"), consumer("bob", R"({"team":"sales"})"),
         consumer("carol", R"({"role":"guest"})"),
         put("/consumers/anonymous", R"({"username":"anonymous"})"),
         put("/consumers/jack", R"({"username":"jack"})"),
         put("/consumers/jack/credentials/cred-jack-jwt-auth",
             R"({"plugins":{"jwt-auth":{"key":"jack-key","secret":"jack-hs256-secret-of-32-octets-xx"}}})"),
         route("acl-allow", R"({"key-auth":{},)" + platform + "}}"),
         route(
             "acl-custom-reject",
             R"({"key-auth":{},)" + platform
                 + R"(,"rejected_code":401,"rejected_msg":"Access denied: insufficient label permissions."}})"),
         route("acl-deny", R"({"key-auth":{},"acl":{"deny_labels":{"role":["guest"]}}})"),
         route("anything", R"({"jwt-auth":{"anonymous_consumer":"anonymous"}})"),
         route("petstore", R"({"key-auth":{}})")});
    QVERIFY(Stage::wait([&] {
        return stage.workspace().stored("/routes/petstore") && !stage.workspace().isWriting();
    }));
    stage.window().showPage(QStringLiteral("access"));
    const auto *view = stage.find<QTableView>(QStringLiteral("matrix"));
    QVERIFY(Stage::wait([&] {
        view = stage.find<QTableView>(QStringLiteral("matrix"));
        return view && view->model()->columnCount() == 5;
    }));
}

bool tst_ScenariosAccess::startGateway(Stage &stage)
{
    gateway::GatewayOptions options;
    options.proxy.port = options.admin.port = 0;
    stage.session().startGateway(std::move(options));
    return Stage::wait([&] { return stage.session().addresses() != nullptr; });
}

QModelIndex tst_ScenariosAccess::cell(const QTableView &view, const char *consumer,
                                      const char *route)
{
    const auto *model = view.model();
    const auto starts = [model](int section, Qt::Orientation orientation, const char *text) {
        const QString header = model->headerData(section, orientation).toString();
        return header.section(u'\n', 0, 0) == QString::fromUtf8(text);
    };
    for (int row = 0; row < model->rowCount(); ++row)
        for (int column = 0; column < model->columnCount(); ++column)
            if (starts(row, Qt::Vertical, consumer) && starts(column, Qt::Horizontal, route))
                return model->index(row, column);
    return {};
}

int tst_ScenariosAccess::statusAs(Stage &stage, const char *target, const char *key)
{
    const gateway::ControlClient proxy(
        *gateway::parseServerAddress(stage.session().addresses()->proxyUrl()));
    const auto answer = proxy.send({.target = target, .headers = {{"apikey", key}}, .body = {}});
    return answer ? answer->status : 0;
}

void tst_ScenariosAccess::g21_matrixOfTheAclSamples()
{
    Stage stage;
    loadSamples(stage);
    const auto *view = stage.find<QTableView>(QStringLiteral("matrix"));
    struct Expected
    {
        const char *consumer, *route;
        const char *text;
    };
    const Expected cells[] = {
        {"alice", "acl-allow", "✓"},
        {"alice", "acl-deny", "✓"},
        {"alice", "acl-custom-reject", "✓"},
        {"alice", "petstore", "✓"},
        {"alice", "anything", "✓ anonymous"},
        {"bob", "acl-allow", "✗ 403 label"},
        {"bob", "acl-deny", "✓"},
        {"bob", "acl-custom-reject", "✗ 401 label"},
        {"bob", "petstore", "✓"},
        {"bob", "anything", "✓ anonymous"},
        {"carol", "acl-allow", "✗ 403 label"},
        {"carol", "acl-deny", "✗ 403 deny"},
        {"carol", "acl-custom-reject", "✗ 401 label"},
        {"carol", "petstore", "✓"},
        {"carol", "anything", "✓ anonymous"},
        {"jack", "acl-allow", "– no key"},
        {"jack", "anything", "✓"},
        {"(nobody)", "petstore", "✗ 401 no login"},
    };
    for (const Expected &it : cells) {
        const QModelIndex index = cell(*view, it.consumer, it.route);
        QVERIFY2(index.isValid(), it.route);
        QVERIFY2(index.data().toString() == QString::fromUtf8(it.text),
                 qPrintable(QStringLiteral("%1 on %2: %3")
                                .arg(QString::fromUtf8(it.consumer), QString::fromUtf8(it.route),
                                     index.data().toString())));
    }
    // Arrow keys move, the explanation follows.
    auto *matrix = stage.find<QTableView>(QStringLiteral("matrix"));
    matrix->setFocus();
    matrix->setCurrentIndex(cell(*matrix, "alice", "acl-allow"));
    stage.press(Qt::Key_Down);
    while (!matrix->currentIndex()
                .data(Qt::AccessibleTextRole)
                .toString()
                .startsWith(QStringLiteral("bob")))
        stage.press(Qt::Key_Down);
    const auto *heading = stage.find<QLabel>(QStringLiteral("cellHeading"));
    QVERIFY(heading->text().contains(QStringLiteral("bob → acl-allow: refused with 403")));

    QVERIFY(startGateway(stage));
    auto *sendAll = stage.find<QPushButton>(QStringLiteral("sendAll"));
    QVERIFY(sendAll && sendAll->isEnabled());
    QVERIFY(stage.click(QStringLiteral("sendAll")));
    QVERIFY(!sendAll->isEnabled());
    // What is worked out anew meanwhile (a clock, a change from elsewhere) loses no request.
    auto *model = stage.window().findChild<gui::AccessModel *>();
    QVERIFY(model);
    model->refresh();
    QVERIFY(Stage::wait([&] { return sendAll->isEnabled(); }));
    const auto toasts = stage.window().findChildren<QLabel *>(QStringLiteral("toastText"));
    const QString sent = QStringLiteral("%1 requests sent: no disagreement")
                             .arg(matrix->model()->rowCount() * matrix->model()->columnCount());
    QStringList said;
    for (const QLabel *toast : toasts)
        said << toast->text();
    QVERIFY2(said.contains(sent), qPrintable(said.join(QStringLiteral(" | "))));
    for (int row = 0; row < matrix->model()->rowCount(); ++row)
        for (int column = 0; column < matrix->model()->columnCount(); ++column)
            QVERIFY(!matrix->model()
                         ->index(row, column)
                         .data(gui::AccessModel::DisagreedRole)
                         .toBool());
    QVERIFY2(stage.shoot(QStringLiteral("G-21")), stage.faults());
}

void tst_ScenariosAccess::g22_turnACellAround()
{
    Stage stage;
    loadSamples(stage);
    QVERIFY(startGateway(stage));
    auto *matrix = stage.find<QTableView>(QStringLiteral("matrix"));
    matrix->setFocus();
    matrix->setCurrentIndex(cell(*matrix, "bob", "acl-allow"));
    QCOMPARE(statusAs(stage, "/anything/acl-allow", "bob-key"), 403);

    stage.press(Qt::Key_T);
    QVERIFY(Stage::wait([&] {
        return cell(*matrix, "bob", "acl-allow").data().toString() == QStringLiteral("✓");
    }));
    QVERIFY(stage.workspace().isStaged("/routes/acl-allow"));
    int flipped = 0;
    for (int row = 0; row < matrix->model()->rowCount(); ++row)
        for (int column = 0; column < matrix->model()->columnCount(); ++column)
            flipped +=
                matrix->model()->index(row, column).data(gui::AccessModel::FlippedRole).toBool()
                ? 1
                : 0;
    QCOMPARE(flipped, 1);
    QVERIFY(Stage::wait([&] { // looked for between two events
        const auto *flips = stage.find<QLabel>(QStringLiteral("flips"));
        return flips && flips->text().contains(QStringLiteral("bob on acl-allow: ✗ 403 label → ✓"));
    }));
    QCOMPARE(statusAs(stage, "/anything/acl-allow", "bob-key"), 403); // nothing on the wire
    QVERIFY2(stage.shoot(QStringLiteral("G-22")), stage.faults());

    stage.press(Qt::Key_S, Qt::ControlModifier);
    // what is undone next is the saving: it must be done
    QVERIFY(Stage::wait(
        [&] { return !stage.workspace().isDirty() && !stage.workspace().isWriting(); }));
    QVERIFY(Stage::wait([&] { return statusAs(stage, "/anything/acl-allow", "bob-key") == 200; }));
    stage.press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(Stage::wait([&] { return statusAs(stage, "/anything/acl-allow", "bob-key") == 403; }));
}

void tst_ScenariosAccess::saysWhenThereIsNothingToCompare()
{
    Stage stage;
    stage.window().showPage(QStringLiteral("access"));
    const auto *sentence = stage.find<QLabel>(QStringLiteral("emptySentence"));
    QVERIFY(sentence);
    QCOMPARE(sentence->text(), QStringLiteral("Nothing to compare: there are no routes."));
    QVERIFY(stage.find<QPushButton>(QStringLiteral("newRoute")));
    QVERIFY2(stage.shoot(QStringLiteral("access-empty")), stage.faults());
    QVERIFY(stage.click(QStringLiteral("newRoute")));
    QVERIFY(stage.workspace().isStaged("/routes/new-route"));
    QVERIFY(stage.find(QStringLiteral("routeId")));
    QTRY_VERIFY(stage.find(QStringLiteral("routeId"))->hasFocus());
}

QTEST_MAIN(tst_ScenariosAccess)
#include "tst_scenarios_access.moc"
