// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/labels_dialog.h"

#include "gui/session/workspace.h"
#include "gui/text/qt_bytes.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <map>

namespace postern::gui {

namespace {

constexpr int kBefore = Qt::UserRole; // the state at first

} // namespace

LabelsDialog::LabelsDialog(const Workspace &workspace, const std::vector<std::string> &consumers,
                           QWidget *parent)
    : QDialog(parent),
      m_list(new QListWidget),
      m_new(new QLineEdit),
      m_fault(new QLabel),
      m_apply(nullptr)
{
    setObjectName(QStringLiteral("labelsDialog"));
    const auto number = static_cast<int>(consumers.size());
    setWindowTitle(tr("Labels of %n consumer(s)", nullptr, number));
    std::map<std::pair<std::string, std::string>, int> counts;
    for (const std::string &key : consumers) {
        const Json *const value = workspace.value(key);
        for (auto &label :
             value ? labelsOf(*value) : std::vector<std::pair<std::string, std::string>>())
            ++counts[label];
    }
    auto *column = new QVBoxLayout(this);
    m_list->setObjectName(QStringLiteral("labelList"));
    m_list->setAccessibleName(tr("Labels"));
    for (const auto &[label, count] : counts) {
        const bool all = count == number;
        auto *item = new QListWidgetItem(toText(label.first + "=" + label.second), m_list);
        if (!all)
            item->setToolTip(tr("%1 of %2").arg(count).arg(number));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
                       | (all ? Qt::NoItemFlags : Qt::ItemIsUserTristate));
        item->setCheckState(all ? Qt::Checked : Qt::PartiallyChecked);
        item->setData(kBefore, item->checkState());
        m_labels.push_back(label);
    }
    auto *title = new QLabel(m_labels.empty() ? tr("They have no labels yet.") : tr("&Labels"));
    title->setBuddy(m_list);
    column->addWidget(title);
    m_list->setVisible(!m_labels.empty());
    column->addWidget(m_list, 1);
    auto *newTitle = new QLabel(tr("&Add a label to all of them"));
    newTitle->setBuddy(m_new);
    m_new->setObjectName(QStringLiteral("newLabel"));
    m_new->setAccessibleName(tr("New label, as name=value"));
    m_new->setPlaceholderText(tr("name=value"));
    column->addWidget(newTitle);
    column->addWidget(m_new);
    m_fault->setObjectName(QStringLiteral("newLabelFault"));
    column->addWidget(m_fault);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_apply = buttons->addButton(tr("A&pply"), QDialogButtonBox::AcceptRole);
    m_apply->setObjectName(QStringLiteral("applyLabels"));
    column->addWidget(buttons);
    m_apply->setDefault(true); // it must know its dialog
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_new, &QLineEdit::textChanged, this, &LabelsDialog::refresh);
    connect(m_list, &QListWidget::itemChanged, this, &LabelsDialog::refresh);
    refresh();
    m_new->setFocus();
    resize(fontMetrics().averageCharWidth() * 50, sizeHint().height());
}

LabelChange LabelsDialog::change() const
{
    LabelChange change;
    for (std::size_t row = 0; row < m_labels.size(); ++row) {
        const QListWidgetItem *const item = m_list->item(static_cast<int>(row));
        if (item->checkState() == static_cast<Qt::CheckState>(item->data(kBefore).toInt()))
            continue;
        if (item->checkState() == Qt::Checked)
            change.set.push_back(m_labels[row]);
        else if (item->checkState() == Qt::Unchecked)
            change.removed.push_back(m_labels[row]);
    }
    if (auto label = parseLabel(m_new->text()))
        change.set.push_back(std::move(*label));
    return change;
}

void LabelsDialog::refresh()
{
    const bool wrong = !m_new->text().trimmed().isEmpty() && !parseLabel(m_new->text());
    m_fault->setText(wrong ? tr("A label is written as name=value.") : QString());
    const LabelChange next = change();
    m_apply->setEnabled(!wrong && (!next.set.empty() || !next.removed.empty()));
}

} // namespace postern::gui
