// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/field_encryption.h"
#include "gateway/admin/apisix/reply.h"
#include "gateway/router/ip_range.h"
#include "gateway/server/http_service.h"
#include "gateway/standalone/provider.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// One entry of `admin_key`.
struct AdminKey
{
    std::string name; ///< for people
    std::string key; ///< empty: fits nothing
    bool viewer = false; ///< may only read
};

/// Who may use the Admin API, and its limits.
struct AdminOptions
{
    std::string adminKey; ///< may do everything; empty: no such key
    std::string viewerKey; ///< may only read; empty: no such key
    Provider provider = Provider::Store; ///< File: nothing can be written here
    std::vector<AdminKey> keys; ///< more of both kinds
    bool requireKey = true; ///< false: no check at all, as `admin_key_required: false`
    std::size_t maxBody = 1572864; ///< octets of a request body
    std::string serverToken = "APISIX/3.18.0"; ///< the `Server` header
    ApiVersion version = ApiVersion::V3;
    bool cors = true; ///< say to browsers that every page may ask
    /// Encrypts secrets in the answers to writes; nullptr: they are shown in clear.
    std::shared_ptr<const FieldEncryption> encryption;
    /// `allow_admin`: whose addresses are served. Empty: everybody's.
    std::vector<IpRange> allowedPeers;
};

/// Checks the key of a request: query `api_key`, then header `X-API-KEY`, then cookie
/// `x_api_key`; the first one present counts. Keys are compared in constant time.
/// \return empty if the request may go on; else the description for the 401: "missing apikey",
/// "wrong apikey", "invalid method for role viewer"
[[nodiscard]] std::string_view refusalOfKey(const ServiceRequest &request,
                                            const AdminOptions &options);

/// False if the client's address is not among `allowedPeers`. A unix socket's always is.
[[nodiscard]] bool peerAllowed(const ServiceRequest &request, const AdminOptions &options);

/// False if the request came to a loopback address under a name other than localhost: a page in a
/// browser whose DNS name was bound anew to this machine (DNS rebinding) sends its own name. For
/// ports that ask for no key: a page cannot know one. Who listens on other addresses is reached
/// under names that only the network knows, as in a group of containers.
[[nodiscard]] bool hostIsOwn(const ServiceRequest &request);

} // namespace postern::gateway
