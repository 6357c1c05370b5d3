// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/session/workspace_data.h"

#include <QString>
#include <QUndoCommand>

#include <vector>

namespace postern::gui {

/// Staging edits.
class StageStep final : public QUndoCommand, public ObjectHolder
{
public:
    /// \param mergeId -1: on its own
    StageStep(WorkspaceData &data, const QString &text, Stagings after, int mergeId = -1);
    ~StageStep() override;
    void visitObjects(const Visit &visit) override;
    [[nodiscard]] int id() const override { return m_mergeId; }
    [[nodiscard]] bool mergeWith(const QUndoCommand *other) override;
    void undo() override { m_data.setStaging(m_before); }
    void redo() override { m_data.setStaging(m_after); }

private:
    WorkspaceData &m_data;
    Stagings m_before, m_after;
    int m_mergeId;
};

/// Edits that are in the store by the time the step is pushed. Undo writes what was there before,
/// and stages again what saving had taken off.
class WriteStep final : public QUndoCommand, public ObjectHolder
{
public:
    /// \param before the objects as they were in the store
    /// \param staged what was staged for them
    WriteStep(WorkspaceData &data, const QString &text, std::vector<Edit> edits,
              std::vector<Edit> before, Stagings staged);
    ~WriteStep() override;
    void visitObjects(const Visit &visit) override;
    void undo() override;
    void redo() override;

private:
    WorkspaceData &m_data;
    std::vector<Edit> m_edits, m_before;
    Stagings m_staged, m_unstaged;
    bool m_written = true; ///< the first redo() only pushes
};

} // namespace postern::gui
