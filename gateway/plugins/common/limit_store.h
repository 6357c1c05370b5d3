// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/plugins/common/limit_counters.h"
#include "gateway/plugins/common/redis_limits.h"
#include "gateway/remote/redis_clients.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace postern::gateway {

/// One limit as it is for one request. The views live as long as the exchange.
struct LimitDemand
{
    std::size_t limit = 0; ///< its index in the plugin
    std::int64_t count = 0, seconds = 0;
    std::string_view identity, key;
};

/// The counters of a Redis store, as limit-count's configuration names it. Immutable; called in the
/// workers.
struct LimitStore : std::enable_shared_from_this<LimitStore>
{
    std::shared_ptr<RedisClients> clients; ///< nullptr where there are no workers
    std::shared_ptr<const RedisSettings> settings; ///< nullptr: they cannot be read
    Error defect; ///< why not
    std::shared_ptr<LimitCounters> counters;
    bool sliding = false;
    std::chrono::milliseconds interval{0}; ///< of telling the store; 0: it is asked each time

    /// Counts in the store, as seen by this worker. LimitStore if it cannot say.
    void take(std::size_t worker, const LimitDemand &demand, std::int64_t cost, Timestamp now,
              QuotaDone done) const;
    /// As take(), for what was granted here since the store was told last.
    void tell(std::size_t worker, const LimitDemand &demand, Timestamp now, QuotaDone done) const;
    /// Tells the store after the interval, whatever becomes of the plugin until then.
    void tellLater(std::size_t worker, const LimitDemand &demand, Timestamp now) const;
};

/// \return nullptr for policy `local`
[[nodiscard]] std::shared_ptr<const LimitStore>
openLimitStore(const Json &config, const PluginEnv &env,
               const std::shared_ptr<LimitCounters> &counters);

} // namespace postern::gateway
