// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/widgets/cell_delegate.h"

namespace postern::gui {

/// Colours what the traffic's decisions and statuses say in words anyway.
class TrafficDelegate : public CellDelegate
{
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

/// Marks the lines of FieldModel that fed the selected step; headings are bold.
class FieldDelegate : public CellDelegate
{
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace postern::gui
