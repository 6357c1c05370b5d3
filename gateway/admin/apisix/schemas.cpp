// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/schemas.h"

#include "core/json/parse.h"

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace postern::gateway {
namespace {

struct Fragment
{
    std::string_view name;
    std::string_view text;
};

// A string value "@name" stands for the fragment of that name: clients get schemas without
// references, as the original sends them.
constexpr Fragment kFragments[] = {
    {"id", R"({"anyOf":[
        {"type":"string","minLength":1,"maxLength":64,"pattern":"^[a-zA-Z0-9-_.]+$"},
        {"type":"integer","minimum":1}]})"},
    {"name", R"({"type":"string","minLength":1,"maxLength":256})"},
    {"desc", R"({"type":"string","maxLength":256})"},
    {"timestamp", R"({"type":"integer"})"},
    {"labels", R"({"type":"object","description":"key/value pairs to specify attributes",
        "patternProperties":{".*":{"type":"string","description":"value of label",
            "minLength":1,"maxLength":256,"pattern":"^\\S+$"}}})"},
    {"plugins", R"({"type":"object"})"},
    {"host", R"({"type":"string","pattern":"^\\*$|^\\*?[0-9a-zA-Z-._\\[\\]:]+$"})"},
    {"remote_addr", R"({"type":"string","description":"client IP","anyOf":[
        {"title":"IPv4","type":"string","format":"ipv4"},
        {"title":"IPv4/CIDR","type":"string","pattern":"^([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])/([12]?[0-9]|3[0-2])$"},
        {"title":"IPv6","type":"string","format":"ipv6"},
        {"title":"IPv6/CIDR","type":"string","pattern":"^([a-fA-F0-9]{0,4}:){1,8}(:[a-fA-F0-9]{0,4}){0,8}([a-fA-F0-9]{0,4})?/[0-9]{1,3}$"}]})"},
    {"method", R"({"type":"string","description":"HTTP method","enum":
        ["GET","POST","PUT","DELETE","PATCH","HEAD","OPTIONS","CONNECT","TRACE","PURGE"]})"},
    {"timeout", R"({"type":"object","properties":{
        "connect":{"type":"number","exclusiveMinimum":0},
        "send":{"type":"number","exclusiveMinimum":0},
        "read":{"type":"number","exclusiveMinimum":0}},
        "required":["connect","send","read"]})"},
    {"nodes", R"({"anyOf":[
        {"type":"object","patternProperties":{".*":
            {"description":"weight of node","type":"integer","minimum":0}}},
        {"type":"array","items":{"type":"object","properties":{
            "host":"@host",
            "port":{"description":"port of node","type":"integer","minimum":1,"maximum":65535},
            "weight":{"description":"weight of node","type":"integer","minimum":0},
            "priority":{"description":"priority of node","type":"integer","default":0},
            "metadata":{"description":"metadata of node","type":"object"}},
            "required":["host","weight"]}}]})"},
    {"successes", R"({"type":"integer","minimum":1,"maximum":254,"default":2})"},
    {"good_statuses", R"({"type":"array","minItems":1,"uniqueItems":true,
        "items":{"type":"integer","minimum":200,"maximum":599},
        "default":[200,201,202,203,204,205,206,207,208,226,300,301,302,303,304,305,306,307,308]})"},
    {"bad_statuses", R"({"type":"array","minItems":1,"uniqueItems":true,
        "items":{"type":"integer","minimum":200,"maximum":599},"default":[429,500,503]})"},
    {"check_type", R"({"type":"string","enum":["http","https","tcp"],"default":"http"})"},
    {"checks", R"({"type":"object","additionalProperties":false,
        "anyOf":[{"required":["active"]},{"required":["active","passive"]}],"properties":{
        "active":{"type":"object","properties":{
            "type":"@check_type",
            "timeout":{"type":"number","default":1},
            "concurrency":{"type":"integer","default":10},
            "host":"@host",
            "port":{"type":"integer","minimum":1,"maximum":65535},
            "http_method":{"type":"string","default":"GET"},
            "http_path":{"type":"string","default":"/"},
            "http_req_body":{"type":"string","default":""},
            "https_verify_certificate":{"type":"boolean","default":true},
            "req_headers":{"type":"array","minItems":1,"items":{"type":"string"}},
            "healthy":{"type":"object","properties":{
                "interval":{"type":"integer","minimum":1,"default":1},
                "http_statuses":{"type":"array","minItems":1,"uniqueItems":true,
                    "items":{"type":"integer","minimum":200,"maximum":599},"default":[200,302]},
                "successes":"@successes"}},
            "unhealthy":{"type":"object","properties":{
                "interval":{"type":"integer","minimum":1,"default":1},
                "http_statuses":{"type":"array","minItems":1,"uniqueItems":true,
                    "items":{"type":"integer","minimum":200,"maximum":599},
                    "default":[429,404,500,501,502,503,504,505]},
                "http_failures":{"type":"integer","minimum":1,"maximum":254,"default":5},
                "tcp_failures":{"type":"integer","minimum":1,"maximum":254,"default":2},
                "timeouts":{"type":"integer","minimum":1,"maximum":254,"default":3}}}}},
        "passive":{"type":"object","properties":{
            "type":"@check_type",
            "healthy":{"type":"object","properties":{
                "http_statuses":"@good_statuses",
                "successes":{"type":"integer","minimum":0,"maximum":254,"default":5}}},
            "unhealthy":{"type":"object","properties":{
                "http_statuses":"@bad_statuses",
                "tcp_failures":{"type":"integer","minimum":0,"maximum":254,"default":2},
                "timeouts":{"type":"integer","minimum":0,"maximum":254,"default":7},
                "http_failures":{"type":"integer","minimum":0,"maximum":254,"default":5}}}}}}})"},
    {"upstream", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "type":{"description":"algorithms of load balancing","type":"string",
            "default":"roundrobin"},
        "nodes":"@nodes",
        "scheme":{"default":"http","enum":
            ["grpc","grpcs","http","https","tcp","tls","udp","kafka"]},
        "pass_host":{"description":"mod of host passing","type":"string",
            "enum":["pass","node","rewrite"],"default":"pass"},
        "upstream_host":"@host",
        "retries":{"type":"integer","minimum":0},
        "retry_timeout":{"type":"number","minimum":0},
        "timeout":"@timeout",
        "keepalive_pool":{"type":"object","properties":{
            "size":{"type":"integer","minimum":1,"default":320},
            "idle_timeout":{"type":"number","minimum":0,"default":60},
            "requests":{"type":"integer","minimum":1,"default":1000}}},
        "hash_on":{"type":"string","default":"vars",
            "enum":["vars","header","cookie","consumer","vars_combinations"]},
        "key":{"description":"the key of chash for dynamic load balancing","type":"string"},
        "checks":"@checks",
        "tls":{"type":"object","properties":{
            "client_cert":{"type":"string","minLength":128,"maxLength":65536},
            "client_key":{"type":"string","minLength":64,"maxLength":65536},
            "client_cert_id":"@id",
            "verify":{"type":"boolean","default":false}},
            "dependencies":{
                "client_cert":{"required":["client_key"],"not":{"required":["client_cert_id"]}},
                "client_key":{"required":["client_cert"],"not":{"required":["client_cert_id"]}},
                "client_cert_id":{"not":{"required":["client_cert","client_key"]}}}},
        "service_name":{"type":"string","minLength":1,"maxLength":256},
        "discovery_type":{"description":"discovery type","type":"string"},
        "discovery_args":{"type":"object"}},
        "oneOf":[{"required":["nodes"]},{"required":["service_name","discovery_type"]}]})"},
    {"certificate", R"({"type":"string","minLength":128,"maxLength":65536})"},
    {"private_key", R"({"type":"string","minLength":64,"maxLength":65536})"},
    {"plugin_set", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "plugins":"@plugins"},
        "required":["id","plugins"]})"},
};

