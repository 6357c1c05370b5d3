// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/label_chips.h"

#include "gui/models/consumer_edits.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/flow_layout.h"

#include <QEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QToolButton>

#include <optional>

namespace postern::gui {

namespace {

constexpr int kEditWidth = 24; // characters

QString textOf(const std::pair<std::string, std::string> &label)
{
    return toText(label.first) + QLatin1Char('=') + toText(label.second);
}

} // namespace

LabelChips::LabelChips(QWidget *parent) : QWidget(parent), m_layout(new FlowLayout(this))
{
    setObjectName(QStringLiteral("labels"));
    setAccessibleName(tr("Labels"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    rebuild();
}

void LabelChips::setLabels(const Labels &labels)
{
    if (isEditing() || labels == m_labels)
        return;
    m_labels = labels;
    rebuild();
}

void LabelChips::rebuild()
{
    while (QLayoutItem *const item = m_layout->takeAt(0)) {
        if (QWidget *const widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (std::size_t i = 0; i < m_labels.size(); ++i) {
        auto *chip = new QToolButton(this);
        chip->setObjectName(QStringLiteral("label-%1").arg(i));
        chip->setText(textOf(m_labels[i]));
        chip->setAccessibleName(tr("Label %1").arg(chip->text()));
        chip->setToolTip(tr("Edit the label"));
        chip->setFocusPolicy(Qt::StrongFocus);
        chip->installEventFilter(this);
        connect(chip, &QToolButton::clicked, this, [this, i] { edit(i); });
        m_layout->addWidget(chip);
        chip->show();
    }
    auto *add = new QToolButton(this);
    add->setObjectName(QStringLiteral("addLabel"));
    add->setIcon(Theme::instance().icon(QStringLiteral("plus")));
    add->setText(tr("Label"));
    add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add->setAccessibleName(tr("Add a label"));
    add->setFocusPolicy(Qt::StrongFocus);
    add->installEventFilter(this);
    connect(add, &QToolButton::clicked, this, [this] { edit(m_labels.size()); });
    m_layout->addWidget(add);
    add->show();
    updateGeometry();
}

void LabelChips::edit(std::size_t index)
{
    if (m_edit)
        finish(true);
    if (index > m_labels.size())
        return;
    m_before = m_labels;
    m_index = index;
    m_edit = new QLineEdit(index < m_labels.size() ? textOf(m_labels[index]) : QString(), this);
    m_edit->setObjectName(QStringLiteral("labelEdit"));
    m_edit->setAccessibleName(tr("Label, as name=value"));
    m_edit->setPlaceholderText(tr("name=value"));
    m_edit->setFixedWidth(fontMetrics().averageCharWidth() * kEditWidth);
    m_edit->installEventFilter(this);
    connect(m_edit, &QLineEdit::textEdited, this, &LabelChips::type);
    QLayoutItem *const chip = m_layout->itemAt(static_cast<int>(index));
    chip->widget()->hide();
    m_layout->addWidget(m_edit);
    m_edit->show();
    m_edit->setFocus();
    m_edit->selectAll();
}

void LabelChips::type(const QString &text)
{
    Labels labels = m_before;
    const auto label = parseLabel(text);
    const auto place = labels.begin() + static_cast<std::ptrdiff_t>(m_index);
    if (label && m_index < labels.size())
        *place = *label;
    else if (label)
        labels.push_back(*label);
    else if (text.trimmed().isEmpty() && m_index < labels.size())
        labels.erase(place);
    if (labels == m_labels)
        return;
    m_labels = std::move(labels);
    Q_EMIT edited();
}

void LabelChips::finish(bool accepted)
{
    if (!m_edit)
        return;
    QLineEdit *const line = std::exchange(m_edit, nullptr);
    line->removeEventFilter(this);
    const bool hadFocus = line->hasFocus();
    if (!accepted && m_labels != m_before) {
        m_labels = m_before;
        Q_EMIT edited();
    }
    rebuild();
    if (!hadFocus)
        return;
    const auto place = static_cast<int>(std::min(m_index, m_labels.size()));
    m_layout->itemAt(place)->widget()->setFocus();
}

bool LabelChips::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && watched == m_edit)
        finish(true);
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    const bool isEnter = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (watched == m_edit && (isEnter || key == Qt::Key_Escape)) {
        if (event->type() == QEvent::ShortcutOverride)
            event->accept(); // Esc is the editor's own here
        else
            finish(isEnter);
        return true;
    }
    auto *const chip = qobject_cast<QToolButton *>(watched);
    if (chip && isEnter && event->type() == QEvent::KeyPress) {
        chip->click();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace postern::gui
