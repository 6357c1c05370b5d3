// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/octet_edit.h"

#include "core/bytes/encoding.h"
#include "gui/text/qt_bytes.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>

#include <algorithm>
#include <array>

namespace postern::gui {

namespace {

constexpr qsizetype kLongLine = 4096; // a longer one is folded
constexpr qsizetype kFold = 1024;
constexpr QChar kLineBreak(0x240A); // stands for a line break where blocks do not

constexpr std::array kPartRoles{Role::JwtHeader, Role::JwtPayload, Role::JwtSignature};

bool hasLongLine(const QString &text)
{
    for (qsizetype at = 0; text.size() - at > kLongLine;) {
        const qsizetype end = text.indexOf(u'\n', at);
        if (end < 0 || end - at > kLongLine)
            return true;
        at = end + 1;
    }
    return false;
}

QString folded(QString text)
{
    text.replace(u'\n', kLineBreak);
    QString out;
    out.reserve(text.size() + text.size() / kFold + 1);
    for (qsizetype at = 0; at < text.size();) {
        qsizetype size = std::min(kFold, text.size() - at);
        if (at + size < text.size() && text[at + size - 1].isHighSurrogate())
            --size;
        if (at > 0)
            out += u'\n';
        out += QStringView(text).sliced(at, size);
        at += size;
    }
    return out;
}

} // namespace

/// Colours a token by its parts, or the whole text by one role.
class PartHighlighter : public QSyntaxHighlighter
{
public:
    PartHighlighter(QTextDocument *document, std::optional<Role> role)
        : QSyntaxHighlighter(document),
          m_role(role)
    {
    }

protected:
    void highlightBlock(const QString &text) override
    {
        const Theme &theme = Theme::instance();
        if (m_role)
            return setFormat(0, static_cast<int>(text.size()), theme.color(*m_role));
        std::size_t part = static_cast<std::size_t>(std::max(previousBlockState(), 0));
        for (qsizetype at = 0; at < text.size();) {
            const qsizetype dot = text.indexOf(u'.', at);
            const qsizetype end = dot < 0 ? text.size() : dot;
            setFormat(static_cast<int>(at), static_cast<int>(end - at),
                      theme.color(part < kPartRoles.size() ? kPartRoles.at(part) : Role::Muted));
            if (dot >= 0) {
                setFormat(static_cast<int>(dot), 1, theme.color(Role::Text));
                ++part;
            }
            at = end + 1;
        }
        setCurrentBlockState(static_cast<int>(part));
    }

private:
    std::optional<Role> m_role;
};

OctetEdit::OctetEdit(std::optional<Role> role, QWidget *parent)
    : QPlainTextEdit(parent),
      m_highlighter(new PartHighlighter(document(), role))
{
    setLayoutDirection(Qt::LeftToRight); // octets run that way in every language
    QTextOption option = document()->defaultTextOption();
    option.setTextDirection(Qt::LeftToRight);
    document()->setDefaultTextOption(option);
    setFont(Theme::monospace());
    setWordWrapMode(QTextOption::WrapAnywhere);
    setTabChangesFocus(true);
    setUndoRedoEnabled(false);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    connect(this, &QPlainTextEdit::textChanged, this, &OctetEdit::noteEdit);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_highlighter->rehighlight();
        updateMarks();
    });
}

void OctetEdit::setOctets(std::string_view octets)
{
    if (octets == m_octets)
        return;
    const int at = textCursor().position();
    const int scroll = verticalScrollBar()->value();
    show(octets);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(at, document()->characterCount() - 1));
    setTextCursor(cursor);
    verticalScrollBar()->setValue(scroll);
}

void OctetEdit::show(std::string_view octets)
{
    m_setting = true;
    m_octets = octets;
    m_cut = octets.size() > kMaxShown;
    QString text = toText(m_cut ? octets.substr(0, kMaxShown / 4) : octets);
    m_folded = hasLongLine(text);
    setPlainText(m_folded ? folded(std::move(text)) : text);
    setEditable(m_editable);
    m_marks.clear();
    m_fault.reset();
    updateMarks();
    m_setting = false;
}

void OctetEdit::setEditable(bool editable)
{
    m_editable = editable;
    setReadOnly(!editable || m_cut || (!m_octets.empty() && !isUtf8(m_octets)));
}

