// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/redis_settings.h"

#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"

#include <algorithm>
#include <charconv>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

std::int64_t integerOr(const Json &config, std::string_view member, std::int64_t otherwise)
{
    const Json *value = config.find(member);
    return value ? value->asInteger().value_or(otherwise) : otherwise;
}

std::chrono::milliseconds millisecondsOr(const Json &config, std::string_view member,
                                         std::int64_t otherwise)
{
    constexpr std::int64_t kLongest = 3'600'000; // no request waits longer
    return std::chrono::milliseconds(
        std::clamp<std::int64_t>(integerOr(config, member, otherwise), 1, kLongest));
}

bool flag(const Json &config, std::string_view member)
{
    const Json *value = config.find(member);
    return value && value->asBool();
}

Result<void> addServer(RedisSettings &settings, std::string_view host, std::int64_t port)
{
    if (host.empty() || port < 1 || port > 65535)
        return fail(Errc::InvalidArgument,
                    std::format("no address of a Redis server: {}:{}", host, port));
    settings.servers.push_back({std::string(host), static_cast<std::uint16_t>(port)});
    return {};
}

Result<void> readServers(RedisSettings &settings, const Json &config)
{
    constexpr std::int64_t kPort = 6379;
    if (settings.kind == RedisSettings::Kind::Single)
        return addServer(settings, config.stringOr("redis_host", ""),
                         integerOr(config, "redis_port", kPort));
    const bool cluster = settings.kind == RedisSettings::Kind::Cluster;
    const Json *list = config.find(cluster ? "redis_cluster_nodes" : "redis_sentinels");
    if (!list || list->size() == 0)
        return fail(Errc::InvalidArgument, "no Redis server is named");
    for (const Json &item : list->items()) {
        if (!cluster) {
            if (auto added =
                    addServer(settings, item.stringOr("host", ""), integerOr(item, "port", kPort));
                !added)
                return added;
            continue;
        }
        auto address = parseRedisAddress(item.asString());
        if (!address)
            return std::unexpected(std::move(address.error()));
        settings.servers.push_back(std::move(*address));
    }
    return {};
}

void readLogins(RedisSettings &settings, const Json &config)
{
    RedisLogin &login = settings.login;
    login.user = config.stringOr("redis_username", "");
    login.password = Secret(config.stringOr("redis_password", ""));
    if (settings.kind == RedisSettings::Kind::Cluster) {
        login.tls = flag(config, "redis_cluster_ssl");
        login.verify = flag(config, "redis_cluster_ssl_verify");
    } else {
        login.database = integerOr(config, "redis_database", 0); // a cluster has but one
        login.tls = flag(config, "redis_ssl");
        login.verify = flag(config, "redis_ssl_verify");
    }
    if (settings.kind != RedisSettings::Kind::Sentinel)
        return;
    login.role = config.stringOr("redis_role", "master") == "slave" ? "slave" : "master";
    settings.masterName = config.stringOr("redis_master_name", "");
    settings.sentinelLogin.user = config.stringOr("sentinel_username", "");
    settings.sentinelLogin.password = Secret(config.stringOr("sentinel_password", ""));
    settings.sentinelLogin.tls = login.tls;
    settings.sentinelLogin.verify = login.verify;
}

std::string loginText(const RedisLogin &login)
{
    return std::format("{}\n{}\n{}\n{}{}\n{}\n", login.user,
                       encodeHex(sha256(login.password.view())), login.database,
                       login.tls ? 's' : '-', login.verify ? 'v' : '-', login.role);
}

} // namespace

std::string RedisAddress::text() const
{
    return host.contains(':') ? std::format("[{}]:{}", host, port)
                              : std::format("{}:{}", host, port);
}

Result<RedisAddress> parseRedisAddress(std::string_view text)
{
    RedisAddress address;
    std::string_view host = text, port;
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        host = bracket == std::string_view::npos ? std::string_view() : text.substr(1, bracket - 1);
        const std::string_view rest = host.empty() ? std::string_view() : text.substr(bracket + 1);
        if (rest.starts_with(':'))
            port = rest.substr(1);
    } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    address.host = host;
    unsigned number = address.port;
    if (!port.empty()) {
        const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (fault != std::errc() || end != port.data() + port.size())
            number = 0;
    }
    if (host.empty() || number < 1 || number > 65535)
        return fail(Errc::InvalidArgument, std::format("no address of a Redis server: {}", text));
    address.port = static_cast<std::uint16_t>(number);
    return address;
}

std::string RedisSettings::text() const
{
    std::string list;
    for (const RedisAddress &server : servers)
        list.append(list.empty() ? "" : ", ").append(server.text());
    return list;
}

Result<RedisSettings> readRedisSettings(const Json &config, std::string_view policy)
{
    RedisSettings settings;
    if (policy == "redis-cluster")
        settings.kind = RedisSettings::Kind::Cluster;
    else if (policy == "redis-sentinel")
        settings.kind = RedisSettings::Kind::Sentinel;
    if (auto read = readServers(settings, config); !read)
        return std::unexpected(std::move(read.error()));
    readLogins(settings, config);
    const bool sentinel = settings.kind == RedisSettings::Kind::Sentinel;
    const auto timeout = integerOr(config, "redis_timeout", 1000);
    settings.timeout =
        millisecondsOr(config, sentinel ? "redis_read_timeout" : "redis_timeout", timeout);
    settings.connectTimeout =
        millisecondsOr(config, sentinel ? "redis_connect_timeout" : "redis_timeout", timeout);
    settings.idle = millisecondsOr(config, "redis_keepalive_timeout", sentinel ? 60'000 : 10'000);
    settings.identity = std::format("{}\n{}\n{}\n{}\n{}\n{}\n{}{}", policy, settings.text(),
                                    settings.masterName, settings.timeout.count(),
                                    settings.connectTimeout.count(), settings.idle.count(),
                                    loginText(settings.login), loginText(settings.sentinelLogin));
    return settings;
}

} // namespace postern::gateway
