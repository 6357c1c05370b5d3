// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource_handler.h"

#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/listing.h"
#include "gateway/admin/apisix/patch.h"
#include "gateway/admin/apisix/write.h"

#include <format>

namespace postern::gateway {
namespace {

constexpr JsonLimits kStored{.lastDuplicateWins = true};

std::string keyOf(const ResourceRequest &request)
{
    return buildStorageKey({request.resource->type, request.subject.parent, request.subject.id});
}

AdminReply notSupported(std::string_view method, const ResourceSpec &resource)
{
    return errorReply(405, std::format("not supported `{}` method for {}", method, resource.kind));
}

bool takes(const ResourceSpec &resource, std::string_view method)
{
    using enum ResourceSpec::Methods;
    if (method == "POST")
        return resource.methods == All || resource.methods == NoPatch;
    if (method == "PATCH")
        return resource.methods == All || resource.methods == NoPost;
    return true;
}

AdminReply written(const ResourceSpec &resource, int status, const Checked &checked)
{
    return writtenReply(status, checked.key, withoutMembers(checked.value, resource.hidden));
}

std::optional<std::string> textOf(const std::optional<Document> &document)
{
    return document ? std::optional(document->value) : std::nullopt;
}

Writing writingOf(ResourceRequest &request)
{
    return {request.resource, request.subject, std::move(*request.body), false};
}

} // namespace

AdminReply ResourceHandler::answer(const ServiceRequest &http, ResourceRequest request)
{
    if (!takes(*request.resource, http.method))
        return notSupported(http.method, *request.resource);
    if (http.method == "GET")
        return get(http, request);
    if (http.method == "DELETE")
        return remove(http, request);
    if (http.method == "PUT")
        return put(request);
    return http.method == "POST" ? post(request) : patch(request);
}

AdminReply ResourceHandler::get(const ServiceRequest &http, const ResourceRequest &request)
{
    if (!request.subject.id.empty()) {
        const auto document = m_config.store().get(keyOf(request));
        if (!document)
            return failureReply(document.error());
        if (!*document)
            return keyNotFound();
        AdminReply reply;
        Document shown = **document;
        shown.value = withoutMembers(std::move(shown.value), request.resource->hidden);
        appendNode(reply.body, shown);
        reply.body += '\n';
        return reply;
    }
    auto documents =
        m_config.store().list(storagePrefix(request.resource->type, request.subject.parent));
    if (!documents)
        return failureReply(documents.error());
    if (!request.subject.parent.empty() && documents->empty())
        return keyNotFound(); // there are no folders: without a credential there is nothing
    std::erase_if(*documents, [&](const Document &document) {
        const auto key = parseStorageKey(document.key);
        return !key || key->kind != request.resource->type;
    });
    for (Document &document : *documents)
        document.value = withoutMembers(std::move(document.value), request.resource->hidden);
    return listReply(*request.resource, http, *std::move(documents));
}

AdminReply ResourceHandler::put(ResourceRequest &request)
{
    if (!request.body)
        return errorReply(400, "missing configurations");
    Writing writing = writingOf(request);
    if (auto sound = settleId(writing, true); !sound)
        return failureReply(sound.error());
    if (auto sound = refuseTimestamps(writing.object); !sound)
        return failureReply(sound.error());
    const auto previous = m_config.store().get(
        buildStorageKey({request.resource->type, request.subject.parent, nameOf(writing)}));
    if (!previous)
        return failureReply(previous.error());
    stampTimes(writing, textOf(*previous), m_config.clock().unixSeconds());
    const auto checked = checkWriting(std::move(writing), CheckContext(m_config));
    if (!checked)
        return failureReply(checked.error());
    if (auto stored = store(*checked, request); !stored)
        return failureReply(stored.error());
    return written(*request.resource, *previous ? 200 : 201, *checked);
}

AdminReply ResourceHandler::post(ResourceRequest &request)
{
    if (!request.body)
        return errorReply(400, "missing configurations");
    Writing writing = writingOf(request);
    if (auto sound = settleId(writing, false); !sound)
        return failureReply(sound.error());
    if (auto sound = refuseTimestamps(writing.object); !sound)
        return failureReply(sound.error());
    if (auto checked = checkWriting(writing, CheckContext(m_config)); !checked)
        return failureReply(checked.error());
    Transaction bookkeeping;
    bookkeeping.puts.push_back({"/apisix/gen_id", "1"});
    const auto number = m_config.commit(bookkeeping);
    if (!number)
        return failureReply(number.error());
    request.subject.id = std::format("{:020}", *number);
    writing.object.set("id", request.subject.id);
    stampTimes(writing, std::nullopt, m_config.clock().unixSeconds());
    const Checked checked{keyOf(request), writing.object.dump()};
    if (auto stored = store(checked, request); !stored)
        return failureReply(stored.error());
    return written(*request.resource, 201, checked);
}

AdminReply ResourceHandler::remove(const ServiceRequest &http, const ResourceRequest &request)
{
    const ResourceSpec &resource = *request.resource;
    if (request.subject.id.empty())
        return errorReply(400, std::format("missing {} id", resource.kind));
    if (resource.checkDelete && http.argument("force").first != "true") {
        auto free = resource.checkDelete(request.subject.id, CheckContext(m_config));
        if (!free)
            return failureReply(free.error());
    }
    const std::string key = keyOf(request);
    const auto document = m_config.store().get(key);
    if (!document)
        return failureReply(document.error());
    if (!*document)
        return keyNotFound();
    Transaction transaction;
    transaction.deletes.push_back(key);
    if (&resource == &consumersResource) {
        const auto credentials =
            m_config.store().list(storagePrefix("credentials", request.subject.id));
        if (!credentials)
            return failureReply(credentials.error());
        for (const Document &credential : *credentials)
            transaction.deletes.push_back(credential.key);
    }
    if (auto committed = m_config.commit(transaction); !committed)
        return failureReply(committed.error());
    for (const std::string &gone : transaction.deletes)
        m_leases.revoke(gone);
    return jsonReply(200, Json::object({{"deleted", "1"}, {"key", key}}));
}

AdminReply ResourceHandler::patch(ResourceRequest &request)
{
    const ResourceSpec &resource = *request.resource;
    if (request.subject.id.empty())
        return errorReply(400, std::format("missing {} id", resource.kind));
    if (!request.body)
        return errorReply(400, "missing new configuration");
    const bool merges = request.subPath.empty();
    if (merges && !request.body->isObject() && !(request.body->isArray() && !request.body->size()))
        return errorReply(400, "invalid configuration");
    const auto document = m_config.store().get(keyOf(request));
    if (!document)
        return failureReply(document.error());
    if (!*document)
        return keyNotFound();
    auto object = parseJson((*document)->value, kStored);
    if (!object)
        return failureReply(object.error());
    const bool ownTime = merges && request.body->contains("update_time");
    if (merges) {
        mergePatch(*object, *request.body);
    } else if (auto replaced = replaceAt(*object, request.subPath, std::move(*request.body));
               !replaced) {
        return failureReply(replaced.error());
    }
    Writing writing{&resource, request.subject, *std::move(object), true};
    stampTimes(writing, std::nullopt, m_config.clock().unixSeconds(), ownTime);
    if (auto sound = settleId(writing, true); !sound)
        return failureReply(sound.error());
    const auto checked = checkWriting(std::move(writing), CheckContext(m_config));
    if (!checked)
        return failureReply(checked.error());
    if (auto stored = store(*checked, request, (*document)->modRevision); !stored) {
        if (stored.error().code == Errc::Conflict)
            return errorReply(503, "value changed before overwritten");
        return failureReply(stored.error());
    }
    return written(resource, 200, *checked);
}

Result<void> ResourceHandler::store(const Checked &checked, const ResourceRequest &request,
                                    std::optional<std::uint64_t> expected)
{
    Transaction transaction;
    transaction.puts.push_back({checked.key, checked.value});
    if (expected)
        transaction.expects.push_back({checked.key, *expected});
    if (auto committed = m_config.commit(transaction); !committed)
        return std::unexpected(committed.error());
    if (request.ttl)
        m_leases.grant(checked.key, m_config.clock().now(), *request.ttl);
    else
        m_leases.revoke(checked.key);
    return {};
}

void ResourceHandler::expire(Timestamp now)
{
    Transaction transaction;
    transaction.deletes = m_leases.takeExpired(now);
    if (transaction.deletes.empty())
        return;
    // A store that fails now is asked again a second later.
    if (!m_config.commit(transaction)) {
        for (const std::string &key : transaction.deletes)
            m_leases.grant(key, now, 1);
    }
}

} // namespace postern::gateway
