// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/consumer_auth.h"

namespace postern::gateway {

namespace {

void setOrRemove(HeaderList &headers, std::string_view name, std::string_view value)
{
    if (value.empty())
        headers.remove(name);
    else
        headers.set(name, value);
}

Verdict answer401(Exchange &exchange, const AuthCommon &common, std::string_view message)
{
    replyWithMessage(exchange, 401, message);
    exchange.reply.headers.set("WWW-Authenticate", common.challenge);
    return Verdict::Respond;
}

} // namespace

AuthCommon readAuthCommon(const Json &config, std::string_view plugin, std::string_view scheme)
{
    AuthCommon common;
    common.plugin = plugin;
    common.challenge =
        std::string(scheme) + " realm=\"" + std::string(config.stringOr("realm", "")) + '"';
    common.anonymousConsumer = config.stringOr("anonymous_consumer", "");
    const Json *hide = config.find("hide_credentials");
    common.hideCredentials = hide && hide->asBool();
    return common;
}

void attachConsumer(Exchange &exchange, std::string_view plugin, const CompiledConsumer &consumer,
                    const CompiledCredential *credential)
{
    exchange.consumer = &consumer;
    exchange.credential = credential;
    // Views into the snapshot, which the exchange holds.
    const std::string_view credentialId = credential ? credential->id : std::string_view();
    HeaderList &headers = exchange.request.headers;
    headers.set("X-Consumer-Username", consumer.username);
    setOrRemove(headers, "X-Credential-Identifier", credentialId);
    setOrRemove(headers, "X-Consumer-Custom-ID", consumer.customId);
    exchange.note(Step::Consumer, Outcome::Ok, Errc::Internal, plugin, consumer.username,
                  credentialId);
    TraceRecord &trace = exchange.trace;
    if (exchange.tracing && trace.events > 0) {
        trace.consumer = trace.event[trace.events - 1U].a;
        trace.consumerSize = trace.event[trace.events - 1U].aSize;
    }
}

void noteLogin(Exchange &exchange, std::string_view plugin, std::string_view key,
               const CompiledCredential &credential)
{
    if (!exchange.tracing)
        return;
    std::string_view owner = credential.consumer->username;
    if (!credential.id.empty())
        owner = exchange.arena.join(exchange.arena.join(owner, " / "), credential.id);
    exchange.note(Step::Lookup, Outcome::Ok, Errc::Internal, plugin, key, owner);
}

Verdict refuseLogin(Exchange &exchange, const AuthCommon &common, std::string_view message)
{
    if (common.anonymousConsumer.empty())
        return answer401(exchange, common, message);
    const CompiledConsumer *anonymous = exchange.snapshot && exchange.snapshot->consumers
        ? exchange.snapshot->consumers->byName(common.anonymousConsumer)
        : nullptr;
    if (!anonymous) {
        exchange.note(Step::Consumer, Outcome::Failed, Errc::ConsumerMissing, common.plugin,
                      common.anonymousConsumer);
        return answer401(exchange, common, "Invalid user authorization");
    }
    exchange.note(Step::Plugin, Outcome::Note, Errc::NotAuthenticated, common.plugin,
                  "anonymous_consumer", common.anonymousConsumer);
    attachConsumer(exchange, common.plugin, *anonymous, nullptr);
    return Verdict::Continue;
}

} // namespace postern::gateway
