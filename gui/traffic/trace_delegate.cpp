// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/trace_delegate.h"

#include "gui/models/trace_model.h"
#include "gui/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QPainter>
#include <QTextLayout>
#include <QtMath>

namespace postern::gui {

namespace {

struct Metrics
{
    int margin, sign;
};

Metrics metricsOf(const QStyleOptionViewItem &option)
{
    return {option.fontMetrics.height() / 4, option.fontMetrics.height() * 3 / 2};
}

Role colourOf(const QModelIndex &index)
{
    const auto line = static_cast<TraceModel::Line>(index.data(TraceModel::LineRole).toInt());
    const auto outcome =
        static_cast<TraceModel::Outcome>(index.data(TraceModel::OutcomeRole).toInt());
    if (line == TraceModel::Line::Fix)
        return Role::Accent;
    if (line != TraceModel::Line::Step || outcome == TraceModel::Outcome::Note)
        return Role::Muted;
    return outcome == TraceModel::Outcome::Ok ? Role::Allowed : Role::Denied;
}

bool isStep(const QModelIndex &index)
{
    return index.data(TraceModel::LineRole).toInt() == static_cast<int>(TraceModel::Line::Step);
}

/// A step has its title in a line of its own; all else begins with it, and saves that line.
int titleHeight(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    return isStep(index) ? option.fontMetrics.height() : 0;
}

QFont titleFont(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    QFont font = option.font;
    const auto outcome =
        static_cast<TraceModel::Outcome>(index.data(TraceModel::OutcomeRole).toInt());
    font.setBold(outcome == TraceModel::Outcome::Failed);
    return font;
}

int textWidth(const QStyleOptionViewItem &option, int width)
{
    const Metrics metrics = metricsOf(option);
    return qMax(width - metrics.sign - 3 * metrics.margin,
                option.fontMetrics.averageCharWidth() * 8);
}

/// Breaks lines between words; a word that is longer than a line anywhere. \return the height
int layOut(QTextLayout &layout, const QStyleOptionViewItem &option, const QModelIndex &index,
           int width)
{
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    wrap.setTextDirection(layout.text().isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    wrap.setAlignment(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignAbsolute);
    layout.setTextOption(wrap);
    if (!isStep(index)) {
        QTextLayout::FormatRange title;
        title.start = 0;
        title.length = static_cast<int>(index.data(TraceModel::TitleRole).toString().size());
        title.format.setFontWeight(QFont::Bold);
        layout.setFormats({title});
    }
    qreal height = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition(QPointF(0, height));
        height += line.height();
    }
    layout.endLayout();
    return qCeil(height);
}

QString textOf(const QModelIndex &index)
{
    QString text = index.data(TraceModel::TextRole).toString();
    if (!isStep(index))
        text = TraceDelegate::tr("%1: %2", "Fix: add sales to the list")
                   .arg(index.data(TraceModel::TitleRole).toString(), text);
    return text.replace(u'\n', QChar::LineSeparator);
}

} // namespace

void TraceDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    background.text.clear();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);

    const Theme &theme = Theme::instance();
    const Metrics metrics = metricsOf(option);
    const QColor text = option.palette.color(
        option.state.testFlag(QStyle::State_Selected) ? QPalette::HighlightedText : QPalette::Text);
    painter->save();
    const auto mirrored = [&option](const QRect &rect) {
        return QStyle::visualRect(option.direction, option.rect, rect);
    };
    const Qt::Alignment side =
        QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignTop;
    const int line = option.fontMetrics.height();
    QRect area =
        option.rect.adjusted(2 * metrics.margin, metrics.margin, -metrics.margin, -metrics.margin);
    painter->setLayoutDirection(Qt::LeftToRight); // of the words; where they are is said by `side`
    painter->setPen(theme.color(colourOf(index)));
    painter->setFont(titleFont(option, index));
    painter->drawText(mirrored({area.topLeft(), QSize(metrics.sign, line)}), side,
                      index.data(TraceModel::SignRole).toString());
    area.setLeft(area.left() + metrics.sign);
    const int width = textWidth(option, option.rect.width());
    if (isStep(index)) {
        painter->setPen(colourOf(index) == Role::Denied ? theme.color(Role::Denied) : text);
        const QString title = index.data(TraceModel::TitleRole).toString();
        painter->drawText(mirrored({area.left(), area.top(), width, line}), side,
                          QFontMetrics(painter->font()).elidedText(title, Qt::ElideRight, width));
    }
    painter->setPen(text);
    QTextLayout lines(textOf(index), option.font);
    const int height = layOut(lines, option, index, width);
    lines.draw(
        painter,
        mirrored({area.left(), area.top() + titleHeight(option, index), width, height}).topLeft());
    painter->restore();
}

QSize TraceDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const int width = view ? view->viewport()->width() : option.rect.width();
    const Metrics metrics = metricsOf(option);
    QTextLayout lines(textOf(index), option.font);
    const int height =
        lines.text().isEmpty() ? 0 : layOut(lines, option, index, textWidth(option, width));
    return {width, height + titleHeight(option, index) + 2 * metrics.margin};
}

} // namespace postern::gui
