// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/page.h"

#include <QAbstractItemView>
#include <QPushButton>

namespace postern::gui {

void Page::takeFocus()
{
    QWidget *best = nullptr;
    int bestRank = 0;
    for (QWidget *at = nextInFocusChain(); at && at != this; at = at->nextInFocusChain()) {
        if (!isAncestorOf(at) || !at->isEnabled() || !at->isVisibleTo(this)
            || (at->focusPolicy() & Qt::TabFocus) != Qt::TabFocus)
            continue;
        const auto *list = qobject_cast<const QAbstractItemView *>(at);
        const auto *button = qobject_cast<const QPushButton *>(at);
        const int rank = list && list->model() && list->model()->rowCount() > 0 ? 3
            : button && button->isDefault()                                     ? 2
                                                                                : 1;
        if (rank > bestRank) {
            best = at;
            bestRank = rank;
        }
    }
    if (best)
        best->setFocus(Qt::OtherFocusReason);
}

} // namespace postern::gui
