// SPDX-License-Identifier: Apache-2.0
#include "gateway/request/redact.h"
#include "gateway/request/snippet.h"
#include "gui/models/exchange_fields.h"
#include "gui/models/login_source.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/traffic/compare_dialog.h"
#include "gui/traffic/composer.h"
#include "gui/traffic/page.h"
#include "gui/traffic/traffic_view.h"
#include "gui/widgets/copy_secrets.h"

#include <QFile>
#include <QFileDialog>
#include <QInputDialog>
#include <QSaveFile>

#include <algorithm>
#include <utility>

namespace postern::gui {

std::string GatewayPage::origin() const
{
    const auto *addresses = shell().session().addresses();
    return addresses ? addresses->proxyUrl() : std::string("http://127.0.0.1:9080");
}

bool GatewayPage::isRecorded(int row) const
{
    const gateway::RecordedExchange *known = m_exchanges.find(m_model->row(row).id);
    return known && known->request.present && !known->masked;
}

gateway::RecordedExchange GatewayPage::exchangeOf(int row) const
{
    const TrafficRow &line = m_model->row(row);
    gateway::RecordedExchange exchange;
    if (const gateway::RecordedExchange *known = m_exchanges.find(line.id))
        exchange = *known;
    exchange.trace = line.trace();
    exchange.comment = toOctets(line.comment);
    exchange.marked = line.marked;
    return exchange;
}

gateway::WebRequest GatewayPage::testRequest() const
{
    gateway::WebRequest request;
    request.url = origin() + "/get";
    const Workspace &workspace = shell().session().workspace();
    const std::vector<std::string> routes = workspace.keys("/routes");
    const Json *route = routes.empty() ? nullptr : workspace.value(routes.front());
    const Json *uris = route ? route->find("uris") : nullptr;
    std::string path(route ? route->stringOr("uri", "") : std::string_view());
    if (path.empty() && uris && uris->size() > 0)
        path = uris->items().front().asString();
    if (path.ends_with('*'))
        path.pop_back();
    if (!path.empty())
        request.url = origin() + path;
    return request;
}

void GatewayPage::withLogin(gateway::WebRequest request, const std::string &consumer,
                            std::function<void(Result<gateway::WebRequest>)> then)
{
    if (consumer.empty()) {
        then(std::move(request));
        return;
    }
    if (shell().isLocked()) {
        then(fail(Errc::Permission, toOctets(tr("secrets are locked"))));
        return;
    }
    m_sender->run([documents = documentsOf(shell().session().workspace()),
                   request = std::move(request), consumer, then = std::move(then),
                   now = shell().session().now()]() -> std::function<void()> {
        auto ready = addLogin(documents, request, consumer, now);
        return [then, ready = std::move(ready)] { then(ready); };
    });
}

void GatewayPage::send(const gateway::WebRequest &request, const std::string &consumer,
                       quint64 repeatOf, bool fromComposer)
{
    withLogin(request, consumer, [this, repeatOf, fromComposer](Result<gateway::WebRequest> ready) {
        if (!ready) {
            takeAnswer({}, std::unexpected(ready.error()), repeatOf, fromComposer);
            return;
        }
        m_sender->send(std::move(*ready),
                       [this, repeatOf, fromComposer](const gateway::WebRequest &sent,
                                                      Result<gateway::ClientResponse> answer) {
                           takeAnswer(sent, answer, repeatOf, fromComposer);
                       });
    });
}

void GatewayPage::takeAnswer(const gateway::WebRequest &sent,
                             const Result<gateway::ClientResponse> &answer, quint64 repeatOf,
                             bool fromComposer)
{
    if (fromComposer && m_composer)
        m_composer->showAnswer(answer);
    if (!answer) {
        if (!fromComposer)
            shell().notices().show(Notices::Kind::Error, tr("The request was not sent."),
                                   toText(describe(answer.error())));
        return;
    }
    const QString id =
        toText(answer->header("x-postern-trace")).section(u' ', 0, 0).section(u';', 0, 0);
    if (id.isEmpty())
        return; // not our gateway
    if (!shell().isLocked())
        m_exchanges.put(id, recordOf(sent, *answer));
    if (repeatOf != 0)
        m_model->linkRepeat(id, repeatOf);
    const int row = m_model->rowOf(id);
    if (row < 0)
        m_awaited = id;
    else if (m_model->row(row).number == m_shownNumber)
        showCurrent();
    else
        m_view->select(row);
}

void GatewayPage::repeat(Login login)
{
    const int row = m_view->currentRow();
    if (row < 0)
        return;
    const gateway::RecordedExchange exchange = exchangeOf(row);
    gateway::WebRequest request = exchange.asRequest(origin());
    std::string consumer;
    // What nobody recorded is repeated with a login of the same consumer.
    const bool fresh = login == Login::Fresh
        || (login == Login::AsItWas && !isRecorded(row) && !m_model->row(row).consumer.isEmpty());
    if (fresh || login == Login::None)
        request =
            gateway::removeLogin(std::move(request), gateway::SecretPlaces::of(exchange.trace));
    if (fresh)
        consumer = toOctets(m_model->row(row).consumer);
    send(request, consumer, m_model->row(row).number, false);
}

void GatewayPage::repeatAs(const std::string &consumer)
{
    const int row = m_view->currentRow();
    if (row < 0)
        return;
    const gateway::RecordedExchange exchange = exchangeOf(row);
    send(gateway::removeLogin(exchange.asRequest(origin()),
                              gateway::SecretPlaces::of(exchange.trace)),
         consumer, m_model->row(row).number, false);
}

void GatewayPage::askWhom()
{
    QStringList names;
    for (const std::string &key : shell().session().workspace().keys("/consumers"))
        names += toText(std::string_view(key).substr(11));
    auto *dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("repeatAsDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Repeat as another consumer"));
    dialog->setLabelText(tr("&Consumer:"));
    dialog->setComboBoxItems(names);
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this](const QString &name) { repeatAs(toOctets(name)); });
    dialog->open();
}

