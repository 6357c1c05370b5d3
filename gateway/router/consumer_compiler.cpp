// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/consumer_compiler.h"

#include "core/json/parse.h"
#include "gateway/pipeline/plugin_config.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

namespace {

bool isLogin(const PluginSpec *spec) noexcept
{
    return spec && spec->kind == PluginKind::Auth && spec->makeCredential;
}

bool isDisabled(const Json &config)
{
    const Json *meta = config.find("_meta");
    const Json *disable = meta ? meta->find("disable") : nullptr;
    return disable && disable->asBool();
}

struct Members
{
    Result<void> problem; ///< the first one
    bool guarded = true; ///< false: a plugin that is no login could not be compiled
};

/// Compiles the members of a `plugins` object. A login that cannot be compiled is left out alone.
Members compileMembers(Json *members, CompiledConsumer &consumer, const Document &document,
                       std::string_view credentialId, const PluginEnv &env)
{
    Members out;
    const auto fault = [&out](Error error) {
        if (out.problem)
            out.problem = std::unexpected(std::move(error));
    };
    if (!members || !members->isObject())
        return out;
    PluginEnv own = env;
    own.parent = document.key;
    for (auto &[name, config] : members->members()) {
        const PluginSpec *spec = findPlugin(name);
        if (isLogin(spec)) {
            if (isDisabled(config))
                continue;
            if (auto parts = compileLogin(*spec, std::move(config), own)) {
                consumer.credentials.push_back({spec, std::string(credentialId), std::move(*parts),
                                                nextUid(), document.createRevision, nullptr});
            } else {
                fault(std::move(parts.error()));
            }
        } else if (spec && spec->kind == PluginKind::Auth) {
            continue; // multi-auth may be stored, and is nobody's login
        } else if (!credentialId.empty()) {
            fault({Errc::PluginConfig, "only supports auth type plugins in consumer credential",
                   "/plugins/" + name});
        } else if (auto plugin = compilePlugin(name, std::move(config), own)) {
            consumer.plugins.push_back(std::move(*plugin));
        } else {
            fault(std::move(plugin.error()));
            out.guarded = false;
        }
    }
    return out;
}

Result<Json> parseStored(const Document &document)
{
    return parseJson(document.value, {.lastDuplicateWins = true});
}

} // namespace

ConsumerDraft::ConsumerDraft(std::string_view username, const CompiledConsumer *known, bool existed)
    : consumer(known ? std::make_shared<CompiledConsumer>(*known)
                     : std::make_shared<CompiledConsumer>()),
      exists(existed)
{
    consumer->uid = nextUid();
    consumer->username = username;
    if (!known)
        consumer->labels = Json::object();
}

void ConsumerDraft::applyConsumer(const Document *document, std::string_view key,
                                  const PluginEnv &env, const ReportProblem &report)
{
    std::erase_if(consumer->credentials,
                  [](const CompiledCredential &credential) { return credential.id.empty(); });
    consumer->plugins.clear();
    consumer->labels = Json::object();
    consumer->customId.clear();
    consumer->groupId.clear();
    exists = false;
    if (!document) {
        report(key, {});
        return;
    }
    auto parsed = parseStored(*document);
    if (!parsed) {
        report(key, std::unexpected(std::move(parsed.error())));
        return;
    }
    if (Json *labels = parsed->find("labels"))
        consumer->labels = std::move(*labels);
    consumer->customId = consumer->labels.stringOr("custom_id", "");
    if (const Json *group = parsed->find("group_id")) // may be written as a number
        consumer->groupId = group->isNumber() ? std::string(group->lexeme()) : group->asString();
    Members compiled = compileMembers(parsed->find("plugins"), *consumer, *document, {}, env);
    // A plugin that cannot be run would be a hole in what guards the consumer: then the whole
    // consumer is missing.
    exists = compiled.guarded;
    report(key, std::move(compiled.problem));
}

void ConsumerDraft::applyCredential(std::string_view id, const Document *document,
                                    std::string_view key, const PluginEnv &env,
                                    const ReportProblem &report)
{
    std::erase_if(consumer->credentials,
                  [id](const CompiledCredential &credential) { return credential.id == id; });
    if (!document) {
        report(key, {});
        return;
    }
    auto parsed = parseStored(*document);
    if (!parsed) {
        report(key, std::unexpected(std::move(parsed.error())));
        return;
    }
    report(key, compileMembers(parsed->find("plugins"), *consumer, *document, id, env).problem);
}

void ConsumerDraft::finish()
{
    for (CompiledCredential &credential : consumer->credentials)
        credential.consumer = consumer.get();
}

} // namespace postern::gateway
