// SPDX-License-Identifier: Apache-2.0
#include "gui/session/workspace_steps.h"

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

void visitStagings(Stagings &stagings, const ObjectHolder::Visit &visit)
{
    for (auto &[key, staging] : stagings) {
        if (staging && *staging)
            visit(key, **staging);
    }
}

void visitEdits(std::vector<Edit> &edits, const ObjectHolder::Visit &visit)
{
    for (Edit &edit : edits) {
        if (edit.value)
            visit(edit.key, *edit.value);
    }
}

} // namespace

StageStep::StageStep(WorkspaceData &data, const QString &text, Stagings after, int mergeId)
    : QUndoCommand(text),
      m_data(data),
      m_after(std::move(after)),
      m_mergeId(mergeId)
{
    for (const auto &[key, staging] : m_after)
        m_before.emplace_back(key, data.stagingOf(key));
    m_data.holders.push_back(this);
}

StageStep::~StageStep() { std::erase(m_data.holders, this); }

void StageStep::visitObjects(const Visit &visit)
{
    visitStagings(m_before, visit);
    visitStagings(m_after, visit);
}

bool StageStep::mergeWith(const QUndoCommand *other)
{
    const auto *const next = dynamic_cast<const StageStep *>(other);
    if (next == nullptr)
        return false;
    for (std::size_t i = 0; i < next->m_after.size(); ++i) {
        const auto &[key, staging] = next->m_after[i];
        const auto known = std::ranges::find(m_after, key, &Stagings::value_type::first);
        if (known != m_after.end()) {
            known->second = staging;
        } else {
            m_before.push_back(next->m_before[i]);
            m_after.push_back(next->m_after[i]);
        }
    }
    setText(next->text());
    return true;
}

WriteStep::WriteStep(WorkspaceData &data, const QString &text, std::vector<Edit> edits,
                     std::vector<Edit> before, Stagings staged)
    : QUndoCommand(text),
      m_data(data),
      m_edits(std::move(edits)),
      m_before(std::move(before)),
      m_staged(std::move(staged))
{
    for (const auto &[key, staging] : m_staged)
        m_unstaged.emplace_back(key, std::nullopt);
    m_data.holders.push_back(this);
}

WriteStep::~WriteStep() { std::erase(m_data.holders, this); }

void WriteStep::visitObjects(const Visit &visit)
{
    visitEdits(m_edits, visit);
    visitEdits(m_before, visit);
    visitStagings(m_staged, visit);
}

void WriteStep::undo()
{
    if (m_data.isTakingBack())
        return;
    const int index = m_data.stack.index();
    m_data.write(
        {text(), Workspace::tr("Undo %1").arg(text()), Workspace::Step::Undone}, m_before,
        [&data = m_data, staged = m_staged] { data.setStaging(staged); },
        [&data = m_data, index] { data.takeBack(index - 1, index); });
}

void WriteStep::redo()
{
    if (std::exchange(m_written, false) || m_data.isTakingBack())
        return;
    const int index = m_data.stack.index();
    m_data.write(
        {text(), Workspace::tr("Redo %1").arg(text()), Workspace::Step::Redone}, m_edits,
        [&data = m_data, unstaged = m_unstaged] { data.setStaging(unstaged); },
        [&data = m_data, index] { data.takeBack(index + 1, index); });
}

} // namespace postern::gui
