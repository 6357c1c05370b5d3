// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/metadata_store.h"

#include "core/json/parse.h"
#include "gateway/pipeline/plugin_config.h"

#include <algorithm>

namespace postern::gateway {

void MetadataChange::add(std::string_view key, const std::shared_ptr<const Document> &document)
{
    const auto named = [&](const std::string &plugin) { return document->value.contains(plugin); };
    if (!written.contains(key) && std::ranges::any_of(plugins, named))
        users.push_back({std::string(key), document, document->modRevision});
}

Result<void> MetadataStore::apply(std::string_view plugin, const Document *document,
                                  MetadataChange &touched)
{
    touched.plugins.push_back('"' + std::string(plugin) + '"');
    m_objects.erase(std::string(plugin));
    if (!document)
        return {};
    auto object = parseJson(document->value, {.lastDuplicateWins = true});
    if (!object)
        return std::unexpected(std::move(object.error()));
    if (const PluginSpec *spec = findPlugin(plugin)) {
        if (auto sound = checkPluginMetadata(*spec, *object); !sound)
            return sound;
    }
    m_objects.insert_or_assign(std::string(plugin), std::move(*object));
    return {};
}

void MetadataStore::noteHolder(const std::string &key,
                               const std::shared_ptr<const Document> &document)
{
    if (document)
        m_holders.insert_or_assign(key, document);
    else if (!m_holders.empty())
        m_holders.erase(key);
}

void MetadataStore::addUsers(MetadataChange &touched) const
{
    for (const auto &[key, document] : m_holders)
        touched.add(key, document);
}

} // namespace postern::gateway
