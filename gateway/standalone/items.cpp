// SPDX-License-Identifier: Apache-2.0
#include "gateway/standalone/items.h"

#include "core/hash_index.h"
#include "core/json/schema.h"
#include "core/model/keys.h"
#include "core/parallel.h"
#include "gateway/admin/apisix/check.h"
#include "gateway/admin/apisix/limit_groups.h"
#include "gateway/admin/apisix/resource.h"
#include "gateway/admin/apisix/schemas.h"
#include "gateway/admin/apisix/write.h"
#include "gateway/standalone/fault_pointer.h"

#include <algorithm>
#include <array>
#include <format>
#include <set>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::array<std::string_view, 13> kTypes{
    "routes",         "services",      "upstreams",       "consumers", "consumer_groups",
    "plugin_configs", "global_rules",  "plugin_metadata", "ssls",      "protos",
    "secrets",        "stream_routes", "plugins"};
constexpr std::string_view kCredentials = "/credentials/";

/// One item on its way: what it says about itself, and what came of it.
struct Work
{
    std::string_view type;
    std::size_t index = 0;
    Json value;
    std::string id = {}; ///< as it says it
    std::string name = {}; ///< id, user name, or arr_<n>: unique in its list
    StandaloneItem item = {};
    std::vector<GroupClaim> groups = {};
    std::vector<std::string> faults = {};
};

std::string own(const Json &object, std::string_view member)
{
    const Json *id = object.find(member);
    return id && (id->isString() || id->isNumber()) ? idText(*id) : std::string();
}

/// "a/b" in two; nothing unless both are there.
std::optional<std::pair<std::string, std::string>> split(std::string_view text,
                                                         std::string_view separator)
{
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos || at == 0 || at + separator.size() == text.size())
        return std::nullopt;
    return std::pair(std::string(text.substr(0, at)),
                     std::string(text.substr(at + separator.size())));
}

/// Only standalone items know these two: taken out and checked apart.
Result<std::optional<std::int64_t>> takeModifiedIndex(Json &object)
{
    const Json *member = object.find("modifiedIndex");
    if (!member)
        return std::nullopt;
    static const Schema schema =
        Schema::compile(
            Json::object(
                {{"properties",
                  Json::object({{"modifiedIndex", Json::object({{"type", "integer"}})}})}}))
            .value();
    Json alone = Json::object({{"modifiedIndex", *member}});
    if (const auto valid = schema.validate(alone); !valid)
        return fail(Errc::Schema, "invalid configuration: " + valid.error().detail);
    const auto index = member->asInteger();
    object.erase("modifiedIndex");
    return index;
}

Result<void> checkCredentialId(const std::string &id)
{
    static const Schema schema =
        Schema::compile(
            Json::object(
                {{"properties",
                  Json::object(
                      {{"id",
                        Json::object(
                            {{"type", "string"},
                             {"minLength", 15},
                             {"maxLength", 128},
                             {"pattern", "^[a-zA-Z0-9-_]+/credentials/[a-zA-Z0-9-_.]+$"}})}})}}))
            .value();
    Json alone = Json::object({{"id", id}});
    if (const auto valid = schema.validate(alone); !valid)
        return fail(Errc::Schema, "invalid configuration: " + valid.error().detail);
    return {};
}

/// Reads and checks one item. Any thread.
class Reader
{
public:
    Reader(const CheckContext &context, const ConfigService::PluginNames &enabled)
        : m_context(context),
          m_enabled(enabled)
    {
    }

    /// Uses the item's value: its defaults are filled in.
    [[nodiscard]] Result<StandaloneItem> read(Work &work) const
    {
        if (work.type == "stream_routes")
            return fail(Errc::Unsupported, "stream mode is disabled, can not add stream routes");
        if (!work.value.isObject() && !(work.value.isArray() && work.value.size() == 0))
            return fail(Errc::Schema,
                        "invalid configuration: wrong type: expected object, got "
                            + std::string(luaType(work.value)));
        Json &object = work.value;
        if (!object.isObject())
            object = Json::object();
        const auto modifiedIndex = takeModifiedIndex(object);
        if (!modifiedIndex)
            return std::unexpected(modifiedIndex.error());
        auto place = placeOf(work, object);
        if (!place)
            return std::unexpected(place.error());
        if (auto enabled = checkEnabled(object, work.type == "consumers"); !enabled)
            return std::unexpected(enabled.error());
        const ResourceSpec &resource = *place->resource;
        StandaloneItem item{
            work.type, buildStorageKey({resource.type, place->subject.parent, place->storedId}),
            storedText(*place, object), work.index, *modifiedIndex};
        if (auto sound = check(*place, object, work.groups); !sound)
            return std::unexpected(sound.error());
        return item;
    }

private:
    struct Place
    {
        const ResourceSpec *resource = nullptr;
        Subject subject;
        std::string storedId;
        bool named = false; ///< by something else than its id
    };

