// SPDX-License-Identifier: Apache-2.0
#include "gateway/lint/config_lint.h"

#include "core/json/pointer.h"
#include "gateway/lint/lint_rules.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

std::array<std::span<const ConfigCheck>, 4> allChecks() noexcept
{
    return {loginChecks(), secretChecks(), certificateChecks(), routeChecks()};
}

bool isOff(const Json &config)
{
    const Json *const meta = config.find("_meta");
    const Json *const disable = meta ? meta->find("disable") : nullptr;
    return disable && disable->asBool();
}

void forNested(const Json &config, const std::string &pointer,
               const std::function<void(const LintPlugin &)> &function)
{
    const Json *const list = config.find("auth_plugins");
    if (!list)
        return;
    for (std::size_t i = 0; i < list->items().size(); ++i) {
        for (const auto &[name, nested] : list->items()[i].members()) {
            const std::string at = pointerTo(std::format("{}/auth_plugins/{}", pointer, i), name);
            function({name, nested, at});
        }
    }
}

} // namespace

std::vector<ConfigRule> configRules()
{
    std::vector<ConfigRule> rules;
    for (const std::span<const ConfigCheck> checks : allChecks()) {
        for (const ConfigCheck &check : checks)
            rules.push_back(check.rule);
    }
    return rules;
}

std::vector<ConfigFinding> lintConfig(std::span<const LintObject> objects,
                                      const ConfigLintOptions &options)
{
    const LintConfiguration configuration(objects, options);
    std::vector<ConfigFinding> findings;
    ConfigReport report(configuration, findings);
    for (const std::span<const ConfigCheck> checks : allChecks()) {
        for (const ConfigCheck &check : checks) {
            report.begin(check.rule);
            check.run(configuration, report);
        }
    }
    std::ranges::stable_sort(findings, {}, &ConfigFinding::object);
    return findings;
}

std::string nameOf(const LintLogin &login)
{
    return std::format("{}{}{}", login.consumer, login.credential.empty() ? "" : " / ",
                       login.credential);
}

void forEachPlugin(const Json &object, const std::function<void(const LintPlugin &)> &function)
{
    const Json *const plugins = object.find("plugins");
    if (!plugins)
        return;
    for (const auto &[name, config] : plugins->members()) {
        if (isOff(config))
            continue;
        const std::string pointer = pointerTo("/plugins", name);
        function({name, config, pointer});
        if (name == "multi-auth")
            forNested(config, pointer, function);
    }
}

ConfigFinding &ConfigReport::add(std::size_t object, std::string pointer, std::string text,
                                 std::string fix)
{
    return m_out.emplace_back(ConfigFinding{m_rule->id,
                                            m_rule->level,
                                            m_rule->mark,
                                            object,
                                            std::string(m_configuration.storageKey(object)),
                                            std::move(pointer),
                                            std::move(text),
                                            std::move(fix),
                                            {}});
}

LintConfiguration::LintConfiguration(std::span<const LintObject> objects,
                                     const ConfigLintOptions &options)
    : m_objects(objects),
      m_options(options)
{
    m_entries.reserve(objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i)
        add(i);
}

void LintConfiguration::add(std::size_t object)
{
    const LintObject &from = m_objects[object];
    const Entry &entry =
        m_entries.emplace_back(parseStorageKey(from.key).value_or(StorageKey()), &from.value);
    m_byKey.emplace(from.key, object);
    if (entry.key.kind == "consumers" || entry.key.kind == "credentials")
        noteLogins(object, entry);
    if (entry.key.kind == "consumers") {
        if (const Json *const labels = from.value.find("labels")) {
            for (const auto &[name, value] : labels->members())
                m_labels.insert(name);
        }
        return;
    }
    forEachPlugin(from.value, [this](const LintPlugin &plugin) {
        if (const std::string_view name = plugin.config.stringOr("anonymous_consumer", "");
            !name.empty())
            m_anonymous.insert(name);
    });
}

void LintConfiguration::noteLogins(std::size_t object, const Entry &entry)
{
    const bool inlined = entry.key.kind == "consumers";
    forEachPlugin(*entry.value, [&](const LintPlugin &plugin) {
        const PluginSpec *const spec = findPlugin(plugin.name);
        if (spec && spec->makeCredential)
            m_logins.push_back({object, inlined ? entry.key.id : entry.key.parent,
                                inlined ? std::string_view() : entry.key.id, spec, &plugin.config,
                                plugin.pointer});
    });
}

const LintConfiguration::Entry *LintConfiguration::find(const StorageKey &key) const
{
    const auto found = m_byKey.find(buildStorageKey(key));
    return found == m_byKey.end() ? nullptr : &m_entries[found->second];
}

std::vector<std::string_view> LintConfiguration::namesOf(std::string_view kind) const
{
    std::vector<std::string_view> names;
    for (const Entry &entry : m_entries) {
        if (entry.key.kind == kind)
            names.push_back(entry.key.id);
    }
    return names;
}

std::optional<std::string> LintConfiguration::resolved(const Json *text) const
{
    if (!text || !text->isString())
        return std::nullopt;
    if (!isSecretReference(text->asString()))
        return text->asString();
    if (!m_options.secrets)
        return std::nullopt;
    auto value = m_options.secrets->resolve(text->asString());
    return value ? std::optional(std::move(*value)) : std::nullopt;
}

} // namespace postern::gateway
