// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/dev_vault.h"

#include <format>
#include <utility>

namespace postern::gateway {

Result<std::unique_ptr<DevVault>> DevVault::start(const DevVaultOptions &options)
{
    auto mounts = KvMounts::open(options.file);
    if (!mounts)
        return std::unexpected(mounts.error());
    std::unique_ptr<DevVault> made(new DevVault(std::move(*mounts), options));
    const auto port = made->m_service.listen(options.host, options.port);
    if (!port)
        return std::unexpected(port.error());
    made->m_port = *port;
    made->m_thread = std::thread([reactor = &made->m_reactor] { reactor->run(); });
    return made;
}

DevVault::DevVault(KvMounts mounts, const DevVaultOptions &options)
    : m_api(std::move(mounts), Secret(options.token)),
      m_service(m_reactor,
                [this](const ServiceRequest &request, const Responder &responder) {
                    m_api.handle(request, responder);
                },
                {}),
      m_host(options.host)
{
}

DevVault::~DevVault()
{
    if (m_thread.joinable()) {
        m_reactor.stop();
        m_thread.join();
    }
    m_service.close();
}

std::string DevVault::url() const
{
    std::string host = m_host;
    if (host == "*" || host == "0.0.0.0" || host == "localhost")
        host = "127.0.0.1";
    if (host.contains(':') && !host.starts_with('['))
        host = "[" + host + "]";
    return std::format("http://{}:{}", host, m_port);
}

} // namespace postern::gateway
