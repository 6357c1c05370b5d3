// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/import.h"

#include "core/hash_index.h"
#include "core/model/keys.h"
#include "core/parallel.h"
#include "core/text/suggest.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/admin/apisix/lease.h"
#include "gateway/admin/apisix/limit_groups.h"
#include "gateway/admin/apisix/write.h"
#include "gateway/pipeline/plugin.h"

#include <algorithm>
#include <format>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace postern::gateway {
namespace {

// The Admin API's words are APISIX's; a file's author is also told what may have been meant.
void addSuggestion(std::string &detail)
{
    constexpr std::string_view kUnknown = "unknown plugin [";
    const std::size_t begin = detail.find(kUnknown);
    const std::size_t end = detail.find(']', begin);
    if (begin == std::string::npos || end == std::string::npos)
        return;
    std::vector<std::string_view> names;
    for (const PluginSpec *plugin : builtinPlugins())
        names.push_back(plugin->name);
    const std::size_t name = begin + kUnknown.size();
    detail += didYouMean(detail.substr(name, end - name), names);
}

/// Rounds over all objects: what concerns one object alone is done on every core, what compares
/// objects with each other in their order.
class Importer
{
public:
    Importer(ConfigService &config, std::vector<ConfigObject> objects)
        : m_config(config),
          m_now(config.clock().unixSeconds()),
          m_objects(std::move(objects))
    {
        m_entries.reserve(m_objects.size());
        for (ConfigObject &object : m_objects)
            m_entries.push_back(Entry(object));
        m_pending.contains = [this](std::string_view key) {
            return entryOf(key, hashText(key)) != HashIndex::kNone;
        };
    }

    // Keys come first, so that the checks know what will exist.
    void settleKeys()
    {
        forEachParallel(m_entries, [](Entry &entry) { entry.settleKey(); });
        m_keys.reset(m_entries.size());
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            Entry &entry = m_entries[i];
            if (entry.fault)
                continue;
            if (entryOf(entry.key, entry.hash) == HashIndex::kNone)
                m_keys.insert(entry.hash, static_cast<std::uint32_t>(i));
            else
                entry.refuse(std::format("found duplicate {} {} in {}", entry.resource->ownName(),
                                         entry.object->id, entry.resource->type));
        }
    }

    void checkAll(bool storeIsEmpty)
    {
        forEachParallel(m_entries, [&](Entry &entry) {
            if (entry.fault)
                return;
            std::optional<std::string> previous;
            if (!storeIsEmpty)
                previous = storedText(entry.key);
            if (auto text = checked(entry, previous))
                entry.text = std::move(*text);
            else
                entry.refuse(std::move(text.error()));
        });
        refuseSharedLogins();
        refuseOtherGroups(storeIsEmpty);
    }

    std::expected<std::size_t, std::vector<Error>> finish()
    {
        std::vector<Error> faults;
        Transaction transaction;
        transaction.puts.reserve(m_entries.size());
        for (Entry &entry : m_entries) {
            if (entry.fault)
                faults.push_back(std::move(*entry.fault));
            else
                transaction.puts.push_back({std::move(entry.key), std::move(entry.text)});
        }
        if (!faults.empty())
            return std::unexpected(std::move(faults));
        const std::size_t count = transaction.puts.size();
        if (count == 0)
            return 0;
        if (auto ended = endLeases(m_config.store(), transaction); !ended)
            return std::unexpected(std::vector{ended.error()});
        if (auto committed = m_config.commit(std::move(transaction)); !committed)
            return std::unexpected(std::vector{committed.error()});
        return count;
    }

    std::vector<Error> faults()
    {
        std::vector<Error> faults;
        for (Entry &entry : m_entries) {
            if (entry.fault)
                faults.push_back(std::move(*entry.fault));
        }
        return faults;
    }

private:
    struct Entry
    {
        explicit Entry(ConfigObject &from) : object(&from) {}

        void settleKey()
        {
            auto settled = storageKeyOf(*object);
            if (!settled)
                return refuse(std::move(settled.error()));
            resource = findResource(object->kind);
            key = std::move(*settled);
            hash = hashText(key);
        }

        void refuse(std::string detail)
        {
            refuse(Error{Errc::Config, std::move(detail), placeIn(*object, {})});
        }
        void refuse(Error error)
        {
            if (error.where.empty())
                error.where = placeIn(*object, {});
            error.code = Errc::Config;
            addSuggestion(error.detail);
            fault = std::make_unique<Error>(std::move(error));
        }

        [[nodiscard]] LoginOwner owner() const
        {
            return object->parent.empty() ? LoginOwner{object->id, {}}
                                          : LoginOwner{object->parent, object->id};
        }

        ConfigObject *object;
        const ResourceSpec *resource = nullptr;
        std::string key;
        std::uint64_t hash = 0; ///< of the key
        std::string text; ///< to be stored
        std::vector<LoginClaim> claims;
        std::vector<GroupClaim> groups;
        std::unique_ptr<Error> fault;
    };

