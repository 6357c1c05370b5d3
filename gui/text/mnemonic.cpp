// SPDX-License-Identifier: Apache-2.0
#include "gui/text/mnemonic.h"

#include <QRegularExpression>

#include <utility>

namespace postern::gui {

QString buttonText(QString text)
{
    // languages that have no letters for it put it behind the text
    static const QRegularExpression kBehind(QStringLiteral("\\s*\\(&\\S\\)"));
    static const QRegularExpression kInside(QStringLiteral("&(.?)"));
    return text.remove(kBehind).replace(kInside, QStringLiteral("\\1"));
}

QString withoutMnemonic(QString text)
{
    text = buttonText(std::move(text));
    while (text.endsWith(QChar(0x2026))) // "…"
        text.chop(1);
    return text;
}

} // namespace postern::gui
