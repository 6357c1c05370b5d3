// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/config/config.h"
#include "core/error.h"
#include "core/secret/reference.h"
#include "core/store/store.h"
#include "gateway/server/options.h"
#include "gateway/upstream/resolver.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace postern::gateway {

/// Where to listen. Port 0: any free port.
struct Endpoint
{
    std::string host = "127.0.0.1"; ///< an address, "localhost", or "*"
    std::uint16_t port = 0;
};

/// How a gateway is set up.
struct GatewayOptions
{
    Endpoint proxy{"127.0.0.1", 9080};
    Endpoint admin{"127.0.0.1", 9180};
    std::optional<Endpoint> https; ///< the proxy over TLS; its certificates are `ssls` objects
    /// The control API's unix socket. Empty: `postern-<pid>.sock` in the user's runtime directory,
    /// announced as the user's default.
    std::string controlSocket;
    std::optional<Endpoint> controlTcp; ///< with the admin key
    std::string adminKey; ///< empty: a random one for this run
    std::string viewerKey; ///< empty: none
    bool requireAdminKey = true;

    std::string store = "memory:";
    StoreOptions storeOptions;
    std::vector<ConfigObject> objects; ///< written at start, on top of what the store holds

    std::size_t workers = 0; ///< 0: one per processor
    ProxyOptions proxyOptions;
    bool tokenCache = true;

    bool builtinUpstream = true;
    /// Node "host:port" -> "builtin" or an address "127.0.0.1:8080".
    std::map<std::string, std::string> aliases{{"httpbin.org:80", "builtin"},
                                               {"httpbin.org:443", "builtin"}};

    Clock::Mode clockMode = Clock::Mode::Real;
    std::optional<Timestamp> clockStart; ///< for the modes other than Real
    SecretResolver::Lookup
        environment; ///< how `$env://` is read; the process environment by default
    Resolver::Lookup lookup; ///< how names of upstreams are looked up; the system's by default
    std::string profile = "apisix-3.18";
    Duration shutdownGrace = std::chrono::seconds(5);
};

/// Where a running gateway can be reached.
struct GatewayAddresses
{
    Endpoint proxy, admin;
    std::optional<Endpoint> https;
    std::optional<Endpoint> controlTcp;
    std::optional<Endpoint> upstream; ///< the built-in upstream's own port
    std::string controlSocket;
    std::string adminKey;

    [[nodiscard]] std::string proxyUrl() const; ///< "http://127.0.0.1:9080"
    [[nodiscard]] std::string httpsUrl() const; ///< "https://127.0.0.1:9443"; empty without
    [[nodiscard]] std::string adminUrl() const; ///< "http://127.0.0.1:9180/apisix/admin"
    [[nodiscard]] std::string upstreamUrl() const; ///< empty without built-in upstream
    [[nodiscard]] std::string controlUri() const; ///< "unix:/run/…"
};

/// What a gateway has done so far.
struct GatewayTotals
{
    std::uint64_t requests = 0, allowed = 0, denied = 0, unmatched = 0, failed = 0;
};

/// A whole gateway in this process: proxy, Admin API, control API, built-in upstream, store. All
/// its threads are its own; start(), stop() and the destructor are called in one thread, which
/// needs no event loop (but a QCoreApplication must exist).
class Gateway
{
public:
    /// Binds, loads, compiles, serves. Nothing is left behind on failure.
    /// \return the running gateway, or PortInUse, Permission, CannotStart, StoreOpen, ..., or
    /// Config with every wrong object of `options.objects` in detail, a line each
    [[nodiscard]] static Result<std::unique_ptr<Gateway>> start(GatewayOptions options);
    ~Gateway();
    Gateway(const Gateway &) = delete;
    Gateway &operator=(const Gateway &) = delete;

    [[nodiscard]] const GatewayAddresses &addresses() const noexcept;
    /// The gateway's clock. Any thread.
    [[nodiscard]] Clock &clock() noexcept;
    [[nodiscard]] GatewayTotals totals() const noexcept; ///< any thread
    /// Stops accepting, finishes what is under way (at most shutdownGrace), ends. Idempotent.
    void stop();

private:
    class Implementation;
    explicit Gateway(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace postern::gateway
