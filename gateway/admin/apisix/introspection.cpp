// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/introspection.h"

#include "gateway/admin/apisix/resource.h"
#include "gateway/admin/apisix/schemas.h"
#include "gateway/admin/apisix/write.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/pipeline/plugin_config.h"

#include <format>

namespace postern::gateway {
namespace {

std::string subsystemOf(const ServiceRequest &request)
{
    auto [subsystem, present] = request.argument("subsystem");
    return present ? subsystem : "http";
}

AdminReply text(int status, std::string_view words)
{
    AdminReply reply;
    reply.status = status;
    reply.body = words;
    return reply;
}

// What `?all=true` tells about a plugin; the version is the original's habit, not ours.
Json description(const PluginSpec &plugin)
{
    Json about = Json::object(
        {{"version", 0.1}, {"priority", plugin.apisixPriority}, {"schema", pluginSchema(plugin)}});
    if (!plugin.consumerSchema.empty())
        about.set("consumer_schema", pluginSchema(plugin, true));
    if (!plugin.metadataSchema.empty())
        about.set("metadata_schema", pluginMetadataSchema(plugin));
    if (plugin.kind == PluginKind::Auth)
        about.set("type", "auth");
    return about;
}

bool isOffered(const PluginSpec &plugin, std::string_view subsystem, const ConfigService &config)
{
    return subsystem == "http" // there are no stream plugins
        && plugin.apisixPriority != 0 && config.offers(plugin.name);
}

/// Plugin metadata has no schema of its own: any object.
const Schema &schemaOf(const ResourceSpec &resource, const GatewayProfile &profile)
{
    static const Schema anyObject = Schema::compile(Json::object({{"type", "object"}})).value();
    return resource.schema.empty() ? anyObject : findObjectSchema(resource.schema, profile)->schema;
}

} // namespace

Json describePlugins(std::string_view subsystem, const ConfigService &config)
{
    Json all = Json::object();
    for (const PluginSpec *plugin : builtinPlugins()) {
        if (isOffered(*plugin, subsystem, config))
            all.set(plugin->name, description(*plugin));
    }
    return all;
}

AdminReply pluginListReply(const ServiceRequest &request, const ConfigService &config)
{
    const std::string subsystem = subsystemOf(request);
    if (subsystem != "http" && subsystem != "stream")
        return text(400, "invalid subsystem passed");
    Json names = Json::array();
    for (const PluginSpec *plugin : builtinPlugins()) {
        if (isOffered(*plugin, subsystem, config))
            names.push_back(plugin->name);
    }
    return jsonReply(200, names);
}

AdminReply pluginReply(const ServiceRequest &request, std::string_view name,
                       const ConfigService &config)
{
    const std::string subsystem = subsystemOf(request);
    if (subsystem != "http" && subsystem != "stream")
        return errorReply(400, "unsupported subsystem: " + subsystem);
    if (request.argument("all").first == "true")
        return jsonReply(200, describePlugins(subsystem, config));
    const PluginSpec *plugin = findPlugin(name);
    if (!plugin || !isOffered(*plugin, subsystem, config))
        return errorReply(404, "plugin not found in subsystem " + subsystem);
    if (request.argument("schema_type").first != "consumer")
        return jsonReply(200, pluginSchema(*plugin));
    if (plugin->consumerSchema.empty())
        return errorReply(400, "not found schema");
    return jsonReply(200, pluginSchema(*plugin, true));
}

AdminReply schemaReply(std::string_view name, const ConfigService &config)
{
    const ObjectSchema *schema = findObjectSchema(name, config.profile());
    if (!schema)
        return errorReply(400, std::format("not found schema: {}", name));
    return jsonReply(200, schema->document);
}

AdminReply validateReply(std::string_view type, std::optional<Json> body,
                         const ConfigService &config)
{
    const ResourceSpec *resource = findResource(type);
    if (!resource)
        return errorReply(404, std::format("Unsupported resource type: {}", type));
    if (!resource->check)
        return failureReply(notInThisBuild(*resource));
    if (!body)
        return errorReply(400, "wrong type: expected object, got nil");
    Json object = *std::move(body);
    if (auto valid = schemaOf(*resource, config.profile()).validate(object); !valid)
        return errorReply(400, valid.error().detail);
    return {};
}

} // namespace postern::gateway
