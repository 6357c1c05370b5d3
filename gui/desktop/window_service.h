// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/desktop/postern_interface.h"

#include <QByteArray>
#include <QObject>

#include <vector>

namespace postern::gui {

class MainWindow;
class SingleInstance;

/// Joins the window to the desktop around it: what another start, the desktop's menu or a program
/// on the user's bus asks for, and what is told there. Main thread.
class WindowService : public QObject, public DesktopService
{
    Q_OBJECT
public:
    static constexpr std::size_t kMostTold = 20; ///< of a batch of decided requests, the newest

    /// Both outlive it.
    WindowService(SingleInstance &instance, MainWindow &window);
    ~WindowService() override;

    void startGateway() override;
    void stopGateway() override;
    [[nodiscard]] QString state() const override;
    void mintToken(const QString &consumer, const QVariantMap &options,
                   std::function<void(QString token, QString error)> done) override;

private:
    void raise();
    void tellDecided(const std::vector<QByteArray> &traces);

    SingleInstance &m_instance;
    MainWindow &m_window;
};

} // namespace postern::gui
