// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/store/store.h"
#include "gateway/router/consumer_index.h"
#include "gateway/router/metadata_store.h"
#include "gateway/router/object_key.h"
#include "gateway/router/snapshot.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace postern::gateway {

/// All consumers of a configuration with their credentials, compiled. Takes in changes of single
/// documents; each consumer that one touches is compiled on a core of its own. The compiler's
/// thread only.
class ConsumerSet
{
public:
    /// A consumer's or credential's document that was written or deleted.
    struct Change
    {
        ObjectKey key;
        const postern::Change *change;
    };
    /// What compiling needs, and whom it tells.
    struct Surroundings
    {
        const PluginEnv &env;
        MetadataStore &metadata; ///< told who holds plugins
        bool tellSuccess; ///< also of documents that nothing is wrong with
        std::function<void(std::string_view key, const Result<void> &problem)> report;
    };

    ConsumerSet();
    /// \param changes in their order; they may be sorted by consumer
    void apply(std::vector<Change> &changes, const Surroundings &around);
    /// Who logs in with what, as of the last change.
    [[nodiscard]] const std::shared_ptr<const ConsumerIndex> &index() const noexcept
    {
        return m_index;
    }

private:
    struct Work;
    struct TextHash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>()(text);
        }
    };

    [[nodiscard]] static std::vector<Work> groupByConsumer(std::vector<Change> &changes);
    void lookUp(Work &work) const;
    static void compile(Work &work, const Surroundings &around);
    void publish(Work &work, const Surroundings &around, ConsumerIndexEdit &edit,
                 std::vector<std::shared_ptr<const CompiledConsumer>> &added);

    std::shared_ptr<const ConsumerIndex::Data> m_data;
    std::shared_ptr<const ConsumerIndex> m_index;
    /// Consumers that have credentials stored but no document of their own, by name.
    std::unordered_map<std::string, std::shared_ptr<const CompiledConsumer>, TextHash,
                       std::equal_to<>>
        m_detached;
};

} // namespace postern::gateway
