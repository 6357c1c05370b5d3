// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class QUndoStack;

namespace postern::gui {

class WorkspaceData;

/// One object's change. Keys are the Admin API's paths: "/consumers/jack",
/// "/consumers/jack/credentials/x", "/routes/1".
struct Edit
{
    std::string key;
    std::optional<Json> value; ///< nullopt: deleted
};

/// What saving would send: method, path behind /apisix/admin, body.
struct AdminCall
{
    std::string method, path;
    Json body; ///< null: none
};

/// The objects of the session's store as the window sees them: what is stored, and staged edits on
/// top. Everything that changes them is a step of the undo stack. Main thread.
class Workspace : public QObject
{
    Q_OBJECT
public:
    explicit Workspace(QObject *parent = nullptr);
    ~Workspace() override;

    /// The object with staged edits; nullptr: there is none. Valid until control returns to the
    /// event loop.
    [[nodiscard]] const Json *value(std::string_view key) const;
    /// As the store has it, times included.
    [[nodiscard]] const Json *stored(std::string_view key) const;
    /// The keys directly below a collection ("/consumers", "/consumers/jack/credentials"), staged
    /// ones too, deleted ones not; in order.
    [[nodiscard]] std::vector<std::string> keys(std::string_view collection) const;
    [[nodiscard]] bool isStaged(std::string_view key) const;
    [[nodiscard]] bool isDirty() const; ///< anything staged
    /// Whether something is being written: saved() or refused() follows.
    [[nodiscard]] bool isWriting() const noexcept;
    [[nodiscard]] std::vector<std::string> staged() const;
    /// Why the Admin API would refuse the staged object; nullptr: it would not, or not known yet.
    [[nodiscard]] const Error *refusal(std::string_view key) const;

    /// Stages edits as one undoable step. \param text for "Undo …", "Redo …"
    void stage(const QString &text, std::vector<Edit> edits);
    /// Like stage(), but consecutive steps of one merge id become one step (typing).
    void stageTyping(const QString &text, std::vector<Edit> edits, int mergeId);
    /// Writes edits at once, past what is staged elsewhere, as one undoable step.
    void commit(const QString &text, std::vector<Edit> edits);
    /// Writes everything that is staged, all or nothing, as one undoable step; undo takes it back
    /// on the gateway and stages it again. saved() or refused() follows.
    void save();
    /// Drops the staged edit of one object (undoable).
    void discard(std::string_view key);
    /// What save() would send, in order.
    [[nodiscard]] std::vector<AdminCall> preview() const;
    [[nodiscard]] QUndoStack *undoStack() const noexcept;
    /// Take the last step back, or take it again: stepped() follows, or saved() where that is
    /// written, or refused().
    void undo();
    void redo();

    /// Locked: every secret member of what is stored, staged or can be undone is sealed (see
    /// SecretSeal), and nothing can be changed: refused() follows each try. What is being written
    /// is written first. Unlocked, all is as it was, with what the store was told meanwhile.
    void setLocked(bool locked);
    [[nodiscard]] bool isLocked() const;

    /// \name For the session
    /// @{
    /// How edits are written: all or nothing; `done` in the main thread with the refusals by key.
    using Refusals = std::vector<std::pair<std::string, Error>>;
    using Writer =
        std::function<void(std::vector<Edit> edits, bool dry, std::function<void(Refusals)> done)>;
    void setWriter(Writer writer);
    /// What the store holds now. \param complete objects that are not named are gone
    void update(std::vector<Edit> changes, bool complete);
    void clear(); ///< another store: no objects, nothing staged, nothing to undo
    /// @}

    /// What became of a step of the undo stack.
    enum class Step : std::uint8_t { Done, Undone, Redone };
    Q_ENUM(Step)

Q_SIGNALS:
    /// Objects whose value, staging or refusal is different now; a stored change or a staged one.
    void changed(const std::vector<std::string> &keys);
    void cleared();
    /// It is in the store. \param text of the step; of save(): what was saved
    void saved(const QString &text, postern::gui::Workspace::Step step);
    /// By undo() or redo(); nothing had to be written for it.
    void stepped(const QString &text, postern::gui::Workspace::Step step);
    /// Nothing was written. \param error the first of the refusals
    void refused(const QString &text, const std::string &key, const postern::Error &error);

private:
    void take(Step step);

    std::unique_ptr<WorkspaceData> m_data;
};

} // namespace postern::gui
