// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/json_editor.h"

#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/json_highlighter.h"

#include <QKeyEvent>
#include <QTextBlock>
#include <QWheelEvent>

#include <algorithm>
#include <utility>

namespace postern::gui {

JsonEditor::JsonEditor(QWidget *parent) : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("json"));
    setAccessibleName(tr("JSON"));
    setFont(Theme::monospace());
    setTabStopDistance(fontMetrics().horizontalAdvance(QLatin1Char(' ')) * 2);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    document()->setDocumentMargin(8);
    new JsonHighlighter(document());
    connect(this, &QPlainTextEdit::textChanged, this, [this, known = QString()]() mutable {
        // new colours count as a change of the document, too
        if (std::exchange(known, toPlainText()) == toPlainText())
            return;
        if (!m_setting)
            Q_EMIT edited();
    });
    connect(&Theme::instance(), &Theme::changed, this, &JsonEditor::markFault);
}

void JsonEditor::setText(const QString &text)
{
    if (text == toPlainText())
        return;
    m_setting = true;
    const int position = textCursor().position();
    setPlainText(text);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(position, static_cast<int>(text.size())));
    setTextCursor(cursor);
    m_setting = false;
    markFault();
}

void JsonEditor::setFault(const Error &error)
{
    m_fault = toText(describe(error));
    const QStringList place = toText(error.where).split(QLatin1Char(':'));
    const bool placed = place.size() == 2;
    m_line = placed ? place.at(0).toInt() : 0;
    m_column = placed ? place.at(1).toInt() : 0;
    markFault();
    setToolTip(m_fault);
    setAccessibleDescription(m_fault);
    Q_EMIT faultChanged(m_fault);
}

void JsonEditor::clearFault()
{
    if (m_fault.isEmpty())
        return;
    m_fault.clear();
    m_line = m_column = 0;
    markFault();
    setToolTip({});
    setAccessibleDescription({});
    Q_EMIT faultChanged({});
}

void JsonEditor::markFault()
{
    setProperty("verdict", m_fault.isEmpty() ? QVariant() : QVariant(QStringLiteral("wrong")));
    update();
    const QTextBlock block = document()->findBlockByNumber(m_line - 1);
    if (m_line < 1 || !block.isValid())
        return setExtraSelections({});
    QTextEdit::ExtraSelection line;
    line.cursor = QTextCursor(block);
    line.format.setBackground(Theme::instance().color(Role::Mark));
    line.format.setProperty(QTextFormat::FullWidthSelection, true);
    QTextEdit::ExtraSelection place;
    place.cursor = QTextCursor(block);
    const int length = block.length() - 1;
    const int offset = std::clamp(m_column - 1, 0, std::max(0, length - 1));
    place.cursor.setPosition(block.position() + offset);
    if (length > 0)
        place.cursor.movePosition(QTextCursor::Right, QTextCursor::KeepAnchor);
    place.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    place.format.setUnderlineColor(Theme::instance().color(Role::Denied));
    place.format.setForeground(Theme::instance().color(Role::Denied));
    place.format.setBackground(Theme::instance().color(Role::Mark));
    setExtraSelections({line, place});
}

void JsonEditor::zoom(int steps)
{
    const int change = steps == 0 ? -m_zoom : std::clamp(m_zoom + steps, -6, 20) - m_zoom;
    m_zoom += change;
    zoomIn(change);
}

bool JsonEditor::event(QEvent *event)
{
    // Ctrl+Tab leaves, whatever the window does with it.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool tab = key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab;
        if (tab && key->modifiers().testFlag(Qt::ControlModifier)) {
            event->accept();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void JsonEditor::keyPressEvent(QKeyEvent *event)
{
    const bool back = event->key() == Qt::Key_Backtab
        || (event->key() == Qt::Key_Tab && event->modifiers().testFlag(Qt::ShiftModifier));
    const bool tab = back || event->key() == Qt::Key_Tab;
    if (tab && (event->modifiers().testFlag(Qt::ControlModifier) || isReadOnly())) {
        QWidget::focusNextPrevChild(!back); // the text edit's own keeps the focus
        return;
    }
    if (event->key() == Qt::Key_Tab && !textCursor().hasSelection())
        return insertPlainText(QStringLiteral("  "));
    QPlainTextEdit::keyPressEvent(event);
}

void JsonEditor::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier) && event->angleDelta().y() != 0)
        return zoom(event->angleDelta().y() > 0 ? 1 : -1);
    QPlainTextEdit::wheelEvent(event);
}

} // namespace postern::gui
