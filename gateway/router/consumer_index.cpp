// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/consumer_index.h"

#include "core/bytes/secret.h"
#include "core/parallel.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <span>
#include <utility>

namespace postern::gateway {

namespace {

using Slot = ConsumerIndex::Data::Slot;
using Branch = ConsumerIndex::Data::Branch;

constexpr std::size_t kFirstSlots = 4;

std::uint64_t hashOf(const PluginSpec *plugin, std::string_view key) noexcept
{
    return std::hash<std::string_view>()(key)
        ^ std::hash<const void *>()(plugin) * 0x9e3779b97f4a7c15ULL;
}

constexpr std::size_t branchOf(std::uint64_t hash) noexcept
{
    return (hash >> 48U) % ConsumerIndex::Data::kBranches;
}

std::size_t branchOfSlot(const Slot &slot) noexcept { return branchOf(slot.hash); }

const PluginSpec *pluginOf(const Slot &slot) noexcept
{
    return slot.credential ? slot.credential->plugin : nullptr;
}

std::string_view keyOf(const Slot &slot) noexcept
{
    return slot.credential ? slot.credential->parts.lookup : slot.owner->username;
}

std::uint64_t orderOf(const Slot &slot) noexcept
{
    return slot.credential ? slot.credential->order : 0;
}

constexpr std::size_t kShare = 256;
constexpr std::size_t kGroups = 16; ///< of branches

/// Some of the consumers to be added, and their slots in the order of the branches.
struct Share
{
    std::span<const std::shared_ptr<const CompiledConsumer>> consumers;
    std::vector<Slot> slots;

    void settle()
    {
        slots.reserve(consumers.size() * 2);
        for (const auto &consumer : consumers) {
            slots.push_back({hashOf(nullptr, consumer->username), nullptr, consumer});
            for (const CompiledCredential &credential : consumer->credentials)
                slots.push_back(
                    {hashOf(credential.plugin, credential.parts.lookup), &credential, nullptr});
        }
        std::ranges::stable_sort(slots, {}, branchOfSlot);
    }

    /// The slots of a range of branches.
    [[nodiscard]] std::span<Slot> in(std::size_t first, std::size_t behind)
    {
        const auto from = std::ranges::lower_bound(slots, first, {}, branchOfSlot);
        return {from, std::ranges::lower_bound(from, slots.end(), behind, {}, branchOfSlot)};
    }
};

/// Puts the slot at the first free place of its run.
void append(std::vector<Slot> &slots, Slot slot)
{
    const std::size_t mask = slots.size() - 1;
    std::size_t at = slot.hash & mask;
    while (slots[at].used())
        at = (at + 1) & mask;
    slots[at] = std::move(slot);
}

/// Twice the room. Runs are moved whole and in order: of equal logins the first one wins.
void grow(Branch &branch)
{
    std::vector<Slot> old(branch.slots.size() * 2);
    old.swap(branch.slots);
    std::size_t start = 0;
    while (old[start].used())
        ++start; // at most half is used: there is a gap
    for (std::size_t i = 1; i <= old.size(); ++i) {
        Slot &slot = old[(start + i) & (old.size() - 1)];
        if (slot.used())
            append(branch.slots, std::move(slot));
    }
}

} // namespace

const Slot *ConsumerIndex::Data::find(const PluginSpec *plugin, std::string_view key) const noexcept
{
    const std::uint64_t hash = hashOf(plugin, key);
    const Branch *branch = branches[branchOf(hash)].get();
    if (!branch)
        return nullptr;
    const Slot *slots = branch->slots.data();
    const std::size_t mask = branch->slots.size() - 1;
    for (std::size_t at = hash & mask; slots[at].used(); at = (at + 1) & mask) {
        // Keys are secrets: behind the hash, time must not tell how much of one is right.
        if (slots[at].hash == hash && pluginOf(slots[at]) == plugin
            && equalConstantTime(keyOf(slots[at]), key))
            return slots + at;
    }
    return nullptr;
}

ConsumerIndexEdit::ConsumerIndexEdit(const ConsumerIndex::Data &base, std::size_t added)
    : m_data(std::make_shared<ConsumerIndex::Data>(base)),
      m_edit(nextUid()),
      m_firstSlots(std::max(kFirstSlots, std::bit_ceil(added * 2 / ConsumerIndex::Data::kBranches)))
{
}

Branch &ConsumerIndexEdit::writable(std::shared_ptr<Branch> &branch) const
{
    if (!branch) {
        branch = std::make_shared<Branch>();
        branch->slots.resize(m_firstSlots);
    } else if (branch->edit != m_edit) {
        branch = std::make_shared<Branch>(*branch);
    }
    branch->edit = m_edit;
    return *branch;
}

void ConsumerIndexEdit::insert(std::shared_ptr<Branch> &at, Slot slot) const
{
    Branch &branch = writable(at);
    if ((branch.used + 1) * 2 > branch.slots.size())
        grow(branch);
    ++branch.used;
    // Of equal logins the one created last comes first, and wins.
    const std::size_t mask = branch.slots.size() - 1;
    for (std::size_t i = slot.hash & mask; branch.slots[i].used(); i = (i + 1) & mask) {
        Slot &other = branch.slots[i];
        if (other.hash == slot.hash && orderOf(other) <= orderOf(slot)
            && pluginOf(other) == pluginOf(slot) && keyOf(other) == keyOf(slot))
            std::swap(other, slot);
    }
    append(branch.slots, std::move(slot));
}

void ConsumerIndexEdit::erase(std::uint64_t hash, const CompiledConsumer *owner,
                              const CompiledCredential *credential)
{
    Branch &branch = writable(m_data->branches[branchOf(hash)]);
    std::vector<Slot> &slots = branch.slots;
    const std::size_t mask = slots.size() - 1;
    std::size_t hole = hash & mask;
    while (slots[hole].used()
           && (slots[hole].owner.get() != owner || slots[hole].credential != credential))
        hole = (hole + 1) & mask;
    if (!slots[hole].used())
        return;
    // Close the gap, so that no run is cut: what may stand at the hole moves there.
    for (std::size_t at = (hole + 1) & mask; slots[at].used(); at = (at + 1) & mask) {
        const std::size_t home = slots[at].hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            slots[hole] = std::move(slots[at]);
            hole = at;
        }
    }
    slots[hole] = {};
    --branch.used;
}

