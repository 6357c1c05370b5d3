// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/apisix/lease.h"
#include "gateway/admin/apisix/reply.h"
#include "gateway/admin/apisix/resource.h"
#include "gateway/admin/apisix/write.h"

#include <optional>
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
    explicit ResourceHandler(ConfigService &config) : m_config(config) {}

    [[nodiscard]] AdminReply answer(const ServiceRequest &http, ResourceRequest request);
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

    ConfigService &m_config;
    Leases m_leases;
};

} // namespace postern::gateway
