// SPDX-License-Identifier: Apache-2.0
#include "gui/text/qt_bytes.h"

#include <QByteArray>
#include <QStringDecoder>

namespace postern::gui {

QString toText(std::string_view octets)
{
    const QByteArrayView bytes(octets.data(), static_cast<qsizetype>(octets.size()));
    if (bytes.isValidUtf8())
        return QString::fromUtf8(bytes);
    QString text;
    for (qsizetype at = 0; at < bytes.size();) {
        qsizetype size = 1;
        while (size <= 4 && at + size <= bytes.size() && !bytes.sliced(at, size).isValidUtf8())
            ++size;
        if (size <= 4 && at + size <= bytes.size()) {
            text += QString::fromUtf8(bytes.sliced(at, size));
            at += size;
        } else {
            text +=
                QStringLiteral("\\x%1").arg(static_cast<uchar>(bytes[at]), 2, 16, QLatin1Char('0'));
            ++at;
        }
    }
    return text;
}

std::string toOctets(QStringView text) { return text.toUtf8().toStdString(); }

} // namespace postern::gui
