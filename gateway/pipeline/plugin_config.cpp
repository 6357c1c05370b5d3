// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/plugin_config.h"

#include "core/json/parse.h"
#include "core/json/schema.h"
#include "gateway/pipeline/expression.h"

#include <QLoggingCategory>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace postern::gateway {

namespace {

Q_LOGGING_CATEGORY(lcPlugin, "postern.plugin")

/// Clients tell by it that `_meta` was put in.
constexpr std::string_view kComment = "this is a mark for our injected plugin schema";

// Its descriptions are part of what the Admin API answers.
constexpr std::string_view kMetaSchema = R"json({
  "type": "object",
  "properties": {
    "disable": {"type": "boolean"},
    "error_response": {"oneOf": [{"type": "string"}, {"type": "object"}]},
    "priority": {"type": "integer", "description": "priority of plugins by customized order"},
    "filter": {
      "type": "array",
      "description": "filter determines whether the plugin needs to be executed at runtime"
    },
    "pre_function": {
      "type": "string",
      "description": "function to be executed in each phase before execution of plugins. The pre_function will have access to two arguments: `conf` and `ctx`."
    }
  },
  "additionalProperties": false
})json";

/// The schema texts of one plugin, parsed and compiled once.
struct PluginSchema
{
    Json shown; ///< with `_meta` on the route's side
    Json bare;
    std::optional<Schema> schema;
};

Json parsedSchema(std::string_view text)
{
    // the texts are our own constants; tst_plugin_table proves that they parse
    return parseJson(text).value_or(Json::object());
}

PluginSchema prepare(std::string_view text, bool withMeta)
{
    PluginSchema made;
    made.bare = parsedSchema(text);
    made.shown = made.bare;
    if (withMeta) {
        Json properties =
            made.shown.find("properties") ? *made.shown.find("properties") : Json::object();
        properties.set("_meta", parsedSchema(kMetaSchema));
        made.shown.set("properties", std::move(properties));
        made.shown.set("$comment", kComment);
    }
    if (auto compiled = Schema::compile(made.shown))
        made.schema = std::move(*compiled);
    return made;
}

/// What a plugin that declares no schema for its metadata takes.
constexpr std::string_view kAnyObject = R"json({"type": "object"})json";

/// A schema that is prepared when it is first asked for: a start pays for the plugins it uses.
class LazySchema
{
public:
    [[nodiscard]] const PluginSchema &get(std::string_view text, bool withMeta)
    {
        std::call_once(m_once, [&] { m_schema = prepare(text, withMeta); });
        return m_schema;
    }

private:
    std::once_flag m_once;
    PluginSchema m_schema;
};

enum class Side : std::uint8_t { Route, Consumer, Metadata };

const PluginSchema &schemaOf(const PluginSpec &spec, Side side)
{
    static std::map<const PluginSpec *, std::array<LazySchema, 3>> all = [] {
        std::map<const PluginSpec *, std::array<LazySchema, 3>> made;
        for (const PluginSpec *each : builtinPlugins())
            made.try_emplace(each);
        return made;
    }();
    LazySchema &schema = all.find(&spec)->second.at(static_cast<std::size_t>(side));
    switch (side) {
    case Side::Consumer:
        return schema.get(spec.consumerSchema, false);
    case Side::Metadata:
        return schema.get(spec.metadataSchema.empty() ? kAnyObject : spec.metadataSchema, false);
    case Side::Route:
        break;
    }
    return schema.get(spec.schema, true);
}

/// \param consumer the consumer's side, where the plugin has one
const PluginSchema &schemaOf(const PluginSpec &spec, bool consumer)
{
    return schemaOf(spec, consumer && !spec.consumerSchema.empty() ? Side::Consumer : Side::Route);
}

std::unexpected<Error> failCheck(std::string_view name, std::string_view why)
{
    return fail(Errc::PluginConfig,
                "failed to check the configuration of plugin " + std::string(name)
                    + " err: " + std::string(why));
}

const Json *metaMember(const Json &config, std::string_view name)
{
    const Json *meta = config.find("_meta");
    return meta ? meta->find(name) : nullptr;
}

bool isDisabled(const Json &config)
{
    const Json *disable = metaMember(config, "disable");
    return disable && disable->asBool();
}

const SecretResolver &secretsOf(const PluginEnv &env)
{
    static const SecretResolver processEnvironment;
    return env.secrets ? *env.secrets : processEnvironment;
}

/// What `_meta` may hold but this gateway does not do: refused, never silently ignored.
const char *unsupportedMeta(const Json &config)
{
    if (metaMember(config, "pre_function"))
        return "_meta.pre_function is not supported";
    return nullptr;
}

} // namespace

std::uint64_t nextUid() noexcept
{
    // In blocks: threads that compile a large configuration would wait for each other.
    constexpr std::uint64_t kBlock = 256;
    static std::atomic<std::uint64_t> blocks{0};
    thread_local std::uint64_t last = 0;
    if (last % kBlock == 0)
        last = blocks.fetch_add(1, std::memory_order_relaxed) * kBlock;
    return ++last;
}

