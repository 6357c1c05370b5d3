// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/keys.h"
#include "gateway/lint/config_lint.h"
#include "gateway/pipeline/plugin.h"

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What config_lint.cpp runs. For gateway/lint only.
namespace postern::gateway {

/// A login: an auth plugin of a consumer or of a credential.
struct LintLogin
{
    std::size_t object;
    std::string_view consumer; ///< user name
    std::string_view credential; ///< id; empty: inline on the consumer
    const PluginSpec *plugin;
    const Json *config;
    std::string pointer; ///< "/plugins/key-auth"
};

/// "jack / cred-jack", "jack"
[[nodiscard]] std::string nameOf(const LintLogin &login);

/// A configuration as the rules see it: the objects, and what is found among them once.
class LintConfiguration
{
public:
    LintConfiguration(std::span<const LintObject> objects, const ConfigLintOptions &options);

    struct Entry
    {
        StorageKey key;
        const Json *value;
    };
    [[nodiscard]] const std::vector<Entry> &entries() const noexcept { return m_entries; }
    [[nodiscard]] const Entry *find(const StorageKey &key) const;
    [[nodiscard]] std::string_view storageKey(std::size_t object) const noexcept
    {
        return m_objects[object].key;
    }
    [[nodiscard]] const std::vector<LintLogin> &logins() const noexcept { return m_logins; }
    [[nodiscard]] const ConfigLintOptions &options() const noexcept { return m_options; }
    /// Whether some plugin lets requests in as this consumer without a login.
    [[nodiscard]] bool isAnonymous(std::string_view username) const
    {
        return m_anonymous.contains(username);
    }
    /// The names of labels that consumers have.
    [[nodiscard]] const std::set<std::string_view> &labels() const noexcept { return m_labels; }
    /// Names of all objects of a kind.
    [[nodiscard]] std::vector<std::string_view> namesOf(std::string_view kind) const;

    /// A text as the gateway uses it. \return nullopt if it is a reference whose value is not known
    [[nodiscard]] std::optional<std::string> resolved(const Json *text) const;

private:
    void add(std::size_t object);
    void noteLogins(std::size_t object, const Entry &entry);

    std::span<const LintObject> m_objects;
    const ConfigLintOptions &m_options;
    std::vector<Entry> m_entries; ///< as many as objects; unknown keys have no kind
    std::map<std::string_view, std::size_t> m_byKey;
    std::vector<LintLogin> m_logins;
    std::set<std::string_view> m_anonymous, m_labels;
};

/// A plugin of an object that is switched on. multi-auth's are told, too.
struct LintPlugin
{
    std::string_view name;
    const Json &config;
    const std::string &pointer;
};
/// Calls for every plugin of the object that `_meta.disable` does not switch off.
void forEachPlugin(const Json &object, const std::function<void(const LintPlugin &)> &function);

/// Takes the findings of one rule.
class ConfigReport
{
public:
    ConfigReport(const LintConfiguration &configuration, std::vector<ConfigFinding> &out)
        : m_configuration(configuration),
          m_out(out)
    {
    }
    void begin(const ConfigRule &rule) noexcept { m_rule = &rule; }
    /// \return the finding, for what is particular about it
    ConfigFinding &add(std::size_t object, std::string pointer, std::string text,
                       std::string fix = {});

private:
    const LintConfiguration &m_configuration;
    std::vector<ConfigFinding> &m_out;
    const ConfigRule *m_rule = nullptr;
};

struct ConfigCheck
{
    ConfigRule rule;
    void (*run)(const LintConfiguration &configuration, ConfigReport &report);
};

[[nodiscard]] std::span<const ConfigCheck> loginChecks() noexcept;
[[nodiscard]] std::span<const ConfigCheck> secretChecks() noexcept;
[[nodiscard]] std::span<const ConfigCheck> certificateChecks() noexcept;
[[nodiscard]] std::span<const ConfigCheck> routeChecks() noexcept;

} // namespace postern::gateway
