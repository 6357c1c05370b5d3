// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/shell/main_window.h"

#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

#include <functional>
#include <memory>

namespace postern::gui {

/// The real window on a fresh profile and a fresh store, for scenario tests: everything it reads
/// and writes lies in a temporary directory; English, no blinking, no animation; the clipboard's
/// seconds pass by clipboard().tick() alone.
class Stage
{
public:
    struct Options
    {
        bool open = true; ///< a fresh store; false: none yet
        bool reversed = false; ///< right to left
        QString language = {}; ///< "de"; empty: English
    };
    Stage() : Stage(Options()) {}
    explicit Stage(Options options);
    ~Stage();

    [[nodiscard]] MainWindow &window() { return *m_window; }
    [[nodiscard]] Session &session() { return m_window->session(); }
    [[nodiscard]] Workspace &workspace() { return m_window->session().workspace(); }
    [[nodiscard]] SecretClipboard &clipboard() { return m_window->clipboard(); }
    [[nodiscard]] QString path(const QString &name) const { return m_home.filePath(name); }
    [[nodiscard]] std::string store() const; ///< "sqlite:/…"

    /// The visible widget of that name, in whatever window is open; nullptr: there is none.
    template <class Widget = QWidget> [[nodiscard]] Widget *find(const QString &name) const
    {
        return qobject_cast<Widget *>(findWidget(name));
    }
    /// Keys go where the focus is.
    void type(const QString &text);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    /// Clicks the middle of a visible widget. \return false: it is not there
    bool click(const QString &name);
    /// Waits for a condition with the event loop running; twenty seconds at most.
    [[nodiscard]] static bool wait(const std::function<bool()> &condition);

    /// Saves build/screens/ID-light.png and ID-dark.png at 1280x800, open dialogs included, and
    /// checks them: not uniform, no text cut off. \return false: see faults()
    [[nodiscard]] bool shoot(const QString &id);
    [[nodiscard]] const char *faults() const { return m_faults.constData(); }
    /// Labels and buttons whose text does not fit, as "name: text".
    [[nodiscard]] static QStringList clipped(const QWidget &root);

private:
    [[nodiscard]] QWidget *findWidget(const QString &name) const;
    [[nodiscard]] QImage picture() const;

    QTemporaryDir m_home;
    std::unique_ptr<MainWindow> m_window;
    QByteArray m_faults;
};

} // namespace postern::gui
