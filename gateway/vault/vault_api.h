// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/error.h"
#include "gateway/server/http_service.h"
#include "gateway/vault/kv_mounts.h"

#include <string>

namespace postern::gateway {

/// The HTTP API of HashiCorp Vault as far as its command line client uses it for version 1 of the
/// KV engine: `vault status`, `login`, `token lookup`, `secrets enable|list|disable`, `kv
/// put|get|list|delete`, `read`, `write`. For development: one root token, nothing sealed, no
/// policies. The handler of an HttpService, in its thread.
///
///     GET                 /v1/sys/health, /v1/sys/seal-status, /v1/sys/leader  without token
///     GET                 /v1/sys/mounts, /v1/sys/internal/ui/mounts[/PATH]
///     GET POST PUT DELETE /v1/sys/mounts/PATH
///     GET                 /v1/auth/token/lookup-self
///     GET POST PUT DELETE /v1/MOUNT/PATH,   GET ?list=true
///
/// Errors are {"errors":[TEXT, ...]}.
class VaultApi
{
public:
    VaultApi(KvMounts mounts, Secret token);

    void handle(const ServiceRequest &request, const Responder &responder);

    /// One request on its way.
    struct Call
    {
        KvMounts &mounts;
        const ServiceRequest &request;
        std::string rest; ///< of the path, behind the endpoint's own
        std::string token;
        const std::string &cluster;
    };
    struct Reply
    {
        int status = 200;
        Json body; ///< null: none
    };

private:
    [[nodiscard]] Reply answer(const ServiceRequest &request);

    KvMounts m_mounts;
    Secret m_token;
    std::string m_cluster;
};

} // namespace postern::gateway
