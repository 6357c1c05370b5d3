// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/theme/theme.h"

#include <QFontMetrics>
#include <QRect>
#include <QSize>
#include <QString>

class QPainter;

namespace postern::gui {

/// A label as a chip: a rounded box that tells it from running text. Widgets and cells of lists
/// paint the same one.
class Chip
{
public:
    static constexpr Role kEdge = Role::Muted; ///< 3:1 or more on every background

    /// \param extra room behind the text, for what the caller paints there
    [[nodiscard]] static QSize size(const QFontMetrics &metrics, const QString &text,
                                    int extra = 0);
    /// What is too long for the box ends with "…".
    /// \param fill of the box
    /// \param focus with the ring of the focus
    static void paint(QPainter &painter, const QRect &box, const QString &text, Role fill,
                      bool focus = false, int extra = 0);
};

} // namespace postern::gui
