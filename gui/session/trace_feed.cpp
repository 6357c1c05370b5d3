// SPDX-License-Identifier: Apache-2.0
#include "gui/session/trace_feed.h"

#include "core/json/parse.h"

#include <chrono>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace postern::gui {

namespace {

constexpr int kBatch = 50; // ms
constexpr int kRetry = 250; // ms
/// Longer than the control API's heartbeat.
constexpr auto kSilence = std::chrono::seconds(40);

} // namespace

TraceFeed::TraceFeed(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kBatch);
    connect(&m_timer, &QTimer::timeout, this, &TraceFeed::deliver);
}

TraceFeed::~TraceFeed() { stop(); }

void TraceFeed::start(const std::string &control, std::string adminKey, std::string since)
{
    stop();
    const auto address = gateway::parseServerAddress(control);
    if (!address)
        return;
    m_stop = false;
    m_cancel = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m_thread = std::thread([this, client = gateway::ControlClient(*address, kSilence, m_cancel),
                            adminKey = std::move(adminKey), since = std::move(since)]() mutable {
        follow(client, adminKey, std::move(since));
    });
}

void TraceFeed::stop()
{
    if (!m_thread.joinable())
        return;
    m_stop = true;
    static_cast<void>(::eventfd_write(m_cancel, 1));
    m_thread.join();
    ::close(std::exchange(m_cancel, -1));
    m_timer.stop();
    m_waiting.clear();
    m_dropped = 0;
    m_announced = false;
}

void TraceFeed::follow(const gateway::ControlClient &client, const std::string &adminKey,
                       std::string last)
{
    while (!m_stop) {
        gateway::ClientRequest request;
        request.target = "/v1/traces/stream" + (last.empty() ? "" : "?since=" + last);
        if (client.address().unixPath.empty())
            request.headers.emplace_back("X-API-KEY", adminKey);
        static_cast<void>(client.listen(request, [&](const gateway::ServerEvent &event) {
            if (!event.id.empty())
                last = event.id;
            return take(event) && !m_stop;
        }));
        pollfd cancel{m_cancel, POLLIN, 0};
        if (!m_stop)
            static_cast<void>(::poll(&cancel, 1, kRetry));
    }
}

bool TraceFeed::take(const gateway::ServerEvent &event)
{
    const std::scoped_lock lock(m_mutex);
    if (event.event == "trace") {
        if (m_waiting.size() == kMaxWaiting) {
            m_dropped += m_waiting.size();
            m_waiting.clear();
        }
        m_waiting.push_back(QByteArray::fromStdString(event.data));
    } else if (event.event == "dropped") {
        const auto data = parseJson(event.data);
        const Json *const count = data ? data->find("count") : nullptr;
        m_dropped += static_cast<quint64>(count ? count->asInteger().value_or(0) : 0);
    }
    if (!std::exchange(m_announced, true))
        QMetaObject::invokeMethod(this, [this] { m_timer.start(); }, Qt::QueuedConnection);
    return true;
}

void TraceFeed::deliver()
{
    std::vector<QByteArray> traces;
    quint64 lost = 0;
    {
        const std::scoped_lock lock(m_mutex);
        traces.swap(m_waiting);
        lost = std::exchange(m_dropped, 0);
        m_announced = false;
    }
    if (lost > 0)
        Q_EMIT dropped(lost);
    if (!traces.empty())
        Q_EMIT arrived(traces);
}

} // namespace postern::gui
