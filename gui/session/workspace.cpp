// SPDX-License-Identifier: Apache-2.0
#include "gui/session/workspace.h"

#include "gui/session/object_order.h"
#include "gui/session/workspace_data.h"
#include "gui/session/workspace_steps.h"

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

constexpr int kTypingPause = 250; // ms

std::vector<Edit> editsOf(const Stagings &stagings)
{
    std::vector<Edit> edits;
    for (const auto &[key, staging] : stagings) {
        if (staging)
            edits.push_back({key, *staging});
    }
    return edits;
}

Stagings stagingsOf(std::vector<Edit> edits)
{
    Stagings stagings;
    for (Edit &edit : edits)
        stagings.emplace_back(std::move(edit.key), std::move(edit.value));
    return stagings;
}

} // namespace

WorkspaceData::WorkspaceData(Workspace &workspace) : owner(workspace)
{
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(kTypingPause);
    QObject::connect(&m_checkTimer, &QTimer::timeout, &workspace, [this] { check(); });
}

Staging WorkspaceData::stagingOf(std::string_view key) const
{
    const auto found = staged.find(key);
    return found == staged.end() ? Staging() : Staging(found->second);
}

void WorkspaceData::setStaging(const Stagings &stagings)
{
    std::vector<std::string> keys;
    for (const auto &[key, staging] : stagings) {
        const auto there = stored.find(key);
        const bool exists = there != stored.end();
        const bool isNoEdit =
            !staging || (*staging ? exists && isSameObject(**staging, there->second) : !exists);
        if (isNoEdit)
            staged.erase(key);
        else
            staged.insert_or_assign(key, *staging);
        refusals.erase(key);
        keys.push_back(key);
    }
    emitChanged(keys);
    checkSoon();
}

std::vector<Edit> WorkspaceData::withOwned(std::vector<Edit> edits) const
{
    std::vector<Edit> owned;
    const auto isNamed = [&edits](std::string_view key) {
        return std::ranges::contains(edits, key, &Edit::key);
    };
    const auto addBelow = [&](const auto &objects, const std::string &ownerKey) {
        for (auto at = objects.lower_bound(ownerKey + "/");
             at != objects.end() && isBelow(at->first, ownerKey); ++at) {
            if (!isNamed(at->first) && !std::ranges::contains(owned, at->first, &Edit::key))
                owned.push_back({at->first, std::nullopt});
        }
    };
    for (const Edit &edit : edits) {
        if (edit.value)
            continue;
        addBelow(stored, edit.key);
        addBelow(staged, edit.key);
    }
    std::ranges::move(owned, std::back_inserter(edits));
    return edits;
}

std::vector<Edit> WorkspaceData::reverseOf(const std::vector<Edit> &edits) const
{
    std::vector<Edit> before;
    for (const Edit &edit : edits) {
        const auto found = stored.find(edit.key);
        before.push_back(
            {edit.key, found == stored.end() ? std::nullopt : std::optional(found->second)});
    }
    return before;
}

void WorkspaceData::write(const Telling &telling, std::vector<Edit> edits,
                          std::function<void()> done, std::function<void()> failed)
{
    const auto finish = [this, telling, done = std::move(done),
                         failed = std::move(failed)](const Workspace::Refusals &refused) {
        if (refused.empty()) {
            done();
            Q_EMIT owner.saved(telling.saved, telling.step);
            return;
        }
        setRefusals(refused);
        if (failed)
            failed();
        Q_EMIT owner.refused(telling.wanted, refused.front().first, refused.front().second);
    };
    if (isLocked()) { // an undo step on its way finds the stack as it will be
        QMetaObject::invokeMethod(
            &owner, [finish] { finish({{std::string(), lockedError()}}); }, Qt::QueuedConnection);
        return;
    }
    if (!writer)
        return finish({{std::string(), Error{Errc::NotFound, "no store is open", {}}}});
    ++m_writing;
    writer(std::move(edits), false, [this, finish](const Workspace::Refusals &refused) {
        --m_writing;
        finish(refused);
        followLock();
    });
}

Error WorkspaceData::lockedError()
{
    return {Errc::Permission, "secrets are locked: unlock to change anything", {}};
}

bool WorkspaceData::refuseLocked(const QString &text)
{
    if (isLocked())
        Q_EMIT owner.refused(text, {}, lockedError());
    return isLocked();
}

void WorkspaceData::setLocked(bool locked)
{
    m_lockWanted = locked;
    followLock();
}

