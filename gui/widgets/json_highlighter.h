// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QSyntaxHighlighter>

namespace postern::gui {

/// Colours JSON by role, line by line (no JSON string spans lines): names, strings, numbers and
/// words. Repaints when the theme changes.
class JsonHighlighter : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    explicit JsonHighlighter(QTextDocument *document);

protected:
    void highlightBlock(const QString &text) override;
};

} // namespace postern::gui
