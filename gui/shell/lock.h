// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>
#include <QObject>

class QTimer;

namespace postern::gui {

/// Says when the user has done nothing for a while: no key, no pointer, anywhere in the
/// application.
class IdleWatch : public QObject
{
    Q_OBJECT
public:
    explicit IdleWatch(QObject *parent = nullptr);
    void setMinutes(int minutes); ///< 0: never

Q_SIGNALS:
    void idle();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QTimer *m_timer;
};

/// The line above the pages while secrets are locked.
class LockBanner : public QFrame
{
    Q_OBJECT
public:
    explicit LockBanner(QWidget *parent = nullptr);

Q_SIGNALS:
    void unlockRequested();
};

} // namespace postern::gui