void WorkspaceData::followLock()
{
    if (m_lockWanted == seal.has_value() || (m_lockWanted && m_writing > 0))
        return;
    if (m_lockWanted) {
        auto made = SecretSeal::make();
        if (!made)
            return; // nothing random: nothing at all works
        seal = std::move(*made);
    }
    std::vector<std::string> keys;
    const auto change = [this](std::string_view key, Json &object) {
        return m_lockWanted ? seal->seal(key, object) : seal->open(key, object);
    };
    for (auto &[key, object] : stored) {
        if (change(key, object))
            keys.push_back(key);
    }
    for (auto &[key, object] : staged) {
        if (object && change(key, *object) && !std::ranges::contains(keys, key))
            keys.push_back(key);
    }
    for (ObjectHolder *const holder : holders)
        holder->visitObjects([&](std::string_view key, Json &object) { change(key, object); });
    if (m_lockWanted) {
        m_checkTimer.stop();
    } else {
        seal.reset();
        // what was stored meanwhile could not be compared
        std::erase_if(staged, [this](const auto &edit) {
            const auto there = stored.find(edit.first);
            return edit.second ? there != stored.end() && isSameObject(*edit.second, there->second)
                               : there == stored.end();
        });
        checkSoon();
    }
    emitChanged(keys);
}

void WorkspaceData::takeBack(int now, int before)
{
    if (stack.index() != now)
        return;
    m_takingBack = true;
    stack.setIndex(before);
    m_takingBack = false;
}

void WorkspaceData::emitChanged(const std::vector<std::string> &keys)
{
    if (!keys.empty())
        Q_EMIT owner.changed(keys);
}

void WorkspaceData::checkSoon()
{
    ++m_checked;
    if (staged.empty())
        m_checkTimer.stop();
    else
        m_checkTimer.start();
}

void WorkspaceData::check()
{
    if (!writer || isLocked())
        return;
    std::vector<Edit> edits;
    for (const auto &[key, value] : staged)
        edits.push_back({key, value});
    writer(std::move(edits), true, [this, number = m_checked](const Workspace::Refusals &refused) {
        if (number == m_checked)
            setRefusals(refused);
    });
}

void WorkspaceData::setRefusals(const Workspace::Refusals &refused)
{
    Map<Error> next;
    std::vector<std::string> keys;
    for (const auto &[key, error] : refused) {
        if (!staged.contains(key))
            continue;
        const auto old = refusals.find(key);
        if (old == refusals.end() || old->second != error)
            keys.push_back(key);
        next.insert_or_assign(key, error);
    }
    for (const auto &[key, error] : refusals) {
        if (!next.contains(key))
            keys.push_back(key);
    }
    refusals = std::move(next);
    emitChanged(keys);
}

Workspace::Workspace(QObject *parent)
    : QObject(parent),
      m_data(std::make_unique<WorkspaceData>(*this))
{
}

Workspace::~Workspace() = default;

const Json *Workspace::value(std::string_view key) const
{
    const auto found = m_data->staged.find(key);
    if (found == m_data->staged.end())
        return stored(key);
    return found->second ? &*found->second : nullptr;
}

const Json *Workspace::stored(std::string_view key) const
{
    const auto found = m_data->stored.find(key);
    return found == m_data->stored.end() ? nullptr : &found->second;
}

std::vector<std::string> Workspace::keys(std::string_view collection) const
{
    const std::string prefix = std::string(collection) + "/";
    std::vector<std::string> keys;
    const auto collect = [&](const auto &objects) {
        for (auto at = objects.lower_bound(prefix);
             at != objects.end() && at->first.starts_with(prefix); ++at) {
            if (at->first.find('/', prefix.size()) == std::string::npos)
                keys.push_back(at->first);
        }
    };
    collect(m_data->stored);
    const auto middle = static_cast<std::ptrdiff_t>(keys.size());
    collect(m_data->staged);
    std::ranges::inplace_merge(keys, keys.begin() + middle);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    if (!m_data->staged.empty())
        std::erase_if(keys, [this](const std::string &key) { return value(key) == nullptr; });
    return keys;
}

bool Workspace::isStaged(std::string_view key) const { return m_data->staged.contains(key); }

bool Workspace::isDirty() const { return !m_data->staged.empty(); }

bool Workspace::isWriting() const noexcept { return m_data->isWriting(); }

std::vector<std::string> Workspace::staged() const
{
    std::vector<std::string> keys;
    for (const auto &[key, value] : m_data->staged)
        keys.push_back(key);
    return keys;
}

const Error *Workspace::refusal(std::string_view key) const
{
    const auto found = m_data->refusals.find(key);
    return found == m_data->refusals.end() ? nullptr : &found->second;
}

void Workspace::stage(const QString &text, std::vector<Edit> edits)
{
    stageTyping(text, std::move(edits), -1);
}

void Workspace::stageTyping(const QString &text, std::vector<Edit> edits, int mergeId)
{
    if (m_data->refuseLocked(text))
        return;
    edits = m_data->withOwned(std::move(edits));
    m_data->stack.push(new StageStep(*m_data, text, stagingsOf(std::move(edits)), mergeId));
}

