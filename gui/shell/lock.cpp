// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/lock.h"

#include "gui/theme/theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

namespace postern::gui {

IdleWatch::IdleWatch(QObject *parent) : QObject(parent), m_timer(new QTimer(this))
{
    m_timer->setSingleShot(true);
    connect(m_timer, &QTimer::timeout, this, &IdleWatch::idle);
}

void IdleWatch::setMinutes(int minutes)
{
    m_timer->stop();
    qApp->removeEventFilter(this);
    if (minutes <= 0)
        return;
    m_timer->start(std::chrono::minutes(minutes));
    qApp->installEventFilter(this);
}

bool IdleWatch::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
        if (watched->isWindowType()) // once an event, not once a widget it passes
            m_timer->start();
        break;
    default:
        break;
    }
    return false;
}

LockBanner::LockBanner(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("lockBanner"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    auto *sign = new QLabel;
    const auto paint = [sign] {
        sign->setPixmap(Theme::instance()
                            .icon(QStringLiteral("lock"), Role::Warning)
                            .pixmap(QSize(20, 20), sign->devicePixelRatioF()));
    };
    paint();
    connect(&Theme::instance(), &Theme::changed, sign, paint);
    auto *text =
        new QLabel(tr("Locked: secrets are sealed, nothing can be changed. The gateway runs on."));
    text->setObjectName(QStringLiteral("lockText"));
    auto *button = new QPushButton(tr("Un&lock"));
    button->setObjectName(QStringLiteral("unlock"));
    button->setAccessibleName(tr("Unlock"));
    button->setAutoDefault(true);
    setFocusProxy(button);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 16, 8);
    row->setSpacing(10);
    row->addWidget(sign);
    row->addWidget(text);
    row->addStretch();
    row->addWidget(button);
    connect(button, &QPushButton::clicked, this, &LockBanner::unlockRequested);
}

} // namespace postern::gui
