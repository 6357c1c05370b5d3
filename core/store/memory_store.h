// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/store.h"

#include <map>

namespace postern {

/// Documents in an ordered map; nothing survives the process. Its own thread only.
class MemoryStore final : public Store
{
public:
    [[nodiscard]] Result<std::optional<Document>> get(std::string_view key) override;
    [[nodiscard]] Result<std::vector<Document>> list(std::string_view prefix) override;
    [[nodiscard]] Result<std::uint64_t> commit(const Transaction &transaction) override;
    [[nodiscard]] Result<std::uint64_t> revision() override { return m_revision; }
    void watch(Watcher watcher) override { m_watcher = std::move(watcher); }
    [[nodiscard]] Result<void> poll() override { return {}; }

private:
    std::map<std::string, Document, std::less<>> m_documents;
    std::uint64_t m_revision = 0;
    Watcher m_watcher;
};

} // namespace postern
