// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/config/config.h"
#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/objects/object_change.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Where an Admin API is and its key.
struct AdminTarget
{
    std::string url; ///< "http://127.0.0.1:9180/apisix/admin"
    std::string key;
    /// Its control API: "unix:/run/…/postern-1.sock", or "http://127.0.0.1:…" (same key). Empty:
    /// there is none, as with a real APISIX.
    std::string control = {};
};

/// The Admin API as its clients see it: of a running gateway, or in this process on a store. What
/// the command line and the desktop application work on. One thread; a remote one blocks.
class AdminAccess
{
public:
    virtual ~AdminAccess() = default;
    /// \param path behind /apisix/admin, as "/consumers/jack"
    /// \param body null: none
    /// \return the answer's JSON in the shape of version 3 (null for an empty one); NotFound,
    /// Schema (refused, with the API's words), Remote, Timeout
    [[nodiscard]] Result<Json> request(std::string_view method, std::string_view path,
                                       const Json &body = {});
    /// What changed since a revision: the `revision` of the last answer. Cheap when nothing did, so
    /// that it can be asked every 100 ms; commits of other processes to the same store are seen.
    /// Complete when the changes cannot be told (any more), and always where there is no control
    /// API; that costs a request for each consumer.
    /// \param since 0: everything
    /// \return the feed; Remote, Timeout, or why the store cannot be read
    [[nodiscard]] virtual Result<ObjectFeed> objects(std::uint64_t since) = 0;
    /// Writes and deletes several objects in one step, all or none, each checked by the rules of
    /// the Admin API as if the others were there already. create_time and update_time of a value
    /// are taken as given, so that a deleted object comes back as it was; where they are absent
    /// they are set as a PUT sets them: leave update_time out of what was edited. A deleted
    /// consumer takes its credentials along. Returns after the data plane uses it.
    /// \param dry only checks
    /// \return what was refused, if anything; Unsupported where there is no control API
    [[nodiscard]] virtual Result<ApplyOutcome> apply(const std::vector<ObjectChange> &changes,
                                                     bool dry = false) = 0;
    /// The time that counts there.
    [[nodiscard]] virtual Result<Timestamp> now() = 0;

protected:
    struct Answer
    {
        int status = 0;
        std::string body;
    };
    [[nodiscard]] virtual Result<Answer> send(std::string_view method, std::string_view path,
                                              std::string body) = 0;
};

/// The Admin API of a running gateway.
/// \param clock tells that gateway's time; empty: the real time is taken
[[nodiscard]] std::unique_ptr<AdminAccess>
openRemoteAdmin(AdminTarget target, std::function<Result<Timestamp>()> clock = {});

/// The Admin API in this process, over a store that nobody serves.
/// \param store as openStore() takes it; empty: a memory store with copies of `objects`, which
/// nothing may change
/// \param profile whose rules count
/// \return what openStore() and the Admin API say of the store and of the objects
[[nodiscard]] Result<std::unique_ptr<AdminAccess>>
openStoreAdmin(const std::string &store, std::vector<ConfigObject> objects,
               const GatewayProfile &profile = defaultGatewayProfile());

/// The names of all consumers.
[[nodiscard]] Result<std::vector<std::string>> listConsumers(AdminAccess &admin);

/// Replaces the secret members of every plugin configuration in the object by "***".
void maskSecrets(Json &object);

} // namespace postern::gateway