const Json &pluginSchema(const PluginSpec &spec, bool consumer)
{
    return schemaOf(spec, consumer).shown;
}

const Json &pluginMetadataSchema(const PluginSpec &spec)
{
    return schemaOf(spec, Side::Metadata).shown;
}

Result<void> checkPluginMetadata(const PluginSpec &spec, Json &metadata)
{
    const PluginSchema &schema = schemaOf(spec, Side::Metadata);
    if (!schema.schema)
        return fail(Errc::Internal, "the plugin's metadata schema does not compile");
    return schema.schema->validate(metadata);
}

Result<void> checkPluginConfig(std::string_view name, Json &config, bool consumer)
{
    if (!config.isObject() && !config.isArray())
        return fail(Errc::PluginConfig,
                    "invalid plugin conf " + config.dump() + " for plugin [" + std::string(name)
                        + "]");
    const PluginSpec *spec = findPlugin(name);
    if (!spec)
        return fail(Errc::PluginUnknown, "unknown plugin [" + std::string(name) + "]");
    if (config.isArray() && config.size() == 0)
        config = Json::object(); // an empty table is both
    const bool disabled = isDisabled(config);
    const Result<void> valid = checkPluginSide(*spec, config, consumer);
    if (!valid && !disabled)
        return failCheck(name, valid.error().detail);
    if (const Json *filter = metaMember(config, "filter")) {
        if (const auto compiled = Expression::compile(*filter); !compiled)
            return fail(Errc::PluginConfig,
                        "failed to validate the 'vars' expression: " + compiled.error().detail);
    }
    return {};
}

Result<void> checkPluginSide(const PluginSpec &spec, Json &config, bool consumer)
{
    const bool consumerSide = consumer && !spec.consumerSchema.empty();
    const PluginSchema &schema = schemaOf(spec, consumerSide);
    if (!schema.schema)
        return fail(Errc::Internal, "the plugin's schema does not compile");
    if (const Result<void> valid = schema.schema->validate(config); !valid)
        return valid;
    if (const char *what = unsupportedMeta(config))
        return fail(Errc::PluginConfig, what);
    const auto check = consumerSide ? spec.checkConsumer : spec.check;
    if (const Result<void> sound = check ? check(config) : Result<void>(); !sound)
        return sound;
    return spec.complete && !consumerSide ? spec.complete(config) : Result<void>();
}

void fillDefaults(const Json &schema, Json &value)
{
    const Json *properties = schema.find("properties");
    if (!properties || !value.isObject())
        return;
    for (const auto &[name, property] : properties->members()) {
        if (Json *present = value.find(name)) {
            if (present->isObject())
                fillDefaults(property, *present);
        } else if (const Json *otherwise = property.find("default")) {
            value.set(name, *otherwise);
        }
    }
}

Result<CompiledPlugin> compilePlugin(std::string_view name, Json config, const PluginEnv &env)
{
    const PluginSpec *spec = findPlugin(name);
    if (!spec)
        return fail(Errc::PluginUnknown, "unknown plugin [" + std::string(name) + "]", "/plugins");
    CompiledPlugin made;
    made.spec = spec;
    made.priority = spec->apisixPriority;
    if (const Json *priority = metaMember(config, "priority"))
        made.priority = static_cast<int>(priority->asInteger().value_or(made.priority));
    made.disabled = isDisabled(config);
    if (made.disabled)
        return made;
    if (const char *what = unsupportedMeta(config))
        return fail(Errc::Unsupported, what, "/plugins/" + std::string(name));
    if (const Json *filter = metaMember(config, "filter"); filter && filter->size() > 0) {
        if (auto compiled = Expression::compile(*filter))
            made.filter = std::make_shared<const Expression>(std::move(*compiled));
    }
    if (const Json *body = metaMember(config, "error_response")) {
        made.errorResponseIsJson = !body->isString();
        made.errorResponse = body->isString() ? body->asString() : body->dump() + '\n';
    }
    fillDefaults(schemaOf(*spec, false).bare, config);
    if (const Result<void> resolved = secretsOf(env).resolveAll(config, env.parent); !resolved)
        qCWarning(lcPlugin, "failed to resolve secret reference: %s, plugin: %s, err: %s",
                  resolved.error().where.c_str(), std::string(name).c_str(),
                  resolved.error().detail.c_str());
    PluginEnv own = env;
    if (env.everyMetadata) {
        if (const auto found = env.everyMetadata->find(name); found != env.everyMetadata->end())
            own.metadata = &found->second;
    }
    return spec->make(config, own).transform([&made](std::shared_ptr<const Plugin> &&plugin) {
        made.plugin = std::move(plugin);
        return std::move(made);
    });
}

Result<CredentialParts> compileLogin(const PluginSpec &spec, Json config, const PluginEnv &env)
{
    if (const Result<void> resolved = secretsOf(env).resolveAll(config, env.parent); !resolved)
        return std::unexpected(resolved.error());
    return spec.makeCredential(config, env);
}

} // namespace postern::gateway
