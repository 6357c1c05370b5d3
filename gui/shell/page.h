// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "gui/shell/commands.h"

#include <QWidget>

#include <functional>
#include <optional>
#include <string>
#include <vector>

class QMimeData;
class QSettings;

namespace postern::gui {

class SecretClipboard;
class Session;
class Workspace;

/// Short messages that ask for nothing: shown for 8 s, kept in a history.
class Notices
{
public:
    virtual ~Notices() = default;
    enum class Kind : std::uint8_t { Info, Success, Warning, Error };
    /// \param undoable offers "Undo" for the last step
    virtual void show(Kind kind, const QString &text, const QString &details = {},
                      bool undoable = false) = 0;
};

/// What pages ask of the window: how they reach each other.
class Shell
{
public:
    virtual ~Shell() = default;
    [[nodiscard]] virtual Session &session() = 0;
    [[nodiscard]] virtual Commands &commands() = 0;
    [[nodiscard]] virtual SecretClipboard &clipboard() = 0;
    [[nodiscard]] virtual Notices &notices() = 0;
    [[nodiscard]] virtual QSettings &settings() = 0;
    /// Secrets are out of reach until the user unlocks; pages show none (Page::setLocked).
    [[nodiscard]] virtual bool isLocked() const = 0;

    /// Shows a page: "consumers", "tokens", "gateway", "access".
    virtual void showPage(const QString &id) = 0;
    /// Shows an object where it is edited: "/consumers/jack/credentials/x", "/routes/1".
    virtual void openObject(const std::string &key) = 0;
    /// The token page with this consumer (and credential) selected for minting.
    virtual void mintFor(const std::string &consumer, const std::string &credential = {}) = 0;
    /// The token page with this token. \param at its clock frozen there
    virtual void debugToken(const std::string &token, std::optional<Timestamp> at = {}) = 0;
    /// The request composer. \param curl a command line to take apart
    virtual void compose(const std::string &curl) = 0;
};

/// A page of the window. What the shortcuts of the window mean on it is answered here; the default
/// is "nothing here".
class Page : public QWidget
{
    Q_OBJECT
public:
    explicit Page(Shell &shell, QWidget *parent = nullptr) : QWidget(parent), m_shell(shell) {}

    [[nodiscard]] virtual QString id() const = 0; ///< "consumers"; its icon has the same name
    [[nodiscard]] virtual QString title() const = 0;
    /// Adds the page's own commands, once, before it is shown.
    virtual void addCommands(Commands &) {}
    /// What the palette offers for a text. \param limit at most so many
    [[nodiscard]] virtual std::vector<PaletteItem> find(const QString &, int /*limit*/)
    {
        return {};
    }

    /// Puts the focus where work on the page begins. Here: the first list that holds something, or
    /// the default button, or whatever comes first.
    virtual void takeFocus();

    virtual void createNew() {} ///< Ctrl+N
    virtual void duplicate() {} ///< Ctrl+D
    virtual void removeSelected() {} ///< Del
    virtual void rename() {} ///< F2
    virtual void focusFilter() {} ///< Ctrl+F
    virtual void mainAction() {} ///< Ctrl+Enter
    virtual void copyMain() {} ///< Ctrl+C in a list
    virtual void copyAs() {} ///< Ctrl+Shift+C: curl of a request, JSON of an object
    virtual void copyName() {} ///< Ctrl+B
    virtual void copyUrl() {} ///< Ctrl+U
    virtual void mint() {} ///< Ctrl+T
    virtual void generate() {} ///< Ctrl+G
    virtual void toggleInspector() {} ///< Ctrl+I
    virtual void revealSecrets(bool /*shown*/) {} ///< Ctrl+Shift+H
    virtual void zoom(int /*steps*/) {} ///< Ctrl+=, Ctrl+-; 0: as it was
    /// \return false: not this page's
    virtual bool openObject(const std::string & /*key*/) { return false; }
    /// Takes what was dropped on the window or pasted outside an editor. \return false: not this
    /// page's
    virtual bool takeMime(const QMimeData &) { return false; }
    /// Locked: forget and hide every secret.
    virtual void setLocked(bool /*locked*/) {}

    /// \name What other pages ask of this one; see Shell
    /// @{
    virtual void mintFor(const std::string & /*consumer*/, const std::string & /*credential*/) {}
    virtual void debugToken(const std::string & /*token*/, std::optional<Timestamp> /*at*/) {}
    virtual void compose(const std::string & /*curl*/) {}
    /// @}

    [[nodiscard]] Shell &shell() const noexcept { return m_shell; }

private:
    Shell &m_shell;
};

} // namespace postern::gui
