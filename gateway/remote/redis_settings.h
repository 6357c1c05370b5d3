// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/json/json.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/types.h>

namespace postern::gateway {

/// Where a Redis server listens.
struct RedisAddress
{
    std::string host; ///< a name or an address, without brackets
    std::uint16_t port = 6379;

    [[nodiscard]] std::string text() const; ///< "127.0.0.1:6379", "[::1]:6379"
    auto operator<=>(const RedisAddress &) const = default;
};

/// "host", "host:port", "[::1]:port". \return InvalidArgument if it is none of them
[[nodiscard]] Result<RedisAddress> parseRedisAddress(std::string_view text);

/// What a connection does before its first command.
struct RedisLogin
{
    std::string user; ///< empty: the default user
    Secret password; ///< empty: no AUTH
    std::int64_t database = 0;
    bool tls = false;
    bool verify = false; ///< the certificate must be trusted and name the host
    std::string_view role; ///< "master", "slave": what ROLE must say; empty: not asked
};

/// One configuration of a Redis store: a server, a cluster, or sentinels that know the server.
/// apisix.md 4.7. Immutable.
struct RedisSettings
{
    enum class Kind : std::uint8_t { Single, Cluster, Sentinel };

    Kind kind = Kind::Single;
    std::vector<RedisAddress> servers; ///< the one, nodes of the cluster, or the sentinels
    RedisLogin login; ///< at the servers that count
    RedisLogin sentinelLogin; ///< at the sentinels
    std::string masterName;
    std::chrono::milliseconds timeout{1000}; ///< of a command, connecting included
    std::chrono::milliseconds connectTimeout{1000};
    std::chrono::milliseconds idle{10'000}; ///< an unused connection is closed after this
    std::string identity; ///< same text, same settings; holds no secret
    std::shared_ptr<X509_STORE> trust; ///< authorities over TLS; nullptr: the system's

    [[nodiscard]] std::string text() const; ///< the servers, for people
};

/// Reads the `redis_*` members of a plugin's configuration, with the original's defaults.
/// \param policy "redis", "redis-cluster", "redis-sentinel"
/// \return InvalidArgument for an address that is none
[[nodiscard]] Result<RedisSettings> readRedisSettings(const Json &config, std::string_view policy);

} // namespace postern::gateway
