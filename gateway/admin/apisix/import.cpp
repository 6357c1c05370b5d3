// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/import.h"

#include "core/model/keys.h"
#include "core/parallel.h"
#include "core/text/suggest.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/admin/apisix/write.h"
#include "gateway/pipeline/plugin.h"

#include <format>
#include <map>
#include <optional>

namespace postern::gateway {
namespace {

// The Admin API's words are APISIX's; a file's author is also told what may have been meant.
Error faultOf(const Error &error, const std::string &where)
{
    constexpr std::string_view kUnknown = "unknown plugin [";
    Error fault{Errc::Config, error.detail, where};
    const std::size_t begin = fault.detail.find(kUnknown);
    const std::size_t end = fault.detail.find(']', begin);
    if (begin == std::string::npos || end == std::string::npos)
        return fault;
    std::vector<std::string_view> names;
    for (const PluginSpec *plugin : builtinPlugins())
        names.push_back(plugin->name);
    const std::size_t name = begin + kUnknown.size();
    fault.detail += didYouMean(error.detail.substr(name, end - name), names);
    return fault;
}

class Importer
{
public:
    Importer(ConfigService &config, std::size_t expected)
        : m_config(config),
          m_now(config.clock().unixSeconds())
    {
        // Growing the tables step by step costs 44 to 54 ms of CPU more with 100,000 consumers.
        m_pending.keys.reserve(expected);
        m_pending.logins.reserve(expected);
        m_entries.reserve(expected);
    }

    // First round: ids, so that the second knows what will exist.
    void announce(ImportObject &object)
    {
        ++m_announced;
        Writing writing{
            findResource(object.kind), {object.id, object.parent}, std::move(object.value), false};
        if (!writing.resource) {
            refuse(object, {Errc::Config, "unsupported resource type: " + object.kind, {}});
            return;
        }
        auto settled =
            settleId(writing, true).and_then([&] { return refuseTimestamps(writing.object); });
        if (!settled) {
            refuse(object, settled.error());
            return;
        }
        if (!writing.resource->hasId && writing.subject.id.empty())
            writing.subject.id = writing.object.stringOr("username", "");
        std::string key =
            buildStorageKey({writing.resource->type, writing.subject.parent, writing.subject.id});
        if (!m_pending.keys.insert(key).second) {
            refuse(object,
                   {Errc::Config,
                    std::format("found duplicate {} {} in {}",
                                writing.resource->hasId ? "id" : "username", writing.subject.id,
                                writing.resource->type),
                    {}});
            return;
        }
        m_entries.push_back(
            {std::move(writing), std::move(key), std::move(object.where), m_announced, {}, {}, {}});
    }

    void checkAll(bool storeIsEmpty)
    {
        const CheckContext context(m_config, &m_pending);
        if (!storeIsEmpty) {
            for (Entry &entry : m_entries) {
                if (auto stored = m_config.store().get(entry.key); stored && *stored)
                    entry.previous = std::move((*stored)->value);
            }
        }
        forEachParallel(m_entries, [&](Entry &entry) {
            stampTimes(entry.writing, entry.previous, m_now);
            auto checked = checkWriting(std::move(entry.writing), context);
            if (checked)
                entry.put = {std::move(checked->key), std::move(checked->value)};
            else
                entry.fault = faultOf(checked.error(), entry.where);
        });
        m_transaction.puts.reserve(m_entries.size());
        for (Entry &entry : m_entries) {
            if (entry.fault)
                m_faults.emplace(entry.position, std::move(*entry.fault));
            else
                m_transaction.puts.push_back(std::move(entry.put));
        }
    }

    std::expected<std::size_t, std::vector<Error>> finish()
    {
        if (!m_faults.empty()) {
            std::vector<Error> errors;
            errors.reserve(m_faults.size());
            for (auto &[position, error] : m_faults)
                errors.push_back(std::move(error));
            return std::unexpected(std::move(errors));
        }
        if (m_transaction.puts.empty())
            return 0;
        if (auto committed = m_config.commit(m_transaction); !committed)
            return std::unexpected(std::vector{committed.error()});
        return m_transaction.puts.size();
    }

private:
    struct Entry
    {
        Writing writing;
        std::string key;
        std::string where;
        std::size_t position;
        std::optional<std::string> previous; ///< what the store holds now
        Transaction::Put put;
        std::optional<Error> fault;
    };

    void refuse(const ImportObject &object, const Error &error)
    {
        m_faults.emplace(m_announced, faultOf(error, object.where));
    }

    ConfigService &m_config;
    std::int64_t m_now;
    PendingObjects m_pending;
    std::vector<Entry> m_entries;
    std::map<std::size_t, Error> m_faults; // by position of the object
    std::size_t m_announced = 0;
    Transaction m_transaction;
};

} // namespace

std::expected<std::size_t, std::vector<Error>> importObjects(ConfigService &config,
                                                             std::vector<ImportObject> objects)
{
    const auto revision = config.store().revision();
    if (!revision)
        return std::unexpected(std::vector{revision.error()});
    Importer importer(config, objects.size());
    for (ImportObject &object : objects)
        importer.announce(object);
    importer.checkAll(*revision == 0);
    return importer.finish();
}

} // namespace postern::gateway
