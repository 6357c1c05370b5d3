// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/access/remote_objects.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "gateway/admin/apisix/resource.h"
#include "gateway/admin/objects/object_changes_json.h"
#include "gateway/admin/objects/object_feed.h"
#include "gateway/control/client.h"

#include <algorithm>
#include <format>
#include <optional>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::string_view kPath = "/v1/objects";
constexpr std::size_t kLongest = 512U * 1024 * 1024;
constexpr auto kPatience = std::chrono::seconds(30);

/// \param refusals whether 400 says what was refused
Result<std::string> ask(const AdminTarget &target, ClientRequest request, bool refusals)
{
    const auto address = parseServerAddress(target.control);
    if (!address)
        return std::unexpected(address.error());
    request.headers.emplace_back("X-API-KEY", target.key);
    request.maxBody = kLongest;
    auto response = ControlClient(*address, kPatience).send(request);
    if (!response)
        return std::unexpected(std::move(response.error()));
    if (response->status == 200)
        return std::move(response->body);
    const auto json = parseJson(response->body);
    if (refusals && response->status == 400 && json && json->contains("refusals"))
        return std::move(response->body);
    const Json *const error = json ? json->find("error") : nullptr;
    const std::string_view message = error ? error->stringOr("message", "") : "";
    return fail(response->status < 500 ? Errc::Schema : Errc::Remote,
                message.empty()
                    ? std::format("{} answered with status {}", address->text(), response->status)
                    : std::string(message));
}

/// "/routes/1" of "/apisix/routes/1", whatever the prefix is there.
std::string keyFrom(std::string_view full, std::string_view type)
{
    const std::size_t at = full.find(std::format("/{}/", type));
    return at == std::string_view::npos ? std::string() : std::string(full.substr(at));
}

/// \param type that its keys begin with
Result<void> appendList(AdminAccess &admin, const std::string &path, std::string_view type,
                        ObjectFeed &feed)
{
    auto answer = admin.request("GET", path);
    if (!answer) {
        // Older versions do not have every type, and say so.
        const Errc code = answer.error().code;
        return code == Errc::NotFound || code == Errc::Schema
            ? Result<void>()
            : std::unexpected(std::move(answer.error()));
    }
    Json *const list = answer->find("list");
    for (Json &node : list ? list->items() : answer->items()) {
        Json *const value = node.find("value");
        const Json *const index = node.find("modifiedIndex");
        const auto modified = index ? index->asInteger() : std::nullopt;
        ObjectChange change{keyFrom(node.stringOr("key", ""), type),
                            {},
                            static_cast<std::uint64_t>(modified.value_or(0))};
        if (change.key.empty() || !value)
            continue;
        change.value = std::move(*value);
        feed.revision = std::max(feed.revision, change.modified);
        feed.changes.push_back(std::move(change));
    }
    return {};
}

} // namespace

Result<ObjectFeed> fetchObjects(const AdminTarget &target, std::uint64_t since,
                                std::string &instance)
{
    ClientRequest request;
    request.target = kPath;
    if (since > 0)
        request.target += std::format("?since={}&instance={}", since, encodePercent(instance));
    return ask(target, std::move(request), false).and_then([&instance](const std::string &body) {
        return parseFeed(body, instance);
    });
}

Result<ApplyOutcome> sendObjects(const AdminTarget &target, std::span<const ObjectChange> changes,
                                 bool dry)
{
    ClientRequest request{"POST", std::string(kPath), {}, batchText(changes, dry)};
    return ask(target, std::move(request), true).and_then(parseOutcome);
}

Result<ObjectFeed> listObjects(AdminAccess &admin)
{
    ObjectFeed feed;
    feed.complete = true;
    for (const ResourceSpec *resource : resources()) {
        if (resource == &credentialsResource || resource->type == "stream_routes")
            continue;
        const auto listed =
            appendList(admin, std::format("/{}", resource->type), resource->type, feed);
        if (!listed)
            return std::unexpected(listed.error());
    }
    const auto names = listConsumers(admin);
    if (!names)
        return std::unexpected(names.error());
    for (const std::string &name : *names) {
        const std::string path = std::format("/consumers/{}/credentials", encodePercent(name));
        if (const auto listed = appendList(admin, path, "consumers", feed); !listed)
            return std::unexpected(listed.error());
    }
    std::ranges::sort(feed.changes, {}, &ObjectChange::key);
    const auto repeated = std::ranges::unique(feed.changes, {}, &ObjectChange::key);
    feed.changes.erase(repeated.begin(), repeated.end());
    return feed;
}

} // namespace postern::gateway
