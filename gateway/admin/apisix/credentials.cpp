// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/resource.h"

#include <format>

namespace postern::gateway {
namespace {

Result<void> checkKinds(const Json *plugins)
{
    if (!plugins)
        return {};
    for (const auto &[name, config] : plugins->members()) {
        const PluginSpec *plugin = findPlugin(name);
        if (plugin && plugin->kind != PluginKind::Auth)
            return fail(Errc::InvalidArgument,
                        "only supports auth type plugins in consumer credential");
    }
    return {};
}

// API7. Of credentials that are imported together each is compared with the stored ones only.
Result<void> checkName(const Json &credential, const Subject &subject, const CheckContext &context)
{
    const std::string_view name = credential.stringOr("name", "");
    if (!context.profile().uniqueCredentialNames || name.empty() || context.importing())
        return {};
    const auto documents = context.credentials(subject.parent);
    if (!documents)
        return std::unexpected(documents.error());
    const std::string own = buildStorageKey({"credentials", subject.parent, subject.id});
    for (const Document &document : *documents) {
        const auto other = parseJson(document.value);
        if (document.key != own && other && other->stringOr("name", "") == name)
            return fail(Errc::InvalidArgument,
                        std::format("duplicate name found with credential: {} of consumer: {}",
                                    parseStorageKey(document.key)->id, subject.parent));
    }
    return {};
}

// Last of all, as in the original: a wrong credential of an unknown consumer is 400, not 404.
Result<void> checkConsumerExists(const Subject &subject, const CheckContext &context)
{
    const auto found = context.exists(buildStorageKey({"consumers", {}, subject.parent}));
    if (!found)
        return std::unexpected(found.error());
    return *found ? Result<void>() : fail(Errc::NotFound, "consumer not found");
}

Result<void> checkCredential(Json &credential, const Subject &subject, const CheckContext &context)
{
    if (auto valid = checkSchema("credential", credential, context.profile()); !valid)
        return valid;
    Json *plugins = credential.find("plugins");
    return checkPlugins(plugins, true)
        .and_then([&] { return checkKinds(plugins); })
        .and_then([&] { return checkName(credential, subject, context); })
        .and_then([&] { return checkLoginKeys(plugins, {subject.parent, subject.id}, context); })
        .and_then([&] { return checkConsumerExists(subject, context); });
}

} // namespace

constexpr ResourceSpec credentialsResource{.type = "credentials",
                                           .kind = "credential",
                                           .schema = "credential",
                                           .methods = ResourceSpec::Methods::NoPostPatch,
                                           .check = checkCredential};

} // namespace postern::gateway
