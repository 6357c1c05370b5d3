// SPDX-License-Identifier: Apache-2.0
#include "gui/session/object_order.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>

namespace postern::gui {

namespace {

// Referenced kinds before those that refer to them.
constexpr std::array<std::string_view, 13> kKinds{
    "protos",          "secrets",         "ssls",      "upstreams",   "services", "plugin_configs",
    "plugin_metadata", "consumer_groups", "consumers", "credentials", "routes",   "stream_routes",
    "global_rules"};

std::size_t rankOf(std::string_view key)
{
    const std::string_view kind = key.contains("/credentials/")
        ? std::string_view("credentials")
        : key.substr(1, key.find('/', 1) - 1);
    return static_cast<std::size_t>(std::ranges::find(kKinds, kind) - kKinds.begin());
}

} // namespace

std::string ownerOf(std::string_view key)
{
    const std::size_t below = key.find("/credentials/");
    return below == std::string_view::npos ? std::string() : std::string(key.substr(0, below));
}

bool isBelow(std::string_view key, std::string_view owner) noexcept
{
    return key.size() > owner.size() && key.starts_with(owner) && key[owner.size()] == '/';
}

Json withoutTimes(const Json &object)
{
    Json copy = object;
    copy.erase("create_time");
    copy.erase("update_time");
    return copy;
}

bool isSameObject(const Json &one, const Json &other)
{
    return one == other || withoutTimes(one) == withoutTimes(other);
}

std::vector<AdminCall> callsOf(const std::vector<Edit> &edits)
{
    std::vector<const Edit *> puts, deletes;
    std::set<std::string, std::less<>> gone;
    for (const Edit &edit : edits) {
        (edit.value ? puts : deletes).push_back(&edit);
        if (!edit.value)
            gone.insert(edit.key);
    }
    std::erase_if(deletes, [&gone](const Edit *edit) {
        const std::string owner = ownerOf(edit->key);
        return !owner.empty() && gone.contains(owner);
    });
    const auto rank = [](const Edit *edit) { return rankOf(edit->key); };
    std::ranges::stable_sort(puts, {}, rank);
    std::ranges::stable_sort(deletes, std::ranges::greater(), rank);
    std::vector<AdminCall> calls;
    for (const Edit *edit : puts)
        calls.push_back({"PUT", edit->key, withoutTimes(*edit->value)});
    for (const Edit *edit : deletes)
        calls.push_back({"DELETE", edit->key, {}});
    return calls;
}

} // namespace postern::gui
