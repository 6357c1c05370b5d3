// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/server/http_service.h"
#include "gateway/server/reactor.h"
#include "gateway/vault/vault_api.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace postern::gateway {

struct DevVaultOptions
{
    std::string host = "127.0.0.1";
    std::uint16_t port = 8200; ///< 0: any free one
    std::string token = "root";
    std::filesystem::path file = {}; ///< empty: memory only
};

/// A Vault-compatible development store on a port, in a thread of its own: what the manuals'
/// examples need, without a network or a container. See VaultApi for what it can.
class DevVault
{
public:
    /// \return the running store, or PortInUse, Permission, CannotStart, Io, Config
    [[nodiscard]] static Result<std::unique_ptr<DevVault>> start(const DevVaultOptions &options);
    ~DevVault();
    DevVault(const DevVault &) = delete;
    DevVault &operator=(const DevVault &) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] std::string url() const; ///< "http://127.0.0.1:8200"

private:
    DevVault(KvMounts mounts, const DevVaultOptions &options);

    Reactor m_reactor;
    VaultApi m_api;
    HttpService m_service;
    std::string m_host;
    std::uint16_t m_port = 0;
    std::thread m_thread;
};

} // namespace postern::gateway
