// SPDX-License-Identifier: Apache-2.0
#include "core/config/setting_reader.h"

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <set>
#include <tuple>

namespace postern {
namespace {

// Kinds that others refer to come first. Lists are named as the storage kinds, one excepted.
constexpr std::array<std::string_view, 11> kLists{
    "secrets_managers", "ssls",           "protos",          "upstreams", "services",
    "consumer_groups",  "plugin_configs", "plugin_metadata", "consumers", "routes",
    "global_rules"};

class ObjectReader
{
public:
    explicit ObjectReader(std::string_view file)
        : m_file(std::make_shared<const ConfigFile>(ConfigFile{std::string(file), {}}))
    {
    }

    Result<void> readList(std::string_view list, const YamlNode &node)
    {
        if (node.kind == YamlNode::Kind::Scalar && node.scalar.isNull())
            return {};
        if (node.kind != YamlNode::Kind::Sequence)
            return refuse(node.place, std::format("{} is a list of objects", list));
        for (const YamlNode &item : node.items) {
            if (item.kind != YamlNode::Kind::Mapping)
                return refuse(item.place, std::format("an entry of {} is an object", list));
            const Result<void> read = list == "consumers" ? readConsumer(item)
                : list == "secrets_managers"              ? readSecretsManager(item)
                                                          : readPlain(list, item);
            if (!read)
                return read;
        }
        return {};
    }

    std::vector<ConfigObject> take() { return std::move(m_objects); }

private:
    [[nodiscard]] std::unexpected<Error> refuse(TextPlace place, std::string detail) const
    {
        return fail(Errc::Config, std::move(detail), formatPlace(m_file->name, place));
    }

    Result<std::string> idOf(const YamlNode &item, std::string_view member) const
    {
        const YamlNode *id = item.find(member);
        if (!id)
            return refuse(item.place, std::format("the object needs \"{}\"", member));
        const std::string text(id->scalar.isString() ? std::string_view(id->scalar.asString())
                                                     : id->scalar.lexeme());
        if (text.empty())
            return refuse(id->place, std::format("\"{}\" is a text or a number", member));
        return text;
    }

    Result<void> add(std::string_view kind, std::string parent, std::string id,
                     const YamlNode &item, Json value)
    {
        if (!m_seen.emplace(kind, parent, id).second)
            return refuse(item.place, std::format("{} \"{}\" is there twice", kind, id));
        m_objects.push_back({std::string(kind),
                             std::move(parent),
                             std::move(id),
                             std::move(value),
                             {},
                             m_file,
                             std::make_shared<const YamlNode>(item)});
        return {};
    }

    Result<void> readPlain(std::string_view kind, const YamlNode &item)
    {
        Result<std::string> id = idOf(item, "id");
        if (!id)
            return std::unexpected(std::move(id.error()));
        return add(kind, {}, std::move(*id), item, item.toJson());
    }

    Result<void> readSecretsManager(const YamlNode &item)
    {
        const Result<std::string> id = idOf(item, "id");
        if (!id)
            return std::unexpected(id.error());
        const std::size_t slash = id->find('/');
        if (slash == std::string::npos || slash == 0 || slash + 1 == id->size())
            return refuse(item.find("id")->place,
                          "the id of a secrets manager is \"manager/id\", as in vault/1");
        Json value = item.toJson();
        value.erase("id");
        return add("secrets", id->substr(0, slash), id->substr(slash + 1), item, std::move(value));
    }

    Result<void> readConsumer(const YamlNode &item)
    {
        Result<std::string> name = idOf(item, "username");
        if (!name)
            return std::unexpected(std::move(name.error()));
        Json value = item.toJson();
        value.erase("credentials");
        if (const auto added = add("consumers", {}, *name, item, std::move(value)); !added)
            return added;
        const YamlNode *credentials = item.find("credentials");
        if (!credentials)
            return {};
        if (credentials->kind != YamlNode::Kind::Sequence)
            return refuse(credentials->place, "credentials is a list of objects");
        for (const YamlNode &credential : credentials->items) {
            Result<std::string> id = idOf(credential, "id");
            if (!id)
                return std::unexpected(std::move(id.error()));
            if (const auto added =
                    add("credentials", *name, std::move(*id), credential, credential.toJson());
                !added)
                return added;
        }
        return {};
    }

    std::shared_ptr<const ConfigFile> m_file;
    std::vector<ConfigObject> m_objects;
    std::set<std::tuple<std::string, std::string, std::string>> m_seen;
};

} // namespace

std::span<const std::string_view> objectListNames() noexcept { return kLists; }

std::size_t objectRank(const ConfigObject &object) noexcept
{
    const std::string_view list = object.kind == "secrets" ? "secrets_managers"
        : object.kind == "credentials"                     ? "consumers"
                                                           : std::string_view(object.kind);
    return static_cast<std::size_t>(std::ranges::find(kLists, list) - kLists.begin());
}

Result<std::vector<ConfigObject>> readObjects(const YamlNode &root, std::string_view file)
{
    ObjectReader reader(file);
    for (const std::string_view list : kLists) {
        const YamlNode *node = root.find(list);
        if (!node)
            continue;
        if (const auto read = reader.readList(list, *node); !read)
            return std::unexpected(read.error());
    }
    return reader.take();
}

} // namespace postern
