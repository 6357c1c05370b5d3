// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/objects/object_changes_json.h"

#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

/// A stored object may be as deep as the parser allows, and lies two deeper here.
constexpr JsonLimits kLimits{.depth = 80, .lastDuplicateWins = true};

std::unexpected<Error> wrong(std::string detail, std::string pointer)
{
    return fail(Errc::InvalidArgument, std::move(detail), std::move(pointer));
}

Result<void> checkMembers(const Json &object, std::span<const std::string_view> known,
                          const std::string &pointer)
{
    if (!object.isObject())
        return wrong("expected an object", pointer);
    for (const auto &[name, value] : object.members()) {
        if (!std::ranges::contains(known, name))
            return wrong("unknown member", std::format("{}/{}", pointer, name));
    }
    return {};
}

Result<ObjectChange> readPut(Json &item, const std::string &pointer)
{
    constexpr std::array<std::string_view, 2> kMembers{"key", "value"};
    if (const auto sound = checkMembers(item, kMembers, pointer); !sound)
        return std::unexpected(sound.error());
    const Json *const key = item.find("key");
    if (!key || !key->isString())
        return wrong("a storage key is needed, as \"/routes/1\"", pointer + "/key");
    Json *const value = item.find("value");
    if (!value || !value->isObject())
        return wrong("the object to store is needed", pointer + "/value");
    return ObjectChange{key->asString(), std::move(*value), 0};
}

Result<void> readPuts(Json *list, std::vector<ObjectChange> &changes)
{
    if (!list)
        return {};
    if (!list->isArray())
        return wrong("expected an array", "/puts");
    std::size_t index = 0;
    for (Json &item : list->items()) {
        auto change = readPut(item, std::format("/puts/{}", index++));
        if (!change)
            return std::unexpected(std::move(change.error()));
        changes.push_back(*std::move(change));
    }
    return {};
}

Result<void> readDeletes(const Json *list, std::vector<ObjectChange> &changes)
{
    if (!list)
        return {};
    if (!list->isArray())
        return wrong("expected an array", "/deletes");
    std::size_t index = 0;
    for (const Json &key : list->items()) {
        if (!key.isString())
            return wrong("a storage key is needed, as \"/routes/1\"",
                         std::format("/deletes/{}", index));
        changes.push_back({key.asString(), {}, 0});
        ++index;
    }
    return {};
}

} // namespace

Result<ObjectBatch> parseObjectBatch(std::string_view text)
{
    auto json = parseJson(text, kLimits);
    if (!json)
        return std::unexpected(std::move(json.error()));
    constexpr std::array<std::string_view, 3> kMembers{"puts", "deletes", "dry"};
    if (const auto sound = checkMembers(*json, kMembers, {}); !sound)
        return std::unexpected(sound.error());
    ObjectBatch batch;
    if (const Json *const dry = json->find("dry")) {
        if (!dry->isBool())
            return wrong("expected true or false", "/dry");
        batch.dry = dry->asBool();
    }
    if (auto read = readPuts(json->find("puts"), batch.changes); !read)
        return std::unexpected(std::move(read.error()));
    if (auto read = readDeletes(json->find("deletes"), batch.changes); !read)
        return std::unexpected(std::move(read.error()));
    return batch;
}

std::string batchText(std::span<const ObjectChange> changes, bool dry)
{
    Json puts = Json::array();
    Json deletes = Json::array();
    for (const ObjectChange &change : changes) {
        if (change.value.isNull())
            deletes.push_back(change.key);
        else
            puts.push_back(Json::object({{"key", change.key}, {"value", change.value}}));
    }
    return Json::object({{"puts", std::move(puts)}, {"deletes", std::move(deletes)}, {"dry", dry}})
        .dump();
}

Json outcomeJson(const ApplyOutcome &outcome)
{
    Json refusals = Json::array();
    for (const ObjectRefusal &refusal : outcome.refusals)
        refusals.push_back(Json::object(
            {{"key", refusal.key}, {"pointer", refusal.pointer}, {"message", refusal.message}}));
    return Json::object({{"revision", outcome.revision}, {"refusals", std::move(refusals)}});
}

Result<ApplyOutcome> parseOutcome(std::string_view text)
{
    const auto json = parseJson(text, kLimits);
    if (!json)
        return std::unexpected(json.error());
    const Json *const revision = json->find("revision");
    const Json *const refusals = json->find("refusals");
    const auto number = revision ? revision->asInteger() : std::nullopt;
    if (!number || !refusals)
        return fail(Errc::Remote, "the answer does not say what became of the objects");
    ApplyOutcome outcome{static_cast<std::uint64_t>(*number), {}};
    for (const Json &refusal : refusals->items())
        outcome.refusals.push_back({std::string(refusal.stringOr("key", "")),
                                    std::string(refusal.stringOr("pointer", "")),
                                    std::string(refusal.stringOr("message", ""))});
    return outcome;
}

} // namespace postern::gateway
