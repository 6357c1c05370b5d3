// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/limit_store.h"

#include "gateway/remote/redis_tls.h"

#include <algorithm>
#include <string>
#include <utility>

namespace postern::gateway {

void LimitStore::take(std::size_t worker, const LimitDemand &demand, std::int64_t cost,
                      Timestamp now, QuotaDone done) const
{
    RedisClient *client = clients && settings ? clients->client(worker, settings) : nullptr;
    if (!client) {
        done(std::unexpected(settings ? Error{Errc::LimitStore, "there is no worker that could ask",
                                              settings->text()}
                                      : defect));
        return;
    }
    takeFromRedis(*client,
                  {demand.identity, demand.count, demand.seconds, cost, sliding, now,
                   clients->reactor(worker)->now() + settings->timeout},
                  settings->text(), std::move(done));
}

void LimitStore::tell(std::size_t worker, const LimitDemand &demand, Timestamp now,
                      QuotaDone done) const
{
    const std::int64_t count = counters->delayed().collect(demand.identity);
    take(worker, demand, count, now,
         [counters = counters, count, identity = std::string(demand.identity),
          done = std::move(done)](const Result<Quota> &quota) mutable {
             if (quota)
                 counters->delayed().told(identity, count, *quota, DelayedLimits::Clock::now());
             else
                 counters->delayed().failed(identity, count);
             done(quota);
         });
}

void LimitStore::tellLater(std::size_t worker, const LimitDemand &demand, Timestamp now) const
{
    Reactor *reactor = clients ? clients->reactor(worker) : nullptr;
    if (!reactor)
        return;
    reactor->callAfter(interval,
                       [store = shared_from_this(), worker, demand, now = now + interval,
                        identity = std::string(demand.identity)] {
                           LimitDemand own = demand;
                           own.identity = identity;
                           own.key = {};
                           store->counters->delayed().intervalEnded(identity);
                           store->tell(worker, own, now, [](const Result<Quota> &) {});
                       });
}

std::shared_ptr<const LimitStore> openLimitStore(const Json &config, const PluginEnv &env,
                                                 const std::shared_ptr<LimitCounters> &counters)
{
    const std::string_view policy = config.stringOr("policy", "local");
    if (policy == "local")
        return nullptr;
    auto store = std::make_shared<LimitStore>();
    store->clients = env.redis;
    store->counters = counters;
    store->sliding = config.stringOr("window_type", "fixed") == "sliding";
    if (auto settings = readRedisSettings(config, policy)) {
        if (settings->login.tls)
            prepareRedisTls();
        settings->trust = env.trust;
        store->settings = std::make_shared<const RedisSettings>(std::move(*settings));
    } else {
        store->defect = {Errc::LimitStore, std::move(settings.error().detail), std::string(policy)};
    }
    if (const Json *interval = config.find("sync_interval"); interval && interval->asDouble() > 0)
        store->interval = std::chrono::milliseconds(
            static_cast<std::int64_t>(std::min(interval->asDouble(), 86'400.0) * 1000));
    return store;
}

} // namespace postern::gateway
