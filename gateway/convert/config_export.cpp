// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/config_export.h"

#include "core/config/yaml_format.h"
#include "core/model/secret_members.h"
#include "core/secret/reference.h"

#include <algorithm>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::string_view kConsumers = "/consumers/";
constexpr std::string_view kCredentials = "/credentials/";

/// A dotted path of secretMembers().
Json *memberAt(Json &object, std::string_view path)
{
    Json *at = &object;
    while (at != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        at = at->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return at;
}

/// "cred-jack.key" -> "CRED_JACK_KEY"
std::string variablePart(std::string_view text)
{
    std::string part(text);
    std::ranges::transform(part, part.begin(), [](char c) {
        if (c >= 'a' && c <= 'z')
            return static_cast<char>(c - 'a' + 'A');
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    });
    return part;
}

/// Replaces secrets by references to variables, each of its own.
class Referencer
{
public:
    explicit Referencer(std::vector<std::string> &variables) : m_variables(variables) {}

    /// \param id of the credential; empty: the consumer itself
    void replace(Json &object, std::string_view consumer, std::string_view id)
    {
        Json *const plugins = object.find("plugins");
        if (plugins == nullptr || !plugins->isObject())
            return;
        for (auto &[plugin, config] : plugins->members()) {
            for (const std::string_view path : secretMembers(plugin)) {
                Json *const member = memberAt(config, path);
                if (!member || !member->isString() || isSecretReference(member->asString()))
                    continue;
                *member = Json(
                    "$env://"
                    + variable(std::format("{}_{}_{}", consumer, id.empty() ? plugin : id, path)));
            }
        }
    }

private:
    std::string variable(std::string_view text)
    {
        std::string base = variablePart(text);
        if (base.front() >= '0' && base.front() <= '9')
            base.insert(0, 1, '_');
        std::string name = base;
        for (int number = 2; std::ranges::contains(m_variables, name); ++number)
            name = std::format("{}_{}", base, number);
        m_variables.push_back(name);
        return name;
    }

    std::vector<std::string> &m_variables;
};

/// postern.yaml replaces `${NAME}`; what is no variable says so.
void escapeVariables(Json &value)
{
    if (value.isString()) {
        std::string text = value.asString();
        for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
            text.insert(at, 1, '$');
            at += 3;
        }
        if (text != value.asString())
            value = Json(std::move(text));
    } else if (value.isArray()) {
        for (Json &item : value.items())
            escapeVariables(item);
    } else if (value.isObject()) {
        for (auto &[name, member] : value.members())
            escapeVariables(member);
    }
}

Json withoutTimes(const Json &object)
{
    Json value = object;
    for (const std::string_view member : {"create_time", "update_time"})
        value.erase(member);
    return value;
}

/// The object with another member in front.
Json withFirst(std::string_view name, const std::string &text, const Json &object)
{
    Json first = Json::object({{std::string(name), text}});
    for (const auto &[member, value] : object.members()) {
        if (member != name)
            first.set(member, value);
    }
    return first;
}

std::string_view idBehind(std::string_view key, std::string_view prefix)
{
    if (!key.starts_with(prefix))
        return {};
    const std::string_view id = key.substr(prefix.size());
    return id.contains('/') ? std::string_view() : id;
}

} // namespace

ExportedConfig exportConsumers(std::span<const ObjectChange> objects, ConfigFileKind kind,
                               SecretForm secrets)
{
    ExportedConfig config;
    Referencer referencer(config.variables);
    const bool standalone = kind == ConfigFileKind::Standalone;
    const auto prepared = [&](const Json &object, std::string_view consumer, std::string_view id) {
        Json value = withoutTimes(object);
        if (secrets == SecretForm::References)
            referencer.replace(value, consumer, id);
        if (!standalone)
            escapeVariables(value);
        return value;
    };
    Json list = Json::array();
    for (const ObjectChange &object : objects) {
        const std::string_view name = idBehind(object.key, kConsumers);
        if (name.empty() || !object.value.isObject())
            continue;
        Json consumer = withFirst("username", std::string(name), prepared(object.value, name, {}));
        Json credentials = Json::array();
        const std::string prefix = object.key + std::string(kCredentials);
        for (const ObjectChange &other : objects) {
            const std::string_view id = idBehind(other.key, prefix);
            if (id.empty() || !other.value.isObject())
                continue;
            // in apisix.yaml the id says whose it is
            const std::string fullId =
                standalone ? std::format("{}{}{}", name, kCredentials, id) : std::string(id);
            credentials.push_back(withFirst("id", fullId, prepared(other.value, name, id)));
        }
        if (!standalone && credentials.size() > 0)
            consumer.set("credentials", std::move(credentials));
        list.push_back(std::move(consumer));
        if (standalone) {
            for (Json &credential : credentials.items())
                list.push_back(std::move(credential));
        }
    }
    for (const std::string &variable : config.variables)
        config.text +=
            (config.text.empty() ? "# Read from the gateway's environment: " : ", ") + variable;
    if (!config.text.empty())
        config.text += '\n';
    config.text += formatYaml(Json::object({{"consumers", std::move(list)}}));
    if (standalone)
        config.text += "#END\n";
    return config;
}

} // namespace postern::gateway
