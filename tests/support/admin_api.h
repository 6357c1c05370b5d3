// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/store.h"
#include "gateway/admin/apisix/admin.h"

#include <QByteArray>

#include <memory>
#include <string>
#include <string_view>

/// An Admin API over a store, without sockets; its clock stands at 2024-12-15T00:00:00Z.
struct AdminApi
{
    static constexpr std::int64_t kNow = 1734220800;

    /// \param store instead of a memory store
    explicit AdminApi(postern::gateway::AdminOptions options = withoutKey(),
                      std::unique_ptr<postern::Store> store = nullptr);

    /// \param target behind "/apisix/admin/", with query: "routes/1?force=true"
    postern::gateway::AdminReply send(std::string_view method, std::string_view target,
                                      std::string_view body = {},
                                      postern::gateway::ServiceHeaders headers = {});
    /// As send(), with a whole target.
    postern::gateway::AdminReply sendRaw(std::string_view method, std::string_view target,
                                         std::string_view body = {},
                                         postern::gateway::ServiceHeaders headers = {});

    static postern::gateway::AdminOptions withoutKey();

    postern::Clock clock;
    postern::gateway::PluginEnv env;
    std::size_t published = 0;
    postern::gateway::ConfigService config;
    postern::gateway::ApisixAdmin admin;
};

/// The body as JSON; null if it is none.
postern::Json jsonOf(const postern::gateway::AdminReply &reply);
/// `error_msg` or `message` of the body; otherwise the body itself.
QByteArray messageOf(const postern::gateway::AdminReply &reply);
/// The value of a header; empty if absent.
QByteArray headerOf(const postern::gateway::AdminReply &reply, std::string_view name);

/// One request of a data-driven test: columns "method", "target", "body", "status", "message".
void addRequestColumns();
/// Sends the current row's request and compares status and message; a row refused with 4xx must
/// not have changed the store.
void checkCurrentRow(AdminApi &api);
