// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/objects/object_writer.h"

#include "core/model/keys.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/admin/apisix/write.h"
#include "gateway/standalone/fault_pointer.h"

#include <deque>
#include <format>
#include <map>
#include <optional>
#include <utility>

namespace postern::gateway {
namespace {

/// Rounds over all changes: keys and ids, then the checks, which see what will be there.
class Writer
{
public:
    explicit Writer(ConfigService &config) : m_config(config)
    {
        m_pending.contains = [this](std::string_view key) {
            const auto found = m_texts.find(key);
            return found != m_texts.end() && found->second;
        };
        m_pending.few = &m_texts;
    }

    Result<PreparedObjects> prepare(std::span<const ObjectChange> changes)
    {
        for (const ObjectChange &change : changes)
            m_entries.push_back(Entry{.change = &change});
        for (Entry &entry : m_entries) {
            if (auto settled = settle(entry); !settled)
                return std::unexpected(std::move(settled.error()));
        }
        // After all were named: a credential may be named beside its consumer.
        for (const Entry &entry : m_entries) {
            if (auto taken = takeCredentialsAlong(entry); !taken)
                return std::unexpected(std::move(taken.error()));
        }
        for (Entry &entry : m_entries) {
            if (!entry.refused)
                check(entry);
        }
        for (Entry &entry : m_entries)
            refuseSharedLogins(entry);
        return finish();
    }

private:
    struct Entry
    {
        const ObjectChange *change;
        std::string key = {}; ///< of the store
        Writing writing = {};
        std::vector<LoginClaim> claims = {};
        std::optional<ObjectRefusal> refused = {};

        [[nodiscard]] bool deletes() const noexcept { return change->value.isNull(); }
        void refuse(std::string message)
        {
            std::string pointer = faultPointer(message, change->value);
            refused = {change->key, std::move(pointer), std::move(message)};
        }
        [[nodiscard]] LoginOwner owner() const
        {
            const auto parts = parseStorageKey(key);
            return parts->parent.empty()
                ? LoginOwner{std::string(parts->id), {}}
                : LoginOwner{std::string(parts->parent), std::string(parts->id)};
        }
    };

    /// What the change is about and what it will store. \return a failure of the store
    Result<void> settle(Entry &entry)
    {
        entry.key = "/apisix" + entry.change->key;
        const auto parts = parseStorageKey(entry.key);
        if (!parts) {
            entry.refuse("not a key of an object: \"/routes/1\", \"/consumers/jack\", "
                         "\"/consumers/jack/credentials/one\" are");
            return {};
        }
        entry.writing.resource = findResource(parts->kind);
        entry.writing.subject = {std::string(parts->id), std::string(parts->parent)};
        if (!entry.writing.resource) {
            entry.refuse(std::format("Unsupported resource type: {}", parts->kind));
            return {};
        }
        if (m_texts.contains(entry.key)) {
            entry.refuse("the object is named twice");
            return {};
        }
        auto stored = m_config.store().get(entry.key);
        if (!stored)
            return std::unexpected(std::move(stored.error()));
        if (!entry.deletes())
            return settlePut(entry, *stored);
        if (*stored)
            m_texts.emplace(entry.key, std::nullopt);
        else
            entry.refuse("Key not found");
        return {};
    }

    Result<void> takeCredentialsAlong(const Entry &entry)
    {
        if (entry.refused || !entry.deletes() || entry.writing.resource != &consumersResource)
            return {};
        auto credentials =
            m_config.store().list(storagePrefix("credentials", entry.writing.subject.id));
        if (!credentials)
            return std::unexpected(std::move(credentials.error()));
        for (Document &credential : *credentials)
            m_texts.try_emplace(std::move(credential.key), std::nullopt);
        return {};
    }

    Result<void> settlePut(Entry &entry, const std::optional<Document> &stored)
    {
        Writing &writing = entry.writing;
        writing.object = entry.change->value;
        const auto settled = settleId(writing, true).and_then([&writing] {
            return refuseTimestamps(writing.object, TimesAllowed::Own);
        });
        if (!settled) {
            entry.refuse(settled.error().detail);
            return {};
        }
        stampTimes(writing, stored ? std::optional(stored->value) : std::nullopt,
                   m_config.clock().unixSeconds(), true);
        m_texts.insert_or_assign(entry.key, writing.object.dump());
        return {};
    }

    void check(Entry &entry)
    {
        if (!entry.deletes()) {
            const CheckContext context(m_config, m_pending, entry.claims);
            const std::string named = nameOf(entry.writing);
            const auto checked = checkWriting(std::move(entry.writing), context);
            if (!checked)
                entry.refuse(checked.error().detail);
            else if (checked->key != entry.key)
                entry.refuse(std::format("the object is called \"{}\"", named));
            return;
        }
        const ResourceSpec &resource = *entry.writing.resource;
        if (!resource.checkDelete)
            return;
        std::vector<LoginClaim> none;
        const CheckContext context(m_config, m_pending, none);
        if (const auto free = resource.checkDelete(entry.writing.subject.id, context); !free)
            entry.refuse(free.error().detail);
    }

    void refuseSharedLogins(Entry &entry)
    {
        for (const LoginClaim &claim : entry.claims) {
            if (entry.refused)
                return;
            const auto [known, first] =
                m_logins.try_emplace({claim.plugin, claim.key}, entry.owner());
            if (first)
                continue;
            if (const auto sound = checkSharedLogin(*claim.plugin, known->second, entry.owner());
                !sound)
                entry.refuse(sound.error().detail);
        }
    }

    Result<PreparedObjects> finish()
    {
        PreparedObjects prepared;
        for (Entry &entry : m_entries) {
            if (entry.refused)
                prepared.refusals.push_back(*std::move(entry.refused));
        }
        if (!prepared.refusals.empty())
            return prepared;
        for (auto &[key, text] : m_texts) {
            if (text)
                prepared.transaction.puts.push_back({key, *std::move(text)});
            else
                prepared.transaction.deletes.push_back(key);
        }
        return prepared;
    }

    ConfigService &m_config;
    std::deque<Entry> m_entries;
    PendingObjects::Texts m_texts;
    PendingObjects m_pending;
    std::map<std::pair<const PluginSpec *, std::string>, LoginOwner> m_logins;
};

} // namespace

Result<PreparedObjects> prepareObjects(ConfigService &config, std::span<const ObjectChange> changes)
{
    return Writer(config).prepare(changes);
}

} // namespace postern::gateway
