// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/theme/theme.h"

#include <QIconEngine>

namespace postern::gui {

/// Paints an SVG of resources/icons in the colour its role has now: a switch of the theme needs no
/// new icons, only a repaint.
class IconEngine : public QIconEngine
{
public:
    IconEngine(QString name, Role role);

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    [[nodiscard]] QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    [[nodiscard]] QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state,
                                       qreal scale) override;
    [[nodiscard]] QIconEngine *clone() const override;
    [[nodiscard]] QString key() const override { return QStringLiteral("postern"); }
    [[nodiscard]] QString iconName() override { return m_name; }
    [[nodiscard]] bool isNull() override { return false; }

private:
    QString m_name;
    Role m_role;
};

} // namespace postern::gui
