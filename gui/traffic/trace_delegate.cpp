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

QFont titleFont(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    QFont font = option.font;
    const auto outcome =
        static_cast<TraceModel::Outcome>(index.data(TraceModel::OutcomeRole).toInt());
    font.setBold(outcome == TraceModel::Outcome::Failed
                 || index.data(TraceModel::LineRole).toInt()
                     != static_cast<int>(TraceModel::Line::Step));
    return font;
}

int textWidth(const QStyleOptionViewItem &option, int width)
{
    const Metrics metrics = metricsOf(option);
    return qMax(width - metrics.sign - 3 * metrics.margin,
                option.fontMetrics.averageCharWidth() * 8);
}

/// Breaks lines between words; a word that is longer than a line anywhere. \return the height
int layOut(QTextLayout &layout, int width)
{
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
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
    return index.data(TraceModel::TextRole).toString().replace(u'\n', QChar::LineSeparator);
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
    QRect area =
        option.rect.adjusted(2 * metrics.margin, metrics.margin, -metrics.margin, -metrics.margin);
    painter->setPen(theme.color(colourOf(index)));
    painter->setFont(titleFont(option, index));
    painter->drawText(QRect(area.topLeft(), QSize(metrics.sign, option.fontMetrics.height())),
                      Qt::AlignLeft | Qt::AlignTop, index.data(TraceModel::SignRole).toString());
    area.setLeft(area.left() + metrics.sign);
    painter->setPen(colourOf(index) == Role::Denied ? theme.color(Role::Denied) : text);
    painter->drawText(QRect(area.left(), area.top(), area.width(), option.fontMetrics.height()),
                      Qt::AlignLeft | Qt::AlignTop,
                      QFontMetrics(painter->font())
                          .elidedText(index.data(TraceModel::TitleRole).toString(), Qt::ElideRight,
                                      area.width()));
    painter->setPen(text);
    QTextLayout lines(textOf(index), option.font);
    layOut(lines, textWidth(option, option.rect.width()));
    lines.draw(painter, QPointF(area.left(), area.top() + option.fontMetrics.height()));
    painter->restore();
}

QSize TraceDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto *view = qobject_cast<const QAbstractItemView *>(option.widget);
    const int width = view ? view->viewport()->width() : option.rect.width();
    const Metrics metrics = metricsOf(option);
    QTextLayout lines(textOf(index), option.font);
    const int height = lines.text().isEmpty() ? 0 : layOut(lines, textWidth(option, width));
    return {width, height + option.fontMetrics.height() + 2 * metrics.margin};
}

} // namespace postern::gui
