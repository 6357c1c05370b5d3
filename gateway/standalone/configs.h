// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/admin/apisix/reply.h"
#include "gateway/config_service.h"
#include "gateway/server/http_service.h"
#include "gateway/standalone/state.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace postern::gateway {

/// API-driven standalone mode: `GET`, `HEAD` and `PUT /apisix/admin/configs` read and replace the
/// configuration as a whole. apisix.md 6.2. An answer to PUT is given after the data plane uses the
/// change. The admin thread only.
class StandaloneConfigs
{
public:
    explicit StandaloneConfigs(ConfigService &config);

    /// Answers GET, HEAD and PUT.
    [[nodiscard]] AdminReply answer(const ServiceRequest &request);
    /// Whether a configuration was ever put.
    [[nodiscard]] bool received() const noexcept { return m_received; }
    /// The version of a loaded item: its `modifiedIndex`, or the version of its type.
    [[nodiscard]] std::int64_t versionOf(std::string_view key) const;

private:
    [[nodiscard]] AdminReply get(const ServiceRequest &request) const;
    AdminReply put(const ServiceRequest &request);
    void addMetadata(AdminReply &reply) const;

    ConfigService &m_config;
    StandaloneState m_state;
    Json m_current; ///< as GET shows it
    bool m_received = false;
};

/// `POST /apisix/admin/configs/validate`: checks a configuration and stores nothing. apisix.md 6.3.
/// \param maxBody octets
[[nodiscard]] AdminReply validateConfigs(ConfigService &config, const ServiceRequest &request,
                                         std::size_t maxBody);

} // namespace postern::gateway
