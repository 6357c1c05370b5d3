// SPDX-License-Identifier: Apache-2.0
// What the access page sends for real, and what it writes to files.
#include "gui/access/page.h"
#include "gui/access/sender.h"
#include "gui/models/access_filter_model.h"
#include "gui/models/access_model.h"
#include "gui/session/session.h"
#include "gui/text/qt_bytes.h"

#include <QFileDialog>
#include <QPushButton>
#include <QSaveFile>

#include <algorithm>
#include <utility>

namespace postern::gui {

void AccessPage::sendSelected()
{
    const QModelIndex cell = selected();
    const auto *addresses = shell().session().addresses();
    auto detail = m_model->explain(cell);
    if (!detail || !addresses || m_batch.running || shell().isLocked())
        return;
    // By name: the matrix may be worked out anew before the answer is here.
    const auto place = std::pair(m_model->consumerAt(cell.row()), m_model->routeAt(cell.column()));
    sendDraft(addresses->proxyUrl(), std::move(detail->request), this,
              [this, place](const Result<int> &status) {
                  const QModelIndex index = m_model->find(place.first, place.second);
                  if (!status) {
                      shell().notices().show(Notices::Kind::Error, tr("The request failed"),
                                             toText(describe(status.error())));
                  } else if (index.isValid() && m_model->compare(index, *status)) {
                      shell().notices().show(Notices::Kind::Success,
                                             tr("Answered %1, as the matrix says").arg(*status));
                  } else {
                      shell().notices().show(
                          Notices::Kind::Warning,
                          tr("Answered %1: the matrix says otherwise").arg(*status),
                          tr("Staged changes are not on the gateway yet; limits count what was "
                             "sent before."));
                  }
              });
}

void AccessPage::sendAll()
{
    if (m_batch.running || !shell().session().addresses() || shell().isLocked())
        return;
    m_batch = {};
    for (int row = 0; row < m_shown->rowCount(); ++row) {
        for (int column = 0; column < m_shown->columnCount(); ++column) {
            const QModelIndex cell = m_shown->mapToSource(m_shown->index(row, column));
            m_batch.left.emplace_back(m_model->consumerAt(cell.row()),
                                      m_model->routeAt(cell.column()));
        }
    }
    std::ranges::reverse(m_batch.left);
    m_batch.total = m_batch.left.size();
    m_batch.running = true;
    updateCommands();
    sendNext();
}

void AccessPage::sendNext()
{
    const auto *addresses = shell().session().addresses();
    if (m_batch.left.empty() || !addresses) {
        finishSending();
        return;
    }
    const auto place = std::move(m_batch.left.back());
    m_batch.left.pop_back();
    auto detail = m_model->explain(m_model->find(place.first, place.second));
    // What depends on luck or on what was sent before proves nothing.
    if (!detail || detail->cell.state == gateway::AccessState::Depends
        || detail->cell.state == gateway::AccessState::NotMatched) {
        QMetaObject::invokeMethod(this, &AccessPage::sendNext, Qt::QueuedConnection);
        return;
    }
    m_sendAll->setText(
        tr("Sending %1 of %2…").arg(m_batch.total - m_batch.left.size()).arg(m_batch.total));
    sendDraft(addresses->proxyUrl(), std::move(detail->request), this,
              [this, place](const Result<int> &status) {
                  const QModelIndex index = m_model->find(place.first, place.second);
                  if (!status)
                      ++m_batch.failed;
                  else
                      ++m_batch.sent;
                  if (status && index.isValid() && !m_model->compare(index, *status))
                      m_batch.disagreements +=
                          tr("%1 on %2: %3, answered %4")
                              .arg(m_model->headerData(index.row(), Qt::Vertical).toString(),
                                   m_model->headerData(index.column(), Qt::Horizontal).toString(),
                                   index.data().toString())
                              .arg(*status);
                  sendNext();
              });
}

void AccessPage::finishSending()
{
    m_batch.running = false;
    m_sendAll->setText(tr("Send &all for real"));
    updateCommands();
    const int sent = static_cast<int>(m_batch.sent);
    m_batch.failed += m_batch.left.size(); // the gateway went away
    if (m_batch.failed > 0)
        shell().notices().show(
            Notices::Kind::Error,
            tr("%n request(s) failed", nullptr, static_cast<int>(m_batch.failed)));
    if (m_batch.disagreements.isEmpty())
        shell().notices().show(Notices::Kind::Success,
                               tr("%n request(s) sent: no disagreement", nullptr, sent));
    else
        shell().notices().show(Notices::Kind::Warning,
                               tr("%n answer(s) differ from the matrix", nullptr,
                                  static_cast<int>(m_batch.disagreements.size())),
                               m_batch.disagreements.join(u'\n'));
}

void AccessPage::chooseExport()
{
    auto *dialog = new QFileDialog(this, tr("Export the matrix"), QStringLiteral("access.csv"),
                                   tr("CSV (*.csv);;Markdown (*.md)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, &AccessPage::exportTo);
    dialog->open();
}

void AccessPage::exportTo(const QString &path)
{
    QSaveFile file(path);
    const QString text = path.endsWith(QStringLiteral(".md"), Qt::CaseInsensitive)
        ? m_model->markdown()
        : m_model->csv();
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0 || !file.commit())
        shell().notices().show(Notices::Kind::Error, tr("%1 was not written").arg(path),
                               file.errorString());
    else
        shell().notices().show(Notices::Kind::Success, tr("Saved as %1").arg(path));
}

} // namespace postern::gui
