// SPDX-License-Identifier: Apache-2.0
#include "core/config/json_config.h"

#include "core/config/setting_reader.h"
#include "core/hash_index.h"
#include "core/json/parse.h"
#include "core/json/split.h"

#include <algorithm>
#include <string>
#include <string_view>
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

/// A string without escapes or a number: its text. Empty for anything else.
std::string_view plainText(std::string_view value)
{
    if (value.starts_with('"') && value.ends_with('"') && !value.contains('\\'))
        return value.substr(1, value.size() - 2);
    return value.starts_with('-') || (!value.empty() && value[0] >= '0' && value[0] <= '9')
        ? value
        : std::string_view();
}

class ListReader
{
public:
    explicit ListReader(const std::shared_ptr<const ConfigFile> &file) : m_file(file)
    {
        constexpr std::size_t kSmallObject = 56; // room that stays unused costs nothing
        m_objects.reserve(file->text.size() / kSmallObject);
        m_identities.reserve(m_objects.capacity());
    }

    /// Finds the objects of a list. \return false on any fault
    bool read(std::string_view list, std::string_view array)
    {
        if (array == "null")
            return true;
        const bool consumers = list == "consumers";
        const std::string_view idName = consumers ? "username" : "id";
        std::string_view id;
        bool simple = true;
        return splitJsonObjects(
            array,
            [&](std::string_view name, std::string_view value) {
                if (name == idName)
                    id = plainText(value);
                else if (consumers && name == "credentials")
                    simple = false;
                return true;
            },
            [&](std::string_view item) {
                const std::string_view named = std::exchange(id, {});
                return std::exchange(simple, true) ? add(list, {}, named, {}, item)
                                                   : withCredentials(item, named);
            });
    }

    /// Whether two objects may be the same one.
    [[nodiscard]] bool repeats() const { return anyRepeats(m_identities); }

    std::vector<ConfigObject> take() { return std::move(m_objects); }

private:
    /// Credentials stand inside their consumer and become objects of their own.
    bool withCredentials(std::string_view item, std::string_view name)
    {
        auto parsed = parseJson(item, {.size = kLargest});
        if (!parsed)
            return false;
        Json credentials = std::move(*parsed->find("credentials"));
        parsed->erase("credentials");
        return credentials.isArray() && add("consumers", {}, name, std::move(*parsed), {})
            && std::ranges::all_of(credentials.items(), [&](Json &credential) {
                   const Json *given = credential.find("id");
                   const std::string id = !given ? std::string()
                       : given->isString()       ? given->asString()
                                                 : std::string(given->lexeme());
                   return credential.isObject()
                       && add("credentials", name, id, std::move(credential), {});
               });
    }

    bool add(std::string_view kind, std::string_view parent, std::string_view id, Json value,
             std::string_view text)
    {
        if (id.empty())
            return false;
        constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;
        const std::uint64_t place = hashText(kind) * kOdd + hashText(parent);
        m_identities.push_back(place * kOdd + hashText(id));
        m_objects.push_back({std::string(kind), std::string(parent), std::string(id),
                             std::move(value), text, m_file, nullptr});
        return true;
    }

    const std::shared_ptr<const ConfigFile> &m_file;
    std::vector<ConfigObject> m_objects;
    std::vector<std::uint64_t> m_identities; ///< hashes
};

bool isLargeJson(std::string_view text) noexcept
{
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return text.size() >= kLarge && text.size() <= kLargest && start != std::string_view::npos
        && text[start] == '{';
}

} // namespace

std::optional<Config> parseLargeJsonConfig(const std::shared_ptr<const ConfigFile> &file)
{
    if (!isLargeJson(file->text) || file->text.contains("${"))
        return std::nullopt;
    ListReader lists(file);
    Json settings = Json::object();
    std::vector<std::string_view> seen;
    auto last = objectListNames().begin();
    bool ordered = true; // the lists in their order
    const auto member = [&](std::string_view name, std::string_view value) {
        if (name == "secrets_managers" || name == "kong" || std::ranges::contains(seen, name))
            return false;
        seen.push_back(name);
        const auto list = std::ranges::find(objectListNames(), name);
        if (list != objectListNames().end()) {
            ordered = ordered && list >= last;
            last = list;
            return lists.read(name, value);
        }
        auto setting = parseJson(value, {.size = kLargest});
        if (setting)
            settings.set(name, std::move(*setting));
        return setting.has_value();
    };
    if (!splitJsonObject(file->text, member) || lists.repeats())
        return std::nullopt;
    Config config;
    if (!readSettings(toYaml(settings), file->name, config))
        return std::nullopt;
    config.objects = lists.take();
    // Lists stand in the file as their writer liked; objects come in the order of the lists.
    if (!ordered)
        std::ranges::stable_sort(config.objects, {}, objectRank);
    return config;
}

} // namespace postern
