// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace postern::gateway {

/// The three router flavours of APISIX (`apisix.router.http`).
enum class RouterFlavour : std::uint8_t { HostUri, Uri, UriWithParameter };

/// Which routes there are and how they are told apart.
struct Routing
{
    RouterFlavour flavour = RouterFlavour::HostUri;
    /// API7's gateway group: routes labelled `gateway_group` with another name are not served here.
    /// Empty: every route is.
    std::string gatewayGroup{};
};

} // namespace postern::gateway
