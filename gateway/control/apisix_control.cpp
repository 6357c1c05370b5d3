// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/apisix_control.h"

#include "core/json/parse.h"
#include "core/large_heap.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/authentication.h"
#include "gateway/admin/apisix/introspection.h"
#include "gateway/admin/apisix/schemas.h"
#include "gateway/control/apisix_health.h"
#include "gateway/control/apisix_items.h"
#include "gateway/control/open_service.h"

#include <array>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

using Source = ApisixControlSource;

/// The objects that can be asked for one by one, and all together.
struct Kind
{
    std::string_view type; ///< "routes"
    std::string_view noun; ///< "route"
};
constexpr Kind kRoutes{"routes", "route"};
constexpr Kind kServices{"services", "service"};
constexpr Kind kUpstreams{"upstreams", "upstream"};

template <const Kind &kind>
AdminReply listItems(const Source &source, const ServiceRequest &, std::string_view)
{
    const auto documents = loadedDocuments(source, kind.type);
    if (!documents)
        return failureReply(documents.error());
    Json::Array list;
    for (const Document &document : *documents)
        list.push_back(loadedItem(source, kind.type, document));
    return jsonReply(200, shownList(std::move(list)));
}

template <const Kind &kind>
AdminReply oneItem(const Source &source, const ServiceRequest &, std::string_view id)
{
    id = id.substr(0, id.find('/'));
    const auto document = source.config.store().get(buildStorageKey({kind.type, {}, id}));
    if (!document)
        return failureReply(document.error());
    if (!*document)
        return errorReply(404, std::format("{}[{}] not found", kind.noun, id));
    return jsonReply(200, loadedItem(source, kind.type, **document));
}

Json metadataOf(const Document &document)
{
    Json value = parseJson(document.value, {.lastDuplicateWins = true}).value_or(Json::object());
    value.set("id", storageId(document.key));
    return value;
}

AdminReply listMetadata(const Source &source, const ServiceRequest &, std::string_view)
{
    const auto documents = source.config.store().list(storagePrefix("plugin_metadata"));
    if (!documents)
        return failureReply(documents.error());
    Json::Array list;
    for (const Document &document : *documents)
        list.push_back(metadataOf(document));
    return jsonReply(200, shownList(std::move(list)));
}

AdminReply oneMetadata(const Source &source, const ServiceRequest &, std::string_view name)
{
    name = name.substr(0, name.find('/'));
    const auto document = source.config.store().get(buildStorageKey({"plugin_metadata", {}, name}));
    if (!document)
        return failureReply(document.error());
    if (!*document)
        return errorReply(404, std::format("plugin metadata[{}] not found", name));
    return jsonReply(200, metadataOf(**document));
}

AdminReply getSchema(const Source &source, const ServiceRequest &, std::string_view)
{
    Json main = Json::object();
    for (const ObjectSchema *const object : objectSchemas()) {
        if (object->name != "credential")
            main.set(object->name,
                     findObjectSchema(object->name, source.config.profile())->document);
    }
    main.set("upstream_hash_vars_schema",
             Json::object({{"type", "string"},
                           {"pattern",
                            "^((uri|server_name|server_addr|request_uri|remote_port|remote_addr|"
                            "query_string|host|hostname|mqtt_client_id)|arg_[0-9a-zA-z_-]+)$"}}));
    main.set("upstream_hash_header_schema",
             Json::object({{"type", "string"}, {"pattern", "^[a-zA-Z0-9-_]+$"}}));
    return jsonReply(200,
                     Json::object({{"main", std::move(main)},
                                   {"plugins", describePlugins("http", source.config)},
                                   {"stream_plugins", describePlugins("stream", source.config)}}));
}

AdminReply postGc(const Source &, const ServiceRequest &, std::string_view)
{
    trimLargeHeap();
    return {};
}

AdminReply putReload(const Source &, const ServiceRequest &, std::string_view)
{
    AdminReply reply;
    reply.body = "done";
    return reply;
}

AdminReply getHealth(const Source &source, const ServiceRequest &request, std::string_view)
{
    return allHealth(source, request);
}

struct Endpoint
{
    std::string_view method;
    std::string_view path; ///< with a '/' at its end: something follows
    AdminReply (*run)(const Source &source, const ServiceRequest &request, std::string_view rest);
};

constexpr std::array kEndpoints{
    Endpoint{"GET", "/v1/schema", getSchema},
    Endpoint{"GET", "/v1/routes", listItems<kRoutes>},
    Endpoint{"GET", "/v1/route/", oneItem<kRoutes>},
    Endpoint{"GET", "/v1/services", listItems<kServices>},
    Endpoint{"GET", "/v1/service/", oneItem<kServices>},
    Endpoint{"GET", "/v1/upstreams", listItems<kUpstreams>},
    Endpoint{"GET", "/v1/upstream/", oneItem<kUpstreams>},
    Endpoint{"GET", "/v1/plugin_metadatas", listMetadata},
    Endpoint{"GET", "/v1/plugin_metadata/", oneMetadata},
    Endpoint{"GET", "/v1/healthcheck", getHealth},
    Endpoint{"GET", "/v1/healthcheck/", oneHealth},
    Endpoint{"POST", "/v1/gc", postGc},
    Endpoint{"PUT", "/v1/plugins/reload", putReload},
};

bool matches(const Endpoint &endpoint, std::string_view path)
{
    return endpoint.path.ends_with('/') ? path.starts_with(endpoint.path) : path == endpoint.path;
}

} // namespace

AdminReply ApisixControl::answer(const ServiceRequest &request) const
{
    if (const AdminReply refusal = refuseForeign(request); refusal.status != 200)
        return refusal;
    for (const Endpoint &endpoint : kEndpoints) {
        if (endpoint.method == request.method && matches(endpoint, request.path))
            return endpoint.run(m_source, request,
                                std::string_view(request.path).substr(endpoint.path.size()));
    }
    return pageReply(404);
}

void ApisixControl::handle(const ServiceRequest &request, const Responder &responder) const
{
    sendReply(answer(request), responder);
}

} // namespace postern::gateway
