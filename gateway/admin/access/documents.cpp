// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/access/documents.h"

#include "core/bytes/encoding.h"

#include <array>
#include <string>
#include <string_view>

namespace postern::gateway {
namespace {

constexpr std::array<std::string_view, 8> kKinds{
    "upstreams",    "services",        "plugin_configs", "consumer_groups",
    "global_rules", "plugin_metadata", "consumers",      "routes"};

Result<void> addList(std::vector<Document> &out, AdminAccess &admin, const std::string &path)
{
    const Result<Json> answer = admin.request("GET", path);
    if (!answer) {
        if (answer.error().code == Errc::NotFound)
            return {}; // so a list without entries is answered
        return std::unexpected(answer.error());
    }
    const Json *list = answer->find("list");
    for (const Json &node : list ? list->items() : Json::Array()) {
        const Json *value = node.find("value");
        const std::string_view key = node.stringOr("key", "");
        if (!value || !value->isObject() || key.empty())
            continue;
        const auto revision = [&node](std::string_view member) {
            const Json *number = node.find(member);
            return static_cast<std::uint64_t>(number ? number->asInteger().value_or(0) : 0);
        };
        out.push_back(
            {std::string(key), value->dump(), revision("createdIndex"), revision("modifiedIndex")});
    }
    return {};
}

} // namespace

Result<std::vector<Document>> readDocuments(AdminAccess &admin)
{
    std::vector<Document> documents;
    for (const std::string_view kind : kKinds) {
        if (const auto added = addList(documents, admin, '/' + std::string(kind)); !added)
            return std::unexpected(added.error());
    }
    const auto names = listConsumers(admin);
    if (!names)
        return std::unexpected(names.error());
    for (const std::string &name : *names) {
        const std::string path = "/consumers/" + encodePercent(name) + "/credentials";
        if (const auto added = addList(documents, admin, path); !added)
            return std::unexpected(added.error());
    }
    return documents;
}

} // namespace postern::gateway
