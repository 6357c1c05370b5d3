// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/reply.h"

#include "core/json/parse.h"
#include "gateway/pipeline/pipeline.h"

#include <algorithm>
#include <format>
#include <iterator>

namespace postern::gateway {
namespace {

int statusOf(Errc code) noexcept
{
    switch (code) {
    case Errc::NotFound:
        return 404;
    case Errc::Conflict:
    case Errc::Io:
    case Errc::StoreOpen:
    case Errc::StoreLocked:
    case Errc::StoreCorrupt:
    case Errc::StoreSeal:
        return 503;
    default:
        return 400;
    }
}

} // namespace

AdminReply jsonReply(int status, const Json &body)
{
    AdminReply reply;
    reply.status = status;
    body.dumpTo(reply.body);
    reply.body += '\n';
    return reply;
}

AdminReply errorReply(int status, std::string_view message)
{
    return jsonReply(status, Json::object({{"error_msg", message}}));
}

AdminReply keyNotFound() { return jsonReply(404, Json::object({{"message", "Key not found"}})); }

AdminReply pageReply(int status)
{
    AdminReply reply;
    reply.status = status;
    reply.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    reply.body = errorPage(status);
    return reply;
}

AdminReply bodyTooLargeReply(const ServiceRequest &request, std::size_t limit)
{
    return errorReply(
        400,
        std::format("invalid request body: request size {} is greater than the maximum size "
                    "{} allowed",
                    std::max<std::uint64_t>(request.bodySize, request.body.size()), limit));
}

AdminReply failureReply(const Error &error)
{
    return errorReply(statusOf(error.code),
                      error.detail.empty() ? sentence(error.code) : std::string_view(error.detail));
}

AdminReply writtenReply(ApiVersion version, std::string_view action, int status,
                        std::string_view key, std::string_view value)
{
    AdminReply reply;
    reply.status = status;
    if (version == ApiVersion::V2)
        reply.body.append("{\"action\":\"").append(action).append("\",\"node\":");
    reply.body += "{\"key\":";
    appendQuoted(reply.body, key);
    reply.body.append(",\"value\":").append(value);
    reply.body += version == ApiVersion::V2 ? "}}\n" : "}\n";
    return reply;
}

AdminReply shownReply(ApiVersion version, const Document &document)
{
    AdminReply reply;
    if (version == ApiVersion::V2)
        reply.body = R"({"action":"get","count":1,"node":)";
    appendNode(reply.body, document);
    reply.body += version == ApiVersion::V2 ? "}\n" : "\n";
    return reply;
}

AdminReply deletedReply(ApiVersion version, std::string_view key)
{
    Json body = Json::object({{"deleted", "1"}, {"key", key}});
    if (version == ApiVersion::V2) {
        body.set("action", "delete");
        body.set("node", Json::object());
    }
    return jsonReply(200, body);
}

void appendNode(std::string &out, const Document &document)
{
    out += "{\"key\":";
    appendQuoted(out, document.key);
    out.append(",\"value\":").append(document.value);
    std::format_to(std::back_inserter(out), ",\"createdIndex\":{},\"modifiedIndex\":{}}}",
                   document.createRevision, document.modRevision);
}

std::string withoutMembers(std::string text, std::span<const std::string_view> members)
{
    if (members.empty())
        return text;
    auto object = parseJson(text, {.lastDuplicateWins = true});
    if (!object)
        return "{}"; // rather nothing than what was to be hidden
    for (const std::string_view member : members)
        object->erase(member);
    return object->dump();
}

void appendQuoted(std::string &out, std::string_view text) { Json(text).dumpTo(out); }

} // namespace postern::gateway
