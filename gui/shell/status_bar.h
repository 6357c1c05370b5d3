// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStatusBar>

class QLabel;
class QToolButton;

namespace postern::gui {

class SecretClipboard;
class Session;

/// What is always known: the gateway and its ports, the store, the clock where it is not real, the
/// profile, the seconds a secret stays on the clipboard.
class StatusBar : public QStatusBar
{
    Q_OBJECT
public:
    StatusBar(Session &session, SecretClipboard &clipboard, QWidget *parent = nullptr);
    /// One line about what the user is doing: what is wrong with a filter. Empty: nothing.
    void showHint(const QString &hint);
    [[nodiscard]] static QString profileName(const std::string &profile); ///< "APISIX 3.18"

private:
    void refreshGateway();
    void refreshStore();
    void refreshClock();
    void copyUrl();

    Session &m_session;
    SecretClipboard &m_clipboard;
    QToolButton *m_gateway, *m_countdown;
    QLabel *m_store, *m_clock, *m_profile, *m_hint;
};

} // namespace postern::gui
