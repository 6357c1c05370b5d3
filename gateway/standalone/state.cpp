// SPDX-License-Identifier: Apache-2.0
#include "gateway/standalone/state.h"

#include "core/model/keys.h"

#include <utility>

namespace postern::gateway {
namespace {

/// The list in which a stored document stands.
std::string_view typeOf(std::string_view key)
{
    const auto parts = parseStorageKey(key);
    if (!parts)
        return {};
    return parts->kind == "credentials" ? std::string_view("consumers") : parts->kind;
}

} // namespace

Result<StandaloneState::Changes> StandaloneState::apply(std::vector<StandaloneItem> items,
                                                        const Options &options)
{
    auto stored = m_config.store().list("/apisix/");
    if (!stored)
        return std::unexpected(stored.error());
    std::map<std::string_view, const Document *> old;
    for (const Document &document : *stored) {
        if (!options.kept.contains(typeOf(document.key)))
            old.emplace(document.key, &document);
    }
    Transaction transaction;
    std::map<std::string, std::int64_t, std::less<>> modified;
    for (auto &[key, index] : m_modified) {
        if (options.kept.contains(typeOf(key)))
            modified.emplace(key, index);
    }
    for (StandaloneItem &item : items) {
        if (options.kept.contains(item.type))
            continue;
        const auto known = old.find(item.key);
        bool same = false;
        if (known != old.end()) {
            const auto loaded = m_modified.find(item.key);
            same = (item.modifiedIndex && loaded != m_modified.end()
                    && loaded->second == *item.modifiedIndex)
                || (options.skipUnchanged && known->second->value == item.value);
            old.erase(known);
        }
        if (item.modifiedIndex)
            modified.insert_or_assign(item.key, *item.modifiedIndex);
        if (!same)
            transaction.puts.push_back({std::move(item.key), std::move(item.value)});
    }
    for (const auto &[key, document] : old)
        transaction.deletes.emplace_back(key);
    const Changes changes{transaction.puts.size(), transaction.deletes.size()};
    if (changes.loaded + changes.removed > 0) {
        if (auto committed = m_config.commit(std::move(transaction)); !committed)
            return std::unexpected(committed.error());
    }
    m_modified = std::move(modified);
    return changes;
}

} // namespace postern::gateway
