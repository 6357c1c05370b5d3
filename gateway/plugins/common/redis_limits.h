// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "gateway/plugins/common/limit_quota.h"
#include "gateway/remote/redis_client.h"
#include "gateway/server/reactor.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// A count to be made in Redis.
struct RedisTake
{
    std::string_view identity; ///< of the counter; read before the call returns
    std::int64_t limit = 0;
    std::int64_t seconds = 0; ///< the window
    std::int64_t cost = 1; ///< 0: only look
    bool sliding = false;
    Timestamp now{}; ///< for the sliding window, which follows the wall clock
    Reactor::Clock::time_point deadline;
};

using QuotaDone = std::move_only_function<void(Result<Quota>)>;

/// Counts in Redis, atomically: a script does it in one go, so that any number of gateways share a
/// limit exactly. Keys as APISIX has them (apisix.md 4.7): `plugin-limit-count:v1:<identity>` for
/// a fixed window, `plugin-limit-count:<identity>.<window>.counter` for a sliding one.
/// \param where the store, for errors
/// \param done called once, perhaps at once; LimitStore if the store cannot say
void takeFromRedis(RedisClient &client, const RedisTake &take, std::string where, QuotaDone done);

} // namespace postern::gateway
