// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace postern::gateway {

/// Where a gateway's configuration comes from.
enum class Provider : std::uint8_t {
    Store, ///< the Admin API writes it into a store
    File, ///< a standalone file, which is read again when it changes
    Api, ///< PUT /apisix/admin/configs replaces it as a whole
};

struct ProviderAddress
{
    Provider provider = Provider::Store;
    std::filesystem::path file; ///< of Provider::File
};

/// Reads a store URI: `file:PATH`, `api:`; everything else is for openStore().
[[nodiscard]] inline ProviderAddress parseProvider(std::string_view uri)
{
    constexpr std::string_view kFile = "file:";
    if (uri == "api:" || uri == "api")
        return {Provider::Api, {}};
    if (uri.starts_with(kFile))
        return {Provider::File, uri.substr(kFile.size())};
    return {};
}

} // namespace postern::gateway
