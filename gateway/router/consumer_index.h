// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/router/snapshot.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// The index behind ConsumerIndex: branches of open-addressed slots, copied on write. A snapshot
/// shares every branch that a change did not touch; within one edit a branch is copied once. A
/// lookup touches one slot and the login it points at.
struct ConsumerIndex::Data
{
    static constexpr std::size_t kBranches = 512;

    /// A login, or a consumer's name, which keeps the consumer and so its logins alive. Neither:
    /// an empty slot.
    struct Slot
    {
        std::uint64_t hash = 0;
        const CompiledCredential *credential = nullptr;
        std::shared_ptr<const CompiledConsumer> owner; ///< of a name

        [[nodiscard]] bool used() const noexcept { return credential || owner; }
    };
    struct Branch
    {
        std::vector<Slot> slots; ///< a power of two, at most half full
        std::size_t used = 0;
        std::uint64_t edit = 0; ///< the edit that may still change it in place
    };

    std::array<std::shared_ptr<Branch>, kBranches> branches;
    std::size_t consumers = 0;

    /// \param plugin nullptr: `key` is a consumer's name
    [[nodiscard]] const Slot *find(const PluginSpec *plugin, std::string_view key) const noexcept;
};

/// Changes an index between two snapshots. Its own thread only.
class ConsumerIndexEdit
{
public:
    /// Starts from a published index, which stays as it is.
    /// \param added how many names and logins are about to come, about: room for a first load
    explicit ConsumerIndexEdit(const ConsumerIndex::Data &base, std::size_t added = 0);

    /// Adds the consumers' names and their logins, on every core when they are many.
    void add(std::span<const std::shared_ptr<const CompiledConsumer>> consumers);
    /// Removes exactly what add() added for this object.
    void remove(const CompiledConsumer &consumer);
    [[nodiscard]] std::shared_ptr<const CompiledConsumer> byName(std::string_view username) const;
    /// The changed index; the edit is over.
    [[nodiscard]] std::shared_ptr<const ConsumerIndex::Data> finish();

private:
    using Slot = ConsumerIndex::Data::Slot;
    using Branch = ConsumerIndex::Data::Branch;

    Branch &writable(std::shared_ptr<Branch> &branch) const;
    void insert(std::shared_ptr<Branch> &at, Slot slot) const;
    void erase(std::uint64_t hash, const CompiledConsumer *owner,
               const CompiledCredential *credential);

    std::shared_ptr<ConsumerIndex::Data> m_data;
    std::uint64_t m_edit;
    std::size_t m_firstSlots; ///< of a new branch
};

} // namespace postern::gateway
