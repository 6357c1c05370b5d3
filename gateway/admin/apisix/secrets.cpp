// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/json/schema.h"
#include "gateway/admin/apisix/resource.h"

#include <QtGlobal>

#include <algorithm>
#include <vector>

namespace postern::gateway {
namespace {

struct ManagerText
{
    std::string_view name;
    std::string_view schema;
};

// apisix.md 5.2. Further members are allowed: vault takes `timeout`.
constexpr ManagerText kManagers[] = {
    {"vault", R"json({"type":"object","properties":{
        "uri":{"type":"string","pattern":"^[^\\/]+:\\/\\/([\\da-zA-Z.-]+|\\[[\\da-fA-F:]+\\])(:\\d+)?"},
        "prefix":{"type":"string"},
        "token":{"type":"string"},
        "namespace":{"type":"string"}},
        "required":["uri","prefix","token"]})json"},
    {"aws", R"json({"type":"object","properties":{
        "access_key_id":{"type":"string"},
        "secret_access_key":{"type":"string"},
        "session_token":{"type":"string"},
        "region":{"type":"string","default":"us-east-1"},
        "endpoint_url":{"type":"string","pattern":"^[^\\/]+:\\/\\/([\\da-zA-Z.-]+|\\[[\\da-fA-F:]+\\])(:\\d+)?"}},
        "required":["access_key_id","secret_access_key"]})json"},
    {"gcp", R"json({"type":"object","properties":{
        "auth_config":{"type":"object","properties":{
            "client_email":{"type":"string"},
            "private_key":{"type":"string"},
            "project_id":{"type":"string"},
            "token_uri":{"type":"string","default":"https://oauth2.googleapis.com/token"},
            "scope":{"type":"array","items":{"type":"string"},
                "default":["https://www.googleapis.com/auth/cloud-platform"]},
            "entries_uri":{"type":"string","default":"https://secretmanager.googleapis.com/v1"}},
            "required":["client_email","private_key","project_id"]},
        "auth_file":{"type":"string"},
        "ssl_verify":{"type":"boolean","default":true}},
        "oneOf":[{"required":["auth_config"]},{"required":["auth_file"]}]})json"},
};

struct ManagerSchema
{
    std::string_view name;
    Schema schema;
};

const std::vector<ManagerSchema> &schemas()
{
    static const std::vector<ManagerSchema> all = [] {
        std::vector<ManagerSchema> made;
        for (const ManagerText &row : kManagers) {
            auto schema = Schema::compile(parseJson(row.schema).value_or(Json()));
            Q_ASSERT_X(schema.has_value(), "secrets", "a manager's schema does not compile");
            if (schema)
                made.push_back({row.name, *std::move(schema)});
        }
        return made;
    }();
    return all;
}

Result<void> checkSecret(Json &object, const Subject &subject, const CheckContext &)
{
    const auto manager = std::ranges::find(schemas(), subject.parent, &ManagerSchema::name);
    if (manager == schemas().end())
        return fail(Errc::InvalidArgument, "invalid secret manager: " + subject.parent);
    if (auto valid = manager->schema.validate(object); !valid)
        return fail(Errc::Schema, "invalid configuration: " + valid.error().detail);
    return {};
}

} // namespace

constexpr ResourceSpec secretsResource{.type = "secrets",
                                       .kind = "secret",
                                       .schema = {}, // clients cannot ask for it
                                       .methods = ResourceSpec::Methods::NoPost,
                                       .idInParent = true,
                                       .check = checkSecret};

} // namespace postern::gateway
