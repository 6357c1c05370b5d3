// SPDX-License-Identifier: Apache-2.0
#include "gui/text/mnemonic.h"

#include <QRegularExpression>

namespace postern::gui {

QString withoutMnemonic(QString text)
{
    // languages that have no letters for it put it behind the text
    static const QRegularExpression kBehind(QStringLiteral("\\s*\\(&\\S\\)"));
    static const QRegularExpression kInside(QStringLiteral("&(.?)"));
    text.remove(kBehind).replace(kInside, QStringLiteral("\\1"));
    while (text.endsWith(QChar(0x2026))) // "…"
        text.chop(1);
    return text;
}

} // namespace postern::gui
