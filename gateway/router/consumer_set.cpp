// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/consumer_set.h"

#include "core/hash_index.h"
#include "core/parallel.h"
#include "gateway/router/consumer_compiler.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace postern::gateway {

/// What happened to one consumer and its credentials, and what comes of it.
struct ConsumerSet::Work
{
    std::span<const Change> changes;
    std::shared_ptr<const CompiledConsumer> known; ///< what it was before
    bool existed = false;
    std::optional<ConsumerDraft> draft = {};
    std::vector<std::pair<std::string_view, Result<void>>> reports = {};

    [[nodiscard]] std::string_view username() const noexcept
    {
        return changes.front().key.username;
    }
};

ConsumerSet::ConsumerSet()
    : m_data(std::make_shared<const ConsumerIndex::Data>()),
      m_index(std::make_shared<const ConsumerIndex>(m_data))
{
}

/// What the consumer was before.
void ConsumerSet::lookUp(Work &work) const
{
    const ConsumerIndex::Data::Slot *slot = m_data->find(nullptr, work.username());
    if (slot) {
        work.known = slot->owner;
        work.existed = true;
    } else if (const auto found = m_detached.find(work.username()); found != m_detached.end()) {
        work.known = found->second;
    }
}

/// Any thread; touches nothing but the work.
void ConsumerSet::compile(Work &work, const Surroundings &around)
{
    work.draft.emplace(work.username(), work.known.get(), work.existed);
    const ReportProblem reporting = [&](std::string_view key, Result<void> problem) {
        if (!problem || around.tellSuccess)
            work.reports.emplace_back(key, std::move(problem));
    };
    for (const auto &[key, change] : work.changes) {
        const Document *document = change->document.get();
        if (key.kind == ObjectKind::Consumer)
            work.draft->applyConsumer(document, change->key, around.env, reporting);
        else
            work.draft->applyCredential(key.id, document, change->key, around.env, reporting);
    }
    work.draft->finish();
}

void ConsumerSet::publish(Work &work, const Surroundings &around, ConsumerIndexEdit &edit,
                          std::vector<std::shared_ptr<const CompiledConsumer>> &added)
{
    for (const auto &[key, problem] : work.reports)
        around.report(key, problem);
    if (work.existed)
        edit.remove(*work.known);
    else if (work.known)
        m_detached.erase(m_detached.find(work.username()));
    for (const auto &[key, change] : work.changes) {
        if (key.kind != ObjectKind::Consumer)
            continue;
        const bool holds = !work.draft->consumer->plugins.empty() || !work.draft->exists;
        around.metadata.noteHolder(change->key, holds ? change->document : nullptr);
    }
    if (work.draft->exists)
        added.push_back(std::move(work.draft->consumer));
    else if (!work.draft->consumer->credentials.empty())
        m_detached.insert_or_assign(std::string(work.username()), work.draft->consumer);
}

/// The changes consumer by consumer. Usually those of one stand together.
std::vector<ConsumerSet::Work> ConsumerSet::groupByConsumer(std::vector<Change> &changes)
{
    const auto username = [](const Change &change) { return change.key.username; };
    std::vector<std::uint64_t> names;
    names.reserve(changes.size());
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (i == 0 || username(changes[i]) != username(changes[i - 1]))
            names.push_back(hashText(username(changes[i])));
    }
    if (anyRepeats(names))
        std::ranges::stable_sort(changes, {}, username);
    std::vector<Work> work;
    work.reserve(names.size());
    for (std::size_t from = 0, to = 0; from < changes.size(); from = to) {
        while (to < changes.size() && username(changes[to]) == username(changes[from]))
            ++to;
        work.emplace_back(std::span(changes).subspan(from, to - from));
    }
    return work;
}

void ConsumerSet::apply(std::vector<Change> &changes, const Surroundings &around)
{
    if (changes.empty())
        return;
    std::vector<Work> work = groupByConsumer(changes);
    forEachParallel(work, [this, &around](Work &each) {
        lookUp(each);
        compile(each, around);
    });
    // Each has its name and about one login.
    ConsumerIndexEdit edit(*m_data, changes.size() * 2);
    std::vector<std::shared_ptr<const CompiledConsumer>> added;
    added.reserve(work.size());
    for (Work &each : work)
        publish(each, around, edit, added);
    edit.add(added);
    m_data = edit.finish();
    m_index = std::make_shared<const ConsumerIndex>(m_data);
}

} // namespace postern::gateway
