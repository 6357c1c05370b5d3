// SPDX-License-Identifier: Apache-2.0
#include "gui/models/traffic_feed.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace postern::gui {

TrafficFeed::TrafficFeed(TrafficModel &model, QObject *parent) : QObject(parent), m_model(model)
{
    m_pool.setMaxThreadCount(1);
    m_pace.setSingleShot(true);
    m_pace.setInterval(std::chrono::milliseconds(50));
    connect(&m_pace, &QTimer::timeout, this, &TrafficFeed::readNext);
}

TrafficFeed::~TrafficFeed() { m_pool.waitForDone(); }

void TrafficFeed::add(const std::vector<QByteArray> &traces)
{
    m_waiting.insert(m_waiting.end(), traces.begin(), traces.end());
    if (m_waiting.size() > kWaiting) {
        const auto gone = static_cast<std::ptrdiff_t>(m_waiting.size() - kWaiting);
        m_waiting.erase(m_waiting.begin(), m_waiting.begin() + gone);
        Q_EMIT lost(gone);
    }
    Q_EMIT waitingChanged();
    readNext();
}

void TrafficFeed::setPaused(bool paused)
{
    if (std::exchange(m_paused, paused) == paused)
        return;
    Q_EMIT pausedChanged(paused);
    readNext();
}

void TrafficFeed::readNext()
{
    if (m_paused || m_reading || m_pace.isActive() || m_waiting.empty())
        return;
    const auto count = static_cast<std::ptrdiff_t>(std::min(m_waiting.size(), kBatch));
    std::vector<QByteArray> batch(m_waiting.begin(), m_waiting.begin() + count);
    m_waiting.erase(m_waiting.begin(), m_waiting.begin() + count);
    m_reading = true;
    m_pool.start([this, batch = std::move(batch)] {
        QMetaObject::invokeMethod(
            this, [this, rows = m_reader.read(batch)]() mutable { take(std::move(rows)); },
            Qt::QueuedConnection);
    });
}

void TrafficFeed::take(std::vector<TrafficRow> rows)
{
    m_reading = false;
    const int count = static_cast<int>(rows.size());
    m_model.append(std::move(rows));
    m_pace.start();
    Q_EMIT appended(count);
    Q_EMIT waitingChanged();
}

} // namespace postern::gui
