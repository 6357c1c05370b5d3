// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/objects/object_feed.h"

#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/reply.h"

#include <format>
#include <optional>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::string_view kRoot = "/apisix";
/// Stored texts were parsed with their own limits before they were stored.
constexpr JsonLimits kStored{.lastDuplicateWins = true};
constexpr JsonLimits kFeed{.size = 512U * 1024 * 1024, .depth = 80, .lastDuplicateWins = true};

bool isObject(std::string_view key) { return parseStorageKey(key).has_value(); }

std::string shortKey(std::string_view key) { return std::string(key.substr(kRoot.size())); }

Result<StoredFeed> everything(ConfigService &config)
{
    StoredFeed feed;
    feed.complete = true;
    auto documents = config.store().list(std::string(kRoot) + '/');
    if (!documents)
        return std::unexpected(documents.error());
    feed.entries.reserve(documents->size());
    for (Document &document : *documents) {
        if (isObject(document.key))
            feed.entries.push_back(
                {shortKey(document.key), std::move(document.value), document.modRevision});
    }
    return feed;
}

Result<StoredFeed> changes(ConfigService &config, const std::vector<TouchedKey> &touched)
{
    StoredFeed feed;
    for (const TouchedKey &one : touched) {
        if (!isObject(one.key))
            continue;
        auto document = config.store().get(one.key);
        if (!document)
            return std::unexpected(document.error());
        StoredFeed::Entry entry{shortKey(one.key), {}, one.revision};
        if (*document) {
            entry.text = std::move((*document)->value);
            entry.modified = (*document)->modRevision;
        }
        feed.entries.push_back(std::move(entry));
    }
    return feed;
}

std::uint64_t unsignedOf(const Json *number)
{
    const auto value = number ? number->asInteger() : std::nullopt;
    return value && *value > 0 ? static_cast<std::uint64_t>(*value) : 0;
}

} // namespace

Result<StoredFeed> readFeed(ConfigService &config, std::uint64_t since, std::string_view instance)
{
    if (const auto polled = config.poll(); !polled)
        return std::unexpected(polled.error());
    const ChangeJournal &journal = config.journal();
    std::optional<std::vector<TouchedKey>> touched;
    if (since > 0 && (instance.empty() || instance == journal.instance()))
        touched = journal.since(since);
    Result<StoredFeed> feed = touched ? changes(config, *touched) : everything(config);
    if (feed) {
        feed->revision = journal.revision();
        feed->instance = journal.instance();
    }
    return feed;
}

std::string feedText(const StoredFeed &feed)
{
    constexpr std::size_t kAround = 64;
    std::size_t size = kAround;
    for (const StoredFeed::Entry &entry : feed.entries)
        size += kAround + entry.key.size() + entry.text.size();
    std::string text;
    text.reserve(size);
    text += std::format(R"({{"revision":{},"instance":"{}","complete":{},"changes":[)",
                        feed.revision, feed.instance, feed.complete);
    bool first = true;
    for (const StoredFeed::Entry &entry : feed.entries) {
        text += std::exchange(first, false) ? R"({"key":)" : R"(,{"key":)";
        appendQuoted(text, entry.key);
        text.append(R"(,"modified":)").append(std::to_string(entry.modified));
        text.append(R"(,"value":)").append(entry.text.empty() ? "null" : entry.text).append("}");
    }
    return text.append("]}\n");
}

Result<ObjectFeed> parseFeed(std::string_view text, std::string &instance)
{
    auto json = parseJson(text, kFeed);
    if (!json)
        return std::unexpected(json.error());
    Json *const list = json->find("changes");
    if (!list || !list->isArray())
        return fail(Errc::Remote, "the answer is no feed of objects");
    ObjectFeed feed;
    feed.revision = unsignedOf(json->find("revision"));
    const Json *const complete = json->find("complete");
    feed.complete = complete && complete->asBool();
    feed.changes.reserve(list->size());
    for (Json &item : list->items()) {
        ObjectChange change{
            std::string(item.stringOr("key", "")), {}, unsignedOf(item.find("modified"))};
        if (Json *const value = item.find("value"))
            change.value = std::move(*value);
        feed.changes.push_back(std::move(change));
    }
    instance = json->stringOr("instance", "");
    return feed;
}

Result<ObjectFeed> parsedFeed(const StoredFeed &stored)
{
    ObjectFeed feed{stored.revision, stored.complete, {}};
    feed.changes.reserve(stored.entries.size());
    for (const StoredFeed::Entry &entry : stored.entries) {
        Result<Json> value = entry.text.empty() ? Json() : parseJson(entry.text, kStored);
        if (!value)
            return fail(Errc::StoreCorrupt, describe(value.error()), entry.key);
        feed.changes.push_back({entry.key, *std::move(value), entry.modified});
    }
    return feed;
}

} // namespace postern::gateway
