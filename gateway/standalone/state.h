// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/config_service.h"
#include "gateway/standalone/items.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// The items of a standalone configuration that are loaded: what is in the store, in one
/// transaction each time, so that the data plane goes from one configuration to the next at once.
/// The admin thread only.
class StandaloneState
{
public:
    explicit StandaloneState(ConfigService &config) : m_config(config) {}

    struct Options
    {
        std::set<std::string_view> kept; ///< types that stay as they are
        bool skipUnchanged = false; ///< an item whose text is the same is not loaded again
    };

    /// What an application did.
    struct Changes
    {
        std::size_t loaded = 0, removed = 0;
    };

    /// Makes the store hold these items and no others. An item with the `modifiedIndex` of the
    /// loaded one is not loaded again, even if its content differs.
    Result<Changes> apply(std::vector<StandaloneItem> items, const Options &options);

    /// `modifiedIndex` of loaded items that have one, by storage key.
    [[nodiscard]] const std::map<std::string, std::int64_t, std::less<>> &modified() const noexcept
    {
        return m_modified;
    }

private:
    ConfigService &m_config;
    std::map<std::string, std::int64_t, std::less<>> m_modified;
};

} // namespace postern::gateway
