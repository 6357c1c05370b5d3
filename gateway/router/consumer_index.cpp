// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/consumer_index.h"

#include "core/bytes/secret.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace postern::gateway {

namespace {

std::uint64_t hashOf(const PluginSpec *plugin, std::string_view key) noexcept
{
    return std::hash<std::string_view>()(key)
        ^ std::hash<const void *>()(plugin) * 0x9e3779b97f4a7c15ULL;
}

constexpr std::size_t branchOf(std::uint64_t hash) noexcept { return hash >> 56U; }

constexpr std::size_t leafOf(std::uint64_t hash) noexcept { return hash >> 48U & 0xffU; }

constexpr std::uint32_t kFirstRoom = 2;

} // namespace

const ConsumerIndex::Data::Entry *ConsumerIndex::Data::find(const PluginSpec *plugin,
                                                            std::string_view key) const noexcept
{
    const std::uint64_t hash = hashOf(plugin, key);
    const Branch *branch = branches[branchOf(hash)].get();
    if (!branch)
        return nullptr;
    const Leaf &leaf = branch->leaves[leafOf(hash)];
    for (const Entry *entry = leaf.entries.get(), *end = entry + leaf.count; entry != end;
         ++entry) {
        // the keys are secrets: after the hash, time must not tell how much of one is right
        if (entry->hash == hash && entry->plugin == plugin && equalConstantTime(entry->key, key))
            return entry;
    }
    return nullptr;
}

ConsumerIndexEdit::ConsumerIndexEdit(const ConsumerIndex::Data *base)
    : m_data(base ? std::make_shared<ConsumerIndex::Data>(*base)
                  : std::make_shared<ConsumerIndex::Data>()),
      m_edit(nextUid())
{
}

ConsumerIndexEdit::Leaf &ConsumerIndexEdit::writableLeaf(std::uint64_t hash)
{
    auto &branch = m_data->branches[branchOf(hash)];
    if (!branch)
        branch = std::make_shared<ConsumerIndex::Data::Branch>();
    else if (branch->edit != m_edit)
        branch = std::make_shared<ConsumerIndex::Data::Branch>(*branch);
    branch->edit = m_edit;

    Leaf &leaf = branch->leaves[leafOf(hash)];
    if (leaf.edit == m_edit && leaf.count < leaf.room)
        return leaf;
    // one more than needed: a write usually adds
    const bool own = leaf.edit == m_edit;
    const std::uint32_t room = own ? std::max(kFirstRoom, leaf.room * 2) : leaf.count + kFirstRoom;
    auto entries = std::make_shared<Entry[]>(room);
    for (std::uint32_t i = 0; i < leaf.count; ++i)
        entries[i] = own ? std::move(leaf.entries[i]) : leaf.entries[i];
    leaf.entries = std::move(entries);
    leaf.room = room;
    leaf.edit = m_edit;
    return leaf;
}

void ConsumerIndexEdit::insert(Entry entry)
{
    Leaf &leaf = writableLeaf(entry.hash);
    const auto begin = leaf.entries.get();
    const auto end = begin + leaf.count;
    // of equal logins the one created last comes first, and wins
    auto *place = std::find_if(begin, end, [&entry](const Entry &other) {
        return other.hash == entry.hash && other.plugin == entry.plugin && other.key == entry.key
            && other.order <= entry.order;
    });
    std::move_backward(place, end, end + 1);
    *place = std::move(entry);
    ++leaf.count;
}

void ConsumerIndexEdit::erase(const PluginSpec *plugin, std::string_view key,
                              const CompiledConsumer *owner, const CompiledCredential *credential)
{
    Leaf &leaf = writableLeaf(hashOf(plugin, key));
    const auto begin = leaf.entries.get();
    const auto end = begin + leaf.count;
    auto *place = std::find_if(begin, end, [&](const Entry &entry) {
        return entry.plugin == plugin && entry.owner.get() == owner
            && entry.credential == credential && entry.key == key;
    });
    if (place == end)
        return;
    std::move(place + 1, end, place);
    --leaf.count;
    leaf.entries[leaf.count] = {};
}

void ConsumerIndexEdit::add(const std::shared_ptr<const CompiledConsumer> &consumer)
{
    insert(
        {hashOf(nullptr, consumer->username), nullptr, consumer->username, consumer, nullptr, 0});
    ++m_data->consumers;
    for (const CompiledCredential &credential : consumer->credentials) {
        insert({hashOf(credential.plugin, credential.parts.lookup), credential.plugin,
                credential.parts.lookup, consumer, &credential, credential.order});
    }
}

void ConsumerIndexEdit::remove(const CompiledConsumer &consumer)
{
    for (const CompiledCredential &credential : consumer.credentials)
        erase(credential.plugin, credential.parts.lookup, &consumer, &credential);
    --m_data->consumers;
    // last: it may hold the only reference to what `consumer` refers to
    erase(nullptr, consumer.username, &consumer, nullptr);
}

std::shared_ptr<const CompiledConsumer> ConsumerIndexEdit::byName(std::string_view username) const
{
    const Entry *entry = m_data->find(nullptr, username);
    return entry ? entry->owner : nullptr;
}

std::shared_ptr<const ConsumerIndex::Data> ConsumerIndexEdit::finish()
{
    return std::exchange(m_data, nullptr);
}

} // namespace postern::gateway
