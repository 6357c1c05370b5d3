// SPDX-License-Identifier: Apache-2.0
#include "gui/access/matrix_view.h"

#include "gui/models/access_model.h"
#include "gui/theme/theme.h"
#include "gui/widgets/cell_delegate.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>

namespace postern::gui {
namespace {

using gateway::AccessState;

Role roleOf(AccessState state)
{
    switch (state) {
    case AccessState::Allowed:
    case AccessState::Anonymous:
        return Role::Allowed;
    case AccessState::Denied:
        return Role::Denied;
    case AccessState::Depends:
        return Role::Warning;
    case AccessState::CannotAuthenticate:
    case AccessState::NotMatched:
        return Role::Muted;
    }
    return Role::Text;
}

QString textOf(const QModelIndex &index)
{
    QString text = index.data().toString();
    if (index.data(AccessModel::FlippedRole).toBool())
        text = MatrixDelegate::tr("%1 → %2", "before, after")
                   .arg(index.data(AccessModel::BeforeRole).toString(), text);
    if (index.data(AccessModel::DisagreedRole).toBool())
        text = MatrixDelegate::tr("! %1 (answered otherwise)").arg(text);
    return text;
}

} // namespace

void MatrixDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const Theme &theme = Theme::instance();
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const bool reversed = cell.direction == Qt::RightToLeft;
    cell.text = reversed ? CellDelegate::isolated(textOf(index)) : textOf(index);
    const auto state = static_cast<AccessState>(index.data(AccessModel::StateRole).toInt());
    cell.palette.setColor(QPalette::Text, theme.color(roleOf(state)));
    cell.palette.setColor(QPalette::HighlightedText, theme.color(roleOf(state)));
    if (index.data(AccessModel::FlippedRole).toBool()
        || index.data(AccessModel::DisagreedRole).toBool())
        cell.backgroundBrush = theme.color(Role::Mark);
    const QStyle *const style = cell.widget ? cell.widget->style() : nullptr;
    if (style)
        style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
}

QSize MatrixDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int width = option.fontMetrics.horizontalAdvance(textOf(index));
    return {width + option.fontMetrics.averageCharWidth() * 3, option.fontMetrics.height() * 2};
}

MatrixView::MatrixView(QWidget *parent) : QTableView(parent)
{
    setItemDelegate(new MatrixDelegate(this));
    setEditTriggers(NoEditTriggers);
    setSelectionMode(SingleSelection);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setTabKeyNavigation(false); // Tab leaves, arrows move
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 3);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setMinimumSectionSize(fontMetrics().averageCharWidth() * 12);
    horizontalHeader()->setResizeContentsPrecision(0); // what is visible
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void MatrixView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier) {
            Q_EMIT explainRequested();
            return;
        }
        break;
    case Qt::Key_T:
        if (event->modifiers() == Qt::NoModifier) {
            Q_EMIT toggleRequested();
            return;
        }
        break;
    default:
        break;
    }
    QTableView::keyPressEvent(event);
}

} // namespace postern::gui
