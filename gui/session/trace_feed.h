// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/control/client.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace postern::gui {

/// Follows a gateway's traces through its control API, on a thread of its own, and comes back when
/// the connection breaks. Nothing is parsed here: batches of JSON texts are handed over. Main
/// thread.
class TraceFeed : public QObject
{
    Q_OBJECT
public:
    /// Texts that wait for the main thread at most; the oldest are dropped.
    static constexpr std::size_t kMaxWaiting = 100'000;

    explicit TraceFeed(QObject *parent = nullptr);
    ~TraceFeed() override;

    /// \param control "unix:/path" or "http://host:port"
    /// \param since the trace behind which to begin; empty: what is decided from now on
    void start(const std::string &control, std::string adminKey = {}, std::string since = {});
    void stop();

Q_SIGNALS:
    void arrived(const std::vector<QByteArray> &traces); ///< at most 20 times a second
    void dropped(quint64 count);

private:
    void follow(const gateway::ControlClient &client, const std::string &adminKey,
                std::string last);
    [[nodiscard]] bool take(const gateway::ServerEvent &event);
    void deliver();

    std::thread m_thread;
    std::atomic<bool> m_stop{false};
    int m_cancel = -1; ///< can be read once the thread is to end
    std::mutex m_mutex;
    std::vector<QByteArray> m_waiting;
    quint64 m_dropped = 0;
    bool m_announced = false; ///< the main thread knows that something waits
    QTimer m_timer;
};

} // namespace postern::gui