constexpr Fragment kObjects[] = {
    {"route", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "uri":{"type":"string","minLength":1,"maxLength":4096},
        "uris":{"type":"array","minItems":1,"uniqueItems":true,
            "items":{"description":"HTTP uri","type":"string"}},
        "host":"@host",
        "hosts":{"type":"array","items":"@host","minItems":1,"uniqueItems":true},
        "remote_addr":"@remote_addr",
        "remote_addrs":{"type":"array","items":"@remote_addr","minItems":1,"uniqueItems":true},
        "methods":{"type":"array","items":"@method","uniqueItems":true},
        "priority":{"type":"integer","default":0},
        "vars":{"type":"array"},
        "filter_func":{"type":"string","minLength":10,"pattern":"^function"},
        "script":{"type":"string","minLength":10,"maxLength":102400},
        "script_id":"@id",
        "plugins":"@plugins",
        "plugin_config_id":"@id",
        "upstream":"@upstream",
        "upstream_id":"@id",
        "service_id":"@id",
        "timeout":"@timeout",
        "enable_websocket":{"description":"enable websocket for request","type":"boolean"},
        "status":{"description":"route status, 1 to enable, 0 to disable","type":"integer",
            "enum":[1,0],"default":1}},
        "allOf":[
            {"oneOf":[{"required":["uri"]},{"required":["uris"]}]},
            {"oneOf":[
                {"not":{"anyOf":[{"required":["host"]},{"required":["hosts"]}]}},
                {"required":["host"]},{"required":["hosts"]}]},
            {"oneOf":[
                {"not":{"anyOf":[{"required":["remote_addr"]},{"required":["remote_addrs"]}]}},
                {"required":["remote_addr"]},{"required":["remote_addrs"]}]}],
        "anyOf":[
            {"required":["plugins","uri"]},{"required":["upstream","uri"]},
            {"required":["upstream_id","uri"]},{"required":["service_id","uri"]},
            {"required":["plugins","uris"]},{"required":["upstream","uris"]},
            {"required":["upstream_id","uris"]},{"required":["service_id","uris"]},
            {"required":["script","uri"]},{"required":["script","uris"]}],
        "not":{"anyOf":[{"required":["script","plugins"]},
            {"required":["script","plugin_config_id"]}]}})"},
    {"service", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "plugins":"@plugins",
        "upstream":"@upstream",
        "upstream_id":"@id",
        "script":{"type":"string","minLength":10,"maxLength":102400},
        "enable_websocket":{"description":"enable websocket for request","type":"boolean"},
        "hosts":{"type":"array","items":"@host","minItems":1,"uniqueItems":true}}})"},
    {"upstream", R"("@upstream")"},
    // The original knows neither id nor name here: the user name is the identity.
    {"consumer", R"({"type":"object","additionalProperties":false,"properties":{
        "username":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[a-zA-Z0-9_\\-]+$"},
        "group_id":"@id",
        "desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "plugins":"@plugins"},
        "required":["username"]})"},
    {"credential", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "plugins":{"type":"object","maxProperties":1}}})"},
    {"consumer_group", R"("@plugin_set")"},
    {"plugin_config", R"("@plugin_set")"},
    {"global_rule", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","create_time":"@timestamp","update_time":"@timestamp",
        "plugins":"@plugins"},
        "required":["id","plugins"]})"},
    {"ssl", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "type":{"description":"ssl certificate type, server to server certificate, client to client certificate for upstream",
            "type":"string","default":"server","enum":["server","client"]},
        "cert":"@certificate","key":"@private_key",
        "sni":"@host",
        "snis":{"type":"array","items":"@host","minItems":1},
        "certs":{"type":"array","items":"@certificate"},
        "keys":{"type":"array","items":"@private_key"},
        "client":{"type":"object","properties":{
            "ca":"@certificate",
            "depth":{"type":"integer","minimum":0,"default":1},
            "skip_mtls_uri_regex":{"type":"array","minItems":1,"uniqueItems":true,
                "items":{"description":"uri regular expression to skip mtls","type":"string"}}},
            "required":["ca"]},
        "status":{"description":"ssl status, 1 to enable, 0 to disable","type":"integer",
            "enum":[1,0],"default":1},
        "ssl_protocols":{"description":"set ssl protocols","type":"array","maxItems":3,
            "uniqueItems":true,"items":{"enum":["TLSv1.1","TLSv1.2","TLSv1.3"]}}},
        "if":{"properties":{"type":{"enum":["server"]}}},
        "then":{"oneOf":[{"required":["sni","key","cert"]},{"required":["snis","key","cert"]}]},
        "else":{"required":["key","cert"]}})"},
    {"proto", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "content":{"type":"string","minLength":1,"maxLength":1048576}},
        "required":["content"]})"},
    {"stream_route", R"({"type":"object","additionalProperties":false,"properties":{
        "id":"@id","name":"@name","desc":"@desc","labels":"@labels",
        "create_time":"@timestamp","update_time":"@timestamp",
        "remote_addr":"@remote_addr",
        "server_addr":"@remote_addr",
        "server_port":{"description":"server port","type":"integer"},
        "sni":{"description":"server name indication","type":"string",
            "pattern":"^\\*?[0-9a-zA-Z-.]+$"},
        "upstream":"@upstream","upstream_id":"@id","service_id":"@id",
        "plugins":"@plugins",
        "protocol":{"type":"object","properties":{
            "name":{"type":"string"},
            "superior_id":"@id",
            "conf":{"description":"protocol-specific configuration","type":"object"},
            "logger":{"type":"array","items":{"type":"object","properties":{
                "name":{"type":"string"},
                "filter":{"description":"logger filter rules","type":"array"},
                "conf":{"description":"logger plugin configuration","type":"object"}},
                "dependencies":{"name":["conf"]},"additionalProperties":false}}},
            "required":["name"]}}})"},
    {"plugins", R"({"type":"array","items":{"type":"object","required":["name"],"properties":{
        "name":{"type":"string","minLength":1},
        "stream":{"type":"boolean"}},"additionalProperties":false}})"},
};