void ConsumerIndexEdit::add(std::span<const std::shared_ptr<const CompiledConsumer>> consumers)
{
    // First what is to be put where, share by share; then branch by branch, which needs no lock and
    // keeps a branch in the cache while it fills.
    std::vector<Share> shares;
    for (; !consumers.empty(); consumers = consumers.subspan(std::min(kShare, consumers.size()))) {
        shares.push_back({consumers.first(std::min(kShare, consumers.size())), {}});
        m_data->consumers += shares.back().consumers.size();
    }
    constexpr std::size_t kSharesWorthAThread = 8;
    forEachParallel(shares, [](Share &share) { share.settle(); }, kSharesWorthAThread);

    const std::size_t groups = shares.size() < kSharesWorthAThread ? 1 : kGroups;
    std::vector<std::size_t> firsts(groups);
    for (std::size_t i = 0; i < groups; ++i)
        firsts[i] = i * ConsumerIndex::Data::kBranches / groups;
    forEachParallel(
        firsts,
        [&](std::size_t first) {
            const std::size_t behind = first + ConsumerIndex::Data::kBranches / groups;
            for (Share &share : shares) {
                for (Slot &slot : share.in(first, behind))
                    insert(m_data->branches[branchOf(slot.hash)], std::move(slot));
            }
        },
        1);
}

void ConsumerIndexEdit::remove(const CompiledConsumer &consumer)
{
    for (const CompiledCredential &credential : consumer.credentials)
        erase(hashOf(credential.plugin, credential.parts.lookup), nullptr, &credential);
    erase(hashOf(nullptr, consumer.username), &consumer, nullptr);
    --m_data->consumers;
}

std::shared_ptr<const CompiledConsumer> ConsumerIndexEdit::byName(std::string_view username) const
{
    const Slot *slot = m_data->find(nullptr, username);
    return slot ? slot->owner : nullptr;
}

std::shared_ptr<const ConsumerIndex::Data> ConsumerIndexEdit::finish()
{
    return std::exchange(m_data, nullptr);
}

} // namespace postern::gateway
