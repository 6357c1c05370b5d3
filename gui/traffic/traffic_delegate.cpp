// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/traffic_delegate.h"

#include "gui/models/field_model.h"
#include "gui/models/traffic_model.h"
#include "gui/theme/theme.h"

namespace postern::gui {

namespace {

Role roleOf(TrafficDecision decision)
{
    switch (decision) {
    case TrafficDecision::Allowed:
    case TrafficDecision::Anonymous:
        return Role::Allowed;
    case TrafficDecision::Denied:
        return Role::Denied;
    case TrafficDecision::Unmatched:
    case TrafficDecision::Failed:
        return Role::Warning;
    case TrafficDecision::None:
        break;
    }
    return Role::Muted;
}

} // namespace

void TrafficDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    CellDelegate::initStyleOption(option, index);
    const Theme &theme = Theme::instance();
    if (index.data(TrafficModel::MarkedRole).toBool())
        option->backgroundBrush = theme.color(Role::Mark);
    const int column = index.column();
    if (column == TrafficModel::Decision || column == TrafficModel::Status)
        option->palette.setColor(QPalette::Text,
                                 theme.color(roleOf(static_cast<TrafficDecision>(
                                     index.data(TrafficModel::DecisionRole).toInt()))));
    else if (column == TrafficModel::Number || column == TrafficModel::Time)
        option->palette.setColor(QPalette::Text, theme.color(Role::Muted));
}

void FieldDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    CellDelegate::initStyleOption(option, index);
    const Theme &theme = Theme::instance();
    option->font.setBold(index.data(FieldModel::HeadingRole).toBool());
    if (index.data(FieldModel::MarkedRole).toBool()) {
        option->backgroundBrush = theme.color(Role::Mark);
        option->font.setBold(true);
    } else if (index.column() == FieldModel::Note) {
        option->palette.setColor(QPalette::Text, theme.color(Role::Muted));
    }
}

} // namespace postern::gui
