// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/store.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace postern::gateway {

/// A key and the last commit that touched it.
struct TouchedKey
{
    std::uint64_t revision = 0;
    std::string key;
};

/// Which keys the last commits touched, so that a client that knows a revision is told what
/// happened since. Bounded. The admin thread only.
class ChangeJournal
{
public:
    static constexpr std::size_t kKept = 16'384;

    ChangeJournal();

    /// Nothing is known of what came before this revision.
    void restart(std::uint64_t revision);
    void note(std::span<const Change> changes);

    /// The last revision noted.
    [[nodiscard]] std::uint64_t revision() const noexcept { return m_revision; }
    /// Names this journal: a revision of another one, of a store that began anew, means nothing
    /// here.
    [[nodiscard]] const std::string &instance() const noexcept { return m_instance; }
    /// The keys touched after that revision, each once, in the order of their last commits.
    /// \return nullopt if that is not known, or not known any more
    [[nodiscard]] std::optional<std::vector<TouchedKey>> since(std::uint64_t revision) const;

private:
    std::deque<TouchedKey> m_touched;
    std::uint64_t m_floor = 0; ///< what came up to here is not known
    std::uint64_t m_revision = 0;
    std::string m_instance;
};

} // namespace postern::gateway
