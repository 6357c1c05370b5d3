// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/import_dialog.h"

#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace postern::gui {

namespace {

constexpr qsizetype kShownWarnings = 100;

} // namespace

ImportDialog::ImportDialog(const ImportPreview &preview, const Workspace &workspace,
                           QWidget *parent)
    : QDialog(parent),
      m_warnings(new QListWidget),
      m_warningTitle(new QLabel),
      m_state(new QLabel),
      m_import(nullptr),
      m_leaveOut(new QCheckBox(tr("&Leave out what is not valid"))),
      m_workspace(workspace),
      m_isEmpty(preview.edits.empty()),
      m_faults(static_cast<int>(preview.faults.size()))
{
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import %1").arg(preview.name));
    auto *column = new QVBoxLayout(this);
    auto *what = new QLabel(tr("%1: %2.").arg(preview.name, preview.kind));
    auto *counts = new QLabel(m_isEmpty ? tr("Nothing to import")
                                        : preview.counts.join(QStringLiteral(" · ")));
    counts->setObjectName(QStringLiteral("importCounts"));
    QFont bold = font();
    bold.setBold(true);
    counts->setFont(bold);
    for (QLabel *const label : {what, counts, m_warningTitle}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        column->addWidget(label);
    }
    m_warnings->setObjectName(QStringLiteral("importWarnings"));
    m_warnings->setAccessibleName(tr("Faults and warnings"));
    m_warnings->setWordWrap(true);
    m_warnings->setMinimumHeight(fontMetrics().height() * 7);
    m_warningTitle->setBuddy(m_warnings);
    column->addWidget(m_warnings, 1);
    auto *objects = new QListWidget;
    objects->setObjectName(QStringLiteral("importObjects"));
    objects->setAccessibleName(tr("Objects to be imported"));
    auto *const objectsTitle = new QLabel(tr("&Objects to be imported"));
    objectsTitle->setBuddy(objects);
    int replaced = 0;
    for (const Edit &edit : preview.edits) {
        objects->addItem(toText(edit.key));
        replaced += workspace.value(edit.key) ? 1 : 0;
    }
    objectsTitle->setVisible(!m_isEmpty);
    objects->setVisible(!m_isEmpty);
    column->addWidget(objectsTitle);
    column->addWidget(objects, 2);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_import = buttons->addButton(tr("&Import"), QDialogButtonBox::AcceptRole);
    m_import->setObjectName(QStringLiteral("importNow"));
    m_import->setEnabled(false);
    m_state->setObjectName(QStringLiteral("importState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    column->addWidget(m_state);
    m_leaveOut->setObjectName(QStringLiteral("leaveOut"));
    m_leaveOut->setVisible(m_faults > 0 && !m_isEmpty);
    connect(m_leaveOut, &QCheckBox::toggled, this, &ImportDialog::refresh);
    column->addWidget(m_leaveOut);
    column->addWidget(buttons);
    m_import->setDefault(true); // it must know its dialog
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    QStringList warnings = preview.warnings;
    if (replaced > 0)
        warnings << tr("%n object(s) are there already and will be replaced.", nullptr, replaced);
    addRemarks(warnings, false);
    addRemarks(preview.faults, true);
    refresh();
    connect(&Theme::instance(), &Theme::changed, this, &ImportDialog::refresh); // its red
    resize(fontMetrics().averageCharWidth() * 80, fontMetrics().height() * 26);
}

void ImportDialog::setChecked(const QStringList &refusals)
{
    addRemarks(refusals, true);
    m_isChecked = true;
    m_refusals = static_cast<int>(refusals.size());
    refresh();
}

void ImportDialog::refresh()
{
    QString reason;
    if (m_isEmpty)
        reason = tr("There is nothing that could be imported.");
    else if (!m_isChecked)
        reason = tr("It is being checked by the gateway's rules.");
    else if (m_refusals > 0)
        reason =
            tr("Cannot be imported: the gateway would refuse %n object(s).", nullptr, m_refusals);
    else if (m_workspace.isLocked())
        reason = tr("Cannot be imported: secrets are locked.");
    else if (m_faults > 0 && !m_leaveOut->isChecked())
        reason = tr("%n object(s) of the file are not valid.", nullptr, m_faults);
    const bool waits = !m_isEmpty && !m_isChecked;
    m_state->setText(reason.isEmpty()
                         ? QString()
                         : (waits ? QStringLiteral("… ") : QStringLiteral("✗ ")) + reason);
    QPalette palette = m_state->palette();
    palette.setColor(QPalette::WindowText,
                     Theme::instance().color(waits ? Role::Muted : Role::Denied));
    m_state->setPalette(palette);
    m_import->setEnabled(reason.isEmpty());
    m_import->setToolTip(reason);
    m_import->setAccessibleDescription(reason);
}

void ImportDialog::addRemarks(const QStringList &remarks, bool blocking)
{
    int &number = blocking ? m_blocking : m_remarks;
    for (const QString &remark : remarks.first(std::min(remarks.size(), kShownWarnings))) {
        if (blocking) // first what stands in the way
            m_warnings->insertItem(m_shownBlocking++, QStringLiteral("✗ ") + remark);
        else
            m_warnings->addItem(QStringLiteral("! ") + remark);
    }
    number += static_cast<int>(remarks.size());
    QStringList counts;
    if (m_blocking > 0)
        counts << tr("%n fault(s)", nullptr, m_blocking);
    if (m_remarks > 0 || m_blocking == 0)
        counts << tr("%n warning(s)", nullptr, m_remarks);
    m_warningTitle->setText(counts.join(QStringLiteral(" · ")));
    m_warnings->setVisible(m_warnings->count() > 0);
}

} // namespace postern::gui
