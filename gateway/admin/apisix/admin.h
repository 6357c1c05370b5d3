// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/apisix/authentication.h"
#include "gateway/admin/apisix/import.h"
#include "gateway/admin/apisix/reply.h"
#include "gateway/admin/apisix/resource_handler.h"
#include "gateway/config_service.h"
#include "gateway/server/http_service.h"
#include "gateway/standalone/configs.h"

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// The Admin API of APISIX 3.18 (v3 envelope) below `/apisix/admin`. An answer to a write is given
/// after the data plane uses the change, secrets that it refers to included. The admin thread only.
class ApisixAdmin
{
public:
    ApisixAdmin(ConfigService &config, AdminOptions options);
    ApisixAdmin(const ApisixAdmin &) = delete;
    ApisixAdmin &operator=(const ApisixAdmin &) = delete;

    /// For HttpService.
    void handle(const ServiceRequest &request, const Responder &responder);
    /// The same without a socket.
    [[nodiscard]] AdminReply answer(const ServiceRequest &request);
    /// Writes and deletes several objects in one step, all or none, by the rules of the Admin API;
    /// times are taken as given. Calls back after the data plane uses them, secrets included.
    /// \param dry only checks
    void apply(std::span<const ObjectChange> changes, bool dry,
               const std::function<void(const Result<ApplyOutcome> &)> &done);
    /// The configuration that it serves.
    [[nodiscard]] ConfigService &config() noexcept { return m_config; }
    /// Deletes objects whose `?ttl=` has run out. To be called once a second.
    void expire(Timestamp now) { m_resources.expire(now); }
    /// The configuration that is replaced as a whole; nullptr in other modes.
    [[nodiscard]] const StandaloneConfigs *configs() const noexcept { return m_configs.get(); }

private:
    /// Writes, then calls `answered` when the secrets that were referred to are there, too.
    void settle(const std::function<void()> &write, std::function<void()> answered);
    [[nodiscard]] Result<ApplyOutcome> applyNow(std::span<const ObjectChange> changes, bool dry);
    AdminReply route(const ServiceRequest &request);
    /// All there is in API-driven standalone mode. \param rest behind "/apisix/admin"
    AdminReply standalone(const ServiceRequest &request, std::string_view rest);
    AdminReply authorised(const ServiceRequest &request, std::vector<std::string> segments);
    AdminReply resource(const ServiceRequest &request, const std::vector<std::string> &segments);
    Result<std::optional<Json>> body(const ServiceRequest &request, AdminReply &refusal) const;

    AdminOptions m_options;
    ConfigService &m_config;
    std::unique_ptr<StandaloneConfigs> m_configs; ///< in API-driven standalone mode
    ResourceHandler m_resources;
};

} // namespace postern::gateway