QString OctetEdit::shownText() const
{
    QString text = toPlainText();
    if (m_folded) {
        text.remove(u'\n');
        text.replace(kLineBreak, u'\n');
    }
    return text;
}

void OctetEdit::noteEdit()
{
    if (m_setting)
        return;
    std::string octets = toOctets(shownText());
    if (octets == m_octets)
        return; // colours only
    m_octets = std::move(octets);
    Q_EMIT edited();
}

void OctetEdit::replaceAll(std::string octets)
{
    show(octets);
    Q_EMIT replaced(octets);
}

bool OctetEdit::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasText() && !source->hasUrls(); // files are for the page
}

void OctetEdit::insertFromMimeData(const QMimeData *source)
{
    const QString text = source->text();
    const QTextCursor cursor = textCursor();
    const bool whole = m_cut || m_octets.empty()
        || cursor.selectionEnd() - cursor.selectionStart() >= document()->characterCount() - 1;
    if (whole)
        return replaceAll(toOctets(text));
    if (!m_folded && text.size() < kLongLine)
        return QPlainTextEdit::insertFromMimeData(source);
    // Long text goes past the layout: fold first.
    const QString shown = toPlainText();
    QString merged =
        shown.first(cursor.selectionStart()) + text + shown.sliced(cursor.selectionEnd());
    if (m_folded)
        merged.remove(u'\n');
    show(toOctets(merged));
    Q_EMIT edited();
}

void OctetEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Undo))
        return Q_EMIT undoRequested();
    if (event->matches(QKeySequence::Redo))
        return Q_EMIT redoRequested();
    const bool erase = event->key() == Qt::Key_Backspace || event->key() == Qt::Key_Delete;
    if (m_cut && m_editable && erase)
        return replaceAll({});
    if (m_cut && m_editable && event->matches(QKeySequence::Paste)) {
        setReadOnly(false);
        paste();
        return setEditable(m_editable);
    }
    QPlainTextEdit::keyPressEvent(event);
}

int OctetEdit::positionOf(std::size_t octet) const
{
    const std::size_t end = std::min(octet, m_octets.size());
    auto left = static_cast<int>(toText(std::string_view(m_octets).substr(0, end)).size());
    const int separator = m_folded ? 0 : 1;
    for (QTextBlock block = document()->firstBlock(); block.isValid(); block = block.next()) {
        const int size = block.length() - 1;
        if (left < size || (left == size && (!block.next().isValid() || separator == 1)))
            return block.position() + left;
        left -= size + separator;
    }
    return document()->characterCount() - 1;
}

QTextEdit::ExtraSelection OctetEdit::mark(std::size_t begin, std::size_t size) const
{
    QTextEdit::ExtraSelection selection;
    selection.cursor = textCursor();
    selection.cursor.setPosition(positionOf(begin));
    selection.cursor.setPosition(positionOf(begin + size), QTextCursor::KeepAnchor);
    return selection;
}

void OctetEdit::setFault(std::optional<std::size_t> offset, const QString &sentence)
{
    m_fault = offset;
    setToolTip(sentence);
    setAccessibleDescription(sentence);
    updateMarks();
}

void OctetEdit::setMarks(std::vector<std::pair<std::size_t, std::size_t>> marks)
{
    m_marks = std::move(marks);
    updateMarks();
}

void OctetEdit::updateMarks()
{
    const Theme &theme = Theme::instance();
    QList<QTextEdit::ExtraSelection> selections;
    for (const auto &[begin, size] : m_marks) {
        QTextEdit::ExtraSelection selection = mark(begin, size);
        selection.format.setBackground(theme.color(Role::Mark));
        selection.format.setFontUnderline(true);
        selections.push_back(selection);
    }
    if (m_fault && !m_octets.empty()) {
        // At the end of the text it is the last octet that something is missing behind.
        const std::size_t at = std::min(*m_fault, m_octets.size() - 1);
        QTextEdit::ExtraSelection selection = mark(at, 1);
        selection.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        selection.format.setUnderlineColor(theme.color(Role::Denied));
        selection.format.setForeground(theme.color(Role::Denied));
        selection.format.setBackground(theme.color(Role::Mark));
        selections.push_back(selection);
    }
    setExtraSelections(selections);
}

void OctetEdit::zoom(int steps)
{
    const int by = steps == 0 ? -m_zoom : steps;
    m_zoom += by;
    zoomIn(by);
}

} // namespace postern::gui
