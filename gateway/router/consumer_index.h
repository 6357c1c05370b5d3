// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/router/snapshot.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace postern::gateway {

/// The index behind ConsumerIndex: a two-level table of small leaves, copied on write. A snapshot
/// shares every leaf that a change did not touch; within one edit a leaf is copied once.
struct ConsumerIndex::Data
{
    static constexpr std::size_t kFanOut = 256;

    /// A login (`plugin` set) or a consumer's name (`plugin` nullptr).
    struct Entry
    {
        std::uint64_t hash = 0;
        const PluginSpec *plugin = nullptr;
        std::string key;
        std::shared_ptr<const CompiledConsumer> owner;
        const CompiledCredential *credential = nullptr;
        std::uint64_t order = 0;
    };
    struct Leaf
    {
        std::shared_ptr<Entry[]> entries;
        std::uint32_t count = 0, room = 0;
        std::uint64_t edit = 0; ///< the edit that may still change it in place
    };
    struct Branch
    {
        std::array<Leaf, kFanOut> leaves;
        std::uint64_t edit = 0;
    };

    std::array<std::shared_ptr<Branch>, kFanOut> branches;
    std::size_t consumers = 0;

    [[nodiscard]] const Entry *find(const PluginSpec *plugin, std::string_view key) const noexcept;
};

/// Changes an index between two snapshots. Its own thread only.
class ConsumerIndexEdit
{
public:
    /// Starts from a published index, or from nothing.
    explicit ConsumerIndexEdit(const ConsumerIndex::Data *base);

    /// Adds the consumer's name and its logins.
    void add(const std::shared_ptr<const CompiledConsumer> &consumer);
    /// Removes exactly what add() added for this object.
    void remove(const CompiledConsumer &consumer);
    [[nodiscard]] std::shared_ptr<const CompiledConsumer> byName(std::string_view username) const;
    [[nodiscard]] const ConsumerIndex::Data &data() const noexcept { return *m_data; }
    /// The changed index; the edit is over.
    [[nodiscard]] std::shared_ptr<const ConsumerIndex::Data> finish();

private:
    using Entry = ConsumerIndex::Data::Entry;
    using Leaf = ConsumerIndex::Data::Leaf;

    Leaf &writableLeaf(std::uint64_t hash);
    void insert(Entry entry);
    void erase(const PluginSpec *plugin, std::string_view key, const CompiledConsumer *owner,
               const CompiledCredential *credential);

    std::shared_ptr<ConsumerIndex::Data> m_data;
    std::uint64_t m_edit;
};

} // namespace postern::gateway
