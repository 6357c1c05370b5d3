// SPDX-License-Identifier: Apache-2.0
#include "core/json/pointer.h"
#include "core/text/suggest.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/lint/lint_rules.h"

#include <algorithm>
#include <array>
#include <format>

// What routes, services and rules ask of those who come.
namespace postern::gateway {
namespace {

/// Calls for every plugin of every object that requests pass through.
template <class Function>
void forEachRule(const LintConfiguration &configuration, Function function)
{
    for (std::size_t i = 0; i < configuration.entries().size(); ++i) {
        const auto &[key, value] = configuration.entries()[i];
        if (key.kind != "credentials")
            forEachPlugin(*value, [&](const LintPlugin &plugin) { function(i, plugin); });
    }
}

/// A value that JSONPath reads as more than the name of a member.
bool isExpression(std::string_view field)
{
    return field.find_first_of("$.[*") != std::string_view::npos;
}

//
void aclLabelKey(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachRule(configuration, [&](std::size_t object, const LintPlugin &plugin) {
        const std::string_view field = plugin.config.stringOr("external_user_label_field", "");
        if (plugin.name != "acl" || !isExpression(field)
            || plugin.config.contains("external_user_label_field_key"))
            return;
        report.add(object, pointerTo(plugin.pointer, "external_user_label_field"),
                   std::format("without external_user_label_field_key the label is called \"{0}\": "
                               "only a list for \"{0}\" looks at it",
                               field),
                   "set external_user_label_field_key to the name that the lists use");
    });
}

struct LabelList
{
    std::size_t object;
    const LintPlugin &plugin;
    std::string_view member;
    const Json &labels;
};

void reportLabels(const LintConfiguration &configuration, const LabelList &list,
                  ConfigReport &report)
{
    const std::vector<std::string_view> known(configuration.labels().begin(),
                                              configuration.labels().end());
    const bool allows = list.member == "allow_labels";
    for (const auto &[name, values] : list.labels.members()) {
        if (!configuration.labels().contains(name))
            report.add(list.object, pointerTo(pointerTo(list.plugin.pointer, list.member), name),
                       std::format("no consumer has the label \"{}\", so this list {}{}", name,
                                   allows ? "lets nobody in" : "stops nobody",
                                   didYouMean(name, known)),
                       "name a label that consumers have");
    }
}

// An external user's labels come with the request: then nothing is known.
void aclUnknownLabel(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachRule(configuration, [&](std::size_t object, const LintPlugin &plugin) {
        if (plugin.name != "acl" || plugin.config.contains("external_user_label_field")
            || plugin.config.contains("external_user_label_field_key"))
            return;
        for (const std::string_view member : {"allow_labels", "deny_labels"}) {
            if (const Json *const labels = plugin.config.find(member))
                reportLabels(configuration, {object, plugin, member, *labels}, report);
        }
    });
}

void anonymousMissing(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachRule(configuration, [&](std::size_t object, const LintPlugin &plugin) {
        const std::string_view name = plugin.config.stringOr("anonymous_consumer", "");
        if (name.empty() || configuration.find({"consumers", {}, name}))
            return;
        report.add(object, pointerTo(plugin.pointer, "anonymous_consumer"),
                   std::format("there is no consumer {}: who comes without a login is refused{}",
                               name, didYouMean(name, configuration.namesOf("consumers"))),
                   std::format("add it with 'postern consumer add {}'", name));
    });
}

struct RestrictionType
{
    std::string_view type, kind;
};
constexpr std::array kRestrictionTypes{
    RestrictionType{"consumer_name", "consumers"},
    RestrictionType{"consumer_group_id", "consumer_groups"},
    RestrictionType{"service_id", "services"},
    RestrictionType{"route_id", "routes"},
};

void restrictionUnknown(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachRule(configuration, [&](std::size_t object, const LintPlugin &plugin) {
        if (plugin.name != "consumer-restriction")
            return;
        const auto *const type =
            std::ranges::find(kRestrictionTypes, plugin.config.stringOr("type", "consumer_name"),
                              &RestrictionType::type);
        if (type == kRestrictionTypes.end())
            return;
        const std::vector<std::string_view> known = configuration.namesOf(type->kind);
        for (const std::string_view member : {"whitelist", "blacklist"}) {
            const Json *const list = plugin.config.find(member);
            for (std::size_t i = 0; list && i < list->items().size(); ++i) {
                const std::string &name = list->items()[i].asString();
                if (!name.empty() && !std::ranges::contains(known, name))
                    report.add(object, std::format("{}/{}/{}", plugin.pointer, member, i),
                               std::format("\"{}\" is none of the {}{}", name, type->kind,
                                           didYouMean(name, known)),
                               "mend the name, or take it out");
            }
        }
    });
}

/// The objects whose plugins a route's requests pass: the route, its plugin configuration, its
/// service, every global rule.
std::vector<const Json *> passedBy(const LintConfiguration &configuration, const Json &route)
{
    std::vector<const Json *> objects{&route};
    for (const auto &[member, kind] :
         {std::pair("plugin_config_id", "plugin_configs"), std::pair("service_id", "services")}) {
        const Json *const id = route.find(member);
        const auto *const found = id ? configuration.find({kind, {}, idText(*id)}) : nullptr;
        if (found)
            objects.push_back(found->value);
    }
    for (const LintConfiguration::Entry &entry : configuration.entries()) {
        if (entry.key.kind == "global_rules")
            objects.push_back(entry.value);
    }
    return objects;
}

/// Whether a plugin on the way of a route's requests is of a kind that `wanted` accepts.
template <class Wanted>
bool passes(const LintConfiguration &configuration, const Json &route, Wanted wanted)
{
    bool found = false;
    for (const Json *const object : passedBy(configuration, route))
        forEachPlugin(*object,
                      [&](const LintPlugin &plugin) { found = found || wanted(plugin.name); });
    return found;
}

bool authenticates(std::string_view name)
{
    const PluginSpec *const spec = findPlugin(name);
    // Plugins that this build does not have are given the benefit of the doubt.
    return !spec || spec->kind == PluginKind::Auth;
}

bool needsLogin(std::string_view name) { return name == "acl" || name == "consumer-restriction"; }

void aclWithoutLogin(const LintConfiguration &configuration, ConfigReport &report)
{
    for (std::size_t i = 0; i < configuration.entries().size(); ++i) {
        const auto &[key, value] = configuration.entries()[i];
        if (key.kind == "routes" && passes(configuration, *value, needsLogin)
            && !passes(configuration, *value, authenticates))
            report.add(i, value->contains("plugins") ? "/plugins" : "",
                       "consumers are told apart here, but nobody logs in: every request is "
                       "refused",
                       "add key-auth, jwt-auth or another login plugin");
    }
}

// J-15: where nobody logs in, X-Consumer-Username goes to the upstream as the client wrote it.
void spoofableIdentity(const LintConfiguration &configuration, ConfigReport &report)
{
    if (configuration.namesOf("consumers").empty())
        return; // no upstream expects an identity
    for (std::size_t i = 0; i < configuration.entries().size(); ++i) {
        const auto &[key, value] = configuration.entries()[i];
        if (key.kind == "routes" && !passes(configuration, *value, authenticates)
            && !passes(configuration, *value, needsLogin))
            report.add(i, {},
                       "nobody logs in here, so X-Consumer-Username and its kind reach the "
                       "upstream as the client wrote them",
                       "add a login plugin, or let proxy-rewrite remove X-Consumer-Username, "
                       "X-Consumer-Custom-Id and X-Credential-Identifier");
    }
}

bool demandsExp(const Json &config)
{
    const Json *const claims = config.find("claims_to_verify");
    return claims && std::ranges::contains(claims->items(), Json("exp"));
}

void expNotRequired(const LintConfiguration &configuration, ConfigReport &report)
{
    for (std::size_t i = 0; i < configuration.entries().size(); ++i) {
        const auto &[key, value] = configuration.entries()[i];
        if (key.kind == "consumers" || key.kind == "credentials")
            continue;
        forEachPlugin(*value, [&](const LintPlugin &plugin) {
            if (plugin.name == "jwt-auth" && !demandsExp(plugin.config))
                report.add(i, plugin.pointer, "a token without exp is let in, and forever",
                           "set claims_to_verify: [\"exp\"]");
        });
    }
}

using enum LintLevel;
constexpr std::array kChecks{
    ConfigCheck{
        {"acl-label-key", Warning, "acl reads labels by an expression and names them after it"},
        aclLabelKey},
    ConfigCheck{{"acl-unknown-label", Warning, "acl lists a label that no consumer has"},
                aclUnknownLabel},
    ConfigCheck{
        {"acl-without-login", Error, "acl or consumer-restriction where no plugin logs anybody in"},
        aclWithoutLogin},
    ConfigCheck{{"anonymous-consumer-missing", Error, "anonymous_consumer names no consumer"},
                anonymousMissing},
    ConfigCheck{
        {"restriction-unknown-name", Warning, "consumer-restriction lists a name that nothing has"},
        restrictionUnknown},
    ConfigCheck{{"spoofable-identity", Warning,
                 "a route without login, where identity headers pass as they came"},
                spoofableIdentity},
    ConfigCheck{{"exp-not-required", Info, "jwt-auth lets tokens without exp in"}, expNotRequired},
};

} // namespace

std::span<const ConfigCheck> routeChecks() noexcept { return kChecks; }

} // namespace postern::gateway
