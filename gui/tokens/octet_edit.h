// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/theme/theme.h"

#include <QPlainTextEdit>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gui {

class PartHighlighter;

/// A text area for octets: what it shows and what it holds are the same, however long the line.
/// Long lines are folded into blocks for the layout's sake; texts beyond kMaxShown are shown up to
/// there and can only be replaced. Its undo is the document's: undoRequested(). Ctrl+Tab leaves.
class OctetEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    static constexpr std::size_t kMaxShown = 256UL * 1024;

    /// \param role of the text; nullopt: a token, its parts in their colours
    explicit OctetEdit(std::optional<Role> role, QWidget *parent = nullptr);

    /// Replaces the text without edited(); the cursor stays where it can.
    void setOctets(std::string_view octets);
    [[nodiscard]] const std::string &octets() const noexcept { return m_octets; }
    /// Whether the user may edit, where the text allows it at all (UTF-8, not too long).
    void setEditable(bool editable);
    /// Underlines what is wrong. \param offset of the first wrong octet; nullopt: nothing is
    void setFault(std::optional<std::size_t> offset, const QString &sentence = {});
    /// Marks stretches of octets: begin and size.
    void setMarks(std::vector<std::pair<std::size_t, std::size_t>> marks);
    void zoom(int steps); ///< 0: as it was

Q_SIGNALS:
    void edited(); ///< by typing
    void replaced(const std::string &octets); ///< the whole text, by pasting
    void undoRequested();
    void redoRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    [[nodiscard]] bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;

private:
    void show(std::string_view octets);
    void noteEdit();
    void replaceAll(std::string octets);
    void updateMarks();
    [[nodiscard]] QTextEdit::ExtraSelection mark(std::size_t begin, std::size_t size) const;
    [[nodiscard]] int positionOf(std::size_t octet) const;
    [[nodiscard]] QString shownText() const;

    PartHighlighter *m_highlighter;
    std::string m_octets;
    std::optional<std::size_t> m_fault;
    std::vector<std::pair<std::size_t, std::size_t>> m_marks;
    bool m_folded = false, m_cut = false, m_editable = true, m_setting = false;
    int m_zoom = 0;
};

} // namespace postern::gui
