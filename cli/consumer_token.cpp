// SPDX-License-Identifier: Apache-2.0
#include "cli/consumer_token.h"

#include "cli/times.h"
#include "core/jose/jws.h"

namespace postern::cli {

Result<std::string> mintForConsumer(AdminAccess &admin, std::string_view consumer,
                                    std::string_view credential, std::string_view ttl)
{
    const Result<JwtCredential> found = findJwtCredential(admin, consumer, credential);
    if (!found)
        return std::unexpected(found.error());
    const Result<Key> key = keyOf(*found, true);
    if (!key)
        return std::unexpected(key.error());
    Json claims = Json::object({{"key", found->key}});
    if (!ttl.empty()) {
        const Result<std::int64_t> seconds = secondsOf(ttl, "ttl");
        const Result<Timestamp> now = seconds ? admin.now() : std::unexpected(seconds.error());
        if (!now)
            return std::unexpected(now.error());
        const std::int64_t start =
            std::chrono::floor<std::chrono::seconds>(*now).time_since_epoch().count();
        claims.set("exp", Json(start + *seconds));
    }
    const Json header = Json::object({{"alg", info(found->alg).name}, {"typ", "JWT"}});
    return signJws(header.dump(), claims.dump(), found->alg, *key, true);
}

} // namespace postern::cli
