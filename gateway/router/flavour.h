// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace postern::gateway {

/// The three router flavours of APISIX (`apisix.router.http`).
enum class RouterFlavour : std::uint8_t { HostUri, Uri, UriWithParameter };

} // namespace postern::gateway