Json expanded(Json value);

Json fragment(std::string_view name)
{
    for (const Fragment &row : kFragments) {
        if (row.name == name)
            return expanded(parseJson(row.text).value_or(Json()));
    }
    Q_ASSERT_X(false, "schemas", "unknown fragment");
    return {};
}

Json expanded(Json value)
{
    if (value.isString() && value.asString().starts_with('@'))
        return fragment(std::string_view(value.asString()).substr(1));
    if (value.isObject()) {
        for (auto &[name, member] : value.members())
            member = expanded(std::move(member));
    } else if (value.isArray()) {
        for (Json &item : value.items())
            item = expanded(std::move(item));
    }
    return value;
}

/// A schema that is compiled when it is first asked for: a start pays for what it uses.
class LazySchema
{
public:
    template <class MakeDocument>
    [[nodiscard]] const ObjectSchema &get(std::string_view name, MakeDocument makeDocument)
    {
        std::call_once(m_once, [&] {
            m_made.name = name;
            m_made.document = makeDocument();
            auto schema = Schema::compile(m_made.document);
            Q_ASSERT_X(schema.has_value(), "schemas", "a schema of the Admin API does not compile");
            if (schema)
                m_made.schema = *std::move(schema);
        });
        return m_made;
    }

private:
    std::once_flag m_once;
    ObjectSchema m_made;
};

