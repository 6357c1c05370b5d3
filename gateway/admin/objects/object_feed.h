// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/objects/object_change.h"
#include "gateway/config_service.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// A feed whose values are still JSON texts: 100,000 of them need not be parsed to be sent on.
struct StoredFeed
{
    struct Entry
    {
        std::string key; ///< as in ObjectChange
        std::string text; ///< empty: deleted
        std::uint64_t modified = 0;
    };
    std::string instance; ///< what its revision belongs to
    std::uint64_t revision = 0;
    bool complete = false;
    std::vector<Entry> entries;
};

/// What changed since a revision, commits of other processes included; everything when that cannot
/// be told. The admin thread only.
/// \param since 0: everything
/// \param instance of the feed that `since` comes from; empty: of this one
/// \return the feed, or why the store cannot be read
[[nodiscard]] Result<StoredFeed> readFeed(ConfigService &config, std::uint64_t since,
                                          std::string_view instance = {});

/// `{"revision":7,"instance":"…","complete":true,"changes":[{"key","modified","value"}, ...]}`
[[nodiscard]] std::string feedText(const StoredFeed &feed);
/// Reads feedText(). \param instance set to the feed's
[[nodiscard]] Result<ObjectFeed> parseFeed(std::string_view text, std::string &instance);
/// The feed with its values parsed.
[[nodiscard]] Result<ObjectFeed> parsedFeed(const StoredFeed &feed);

} // namespace postern::gateway
