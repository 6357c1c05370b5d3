// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/snapshot.h"

#include "gateway/router/consumer_index.h"

namespace postern::gateway {

PluginChain makeChain(std::span<const CompiledPlugin> sorted)
{
    PluginChain chain;
    for (const CompiledPlugin &entry : sorted) {
        if (entry.disabled)
            continue;
        chain.plugins.push_back(entry);
        chain.phases |= entry.spec->phases;
    }
    return chain;
}

const CompiledCredential *ConsumerIndex::find(const PluginSpec &plugin,
                                              std::string_view lookup) const noexcept
{
    const Data::Slot *slot = m_data->find(&plugin, lookup);
    return slot ? slot->credential : nullptr;
}

const CompiledConsumer *ConsumerIndex::byName(std::string_view username) const noexcept
{
    const Data::Slot *slot = m_data->find(nullptr, username);
    return slot ? slot->owner.get() : nullptr;
}

void ConsumerIndex::forEach(const std::function<void(const CompiledConsumer &)> &visit) const
{
    for (const auto &branch : m_data->branches) {
        if (!branch)
            continue;
        for (const Data::Slot &slot : branch->slots) {
            if (slot.owner && !slot.credential)
                visit(*slot.owner);
        }
    }
}

std::size_t ConsumerIndex::size() const noexcept { return m_data->consumers; }

} // namespace postern::gateway
