// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/shell/commands.h"

#include <QFrame>
#include <QPointer>

#include <functional>
#include <vector>

class QLabel;
class QLineEdit;
class QListView;
class QSettings;

namespace postern::gui {

class PaletteModel;

/// Every command and every named thing, by a few letters (Ctrl+K). `>` commands only, `@`
/// consumers, `/` routes, `#` requests. Commands that were used last come first; one that cannot
/// be run says why. Works from the line alone: arrows, Enter, Esc.
class CommandPalette : public QFrame
{
    Q_OBJECT
public:
    /// What the pages offer for a text without its prefix.
    using Find = std::function<std::vector<PaletteItem>(const QString &text, int limit)>;

    CommandPalette(Commands &commands, QSettings &settings, Find find, QWidget *window);
    void open(const QString &text = {});

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refresh();
    void runCurrent();
    void dismiss();
    void place();
    void moveBy(int rows);
    void remember(const QString &id);

    Commands &m_commands;
    QSettings &m_settings;
    Find m_find;
    QLineEdit *m_line;
    QListView *m_list;
    QLabel *m_empty;
    PaletteModel *m_model;
    QPointer<QWidget> m_before; ///< had the focus
};

} // namespace postern::gui
