// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_objects.h"

#include "cli/exit_codes.h"

#include <format>
#include <ranges>

namespace postern::cli {

Json objectsOf(Json answer, bool reveal)
{
    Json objects = Json::array();
    Json *const nodes = answer.find("list");
    if (nodes == nullptr)
        return objects;
    for (Json &node : nodes->items()) {
        Json *const value = node.find("value");
        if (value == nullptr)
            continue;
        if (!reveal)
            maskSecrets(*value);
        objects.push_back(std::move(*value));
    }
    return objects;
}

Result<Json> getObject(AdminAccess &admin, std::string_view path)
{
    Result<Json> answer = admin.request("GET", path);
    if (!answer)
        return answer;
    Json *const value = answer->find("value");
    if (value == nullptr)
        return fail(Errc::Remote, "the answer has no value", std::string(path));
    return std::move(*value);
}

Result<int> showObject(const Console &console, AdminAccess &admin, std::string_view path,
                       bool reveal)
{
    Result<Json> object = getObject(admin, path);
    if (!object)
        return std::unexpected(object.error());
    if (!reveal)
        maskSecrets(*object);
    console.document(*object);
    return kYes;
}

Result<void> putObject(AdminAccess &admin, std::string_view path, Json object)
{
    for (const std::string_view stamp : {"create_time", "update_time"})
        object.erase(stamp);
    const Result<Json> written = admin.request("PUT", path, object);
    return written ? Result<void>() : std::unexpected(written.error());
}

int reportDone(const Console &console, std::string_view what, const ObjectNames &names)
{
    if (console.json()) {
        Json report = Json::object({{"version", 1}});
        for (const auto &[member, name] : names)
            report.set(member, name);
        report.set(what, true);
        console.document(report);
    } else if (!console.quiet) {
        std::string text;
        for (const auto &[member, name] : names | std::views::reverse)
            text += (text.empty() ? " " : " of ") + printable(name);
        console.line(std::format("{}{}", what, text));
    }
    return kYes;
}

} // namespace postern::cli