    static std::string_view luaType(const Json &value)
    {
        constexpr std::array<std::string_view, 6> kNames{"userdata", "boolean", "number",
                                                         "string",   "table",   "table"};
        return kNames.at(static_cast<std::size_t>(value.type()));
    }

    /// Where the item belongs; settles the object's id.
    static Result<Place> placeOf(const Work &work, Json &object)
    {
        Place place{findResource(work.type), {work.id, {}}, work.id};
        place.named =
            work.type == "secrets" || work.type == "plugin_metadata" || work.type == "consumers";
        const std::string given = own(object, "id");
        if (work.type == "consumers" && given.contains(kCredentials)) {
            if (auto valid = checkCredentialId(given); !valid)
                return std::unexpected(valid.error());
            const auto parts = split(given, kCredentials);
            if (!parts)
                return fail(Errc::Schema, "invalid credential id: " + given);
            object.set("id", parts->second);
            return Place{&credentialsResource, {parts->second, parts->first}, parts->second, true};
        }
        if (work.type == "secrets") {
            const auto parts = split(given, "/");
            if (!parts)
                return fail(Errc::Schema, "invalid secret id: " + given);
            object.erase("id");
            place.subject = {parts->second, parts->first};
            place.storedId = parts->second;
        } else if (work.type == "plugin_metadata") {
            object.erase("id");
        } else if (work.type == "consumers") {
            place.subject = {};
            place.storedId = own(object, "username");
            if (given == place.storedId)
                object.erase("id"); // says the same twice
        }
        if (place.storedId.empty())
            place.storedId = std::format("arr_{}", work.index + 1);
        return place;
    }

    /// With the id that an item may have left out.
    static std::string storedText(const Place &place, const Json &object)
    {
        if (place.named || object.contains("id"))
            return object.dump();
        Json complete = object;
        complete.set("id", place.storedId);
        return complete.dump();
    }

    [[nodiscard]] Result<void> check(const Place &place, Json &object,
                                     std::vector<GroupClaim> &groups) const
    {
        if (!place.resource->check)
            return std::unexpected(notInThisBuild(*place.resource));
        CheckContext context = m_context;
        context.claimGroups(groups);
        return place.resource->check(object, place.subject, context);
    }

    /// The file's own list of plugins may leave some out.
    [[nodiscard]] Result<void> checkEnabled(const Json &object, bool consumer) const
    {
        const Json *plugins = object.find("plugins");
        if (!m_enabled || !plugins)
            return {};
        for (const auto &[name, config] : plugins->members()) {
            if (!m_enabled->contains(name))
                return fail(Errc::PluginUnknown,
                            std::format("{}unknown plugin [{}]",
                                        consumer ? "invalid plugins configuration: " : "", name));
        }
        return {};
    }

    const CheckContext &m_context;
    const ConfigService::PluginNames &m_enabled;
};

void fillEmptyPlugins(Json &item)
{
    Json *plugins = item.find("plugins");
    if (!plugins)
        return;
    if (plugins->isNull())
        *plugins = Json::object();
    if (!plugins->isObject())
        return;
    for (auto &[name, config] : plugins->members()) {
        if (config.isNull())
            config = Json::object();
    }
}

std::string pointerTo(const Work &work, std::string_view text)
{
    return std::format("/{}/{}{}", work.type, work.index, faultPointer(text, work.value));
}

