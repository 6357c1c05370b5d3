// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/apisix/authentication.h"
#include "gateway/admin/apisix/lease.h"
#include "gateway/admin/apisix/reply.h"
#include "gateway/admin/apisix/resource.h"
#include "gateway/admin/apisix/write.h"
#include "gateway/admin/objects/object_change.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace postern::gateway {

/// A request to one resource type, taken apart.
struct ResourceRequest
{
    const ResourceSpec *resource = nullptr;
    Subject subject; ///< id empty: the collection
    std::vector<std::string> subPath; ///< behind the id; PATCH only
    std::optional<Json> body;
    std::optional<double> ttl; ///< seconds
};

/// GET, PUT, POST, DELETE and PATCH of every resource type, by its ResourceSpec. The admin thread
/// only.
class ResourceHandler
{
public:
    /// \param options must outlive the handler
    ResourceHandler(ConfigService &config, const AdminOptions &options);

    [[nodiscard]] AdminReply answer(const ServiceRequest &http, ResourceRequest request);
    /// Writes and deletes several objects, all or none; leases of what is touched end.
    /// \param dry only checks
    /// \return what was refused, if anything, or the store's failure
    [[nodiscard]] Result<ApplyOutcome> apply(std::span<const ObjectChange> changes, bool dry);
    /// Deletes what was written with `?ttl=` and has run out.
    void expire(Timestamp now);

private:
    AdminReply get(const ServiceRequest &http, const ResourceRequest &request);
    AdminReply put(ResourceRequest &request);
    AdminReply post(ResourceRequest &request);
    AdminReply remove(const ServiceRequest &http, const ResourceRequest &request);
    AdminReply patch(ResourceRequest &request);

    Result<void> store(const Checked &checked, const ResourceRequest &request,
                       std::optional<std::uint64_t> expected = std::nullopt);

    /// Commits, and takes back what the leases know of it if that fails.
    Result<void> commit(Transaction transaction);
    /// Answers to a GET and to a write, their secrets encrypted where they are to be.
    AdminReply shown(const ResourceSpec &resource, Document document) const;
    AdminReply written(const ResourceSpec &resource, std::string_view action, int status,
                       const Checked &checked) const;

    ConfigService &m_config;
    const AdminOptions &m_options;
    Leases m_leases;
};

} // namespace postern::gateway
