// SPDX-License-Identifier: Apache-2.0
#include "gui/models/seen_times.h"

#include "core/json/parse.h"
#include "gui/session/session.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>
#include <utility>

namespace postern::gui {

SeenTimes::SeenTimes(Session &session, QObject *parent) : QObject(parent)
{
    connect(&session, &Session::tracesArrived, this, &SeenTimes::read);
}

std::optional<Timestamp> SeenTimes::of(std::string_view consumer) const
{
    const auto found = m_times.find(consumer);
    return found == m_times.end() ? std::nullopt : std::optional(found->second);
}

void SeenTimes::read(const std::vector<QByteArray> &traces)
{
    QThreadPool::globalInstance()->start([self = QPointer<SeenTimes>(this), traces] {
        Times times;
        for (const QByteArray &text : traces) {
            const auto trace = parseJson({text.constData(), static_cast<std::size_t>(text.size())});
            const std::string_view consumer = trace ? trace->stringOr("consumer", "") : "";
            const auto time = trace ? parseTime(trace->stringOr("time", ""), {})
                                    : Result<Timestamp>(fail(Errc::Json));
            if (!consumer.empty() && time)
                times.insert_or_assign(std::string(consumer), *time);
        }
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, times = std::move(times)] {
                if (self && !times.empty())
                    self->take(times);
            },
            Qt::QueuedConnection);
    });
}

void SeenTimes::take(const Times &times)
{
    std::vector<std::string> consumers;
    for (const auto &[consumer, time] : times) {
        Timestamp &last = m_times[consumer];
        last = std::max(last, time);
        consumers.push_back(consumer);
    }
    Q_EMIT seen(consumers);
}

} // namespace postern::gui
