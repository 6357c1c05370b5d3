// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/widgets/cell_delegate.h"

namespace postern::gui {

/// Colours what ChecksModel::StateRole says; the text says it as well.
class StateDelegate : public CellDelegate
{
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace postern::gui
