// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/store.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

namespace postern {

/// Documents in an ordered map; nothing survives the process. Its own thread only.
class MemoryStore final : public Store
{
public:
    [[nodiscard]] Result<std::optional<Document>> get(std::string_view key) override;
    [[nodiscard]] Result<std::vector<Document>> list(std::string_view prefix) override;
    [[nodiscard]] Result<std::uint64_t> commit(Transaction transaction) override;
    [[nodiscard]] Result<std::uint64_t> revision() override { return m_revision; }
    void watch(Watcher watcher) override { m_watcher = std::move(watcher); }
    [[nodiscard]] Result<void> poll() override { return {}; }

private:
    /// By the key inside of the document.
    struct ByKey
    {
        using is_transparent = void;
        static std::string_view keyOf(const std::shared_ptr<const Document> &document) noexcept
        {
            return document->key;
        }
        static std::string_view keyOf(std::string_view key) noexcept { return key; }
        bool operator()(const auto &a, const auto &b) const noexcept { return keyOf(a) < keyOf(b); }
    };
    std::set<std::shared_ptr<const Document>, ByKey> m_documents;
    std::uint64_t m_revision = 0;
    Watcher m_watcher;
};

} // namespace postern