/// The plugins that may be used; nullopt if the configuration does not say. Those of stream routes
/// are another kind, whatever their names.
Result<ConfigService::PluginNames> enabledPlugins(const Json &root)
{
    const Json *list = root.find("plugins");
    if (!list || list->isNull())
        return std::nullopt;
    Json checked = *list;
    if (const auto valid = findObjectSchema("plugins")->schema.validate(checked); !valid)
        return fail(Errc::Schema, "invalid configuration: " + valid.error().detail);
    std::set<std::string, std::less<>> enabled;
    for (const Json &plugin : list->items()) {
        const Json *stream = plugin.find("stream");
        if (!stream || !stream->asBool())
            enabled.emplace(plugin.stringOr("name", ""));
    }
    return enabled;
}

/// All items of all lists. A list that is none is a fault.
std::vector<Work> collect(Json &root, bool emptyIsObject, std::vector<StandaloneFault> &faults)
{
    std::vector<Work> work;
    for (const std::string_view type : kTypes) {
        Json *list = root.find(type);
        const bool empty = !list || list->isNull() || (list->isObject() && list->size() == 0);
        if (empty || type == "plugins")
            continue;
        if (!list->isArray()) {
            faults.push_back({type,
                              std::nullopt,
                              {},
                              std::format("{} is a list of items", type),
                              std::format("/{}", type)});
            continue;
        }
        for (std::size_t i = 0; i < list->items().size(); ++i) {
            Work each{type, i, std::move(list->items()[i])};
            if (emptyIsObject)
                fillEmptyPlugins(each.value);
            each.id = own(each.value, "id");
            each.name = each.id;
            if (each.name.empty())
                each.name = type == "consumers" ? own(each.value, "username")
                                                : std::format("arr_{}", i + 1);
            work.push_back(std::move(each));
        }
    }
    return work;
}

/// Of items of the same name the later ones are faults.
void refuseDuplicates(std::vector<Work> &work)
{
    // Hashes first: 100,000 names with a common beginning take long to sort.
    std::vector<std::uint64_t> hashes;
    hashes.reserve(work.size());
    for (const Work &each : work)
        hashes.push_back(hashText(std::string(each.type) + "/" + each.name));
    if (!anyRepeats(hashes))
        return;
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (Work &each : work) {
        if (each.name.empty() || seen.emplace(each.type, each.name).second)
            continue;
        const std::string_view what = each.type != "consumers" ? "id"
            : each.id.empty()                                  ? "username"
                                                               : "credential id";
        each.faults.push_back(
            std::format("found duplicate {} {} in {}", what, each.name, each.type));
    }
}

/// All members of a limit-count group are configured as the first one.
void refuseOtherGroups(std::vector<Work> &work)
{
    LimitGroups groups;
    for (Work &each : work) {
        for (const GroupClaim &claim : each.groups) {
            if (!each.faults.empty())
                break;
            if (auto added = groups.add(claim); !added)
                each.faults.push_back(std::move(added.error().detail));
        }
    }
}

} // namespace

std::span<const std::string_view> standaloneTypes() noexcept { return kTypes; }

std::string versionMember(std::string_view type) { return std::string(type) + "_conf_version"; }

StandaloneItems readStandaloneItems(ConfigService &config, Json root, bool emptyIsObject)
{
    StandaloneItems read;
    auto enabled = enabledPlugins(root);
    if (enabled)
        read.plugins = *std::move(enabled);
    else
        read.faults.push_back({"plugins", std::nullopt, {}, enabled.error().detail, "/plugins"});
    std::vector<Work> work = collect(root, emptyIsObject, read.faults);
    const CheckContext context = CheckContext::alone(config);
    const Reader reader(context, read.plugins);
    forEachParallel(work, [&reader](Work &each) {
        auto item = reader.read(each);
        if (item)
            each.item = *std::move(item);
        else
            each.faults.push_back(item.error().detail.empty()
                                      ? std::string(sentence(item.error().code))
                                      : std::move(item.error().detail));
    });
    refuseDuplicates(work);
    refuseOtherGroups(work);
    for (Work &each : work) {
        const bool named = !each.id.empty() || each.type == "consumers";
        const std::string id = named ? each.name : std::string();
        for (const std::string &fault : each.faults)
            read.faults.push_back({each.type, each.index, id, fault, pointerTo(each, fault)});
        if (each.faults.empty())
            read.items.push_back(std::move(each.item));
    }
    return read;
}

} // namespace postern::gateway
