// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/gateway.h"

#include <QWidget>

#include <cstdint>

class QLabel;
class QToolButton;

namespace postern::gui {

class Shell;

/// The gateway in one line: start, stop, where it listens, what time it is there.
class GatewayBar : public QWidget
{
    Q_OBJECT
public:
    explicit GatewayBar(Shell &shell, QWidget *parent = nullptr);

    void start(); ///< with the ports of the settings
    void stop();
    void restart();

private:
    void buildClock();
    void update();
    void updateClock();
    void askForTime();
    void portTaken(const Error &error);
    void choosePort();
    [[nodiscard]] gateway::GatewayOptions options() const;
    void changeClock(const char *member, const QString &value);
    static std::uint16_t freePort();

    Shell &m_shell;
    QToolButton *m_startStop, *m_restart, *m_clock;
    QToolButton *m_proxy, *m_admin;
    QLabel *m_state;
    bool m_again = false; ///< start as soon as it has stopped
};

} // namespace postern::gui
