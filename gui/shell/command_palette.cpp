// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/command_palette.h"

#include "gui/shell/palette_model.h"
#include "gui/theme/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QSettings>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace postern::gui {

namespace {

const QString kRecent = QStringLiteral("palette/recent");

/// Text at the left; what it is, and its keys or the reason against it, at the right.
class RowDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const QString reason = index.data(PaletteModel::ReasonRole).toString();
        const QString keys = index.data(PaletteModel::KeysRole).toString();
        const QColor muted = Theme::instance().color(Role::Muted);
        QStyleOptionViewItem row = option;
        initStyleOption(&row, index);
        row.state &= ~QStyle::State_HasFocus;
        if (!reason.isEmpty()) {
            row.palette.setColor(QPalette::Text, muted);
            row.palette.setColor(QPalette::HighlightedText, muted);
        }
        row.widget->style()->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);
        const int gap = option.fontMetrics.averageCharWidth() * 2;
        const int used = option.fontMetrics.horizontalAdvance(row.text) + 5 * gap;
        const QRect rest = option.rect.adjusted(used, 0, -gap, 0);
        QString right = reason.isEmpty() ? index.data(PaletteModel::HintRole).toString() : reason;
        if (!keys.isEmpty() && reason.isEmpty())
            right += QStringLiteral("    ") + keys;
        painter->setPen(muted);
        painter->setFont(option.font);
        painter->drawText(rest, Qt::AlignRight | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(right, Qt::ElideRight, rest.width()));
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(),
                option.fontMetrics.height() + 14};
    }
};

} // namespace

CommandPalette::CommandPalette(Commands &commands, QSettings &settings, Find find, QWidget *window)
    : QFrame(window),
      m_commands(commands),
      m_settings(settings),
      m_find(std::move(find)),
      m_line(new QLineEdit),
      m_list(new QListView),
      m_empty(new QLabel(tr("Nothing has this name."))),
      m_model(new PaletteModel(commands, this))
{
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Command palette"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    hide();
    m_line->setObjectName(QStringLiteral("paletteLine"));
    m_line->setAccessibleName(tr("Search or run"));
    m_line->setPlaceholderText(
        tr("Search or run…   > commands   @ consumers   / routes   # requests"));
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new RowDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus); // the line keeps it
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_empty->setObjectName(QStringLiteral("paletteEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_line);
    column->addWidget(m_list, 1);
    column->addWidget(m_empty, 1);
    m_line->installEventFilter(this);
    window->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::refresh);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
    connect(&m_commands, &Commands::ran, this, &CommandPalette::remember);
}

void CommandPalette::open(const QString &text)
{
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_line->setText(text);
    refresh();
    place();
    show();
    raise();
    m_line->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::refresh()
{
    const QString text = m_line->text();
    m_model->search(text, m_find(PaletteModel::split(text).first, PaletteModel::kLimit),
                    m_settings.value(kRecent).toStringList());
    const bool found = m_model->rowCount() > 0;
    m_list->setVisible(found);
    m_empty->setVisible(!found);
    if (found)
        m_list->setCurrentIndex(m_model->index(0));
    m_list->scrollToTop();
}

void CommandPalette::runCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    const PaletteModel::Row row = m_model->row(current.row()); // the model changes below
    if (!row.reason.isEmpty())
        return; // it says why
    dismiss();
    row.run();
}

void CommandPalette::remember(const QString &id)
{
    if (id == QLatin1String("view.palette"))
        return;
    QStringList recent = m_settings.value(kRecent).toStringList();
    recent.removeAll(id);
    recent.prepend(id);
    m_settings.setValue(kRecent, QStringList(recent.mid(0, 30)));
}

void CommandPalette::dismiss()
{
    hide();
    if (m_before)
        m_before->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place()
{
    const QWidget *window = parentWidget();
    const int width = std::min(window->width() - 40, fontMetrics().averageCharWidth() * 90);
    const int height = std::min(window->height() * 2 / 3, fontMetrics().height() * 26);
    setGeometry((window->width() - width) / 2, window->height() / 10, width, height);
}

void CommandPalette::moveBy(int rows)
{
    const int count = m_model->rowCount();
    if (count == 0)
        return;
    const int next = std::clamp(m_list->currentIndex().row() + rows, 0, count - 1);
    m_list->setCurrentIndex(m_model->index(next));
    m_line->setAccessibleDescription(m_model->index(next).data(Qt::AccessibleTextRole).toString());
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget()) {
        if (event->type() == QEvent::Resize && isVisible())
            place();
        return false;
    }
    if (event->type() == QEvent::FocusOut && isVisible()) {
        const Qt::FocusReason reason = static_cast<QFocusEvent *>(event)->reason();
        if (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason)
            hide(); // the user went elsewhere
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Down:
        moveBy(1);
        return true;
    case Qt::Key_Up:
        moveBy(-1);
        return true;
    case Qt::Key_PageDown:
        moveBy(10);
        return true;
    case Qt::Key_PageUp:
        moveBy(-10);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        runCurrent();
        return true;
    case Qt::Key_Escape:
        dismiss();
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return true; // there is nowhere else in here
    default:
        return false;
    }
}

} // namespace postern::gui
