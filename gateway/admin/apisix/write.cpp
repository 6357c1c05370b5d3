// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/write.h"

#include "core/json/parse.h"
#include "core/model/keys.h"

#include <format>

namespace postern::gateway {
namespace {

constexpr std::string_view kTimes[] = {"create_time", "update_time"};

// Lua cannot tell `[]` from `{}`: an empty array is an object without members.
void normalise(Json &object)
{
    if (object.isArray() && object.size() == 0)
        object = Json::object();
}

/// The object's id is "vault/jwt", the subject's "jwt".
Result<void> settleIdInParent(Writing &writing, std::string_view own)
{
    const std::string prefix = writing.subject.parent + "/";
    if (own.starts_with(prefix))
        own.remove_prefix(prefix.size());
    std::string &id = writing.subject.id;
    if (id.empty())
        id = own;
    if ((!own.empty() && own != id) || id.contains('/'))
        return fail(Errc::InvalidArgument, std::format("wrong {} id", writing.resource->kind));
    writing.object.set("id", prefix + id);
    return {};
}

} // namespace

Result<void> settleId(Writing &writing, bool wanted)
{
    Json &object = writing.object;
    normalise(object);
    if (!writing.resource->hasId || !object.isObject())
        return {};
    const std::string_view kind = writing.resource->kind;
    const Json *own = object.find("id");
    std::string &id = writing.subject.id;
    if (!wanted) {
        if (!id.empty() || own)
            return fail(Errc::InvalidArgument, std::format("wrong {} id, do not need it", kind));
        return {};
    }
    if (id.empty() && !own)
        return fail(Errc::InvalidArgument, std::format("missing {} id", kind));
    if (writing.resource->idInParent)
        return settleIdInParent(writing, own ? idText(*own) : std::string());
    if (!id.empty() && own && idText(*own) != id)
        return fail(Errc::InvalidArgument, std::format("wrong {} id", kind));
    if (id.empty())
        id = idText(*own);
    else
        object.set("id", id);
    return {};
}

std::string nameOf(const Writing &writing)
{
    const ResourceSpec &resource = *writing.resource;
    if (resource.hasId || resource.nameMember.empty())
        return writing.subject.id;
    return std::string(writing.object.stringOr(resource.nameMember, ""));
}

Result<void> refuseTimestamps(const Json &object, TimesAllowed allowed)
{
    const auto refuse = [](std::string_view where, std::string_view name) {
        return fail(Errc::InvalidArgument,
                    std::format("the property is forbidden:  {}{}", where, name));
    };
    for (const std::string_view name : kTimes) {
        if (allowed == TimesAllowed::Nowhere && object.contains(name))
            return refuse("", name);
    }
    for (const std::string_view inner : {"upstream", "plugins"}) {
        const Json *value = object.find(inner);
        for (const std::string_view name : kTimes) {
            if (value && value->contains(name))
                return refuse(std::string(inner) + ".", name);
        }
    }
    return {};
}

void stampTimes(Writing &writing, const std::optional<std::string> &previous, std::int64_t now,
                bool keepUpdateTime)
{
    Json &object = writing.object;
    if (!object.isObject() || !writing.resource->hasTimes)
        return;
    if (!object.contains("create_time")) {
        Json created(now);
        if (previous) {
            const auto old = parseJson(*previous, {.lastDuplicateWins = true});
            if (const Json *time = old ? old->find("create_time") : nullptr)
                created = *time;
        }
        object.set("create_time", std::move(created));
    }
    if (!keepUpdateTime || !object.contains("update_time"))
        object.set("update_time", now);
}

Result<Checked> checkWriting(Writing writing, const CheckContext &context)
{
    const ResourceSpec &resource = *writing.resource;
    if (!resource.check)
        return std::unexpected(notInThisBuild(resource));
    Checked checked;
    writing.object.dumpTo(checked.value);
    if (auto sound = resource.check(writing.object, writing.subject, context); !sound)
        return std::unexpected(sound.error());
    // The schemas take any Lua table for an object.
    if (!writing.object.isObject())
        return fail(Errc::Schema, "invalid configuration: wrong type: expected object, got table");
    checked.key = buildStorageKey({resource.type, writing.subject.parent, nameOf(writing)});
    return checked;
}

Error notInThisBuild(const ResourceSpec &resource)
{
    return {
        Errc::Unsupported, std::format("this build does not support {} yet", resource.type), {}};
}

} // namespace postern::gateway
