// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/config_export.h"

#include "core/config/setting_reader.h"
#include "core/config/standalone.h"
#include "core/config/yaml_format.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/convert/export_faults.h"

#include <QSaveFile>

#include <algorithm>
#include <format>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::string_view kRoot = "/apisix";
/// Readers of YAML allow 64 levels; lists and what lies around them need some.
constexpr std::size_t kMaxDepth = 56;

std::size_t depthOf(const Json &value)
{
    std::size_t deepest = 0;
    for (const Json &item : value.items())
        deepest = std::max(deepest, depthOf(item));
    for (const auto &[name, member] : value.members())
        deepest = std::max(deepest, depthOf(member));
    return value.isArray() || value.isObject() ? deepest + 1 : 0;
}

void replaceAll(std::string &text, std::string_view what, std::string_view by)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
        text.replace(at, what.size(), by);
        at += by.size();
    }
}

/// Replaces in every text, and in the names of members if these are looked at, too.
void escapeTexts(Json &value, std::string_view what, std::string_view by, bool names)
{
    if (value.isString()) {
        if (!value.asString().contains(what))
            return;
        std::string text = value.asString();
        replaceAll(text, what, by);
        value = Json(std::move(text));
    } else if (value.isArray()) {
        for (Json &item : value.items())
            escapeTexts(item, what, by, names);
    } else if (value.isObject()) {
        for (auto &[name, member] : value.members()) {
            if (names)
                replaceAll(name, what, by);
            escapeTexts(member, what, by, names);
        }
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
Json withFirst(std::string_view name, Json first, const Json &object)
{
    Json made = Json::object({{std::string(name), std::move(first)}});
    for (const auto &[member, value] : object.members()) {
        if (member != name)
            made.set(member, value);
    }
    return made;
}

std::string_view listOf(std::string_view kind, bool standalone)
{
    if (kind == "credentials")
        return "consumers";
    return kind == "secrets" && !standalone ? "secrets_managers" : kind;
}

/// The lists of a file, and which items they hold.
struct Lists
{
    Json root = Json::object();
    std::vector<ListPositions> positions;
};

class Exporter
{
public:
    explicit Exporter(const ExportOptions &options)
        : m_options(options),
          m_standalone(options.format != ExportFormat::Postern)
    {
    }

    void take(std::span<const ObjectChange> objects)
    {
        m_items.reserve(objects.size());
        for (const ObjectChange &object : objects) {
            if (object.value.isNull())
                continue;
            const std::string full = std::format("{}{}", kRoot, object.key);
            const auto key = parseStorageKey(full);
            if (!key || !std::ranges::contains(objectListNames(), listOf(key->kind, false))) {
                leaveOut(object.key, "files have no place for objects of this kind");
            } else if (!object.value.isObject()) {
                leaveOut(object.key, "it is no object");
            } else if (depthOf(object.value) > kMaxDepth) {
                leaveOut(object.key, "it is nested too deeply");
            } else {
                m_items.push_back({object.key, std::string(key->kind), std::string(key->parent),
                                   std::string(key->id), withoutTimes(object.value)});
            }
        }
        leaveOutOrphans();
    }

    /// Until nothing is refused: what refers to something that is left out goes, too.
    void leaveOutFaults()
    {
        while (true) {
            std::vector<ExportFault> faults =
                m_standalone ? standaloneRefusals() : ownFaults(m_items, m_options.profile);
            if (faults.empty())
                break;
            std::ranges::sort(faults, {}, &ExportFault::item);
            std::vector<ExportItem> rest;
            auto fault = faults.begin();
            for (std::size_t i = 0; i < m_items.size(); ++i) {
                if (fault == faults.end() || fault->item != i) {
                    rest.push_back(std::move(m_items[i]));
                    continue;
                }
                leaveOut(m_items[i].key, fault->why);
                while (fault != faults.end() && fault->item == i)
                    ++fault;
            }
            m_items = std::move(rest);
            leaveOutOrphans();
        }
    }

    ExportedConfig write()
    {
        ExportedConfig config;
        SecretRewriter secrets(m_options.secrets);
        for (ExportItem &item : m_items)
            secrets.rewrite(item.value, {item.kind, item.parent, item.id});
        config.variables = secrets.takeVariables();
        Json root = lists().root;
        if (!m_standalone)
            escapeTexts(root, "${", "$${", false);
        else if (m_options.format == ExportFormat::StandaloneJson) // which has no way to say it
            escapeTexts(root, "${{", "${{POSTERN_DOLLAR:=$}}{{", true);
        if (m_options.format == ExportFormat::StandaloneJson) {
            config.text = root.dump(2) + "\n";
        } else {
            config.text = yamlOf(root, config.variables);
            if (m_standalone)
                config.text += "#END\n";
        }
        config.objects = m_items.size();
        config.leftOut = std::move(m_leftOut);
        return config;
    }

private:
    void leaveOut(const std::string &key, std::string why)
    {
        m_leftOut.push_back({key, std::move(why)});
    }

    /// Credentials without their consumer have no place.
    void leaveOutOrphans()
    {
        std::unordered_set<std::string> consumers;
        for (const ExportItem &item : m_items) {
            if (item.kind == "consumers")
                consumers.insert(item.id);
        }
        std::erase_if(m_items, [&](const ExportItem &item) {
            const bool orphan = item.kind == "credentials" && !consumers.contains(item.parent);
            if (orphan)
                leaveOut(item.key, std::format("its consumer {} is not in the file", item.parent));
            return orphan;
        });
    }

    std::vector<ExportFault> standaloneRefusals() const
    {
        Lists made = lists();
        return standaloneFaults(std::move(made.root), made.positions, m_options.profile);
    }

    [[nodiscard]] Json valueOf(const ExportItem &item) const
    {
        if (item.kind == "consumers")
            return withFirst("username", Json(item.id), item.value);
        std::string id = item.id;
        if (item.kind == "credentials" && m_standalone) // there the id says whose it is
            id = std::format("{}/credentials/{}", item.parent, item.id);
        else if (item.kind == "secrets")
            id = std::format("{}/{}", item.parent, item.id);
        const Json *const own = item.value.find("id");
        return withFirst("id", own && idText(*own) == id ? *own : Json(std::move(id)), item.value);
    }

    [[nodiscard]] Lists lists() const
    {
        std::unordered_map<std::string_view, std::vector<std::size_t>> credentials, kinds;
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            if (m_items[i].kind == "credentials")
                credentials[m_items[i].parent].push_back(i);
            else
                kinds[listOf(m_items[i].kind, false)].push_back(i);
        }
        Lists made;
        for (const std::string_view kind : objectListNames()) {
            const auto found = kinds.find(kind);
            if (found == kinds.end())
                continue;
            Json list = Json::array();
            ListPositions positions;
            for (const std::size_t index : found->second) {
                const ExportItem &item = m_items[index];
                Json value = valueOf(item);
                Json logins = Json::array();
                const auto below =
                    item.kind == "consumers" ? credentials.find(item.id) : credentials.end();
                if (below != credentials.end()) {
                    for (const std::size_t credential : below->second)
                        logins.push_back(valueOf(m_items[credential]));
                }
                if (!m_standalone && logins.size() > 0)
                    value.set("credentials", std::exchange(logins, Json::array()));
                list.push_back(std::move(value));
                positions.items.push_back(index);
                for (Json &login : logins.items())
                    list.push_back(std::move(login));
                if (logins.size() > 0)
                    std::ranges::copy(below->second, std::back_inserter(positions.items));
            }
            positions.list = m_standalone && kind == "secrets_managers" ? "secrets" : kind;
            made.root.set(positions.list, std::move(list));
            made.positions.push_back(std::move(positions));
        }
        return made;
    }

    /// Beyond what readers take, as JSON, which is YAML and read much faster.
    [[nodiscard]] std::string yamlOf(const Json &root,
                                     const std::vector<std::string> &variables) const
    {
        const bool named = !m_standalone && !m_options.profile.empty()
            && m_options.profile != defaultGatewayProfile().name;
        const Json whole = named ? withFirst("profile", Json(m_options.profile), root) : Json();
        std::string text = formatYaml(named ? whole : root);
        if (text.size() > kMaxStandaloneYaml)
            text = (named ? whole : root).dump(1) + "\n";
        else
            text.insert(0, header(variables));
        // In quotes, whatever holds a dollar sign is.
        if (m_standalone)
            replaceAll(text, "${{", "$\\u007b{");
        return text;
    }

    static std::string header(const std::vector<std::string> &variables)
    {
        constexpr std::size_t kWidth = 100;
        std::string text, line;
        for (const std::string &variable : variables) {
            if (line.empty()) {
                line = "# Read from the gateway's environment: " + variable;
            } else if (line.size() + variable.size() + 2 > kWidth) {
                text.append(line).append(",\n");
                line = "#   " + variable;
            } else {
                line.append(", ").append(variable);
            }
        }
        return line.empty() ? text : text.append(line).append("\n");
    }

    const ExportOptions &m_options;
    bool m_standalone;
    std::vector<ExportItem> m_items;
    std::vector<NotExported> m_leftOut;
};

} // namespace

