// SPDX-License-Identifier: Apache-2.0
#include "gui/theme/icon_engine.h"

#include <QFile>
#include <QHash>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace postern::gui {

namespace {

const QByteArray &drawing(const QString &name)
{
    static QHash<QString, QByteArray> drawings; // icons are painted in the main thread only
    const auto found = drawings.constFind(name);
    if (found != drawings.constEnd())
        return *found;
    QFile file(QStringLiteral(":/postern/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qWarning("no icon is named %s", qPrintable(name));
    return *drawings.insert(name, file.isOpen() ? file.readAll() : QByteArray());
}

QPixmap render(const QString &name, const QColor &color, const QSize &pixels)
{
    const QString key =
        QStringLiteral("postern-%1-%2-%3").arg(name, color.name()).arg(pixels.width());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap) && pixmap.size() == pixels)
        return pixmap;
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QByteArray svg = drawing(name);
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(QPointF(), QSizeF(pixels)));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace

IconEngine::IconEngine(QString name, Role role) : m_name(std::move(name)), m_role(role) {}

void IconEngine::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state)
{
    const qreal scale = painter->device() ? painter->device()->devicePixelRatio() : 1.0;
    painter->drawPixmap(rect, scaledPixmap(rect.size(), mode, state, scale));
}

QPixmap IconEngine::pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state)
{
    return scaledPixmap(size, mode, state, 1.0);
}

QPixmap IconEngine::scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State /*state*/,
                                 qreal scale)
{
    const QColor color = Theme::instance().color(mode == QIcon::Disabled ? Role::Muted : m_role);
    const QSize pixels = size * scale;
    QPixmap pixmap = render(m_name, color, pixels);
    if (mode == QIcon::Disabled) { // paler than its words, which must stay readable
        QPixmap pale(pixels);
        pale.fill(Qt::transparent);
        QPainter painter(&pale);
        painter.setOpacity(0.6);
        painter.drawPixmap(0, 0, pixmap);
        painter.end();
        pixmap = pale;
    }
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

QIconEngine *IconEngine::clone() const { return new IconEngine(m_name, m_role); }

} // namespace postern::gui
