// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>
#include <QKeySequence>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace postern::gui {

class Commands;
class ShortcutFile;

/// Every command with its keys (Ctrl+/): filterable, and each can have others. They are kept.
class ShortcutSheet : public QDialog
{
    Q_OBJECT
public:
    ShortcutSheet(Commands &commands, ShortcutFile &file, QWidget *parent = nullptr);

    /// Keys as the user wants them, from the file. Call it when all commands are there.
    static void restore(Commands &commands, const ShortcutFile &file);

private:
    void fill();
    void filter(const QString &text);
    void showCurrent();
    void assign(const QKeySequence &keys);
    void reset();
    [[nodiscard]] QString currentId() const;
    /// The command that has these keys already; empty: none.
    [[nodiscard]] QString owner(const QKeySequence &keys, const QString &except) const;

    Commands &m_commands;
    ShortcutFile &m_file;
    QLineEdit *m_filter;
    QTreeWidget *m_list;
    QKeySequenceEdit *m_keys;
    QPushButton *m_set, *m_reset;
    QLabel *m_message;
};

} // namespace postern::gui
