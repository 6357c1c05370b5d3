// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/session/secret_seal.h"
#include "gui/session/workspace.h"

#include <QTimer>
#include <QUndoStack>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gui {

/// What an object is staged as: nothing, a value, or its deletion.
using Staging = std::optional<std::optional<Json>>;
using Stagings = std::vector<std::pair<std::string, Staging>>;

/// A step that holds objects, which a lock seals.
class ObjectHolder
{
public:
    using Visit = std::function<void(std::string_view key, Json &object)>;
    virtual void visitObjects(const Visit &visit) = 0;

protected:
    ~ObjectHolder() = default;
};

/// What a Workspace holds, for its undo steps. Main thread.
class WorkspaceData
{
public:
    explicit WorkspaceData(Workspace &owner);

    template <class Value> using Map = std::map<std::string, Value, std::less<>>;

    [[nodiscard]] Staging stagingOf(std::string_view key) const;
    /// Sets what is staged; a value that the store has already is no edit.
    void setStaging(const Stagings &stagings);
    /// The edits, and those of what goes with a deleted owner.
    [[nodiscard]] std::vector<Edit> withOwned(std::vector<Edit> edits) const;
    /// The edits that bring the stored objects back as they are now, times included.
    [[nodiscard]] std::vector<Edit> reverseOf(const std::vector<Edit> &edits) const;

    /// What is told of a write.
    struct Telling
    {
        QString saved; ///< when it is done
        QString wanted; ///< when it was refused
        Workspace::Step step = Workspace::Step::Done;
    };
    /// Writes, then reports. \param done not called when the write was refused
    void write(const Telling &telling, std::vector<Edit> edits, std::function<void()> done,
               std::function<void()> failed = {});
    /// A step whose writing was refused did not happen: the stack goes back, unless the user went
    /// on meanwhile.
    void takeBack(int now, int before);
    [[nodiscard]] bool isWriting() const noexcept { return m_writing > 0; }
    [[nodiscard]] bool isTakingBack() const noexcept { return m_takingBack; }
    void emitChanged(const std::vector<std::string> &keys);

    void setLocked(bool locked);
    [[nodiscard]] bool isLocked() const noexcept { return m_lockWanted; }
    /// \return true: locked, and refused() was told
    [[nodiscard]] bool refuseLocked(const QString &text);

    void checkSoon(); ///< asks whether what is staged would be accepted, once typing pauses
    void check();
    void setRefusals(const Workspace::Refusals &refusals);

    Workspace &owner;
    Map<Json> stored;
    Map<std::optional<Json>> staged;
    Map<Error> refusals;
    Workspace::Writer writer;
    std::optional<SecretSeal> seal; ///< while locked
    std::vector<ObjectHolder *> holders;
    QUndoStack stack;

private:
    QTimer m_checkTimer;
    void followLock();
    [[nodiscard]] static Error lockedError();

    bool m_lockWanted = false;
    std::uint64_t m_checked = 0; ///< only the newest check counts
    bool m_takingBack = false;
    int m_writing = 0; ///< how many writes have no answer yet
};

} // namespace postern::gui
