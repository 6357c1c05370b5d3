// SPDX-License-Identifier: Apache-2.0
#include "core/config/json_config.h"

#include "core/config/setting_reader.h"
#include "core/json/parse.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace postern {
namespace {

constexpr std::size_t kLarge = 256U * 1024;
constexpr std::size_t kLargest = 1024U * 1024 * 1024;

YamlNode toYaml(const Json &value)
{
    YamlNode node;
    if (value.isObject()) {
        node.kind = YamlNode::Kind::Mapping;
        for (const auto &[name, member] : value.members())
            node.members.push_back({name, {}, toYaml(member)});
    } else if (value.isArray()) {
        node.kind = YamlNode::Kind::Sequence;
        for (const Json &item : value.items())
            node.items.push_back(toYaml(item));
    } else {
        node.scalar = value;
    }
    return node;
}

class ListReader
{
public:
    explicit ListReader(std::string_view file) : m_file(file) {}

    /// Moves the objects out of the list. \return false on any fault
    bool read(std::string_view list, Json &value)
    {
        if (!value.isArray())
            return value.isNull();
        m_objects.reserve(m_objects.size() + value.size());
        return std::ranges::all_of(value.items(), [&](Json &item) {
            return list == "consumers" ? consumer(item) : add(list, {}, idOf(item, "id"), item);
        });
    }

    std::vector<ConfigObject> take() { return std::move(m_objects); }

private:
    static std::string idOf(const Json &item, std::string_view member)
    {
        const Json *id = item.find(member);
        if (!id)
            return {};
        return id->isString() ? id->asString() : std::string(id->lexeme());
    }

    bool add(std::string_view kind, const std::string &parent, std::string id, Json &item)
    {
        if (id.empty() || !item.isObject())
            return false;
        std::string key(kind);
        key.append("/").append(parent).append("/").append(id);
        if (!m_seen.insert(std::move(key)).second)
            return false;
        m_objects.push_back(
            {std::string(kind), parent, std::move(id), std::move(item), m_file, {}});
        return true;
    }

    bool consumer(Json &item)
    {
        const std::string name = idOf(item, "username");
        Json credentials = Json::array();
        if (Json *given = item.find("credentials")) {
            credentials = std::move(*given);
            item.erase("credentials");
        }
        return credentials.isArray() && add("consumers", {}, name, item)
            && std::ranges::all_of(credentials.items(), [&](Json &credential) {
                   return add("credentials", name, idOf(credential, "id"), credential);
               });
    }

    std::string m_file;
    std::vector<ConfigObject> m_objects;
    std::unordered_set<std::string> m_seen;
};

} // namespace

std::optional<Config> parseLargeJsonConfig(std::string_view text, std::string_view file)
{
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (text.size() < kLarge || start == std::string_view::npos || text[start] != '{'
        || text.find("${") != std::string_view::npos)
        return std::nullopt;
    auto root = parseJson(text, {.size = kLargest});
    if (!root || !root->isObject() || root->contains("secrets_managers") || root->contains("kong"))
        return std::nullopt;
    ListReader lists(file);
    for (const std::string_view list : objectListNames()) {
        Json *value = root->find(list);
        if (!value)
            continue;
        if (!lists.read(list, *value))
            return std::nullopt;
        root->erase(list);
    }
    Config config;
    if (!readSettings(toYaml(*root), file, config))
        return std::nullopt;
    config.objects = lists.take();
    return config;
}

} // namespace postern