Composer &GatewayPage::composer()
{
    if (!m_composer) {
        m_composer = new Composer(shell(), this);
        connect(m_composer, &QDialog::finished, this, [this] {
            window()->activateWindow(); // back to the list
            m_view->setFocus();
        });
        connect(m_composer, &Composer::sendWanted, this,
                [this](const gateway::WebRequest &request, const QString &consumer,
                       quint64 repeatOf) { send(request, toOctets(consumer), repeatOf, true); });
    }
    m_composer->show();
    m_composer->raise();
    m_composer->activateWindow();
    return *m_composer;
}

void GatewayPage::compose(const std::string &curl)
{
    Composer &open = composer();
    if (curl.empty())
        open.edit(testRequest(), 0);
    else
        open.paste(curl);
}

void GatewayPage::editAndRepeat()
{
    const int row = m_view->currentRow();
    if (row >= 0)
        composer().edit(exchangeOf(row).asRequest(origin()), m_model->row(row).number);
}

void GatewayPage::compareSelected()
{
    QList<int> rows = m_view->selectedRows();
    const int current = m_view->currentRow();
    if (rows.size() < 2 && current >= 0) {
        // with the one it repeats, else with the one before
        const quint64 original = m_model->row(current).repeatOf;
        const int other = original != 0 ? m_model->rowOf(original)
            : current > 0               ? current - 1
                                        : current + 1;
        rows = {std::min(other, current), std::max(other, current)};
    }
    if (rows.size() < 2 || rows.first() < 0 || rows.last() >= m_model->rowCount())
        return;
    const int left = rows.first(), right = rows.last();
    auto *dialog = new CompareDialog(QStringLiteral("#%1").arg(m_model->row(left).number),
                                     QStringLiteral("#%1").arg(m_model->row(right).number),
                                     compareExchanges(exchangeOf(left), exchangeOf(right)), this);
    dialog->open();
}

void GatewayPage::copySnippet(int kind)
{
    const int row = m_view->currentRow();
    if (row < 0)
        return;
    const gateway::RecordedExchange exchange = exchangeOf(row);
    gateway::WebRequest request = exchange.asRequest(origin());
    std::string consumer;
    if (!isRecorded(row) && !m_model->row(row).consumer.isEmpty()) {
        request =
            gateway::removeLogin(std::move(request), gateway::SecretPlaces::of(exchange.trace));
        consumer = toOctets(m_model->row(row).consumer);
    }
    const int status = m_model->row(row).status;
    auto places = gateway::SecretPlaces::of(exchange.trace);
    withLogin(request, consumer,
              [this, kind, status, places = std::move(places)](Result<gateway::WebRequest> ready) {
                  if (!ready) {
                      shell().notices().show(Notices::Kind::Warning, tr("Nothing was copied."),
                                             toText(describe(ready.error())));
                      return;
                  }
                  copyRequest(kind, *ready, status, places);
              });
}

void GatewayPage::copyRequest(int kind, const gateway::WebRequest &request, int status,
                              const gateway::SecretPlaces &places)
{
    const auto wanted = static_cast<gateway::SnippetKind>(kind);
    const bool variables = copiesVariables(shell().settings());
    using enum gateway::SnippetSecrets;
    const QString text =
        toText(gateway::snippet(wanted, request, variables ? Variable : Value, status, places));
    if (variables)
        shell().clipboard().copyPlain(text);
    else
        shell().clipboard().copySecret(text);
}

