// SPDX-License-Identifier: Apache-2.0
#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/resource.h"

#include <format>

// What holds plugins and nothing else: consumer groups, plugin configs and global rules.

namespace postern::gateway {
namespace {

template <const std::string_view &schema>
Result<void> checkSet(Json &object, const Subject &, const CheckContext &context)
{
    return checkSchema(schema, object).and_then([&] {
        return checkPlugins(object.find("plugins"), false, context);
    });
}

/// A plugin may stand in one global rule only: else it would run twice.
Result<void> checkConflicts(const Json &rule, const Subject &subject, const CheckContext &context)
{
    const auto others = context.list("global_rules");
    if (!others)
        return std::unexpected(others.error());
    for (const Document &document : *others) {
        const std::string_view id = storageId(document.key);
        if (id == subject.id)
            continue;
        const auto other = parseJson(document.value, {.lastDuplicateWins = true});
        const Json *plugins = other ? other->find("plugins") : nullptr;
        for (const auto &[name, config] : rule.find("plugins")->members()) {
            if (plugins && plugins->contains(name))
                return fail(Errc::InvalidArgument,
                            std::format("plugin '{}' already exists in global rule with id '{}'",
                                        name, id));
        }
    }
    return {};
}

constexpr std::string_view kGroup = "consumer_group";
constexpr std::string_view kConfig = "plugin_config";
constexpr std::string_view kRule = "global_rule";

Result<void> checkRule(Json &rule, const Subject &subject, const CheckContext &context)
{
    return checkSet<kRule>(rule, subject, context).and_then([&] {
        return checkConflicts(rule, subject, context);
    });
}

Result<void> checkGroupUnused(std::string_view id, const CheckContext &context)
{
    return refuseIfReferenced(id, "consumers", "group_id",
                              "can not delete this consumer group, consumer", context);
}

Result<void> checkConfigUnused(std::string_view id, const CheckContext &context)
{
    return refuseIfReferenced(id, "routes", "plugin_config_id",
                              "can not delete this plugin config, route", context);
}

} // namespace

constexpr ResourceSpec consumerGroupsResource{.type = "consumer_groups",
                                              .kind = "consumer group",
                                              .schema = kGroup,
                                              .methods = ResourceSpec::Methods::NoPost,
                                              .check = checkSet<kGroup>,
                                              .checkDelete = checkGroupUnused};

constexpr ResourceSpec pluginConfigsResource{.type = "plugin_configs",
                                             .kind = "plugin config",
                                             .schema = kConfig,
                                             .methods = ResourceSpec::Methods::NoPost,
                                             .check = checkSet<kConfig>,
                                             .checkDelete = checkConfigUnused};

constexpr ResourceSpec globalRulesResource{.type = "global_rules",
                                           .kind = "global rule",
                                           .schema = kRule,
                                           .methods = ResourceSpec::Methods::NoPost,
                                           .check = checkRule};

} // namespace postern::gateway
