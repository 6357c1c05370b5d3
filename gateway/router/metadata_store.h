// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/store/store.h"
#include "gateway/pipeline/plugin.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What a change of plugin metadata touches.
struct MetadataChange
{
    std::vector<std::string> plugins; ///< quoted, as they stand in the text of whoever uses them
    std::set<std::string, std::less<>> written; ///< keys that are compiled anyway
    std::vector<Change> users; ///< to be compiled again, as if they had been written

    /// Adds a document if its text names one of the plugins.
    void add(std::string_view key, const std::shared_ptr<const Document> &document);
};

/// The plugin_metadata objects, and who holds plugins besides routes: plugins read their metadata
/// when they are compiled, so its change compiles them again. The compiler's thread only; objects()
/// is read by its helpers.
class MetadataStore
{
public:
    [[nodiscard]] const PluginMetadata &objects() const noexcept { return m_objects; }

    /// A plugin's metadata was written, or deleted (nullptr).
    /// \return what is wrong with it; the plugin then has none
    Result<void> apply(std::string_view plugin, const Document *document, MetadataChange &touched);
    /// A document with plugins was written, or deleted (nullptr).
    void noteHolder(const std::string &key, const std::shared_ptr<const Document> &document);
    /// Adds the holders that use one of the plugins.
    void addUsers(MetadataChange &touched) const;

private:
    PluginMetadata m_objects;
    std::map<std::string, std::shared_ptr<const Document>, std::less<>> m_holders;
};

} // namespace postern::gateway
