// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/router/ip_range.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

class Arena;
class HeaderList;

/// Whose word is taken for a client's address, and where it stands. nginx's real-ip module, with
/// the values that APISIX gives it. apisix.md 2.3.
struct RealIpOptions
{
    std::string header = "X-Real-IP"; ///< real_ip_header
    std::vector<IpRange> from = thisMachine(); ///< real_ip_from
    bool fromUnixSockets = true; ///< `unix:` of real_ip_from
    bool recursive = false; ///< real_ip_recursive: past addresses that are in `from` themselves

    [[nodiscard]] static std::vector<IpRange> thisMachine(); ///< 127.0.0.1
    /// \param peer address of the connection's other end; "unix" for a unix socket
    [[nodiscard]] bool trusts(std::string_view peer) const noexcept;
};

struct RealAddress
{
    std::string_view address; ///< in the arena or the request
    std::uint16_t port = 0; ///< 0: none was named
};

/// What the header of a peer that is trusted says: its last address, or with `recursive` the last
/// one that is not trusted. Of X-Forwarded-For every field counts, of other headers the first.
/// \return nullopt: the peer's own address stays
[[nodiscard]] std::optional<RealAddress> realAddress(const RealIpOptions &options,
                                                     const HeaderList &headers, Arena &arena);

} // namespace postern::gateway
