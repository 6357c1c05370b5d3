// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/traffic_model.h"

#include <QByteArray>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <vector>

namespace postern::gui {

/// Brings traces into the model: reads them in a thread of its own, at most kBatch at a time and 20
/// times a second, so that the window stays quick. Main thread.
class TrafficFeed : public QObject
{
    Q_OBJECT
public:
    static constexpr std::size_t kBatch = 4'000;
    static constexpr std::size_t kWaiting = TrafficModel::kMaxRows; ///< more: the oldest are lost

    explicit TrafficFeed(TrafficModel &model, QObject *parent = nullptr);
    ~TrafficFeed() override;

    void add(const std::vector<QByteArray> &traces);
    /// While paused, traces wait.
    void setPaused(bool paused);
    [[nodiscard]] bool isPaused() const noexcept { return m_paused; }
    [[nodiscard]] qsizetype waiting() const noexcept
    {
        return static_cast<qsizetype>(m_waiting.size());
    }

Q_SIGNALS:
    void pausedChanged(bool paused);
    void waitingChanged();
    void appended(int rows);
    void lost(qsizetype traces);

private:
    void readNext();
    void take(std::vector<TrafficRow> rows);

    TrafficModel &m_model;
    TrafficReader m_reader; ///< in the pool's thread while m_reading
    std::vector<QByteArray> m_waiting;
    QThreadPool m_pool;
    QTimer m_pace;
    bool m_paused = false;
    bool m_reading = false;
};

} // namespace postern::gui
