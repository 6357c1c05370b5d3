// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/compare_dialog.h"

#include "gui/theme/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

const QString kDiffers = QStringLiteral("≠");

} // namespace

CompareDialog::CompareDialog(const QString &left, const QString &right,
                             std::vector<ComparedRow> rows, QWidget *parent)
    : QDialog(parent),
      m_rows(std::move(rows)),
      m_summary(new QLabel),
      m_onlyDifferent(new QCheckBox(tr("&Only what differs"))),
      m_list(new QTreeWidget)
{
    setObjectName(QStringLiteral("compareRequests"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare %1 with %2").arg(left, right));
    m_summary->setObjectName(QStringLiteral("compareSummary"));
    m_onlyDifferent->setObjectName(QStringLiteral("compareOnlyDifferent"));
    m_onlyDifferent->setChecked(true);
    m_list->setObjectName(QStringLiteral("compareList"));
    m_list->setAccessibleName(windowTitle());
    m_list->setHeaderLabels({tr("Part"), {}, left, right});
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_summary);
    layout->addWidget(m_list, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_onlyDifferent, 1);
    foot->addWidget(buttons);
    layout->addLayout(foot);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_onlyDifferent, &QCheckBox::toggled, this, &CompareDialog::fill);
    connect(&Theme::instance(), &Theme::changed, this, &CompareDialog::paintMarks);
    fill();
    const int unit = fontMetrics().averageCharWidth();
    resize(unit * 110, fontMetrics().height() * 30);
    m_list->setColumnWidth(0, unit * 26);
    m_list->setColumnWidth(1, unit * 4);
    m_list->setColumnWidth(2, unit * 38);
}

void CompareDialog::fill()
{
    m_list->clear();
    QTreeWidgetItem *section = nullptr;
    for (const ComparedRow &row : m_rows) {
        if (m_onlyDifferent->isChecked() && !row.differs)
            continue;
        if (!section || section->text(0) != row.section) {
            section = new QTreeWidgetItem(m_list, {row.section});
            QFont bold = section->font(0);
            bold.setBold(true);
            section->setFont(0, bold);
            section->setExpanded(true);
        }
        auto *item = new QTreeWidgetItem(section,
                                         {row.name, row.differs ? kDiffers : QStringLiteral("="),
                                          row.left.simplified(), row.right.simplified()});
        for (int column : {2, 3})
            item->setToolTip(column, (column == 2 ? row.left : row.right).left(4000));
    }
    m_list->expandAll();
    paintMarks();
    const auto different = std::ranges::count(m_rows, true, &ComparedRow::differs);
    m_summary->setText(different == 0
                           ? tr("Nothing differs but what differs in every request.")
                           : tr("%n difference(s); date, length and trace id are left out.",
                                nullptr, static_cast<int>(different)));
}

void CompareDialog::paintMarks()
{
    const QColor colour = Theme::instance().color(Role::Warning);
    for (QTreeWidgetItemIterator at(m_list); *at != nullptr; ++at) {
        if ((*at)->text(1) == kDiffers)
            (*at)->setForeground(1, colour);
    }
}

} // namespace postern::gui