    [[nodiscard]] std::uint32_t entryOf(std::string_view key, std::uint64_t hash) const
    {
        return m_keys.find(hash, [&](std::uint32_t i) { return m_entries[i].key == key; });
    }

    /// The text to be stored.
    Result<std::string> checked(Entry &entry, const std::optional<std::string> &previous)
    {
        auto value = takeValue(*entry.object);
        if (!value)
            return std::unexpected(value.error());
        if (!entry.resource->hasId && entry.resource->nameMember.empty())
            value->erase("id"); // in a file it names the plugin
        Writing writing{
            entry.resource, {entry.object->id, entry.object->parent}, std::move(*value), false};
        const auto settled = settleId(writing, true).and_then([&writing] {
            return refuseTimestamps(writing.object);
        });
        if (!settled)
            return fail(Errc::Config, settled.error().detail);
        stampTimes(writing, previous, m_now);
        CheckContext context(m_config, m_pending, entry.claims);
        context.claimGroups(entry.groups);
        auto sound = checkWriting(std::move(writing), context);
        if (!sound)
            return fail(Errc::Config, sound.error().detail);
        return std::move(sound->value);
    }

    std::optional<std::string> storedText(const std::string &key)
    {
        const std::scoped_lock guard(m_pending.mutex);
        auto stored = m_config.store().get(key);
        if (!stored || !*stored)
            return std::nullopt;
        return std::move((*stored)->value);
    }

    void refuseSharedLogins()
    {
        struct Known
        {
            const LoginClaim *claim;
            const Entry *entry;
        };
        std::size_t count = 0;
        for (const Entry &entry : m_entries)
            count += entry.claims.size();
        std::vector<Known> known;
        known.reserve(count);
        HashIndex index;
        index.reset(count);
        for (Entry &entry : m_entries) {
            for (const LoginClaim &claim : entry.claims) {
                if (entry.fault)
                    break;
                const std::uint32_t at = index.find(claim.hash, [&](std::uint32_t i) {
                    return known[i].claim->plugin == claim.plugin
                        && known[i].claim->key == claim.key;
                });
                if (at == HashIndex::kNone) {
                    index.insert(claim.hash, static_cast<std::uint32_t>(known.size()));
                    known.push_back({&claim, &entry});
                } else if (known[at].entry != &entry) {
                    const auto sound =
                        checkSharedLogin(*claim.plugin, known[at].entry->owner(), entry.owner());
                    if (!sound)
                        entry.refuse(sound.error().detail);
                }
            }
        }
    }

    /// What is stored and stays decides, then the first object in its order.
    void refuseOtherGroups(bool storeIsEmpty)
    {
        if (std::ranges::all_of(m_entries, &std::vector<GroupClaim>::empty, &Entry::groups))
            return;
        LimitGroups groups;
        const auto stays = [this](std::string_view key) { return !m_pending.contains(key); };
        const Result<void> stored =
            storeIsEmpty ? Result<void>() : groups.addStored(CheckContext(m_config), stays);
        for (Entry &entry : m_entries) {
            for (const GroupClaim &claim : entry.groups) {
                if (entry.fault)
                    break;
                if (const auto added = stored ? groups.add(claim) : stored; !added)
                    entry.refuse(added.error().detail);
            }
        }
    }

    ConfigService &m_config;
    std::int64_t m_now;
    std::vector<ConfigObject> m_objects;
    std::vector<Entry> m_entries;
    HashIndex m_keys; ///< from storage keys to entries
    PendingObjects m_pending;
};

} // namespace

Result<std::string> storageKeyOf(ConfigObject &object)
{
    const ResourceSpec *const resource = findResource(object.kind);
    if (!resource)
        return fail(Errc::Config, "unsupported resource type: " + object.kind);
    if (object.id.empty()) {
        if (const Json *own = object.value.find(resource->ownName()))
            object.id = idText(*own);
    }
    if (resource->idInParent && object.parent.empty()) {
        const std::size_t slash = object.id.find('/');
        if (slash == std::string::npos)
            return fail(Errc::Config, "a secret's id is manager/id, as vault/1");
        object.parent = object.id.substr(0, slash);
        object.id.erase(0, slash + 1);
    }
    return buildStorageKey({resource->type, object.parent, object.id});
}

std::expected<std::size_t, std::vector<Error>> importObjects(ConfigService &config,
                                                             std::vector<ConfigObject> objects)
{
    const auto revision = config.store().revision();
    if (!revision)
        return std::unexpected(std::vector{revision.error()});
    Importer importer(config, std::move(objects));
    importer.settleKeys();
    importer.checkAll(*revision == 0);
    return importer.finish();
}

std::vector<Error> importFaults(ConfigService &config, std::vector<ConfigObject> objects)
{
    const auto revision = config.store().revision();
    if (!revision)
        return {revision.error()};
    Importer importer(config, std::move(objects));
    importer.settleKeys();
    importer.checkAll(*revision == 0);
    return importer.faults();
}

} // namespace postern::gateway
