// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/missing_logins.h"

#include "gateway/pipeline/suspension.h"

#include <chrono>
#include <utility>

namespace postern::gateway {

namespace {

constexpr auto kLongest = std::chrono::seconds(1);

/// The request goes on with what it was matched by; only who may log in is new.
void useLogins(Exchange &exchange, const Snapshot *newest)
{
    auto mixed = std::make_shared<Snapshot>(*exchange.snapshot);
    mixed->missingLogins = nullptr; // asked once a request
    if (newest) {
        mixed->consumers = newest->consumers;
        mixed->groups = newest->groups;
    }
    exchange.snapshot = std::move(mixed);
}

} // namespace

bool couldBeMissing(const Exchange &exchange, const CompiledPlugin &entry) noexcept
{
    return exchange.snapshot->missingLogins && entry.spec->kind == PluginKind::Auth
        && exchange.reply.status == 401;
}

Verdict awaitLogins(Exchange &exchange, const CompiledPlugin &entry,
                    Verdict (Plugin::*function)(Exchange &) const, std::uint8_t events)
{
    const auto newest = std::make_shared<std::shared_ptr<const Snapshot>>();
    const auto missing = exchange.snapshot->missingLogins;
    const Waker waker =
        suspendExchange(exchange, kLongest, [&entry, function, events, newest](Exchange &again) {
            useLogins(again, newest->get());
            again.reply.headers.clear();
            HeaderList fields = std::move(again.reply.headers);
            again.reply = {};
            again.reply.headers = std::move(fields);
            again.trace.events = events;
            again.refusedToken = {};
            return (*entry.plugin.*function)(again);
        });
    missing->ask([waker, newest](std::shared_ptr<const Snapshot> snapshot) {
        waker.wake([newest, snapshot = std::move(snapshot)] { *newest = snapshot; });
    });
    return Verdict::Suspend;
}

} // namespace postern::gateway