std::string_view usualFileName(ExportFormat format) noexcept
{
    return format == ExportFormat::Postern   ? "postern.yaml"
        : format == ExportFormat::Standalone ? "apisix.yaml"
                                             : "apisix.json";
}

ExportedConfig exportConfig(std::span<const ObjectChange> objects, const ExportOptions &options)
{
    Exporter exporter(options);
    exporter.take(objects);
    if (!options.partial)
        exporter.leaveOutFaults();
    return exporter.write();
}

ExportedConfig exportConsumers(std::span<const ObjectChange> objects, ConfigFileKind kind,
                               SecretForm secrets)
{
    std::vector<ObjectChange> consumers;
    std::ranges::copy_if(objects, std::back_inserter(consumers), [](const ObjectChange &object) {
        return object.key.starts_with("/consumers/");
    });
    return exportConfig(consumers,
                        {.format = kind == ConfigFileKind::Standalone ? ExportFormat::Standalone
                                                                      : ExportFormat::Postern,
                         .secrets = secrets,
                         .profile = {},
                         .partial = true});
}

Result<void> saveConfig(const std::string &path, std::string_view text, SecretForm secrets)
{
    QSaveFile file(QString::fromStdString(path));
    const bool opened = file.open(QIODevice::WriteOnly)
        && (secrets != SecretForm::Values
            || file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const QByteArrayView octets(text);
    if (opened && file.write(octets.data(), octets.size()) == octets.size() && file.commit())
        return {};
    return fail(Errc::Io, file.errorString().toStdString(), path);
}

} // namespace postern::gateway
