// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/import_dialog.h"

#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

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
      m_warningTitle(new QLabel)
{
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import %1").arg(preview.name));
    auto *column = new QVBoxLayout(this);
    auto *what = new QLabel(tr("%1: %2.").arg(preview.name, preview.kind));
    auto *counts = new QLabel(preview.edits.empty() ? tr("Nothing to import")
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
    m_warnings->setAccessibleName(tr("Warnings"));
    m_warnings->setWordWrap(true);
    m_warnings->setMinimumHeight(fontMetrics().height() * 7);
    m_warningTitle->setBuddy(m_warnings);
    column->addWidget(m_warnings, 1);
    auto *objects = new QListWidget;
    objects->setObjectName(QStringLiteral("importObjects"));
    objects->setAccessibleName(tr("Objects"));
    int replaced = 0;
    for (const Edit &edit : preview.edits) {
        objects->addItem(toText(edit.key));
        replaced += workspace.value(edit.key) ? 1 : 0;
    }
    column->addWidget(objects, 2);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *import = buttons->addButton(tr("&Import"), QDialogButtonBox::AcceptRole);
    import->setObjectName(QStringLiteral("importNow"));
    import->setEnabled(!preview.edits.empty());
    column->addWidget(buttons);
    import->setDefault(true); // it must know its dialog
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    addWarnings(preview.warnings);
    if (replaced > 0)
        addWarnings(
            {tr("%n object(s) are there already and will be replaced.", nullptr, replaced)});
    resize(fontMetrics().averageCharWidth() * 80, fontMetrics().height() * 26);
}

void ImportDialog::addWarnings(const QStringList &warnings)
{
    for (const QString &warning : warnings.first(std::min(warnings.size(), kShownWarnings)))
        m_warnings->addItem(QStringLiteral("! ") + warning);
    m_warningTitle->setText(tr("%n warning(s)", nullptr, m_warnings->count()));
    m_warnings->setVisible(m_warnings->count() > 0);
}

} // namespace postern::gui
