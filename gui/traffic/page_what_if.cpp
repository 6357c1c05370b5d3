// SPDX-License-Identifier: Apache-2.0
// What would be decided otherwise: another rule, another time.
#include "gateway/access/toggle_rule.h"
#include "gui/models/access_model.h"
#include "gui/models/login_source.h"
#include "gui/models/what_if.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/traffic/compare_dialog.h"
#include "gui/traffic/page.h"
#include "gui/traffic/traffic_view.h"

#include "gateway/request/redact.h"

#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

constexpr std::size_t kListed = 8; // cells; more do not fit into a question

/// The routes that an object of theirs decides for.
std::vector<std::string> routesOn(const Workspace &workspace, const std::string &key)
{
    constexpr std::string_view kRoutes = "/routes/";
    if (key.starts_with(kRoutes))
        return {key.substr(kRoutes.size())};
    const std::string_view member =
        key.starts_with("/services/") ? "service_id" : "plugin_config_id";
    const std::string_view id = std::string_view(key).substr(key.rfind('/') + 1);
    std::vector<std::string> routes;
    for (const std::string &route : workspace.keys("/routes")) {
        const Json *const value = workspace.value(route);
        const Json *const named = value ? value->find(member) : nullptr;
        if (named && (named->isString() ? named->asString() : named->dump()) == id)
            routes.push_back(route.substr(kRoutes.size()));
    }
    return routes;
}

} // namespace

Result<gateway::AccessEdit> GatewayPage::allowingEdit(int row) const
{
    const TrafficRow &line = m_model->row(row);
    if (line.decision != TrafficDecision::Denied || line.consumer.isEmpty())
        return fail(Errc::Unsupported, toOctets(tr("No consumer was refused here.")));
    const Workspace &workspace = shell().session().workspace();
    return gateway::toggleAccess(
        [&workspace](std::string_view key) { return workspace.value(key); }, toOctets(line.route),
        toOctets(line.consumer), false);
}

void GatewayPage::refreshAllow(int row)
{
    QAction *const action = m_commands->action(QStringLiteral("traffic.allow"));
    if (row < 0) {
        action->setText(tr("A&llow…"));
        return m_commands->setReason(QStringLiteral("traffic.allow"),
                                     tr("No request is selected."));
    }
    constexpr int kLongest = 24; // characters
    QString consumer = Privacy::instance().name(m_model->row(row).consumer);
    if (consumer.size() > kLongest)
        consumer = consumer.left(kLongest) + u'…';
    action->setText(consumer.isEmpty() ? tr("A&llow…") : tr("A&llow %1…").arg(consumer));
    const auto edit = allowingEdit(row);
    m_commands->setReason(QStringLiteral("traffic.allow"),
                          edit ? QString() : toText(edit.error().detail));
}

void GatewayPage::allowConsumer()
{
    const int row = m_view->currentRow();
    if (row < 0)
        return;
    Result<gateway::AccessEdit> edit = allowingEdit(row);
    if (!edit)
        return shell().notices().show(Notices::Kind::Warning, toText(edit.error().detail));
    const Workspace &workspace = shell().session().workspace();
    m_sender->run([this, documents = documentsOf(workspace, true),
                   routes = routesOn(workspace, edit->key), edit = *edit,
                   consumer = m_model->row(row).consumer,
                   now = shell().session().now()]() mutable -> std::function<void()> {
        auto flips = flipsOf(std::move(documents), {"/apisix" + edit.key, edit.value.dump(), 0, 0},
                             routes, now);
        return [this, edit = std::move(edit), flips = std::move(flips), consumer] {
            askToAllow(consumer, edit, flips);
        };
    });
}

void GatewayPage::askToAllow(const QString &consumer, const gateway::AccessEdit &edit,
                             const std::vector<AccessFlip> &flips)
{
    QStringList lines{
        tr("%1: %2").arg(toText(edit.key), toText(edit.sentence)), QString(),
        tr("%n cell(s) of the access matrix change:", nullptr, static_cast<int>(flips.size()))};
    for (std::size_t i = 0; i < std::min(flips.size(), kListed); ++i)
        lines += tr("%1 on %2: %3 → %4")
                     .arg(flips[i].consumer.empty() ? tr("(nobody)") : toText(flips[i].consumer),
                          toText(flips[i].route), AccessModel::textOf(flips[i].before),
                          AccessModel::textOf(flips[i].after));
    if (flips.size() > kListed)
        lines += tr("and %n more", nullptr, static_cast<int>(flips.size() - kListed));
    auto *const box = new QMessageBox(QMessageBox::Question, tr("Allow"),
                                      tr("Let %1 in?").arg(consumer), QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("allowDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(lines.join(u'\n'));
    auto *const stage = box->addButton(tr("&Stage the change"), QMessageBox::AcceptRole);
    stage->setObjectName(QStringLiteral("stageAllow"));
    connect(stage, &QPushButton::clicked, this, [this, edit] {
        shell().session().workspace().stage(
            tr("%1: %2").arg(toText(edit.key), toText(edit.sentence)),
            {Edit{edit.key, edit.value}});
        refreshCommands();
        shell().notices().show(Notices::Kind::Info,
                               tr("Staged. Save the changes, then repeat the request."), {}, true);
    });
    box->open();
}

void GatewayPage::askWhen()
{
    auto *const dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("decideAtDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Decide again at another time"));
    dialog->setLabelText(tr("&Time: a UTC time, UNIX seconds, +1h, -30s. Nothing is sent."));
    dialog->setTextValue(QStringLiteral("+1h"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &text) {
        const Result<Timestamp> time = parseTime(toOctets(text.trimmed()), shell().session().now());
        if (!time)
            return shell().notices().show(Notices::Kind::Error, toText(describe(time.error())));
        decideAt(*time);
    });
    dialog->open();
}

void GatewayPage::decideAt(Timestamp time)
{
    const int row = m_view->currentRow();
    if (row < 0)
        return;
    gateway::RecordedExchange before = exchangeOf(row);
    gateway::WebRequest request = before.asRequest(origin());
    std::string consumer;
    // What nobody recorded is asked with a login of the same consumer, as when it is repeated.
    if (!isRecorded(row) && !m_model->row(row).consumer.isEmpty()) {
        request = gateway::removeLogin(std::move(request), gateway::SecretPlaces::of(before.trace));
        consumer = toOctets(m_model->row(row).consumer);
    }
    m_sender->run([this, documents = documentsOf(shell().session().workspace()),
                   request = std::move(request), before = std::move(before), consumer, time,
                   number = m_model->row(row).number]() mutable -> std::function<void()> {
        const auto after = decideAgain(std::move(documents), request, consumer, time);
        auto rows = compareExchanges(before, after);
        return [this, rows = std::move(rows), time, number]() mutable {
            auto *const dialog = new CompareDialog(
                QStringLiteral("#%1").arg(number),
                tr("#%1 at %2").arg(number).arg(toText(formatTime(time))), std::move(rows), this);
            dialog->open();
        };
    });
}

} // namespace postern::gui