void Workspace::commit(const QString &text, std::vector<Edit> edits)
{
    if (m_data->refuseLocked(text))
        return;
    edits = m_data->withOwned(std::move(edits));
    Stagings staged;
    for (const Edit &edit : edits) {
        if (Staging staging = m_data->stagingOf(edit.key))
            staged.emplace_back(edit.key, std::move(staging));
    }
    std::vector<Edit> before = m_data->reverseOf(edits);
    m_data->write({text, text}, edits, [this, text, edits, before, staged]() mutable {
        Stagings unstaged;
        for (const auto &[key, staging] : staged)
            unstaged.emplace_back(key, std::nullopt);
        m_data->setStaging(unstaged);
        m_data->stack.push(
            new WriteStep(*m_data, text, std::move(edits), std::move(before), std::move(staged)));
    });
}

void Workspace::save()
{
    Stagings staged;
    for (const auto &[key, value] : m_data->staged)
        staged.emplace_back(key, value);
    if (staged.empty() || m_data->refuseLocked({}))
        return;
    const auto number = static_cast<int>(staged.size());
    const QString text = tr("Save %n change(s)", nullptr, number);
    const QString saved = tr("Saved %n change(s)", nullptr, number);
    std::vector<Edit> edits = editsOf(staged);
    for (Edit &edit : edits) {
        // the gateway tells when it was changed; create_time stays
        if (edit.value)
            edit.value->erase("update_time");
    }
    std::vector<Edit> before = m_data->reverseOf(edits);
    m_data->write({saved, text}, edits, [this, text, edits, before, staged]() mutable {
        // what was typed meanwhile stays staged
        Stagings unstaged;
        for (const auto &[key, staging] : staged) {
            if (m_data->stagingOf(key) == staging)
                unstaged.emplace_back(key, std::nullopt);
        }
        m_data->setStaging(unstaged);
        m_data->stack.push(
            new WriteStep(*m_data, text, std::move(edits), std::move(before), std::move(staged)));
    });
}

void Workspace::discard(std::string_view key)
{
    if (!isStaged(key) || m_data->refuseLocked({}))
        return;
    const std::string name(key.substr(key.rfind('/') + 1));
    m_data->stack.push(new StageStep(*m_data,
                                     tr("Discard changes of %1").arg(QString::fromStdString(name)),
                                     {{std::string(key), std::nullopt}}));
}

std::vector<AdminCall> Workspace::preview() const
{
    std::vector<Edit> edits;
    for (const auto &[key, value] : m_data->staged)
        edits.push_back({key, value});
    return callsOf(edits);
}

QUndoStack *Workspace::undoStack() const noexcept { return &m_data->stack; }

void Workspace::undo() { take(Step::Undone); }

void Workspace::redo() { take(Step::Redone); }

void Workspace::take(Step step)
{
    QUndoStack &stack = m_data->stack;
    const bool back = step == Step::Undone;
    if (!(back ? stack.canUndo() : stack.canRedo()))
        return;
    const QUndoCommand *const command = stack.command(stack.index() - (back ? 1 : 0));
    const QString text = command->text();
    const bool writes = dynamic_cast<const WriteStep *>(command) != nullptr; // tells itself
    if (back)
        stack.undo();
    else
        stack.redo();
    if (!writes)
        Q_EMIT stepped(text, step);
}

void Workspace::setLocked(bool locked) { m_data->setLocked(locked); }

bool Workspace::isLocked() const { return m_data->isLocked(); }

void Workspace::setWriter(Writer writer) { m_data->writer = std::move(writer); }

void Workspace::update(std::vector<Edit> changes, bool complete)
{
    auto &stored = m_data->stored;
    auto &staged = m_data->staged;
    std::vector<std::string> changedKeys;
    if (complete) {
        std::set<std::string_view> named;
        for (const Edit &change : changes)
            named.insert(change.key);
        std::erase_if(stored, [&](const auto &object) {
            if (named.contains(object.first))
                return false;
            changedKeys.push_back(object.first);
            return true;
        });
    }
    for (Edit &change : changes) {
        if (m_data->seal && change.value)
            m_data->seal->seal(change.key, *change.value);
        const auto found = stored.find(change.key);
        if (!change.value) {
            if (found == stored.end())
                continue;
            stored.erase(found);
        } else if (found == stored.end()) {
            stored.emplace(change.key, std::move(*change.value));
        } else if (found->second == *change.value) {
            continue;
        } else {
            found->second = std::move(*change.value);
        }
        changedKeys.push_back(std::move(change.key));
    }
    // what was staged and is stored now is no edit any more
    for (const std::string &key : changedKeys) {
        const auto edit = staged.find(key);
        if (edit == staged.end())
            continue;
        const Json *const now = this->stored(key);
        if (edit->second ? now && isSameObject(*edit->second, *now) : now == nullptr) {
            staged.erase(edit);
            m_data->refusals.erase(key);
        }
    }
    m_data->emitChanged(changedKeys);
}

void Workspace::clear()
{
    m_data->stack.clear();
    m_data->stored.clear();
    m_data->staged.clear();
    m_data->refusals.clear();
    m_data->checkSoon();
    Q_EMIT cleared();
}

} // namespace postern::gui
