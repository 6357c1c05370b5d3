// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/label_chips.h"

#include "gui/models/consumer_edits.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/chip.h"
#include "gui/widgets/flow_layout.h"

#include <QEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QToolButton>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace postern::gui {

namespace {

constexpr int kEditWidth = 24; // characters
constexpr int kWidest = 40; // of a chip; the rest is in its tool tip
constexpr int kCross = 10;
constexpr int kLeastHeight = 28; // to be hit

QString textOf(const std::pair<std::string, std::string> &label)
{
    return toText(label.first) + QLatin1Char('=') + toText(label.second);
}

/// A label that is edited with a click, and taken away with Del or its cross.
class LabelChip : public QToolButton
{
public:
    LabelChip(std::function<void()> remove, QWidget *parent)
        : QToolButton(parent),
          m_remove(std::move(remove))
    {
        setFocusPolicy(Qt::StrongFocus);
    }
    [[nodiscard]] QSize sizeHint() const override
    {
        const QSize size = Chip::size(fontMetrics(), text(), crossRoom());
        return {std::min(size.width(), fontMetrics().averageCharWidth() * kWidest),
                std::max(size.height(), kLeastHeight)};
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent * /*event*/) override
    {
        QPainter painter(this);
        Chip::paint(painter, rect(), text(), underMouse() ? Role::Window : Role::Base, hasFocus(),
                    crossRoom());
        const QRect box = crossBox();
        Theme::instance()
            .icon(QStringLiteral("close"), Role::Muted)
            .paint(&painter,
                   QRect(box.center() - QPoint(kCross, kCross) / 2, QSize(kCross, kCross)),
                   Qt::AlignCenter);
    }
    void mouseReleaseEvent(QMouseEvent *event) override
    {
        if (!isDown() || !crossBox().contains(event->position().toPoint()))
            return QToolButton::mouseReleaseEvent(event);
        setDown(false);
        m_remove(); // deletes this, later
    }
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress)
            return QToolButton::event(event);
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key != Qt::Key_Delete && key != Qt::Key_Backspace)
            return QToolButton::event(event);
        event->accept(); // not the window's "Delete", which takes the consumer
        if (event->type() == QEvent::KeyPress)
            m_remove();
        return true;
    }

private:
    [[nodiscard]] int crossRoom() const { return kCross + fontMetrics().averageCharWidth(); }
    [[nodiscard]] QRect crossBox() const
    {
        const int width = crossRoom() + fontMetrics().averageCharWidth() / 2;
        return QStyle::visualRect(layoutDirection(), rect(),
                                  {rect().right() - width, rect().top(), width, rect().height()});
    }

    std::function<void()> m_remove;
};

} // namespace

LabelChips::LabelChips(QWidget *parent) : QWidget(parent), m_layout(new FlowLayout(this))
{
    setObjectName(QStringLiteral("labels"));
    setAccessibleName(tr("Labels"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&Privacy::instance(), &Privacy::changed, this, [this] {
        if (!isEditing())
            rebuild();
    });
    rebuild();
}

void LabelChips::setLabels(const Labels &labels)
{
    if (isEditing() || labels == m_labels)
        return;
    m_labels = labels;
    rebuild();
}

QWidget *LabelChips::makeChip(std::size_t index)
{
    auto *chip = new LabelChip([this, index] { remove(index); }, this);
    const QString text = Privacy::instance().text(textOf(m_labels[index]));
    chip->setObjectName(QStringLiteral("label-%1").arg(index));
    chip->setText(text);
    chip->setAccessibleName(tr("Label %1").arg(text));
    chip->setAccessibleDescription(tr("Enter edits it, Del removes it"));
    chip->setToolTip(tr("%1: a click edits it, Del or the cross removes it").arg(text));
    connect(chip, &QToolButton::clicked, this, [this, index] { edit(index); });
    return chip;
}

void LabelChips::rebuild()
{
    int focused = -1; // the chip that has the focus, or its place
    while (QLayoutItem *const item = m_layout->takeAt(0)) {
        if (QWidget *const widget = item->widget()) {
            if (focused < 0 && widget->hasFocus()) // which goes on when it is hidden
                focused = widget->property("place").toInt();
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (std::size_t i = 0; i < m_labels.size(); ++i)
        m_layout->addWidget(makeChip(i));
    auto *add = new QToolButton(this);
    add->setObjectName(QStringLiteral("addLabel"));
    add->setIcon(Theme::instance().icon(QStringLiteral("plus")));
    add->setText(tr("Label"));
    add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add->setAccessibleName(tr("Add a label"));
    add->setFocusPolicy(Qt::StrongFocus);
    connect(add, &QToolButton::clicked, this, [this] { edit(m_labels.size()); });
    m_layout->addWidget(add);
    for (int i = 0; i < m_layout->count(); ++i) {
        QWidget *const widget = m_layout->itemAt(i)->widget();
        widget->setProperty("place", i);
        widget->installEventFilter(this);
        widget->show();
    }
    if (focused >= 0)
        m_layout->itemAt(std::min(focused, m_layout->count() - 1))->widget()->setFocus();
    updateGeometry();
}

void LabelChips::remove(std::size_t index)
{
    if (m_edit)
        finish(true);
    if (index >= m_labels.size())
        return;
    const QString label = textOf(m_labels[index]);
    m_labels.erase(m_labels.begin() + static_cast<std::ptrdiff_t>(index));
    rebuild(); // the focus goes to the next one
    Q_EMIT removed(label);
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
