// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource_handler.h"

#include "core/json/parse.h"
#include "core/model/keys.h"
#include "gateway/admin/apisix/listing.h"
#include "gateway/admin/apisix/patch.h"
#include "gateway/admin/apisix/write.h"
#include "gateway/admin/objects/object_writer.h"

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

std::optional<std::string> textOf(const std::optional<Document> &document)
{
    return document ? std::optional(document->value) : std::nullopt;
}

Writing writingOf(ResourceRequest &request, const AdminOptions &options)
{
    if (options.encryption)
        options.encryption->openKeys(request.resource->type, *request.body);
    return {request.resource, request.subject, std::move(*request.body), false};
}

} // namespace

ResourceHandler::ResourceHandler(ConfigService &config, const AdminOptions &options)
    : m_config(config),
      m_options(options),
      m_leases(config.store())
{
    // A store that cannot be read now is read again when a write fails.
    static_cast<void>(m_leases.load());
}

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
        return shown(*request.resource, **std::move(document));
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
    for (Document &document : *documents) {
        if (m_options.encryption) {
            auto value = m_options.encryption->shown(document.key, std::move(document.value));
            if (!value)
                return failureReply(value.error());
            document.value = std::move(*value);
        }
        document.value = withoutMembers(std::move(document.value), request.resource->hidden);
    }
    if (m_options.version == ApiVersion::V2)
        return folderReply(*request.resource, request.subject.parent, *documents);
    return listReply(*request.resource, http, *std::move(documents));
}

AdminReply ResourceHandler::put(ResourceRequest &request)
{
    if (!request.body)
        return errorReply(400, "missing configurations");
    Writing writing = writingOf(request, m_options);
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
    return written(*request.resource, "set", *previous ? 200 : 201, *checked);
}

AdminReply ResourceHandler::post(ResourceRequest &request)
{
    if (!request.body)
        return errorReply(400, "missing configurations");
    Writing writing = writingOf(request, m_options);
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
    return written(*request.resource, "create", 201, checked);
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
    for (std::size_t i = 0, count = transaction.deletes.size(); i < count; ++i)
        m_leases.remove(transaction, std::string(transaction.deletes[i]));
    if (auto committed = commit(std::move(transaction)); !committed)
        return failureReply(committed.error());
    return deletedReply(m_options.version, key);
}

AdminReply ResourceHandler::patch(ResourceRequest &request)
{
    const ResourceSpec &resource = *request.resource;
    if (request.subject.id.empty() && !request.subject.parent.empty())
        return errorReply(400, std::format("no {} id", resource.kind));
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
    if (m_options.encryption)
        m_options.encryption->openKeys(resource.type, *object);
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
    return written(resource, "compareAndSwap", 200, *checked);
}

Result<ApplyOutcome> ResourceHandler::apply(std::span<const ObjectChange> changes, bool dry)
{
    auto prepared = prepareObjects(m_config, changes);
    if (!prepared)
        return std::unexpected(std::move(prepared.error()));
    const bool writes = !dry && prepared->refusals.empty();
    Transaction &transaction = prepared->transaction;
    if (writes && !(transaction.puts.empty() && transaction.deletes.empty())) {
        std::vector<std::string> touched = transaction.deletes;
        for (const Transaction::Put &put : transaction.puts)
            touched.push_back(put.key);
        for (const std::string &key : touched)
            m_leases.remove(transaction, key);
        if (auto committed = commit(std::move(transaction)); !committed)
            return std::unexpected(std::move(committed.error()));
    }
    return ApplyOutcome{m_config.journal().revision(), std::move(prepared->refusals)};
}

Result<void> ResourceHandler::store(const Checked &checked, const ResourceRequest &request,
                                    std::optional<std::uint64_t> expected)
{
    Transaction transaction;
    transaction.puts.push_back({checked.key, checked.value});
    if (expected)
        transaction.expects.push_back({checked.key, *expected});
    m_leases.write(transaction, checked.key, m_config.clock().now(), request.ttl);
    return commit(std::move(transaction));
}

Result<void> ResourceHandler::commit(Transaction transaction)
{
    auto committed = m_config.commit(std::move(transaction)).transform([](std::uint64_t) {});
    if (!committed)
        static_cast<void>(m_leases.load());
    return committed;
}

AdminReply ResourceHandler::written(const ResourceSpec &resource, std::string_view action,
                                    int status, const Checked &checked) const
{
    // What no GET shows is shown here as its ciphertext, as in the original, or not at all.
    Result<std::string> value = m_options.encryption
        ? m_options.encryption->written(checked.key, checked.value)
        : Result<std::string>(withoutMembers(checked.value, resource.hidden));
    if (!value)
        return failureReply(value.error());
    return writtenReply(m_options.version, action, status, checked.key, *value);
}

AdminReply ResourceHandler::shown(const ResourceSpec &resource, Document document) const
{
    if (m_options.encryption) {
        auto value = m_options.encryption->shown(document.key, std::move(document.value));
        if (!value)
            return failureReply(value.error());
        document.value = std::move(*value);
    }
    document.value = withoutMembers(std::move(document.value), resource.hidden);
    return shownReply(m_options.version, document);
}

void ResourceHandler::expire(Timestamp now)
{
    auto transaction = m_leases.expired(now);
    // A store that fails now is asked again a second later.
    if (transaction && !transaction->deletes.empty())
        static_cast<void>(m_config.commit(*std::move(transaction)));
}

} // namespace postern::gateway
