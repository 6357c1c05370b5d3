// SPDX-License-Identifier: Apache-2.0
#include "gui/text/privacy.h"

#include "gateway/request/redact.h"
#include "gui/text/qt_bytes.h"

namespace postern::gui {

namespace {

const QString &dots()
{
    static const QString kDots = toText(gateway::kRedacted);
    return kDots;
}

bool isOfAName(QChar letter)
{
    return letter.isLetterOrNumber() || letter == u'_' || letter == u'-';
}

} // namespace

Privacy &Privacy::instance()
{
    static Privacy privacy;
    return privacy;
}

void Privacy::setOn(bool on)
{
    if (m_on == on)
        return;
    m_on = on;
    Q_EMIT changed();
}

QString Privacy::name(const QString &name) const { return value(name); }

QString Privacy::value(const QString &value) const
{
    return m_on && !value.isEmpty() ? dots() : value;
}

QString Privacy::text(const QString &text) const
{
    if (!m_on || m_names.isEmpty())
        return text;
    QString shown;
    for (qsizetype at = 0; at < text.size();) {
        qsizetype end = at;
        while (end < text.size() && isOfAName(text.at(end)))
            ++end;
        const QString word = text.mid(at, std::max<qsizetype>(end - at, 1));
        shown += m_names.contains(word) ? dots() : word;
        at += word.size();
    }
    return shown;
}

} // namespace postern::gui
