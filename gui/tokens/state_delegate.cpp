// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/state_delegate.h"

#include "gui/models/checks_model.h"
#include "gui/theme/theme.h"

namespace postern::gui {

void StateDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    CellDelegate::initStyleOption(option, index);
    const Theme &theme = Theme::instance();
    if (index.data(ChecksModel::DiffersRole).toBool() && index.column() == 0) {
        option->palette.setColor(QPalette::Text, theme.color(Role::Warning));
        option->font.setBold(true);
    }
    const QVariant state = index.data(ChecksModel::StateRole);
    if (!state.isValid() || index.column() == 0)
        return;
    const Role role = state.toInt() == ChecksModel::Passed ? Role::Allowed
        : state.toInt() == ChecksModel::Failed             ? Role::Denied
                                                           : Role::Muted;
    option->palette.setColor(QPalette::Text, theme.color(role));
}

} // namespace postern::gui