const ObjectSchema &compiled(std::size_t row)
{
    static std::array<LazySchema, std::size(kObjects)> all;
    const Fragment &text = kObjects[row];
    return all.at(row).get(text.name,
                           [&text] { return expanded(parseJson(text.text).value_or(Json())); });
}

void patchSchema(Json &document, const Json &patch)
{
    for (const auto &[name, value] : patch.members()) {
        Json *const member = document.find(name);
        if (member && member->isObject() && value.isObject())
            patchSchema(*member, value);
        else
            document.set(name, value);
    }
}

/// A schema that a profile has otherwise; nullptr: it is the same.
const ObjectSchema *differentSchema(std::string_view name, const GatewayProfile &profile)
{
    static std::mutex mutex;
    static std::map<std::pair<std::string_view, std::string_view>, LazySchema> all;
    const auto difference = std::ranges::find(profile.schemas, name, &SchemaDifference::schema);
    const ObjectSchema *const base = difference == profile.schemas.end()
        ? nullptr
        : findObjectSchema(name, defaultGatewayProfile());
    if (base == nullptr)
        return nullptr;
    const std::scoped_lock lock(mutex);
    return &all[{profile.name, name}].get(difference->schema, [&] {
        Json document = base->document;
        patchSchema(document, parseJson(difference->patch).value());
        return document;
    });
}

} // namespace

std::vector<const ObjectSchema *> objectSchemas()
{
    std::vector<const ObjectSchema *> schemas;
    for (std::size_t row = 0; row < std::size(kObjects); ++row)
        schemas.push_back(&compiled(row));
    return schemas;
}

const ObjectSchema *findObjectSchema(std::string_view name, const GatewayProfile &profile)
{
    if (const ObjectSchema *const different = differentSchema(name, profile))
        return different;
    const auto *const row = std::ranges::find(kObjects, name, &Fragment::name);
    return row == std::end(kObjects)
        ? nullptr
        : &compiled(static_cast<std::size_t>(row - std::begin(kObjects)));
}

} // namespace postern::gateway