void GatewayPage::copyTrace()
{
    const int row = m_view->currentRow();
    if (row < 0)
        return;
    Json trace = m_model->row(row).trace();
    const auto places = gateway::SecretPlaces::of(trace);
    trace.set("target", Json(gateway::redactTarget(trace.stringOr("target", ""), places)));
    shell().clipboard().copyPlain(toText(trace.dump(2)));
}

void GatewayPage::sendTest()
{
    if (shell().session().addresses())
        send(testRequest(), {}, 0, false);
}

void GatewayPage::copyTestCurl()
{
    shell().clipboard().copyPlain(
        toText(gateway::snippet(gateway::SnippetKind::Curl, testRequest())));
}

void GatewayPage::exportHar()
{
    QList<int> rows = m_view->selectedRows();
    if (rows.size() < 2) {
        rows.clear();
        for (int row = 0; row < m_model->rowCount(); ++row)
            rows += row;
    }
    auto *dialog = new QFileDialog(this, tr("Export HTTP archive"));
    dialog->setObjectName(QStringLiteral("exportHar"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("har"));
    dialog->setNameFilter(tr("HTTP archives (*.har)"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, rows](const QString &path) { writeHarFile(path, rows); });
    dialog->open();
}

void GatewayPage::writeHarFile(const QString &path, const QList<int> &rows)
{
    std::vector<TrafficRow> lines;
    std::vector<gateway::RecordedExchange> exchanges;
    for (const int row : rows) {
        if (row >= m_model->rowCount())
            break; // fewer by now
        lines.push_back(m_model->row(row));
        const gateway::RecordedExchange *known = m_exchanges.find(lines.back().id);
        exchanges.push_back(known ? *known : gateway::RecordedExchange());
    }
    m_sender->run([this, path, origin = origin(), lines = std::move(lines),
                   exchanges = std::move(exchanges)]() mutable -> std::function<void()> {
        std::vector<Json> traces = tracesOf(lines);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            exchanges[i].trace = std::move(traces[i]);
            exchanges[i].comment = toOctets(lines[i].comment);
            exchanges[i].marked = lines[i].marked;
        }
        const std::string text = gateway::writeHar(exchanges, origin).dump(2);
        QSaveFile file(path);
        const auto size = static_cast<qint64>(text.size());
        const bool written = file.open(QIODevice::WriteOnly)
            && file.write(text.data(), size) == size && file.commit();
        const QString fault = written ? QString() : file.errorString();
        return [this, fault, count = static_cast<int>(lines.size())] {
            if (fault.isEmpty())
                shell().notices().show(
                    Notices::Kind::Success,
                    tr("%n request(s) saved, secrets replaced.", nullptr, count));
            else
                shell().notices().show(Notices::Kind::Error, tr("The archive was not written."),
                                       fault);
        };
    });
}

void GatewayPage::importHar()
{
    auto *dialog = new QFileDialog(this, tr("Import HTTP archive"));
    dialog->setObjectName(QStringLiteral("importHar"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("HTTP archives (*.har)"));
    connect(dialog, &QFileDialog::fileSelected, this, &GatewayPage::readHarFile);
    dialog->open();
}

void GatewayPage::readHarFile(const QString &path)
{
    constexpr qint64 kMax = 256LL * 1024 * 1024;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMax) {
        shell().notices().show(Notices::Kind::Error, tr("%1 cannot be read.").arg(path),
                               file.errorString());
        return;
    }
    m_sender->run([this, content = file.readAll()]() -> std::function<void()> {
        auto exchanges =
            gateway::readHar({content.constData(), static_cast<std::size_t>(content.size())});
        std::vector<TrafficRow> rows;
        if (exchanges) {
            std::vector<QByteArray> traces;
            for (const gateway::RecordedExchange &exchange : *exchanges)
                traces.push_back(QByteArray::fromStdString(exchange.trace.dump()));
            rows = TrafficReader().read(traces);
        }
        return [this, exchanges = std::move(exchanges), rows = std::move(rows)]() mutable {
            if (!exchanges) {
                shell().notices().show(Notices::Kind::Error, tr("This is not an HTTP archive."),
                                       toText(describe(exchanges.error())));
                return;
            }
            for (std::size_t i = 0; i < rows.size(); ++i) {
                gateway::RecordedExchange &exchange = (*exchanges)[i];
                rows[i].id = QStringLiteral("har-%1").arg(++m_imported);
                rows[i].comment = toText(exchange.comment);
                rows[i].marked = exchange.marked;
                m_exchanges.put(rows[i].id, std::move(exchange));
            }
            const auto count = static_cast<int>(rows.size());
            m_model->append(std::move(rows));
            m_view->updateState();
            shell().notices().show(Notices::Kind::Success,
                                   tr("%n request(s) read.", nullptr, count));
        };
    });
}

} // namespace postern::gui
