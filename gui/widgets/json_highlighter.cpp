// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/json_highlighter.h"

#include "gui/theme/theme.h"

namespace postern::gui {

namespace {

/// One past the closing quote of the string that opens at `start`, or the end of the line.
qsizetype endOfString(const QString &text, qsizetype start)
{
    qsizetype at = start + 1;
    while (at < text.size() && text.at(at) != QLatin1Char('"'))
        at += text.at(at) == QLatin1Char('\\') ? 2 : 1;
    return std::min(at + 1, text.size());
}

bool isNameAt(const QString &text, qsizetype after)
{
    while (after < text.size() && text.at(after).isSpace())
        ++after;
    return after < text.size() && text.at(after) == QLatin1Char(':');
}

bool isOfWord(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('-') || c == QLatin1Char('+')
        || c == QLatin1Char('.');
}

} // namespace

JsonHighlighter::JsonHighlighter(QTextDocument *document) : QSyntaxHighlighter(document)
{
    connect(&Theme::instance(), &Theme::changed, this, &QSyntaxHighlighter::rehighlight);
}

void JsonHighlighter::highlightBlock(const QString &text)
{
    const auto paint = [this](qsizetype start, qsizetype end, Role role) {
        setFormat(static_cast<int>(start), static_cast<int>(end - start),
                  Theme::instance().color(role));
    };
    if (text.size() > 100'000)
        return; // one enormous line: nobody reads its colours
    for (qsizetype at = 0; at < text.size();) {
        const QChar c = text.at(at);
        if (c == QLatin1Char('"')) {
            const qsizetype end = endOfString(text, at);
            paint(at, end, isNameAt(text, end) ? Role::Accent : Role::JwtSignature);
            at = end;
        } else if (isOfWord(c)) {
            qsizetype end = at;
            while (end < text.size() && isOfWord(text.at(end)))
                ++end;
            paint(at, end, Role::JwtPayload);
            at = end;
        } else {
            if (!c.isSpace())
                paint(at, at + 1, Role::Muted);
            ++at;
        }
    }
}

} // namespace postern::gui
