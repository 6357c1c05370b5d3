// SPDX-License-Identifier: Apache-2.0
#include "gui/text/local_time.h"

#include <QDateTime>
#include <QLocale>

#include <chrono>

namespace postern::gui {

QString localTime(Timestamp time, bool millis)
{
    const auto since = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch();
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(since.count());
    QString date = QLocale().dateFormat(QLocale::ShortFormat);
    if (!date.contains(QLatin1String("yyyy"))) // a token may be of another century
        date.replace(QLatin1String("yy"), QLatin1String("yyyy"));
    const QString clock = millis ? QStringLiteral("HH:mm:ss.zzz") : QStringLiteral("HH:mm:ss");
    return QLocale().toString(local.date(), date) + u' ' + local.toString(clock);
}

} // namespace postern::gui
