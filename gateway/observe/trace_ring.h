// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/trace.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace postern::gateway {

/// The last traces of one worker, packed one behind the other in a fixed buffer: writing copies
/// what is used of a record and overwrites the oldest. Its worker's thread only.
class TraceRing
{
public:
    /// \param keep how many records to keep at most; room for about that many of ordinary size
    explicit TraceRing(std::size_t keep);

    void push(const TraceRecord &record) noexcept;
    /// Calls back from the newest to the oldest until `visit` returns false.
    void visitNewestFirst(const std::function<bool(const TraceRecord &)> &visit) const;
    [[nodiscard]] std::size_t size() const noexcept { return m_count; }
    /// How many records were ever written.
    [[nodiscard]] std::uint64_t written() const noexcept { return m_written; }

private:
    struct Slot
    {
        std::uint32_t at = 0;
        std::uint32_t size = 0;
    };
    void dropOldest() noexcept;

    std::vector<Slot> m_slots; ///< circular, m_first is the oldest
    std::size_t m_first = 0, m_count = 0;
    std::unique_ptr<char[]> m_bytes;
    std::size_t m_capacity, m_head = 0;
    std::uint64_t m_written = 0;
};

} // namespace postern::gateway
