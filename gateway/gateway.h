// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/config/config.h"
#include "core/error.h"
#include "core/secret/reference.h"
#include "core/store/store.h"
#include "gateway/admin/apisix/authentication.h"
#include "gateway/router/flavour.h"
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
    std::optional<Endpoint> controlApisix; ///< APISIX's own control API; nullopt: none
    std::optional<Endpoint> status; ///< /status and /status/ready; nullopt: none
    std::string adminKey; ///< empty: a random one for this run
    std::string viewerKey; ///< empty: none
    bool requireAdminKey = true;
    std::vector<AdminKey> adminKeys; ///< more keys of both roles
    std::vector<IpRange> adminPeers; ///< who may use the Admin API; empty: everybody
    ApiVersion adminVersion = ApiVersion::V3;
    bool adminCors = true;
    bool serverTokens = true; ///< the version in the Admin API's `Server` header
    /// Answers of the Admin API show secrets encrypted with the first of these keys, as APISIX
    /// does (16 or 32 characters each). Empty: in clear.
    std::vector<std::string> fieldKeyring = FieldEncryption::defaultKeyring();

    /// As openStore() takes it; or `file:PATH` of a standalone configuration (apisix.yaml,
    /// apisix.json), which is read again when it changes; or `api:`, which is replaced as a whole
    /// by PUT /apisix/admin/configs.
    std::string store = "memory:";
    Duration standalonePoll = std::chrono::seconds(1); ///< how often the file is looked at
    StoreOptions storeOptions;
    /// Written at start, on top of what the store holds. Not with `file:` and `api:`.
    std::vector<ConfigObject> objects;

    std::size_t workers = 0; ///< 0: one per processor
    ProxyOptions proxyOptions;
    bool tokenCache = true;
    Routing routing;
    std::optional<Endpoint> metrics; ///< where the prometheus plugin's figures are, too

    bool builtinUpstream = true;
    /// Node "host:port" -> "builtin" or an address "127.0.0.1:8080".
    std::map<std::string, std::string> aliases{{"httpbin.org:80", "builtin"},
                                               {"httpbin.org:443", "builtin"}};

    Clock::Mode clockMode = Clock::Mode::Real;
    std::optional<Timestamp> clockStart; ///< for the modes other than Real
    /// Authorities that servers' certificates are checked against: PEM files, or `system`, or both
    /// with a comma between.
    std::string trustedCertificates = "system";
    SecretResolver::Lookup
        environment; ///< how `$env://` is read; the process environment by default
    Resolver::Lookup lookup; ///< how names of upstreams are looked up; the system's by default
    std::string profile{defaultGatewayProfile().name}; ///< of gatewayProfiles()
    bool signEndpoint = false; ///< public-api offers the token endpoint of APISIX up to 3.10
    Duration shutdownGrace = std::chrono::seconds(5);
};

/// Where a running gateway can be reached.
struct GatewayAddresses
{
    Endpoint proxy, admin;
    std::optional<Endpoint> https;
    std::optional<Endpoint> controlTcp;
    std::optional<Endpoint> controlApisix, status;
    std::optional<Endpoint> metrics;
    std::optional<Endpoint> upstream; ///< the built-in upstream's own port
    std::string controlSocket;
    std::string adminKey;

    [[nodiscard]] std::string proxyUrl() const; ///< "http://127.0.0.1:9080"
    [[nodiscard]] std::string httpsUrl() const; ///< "https://127.0.0.1:9443"; empty without
    [[nodiscard]] std::string adminUrl() const; ///< "http://127.0.0.1:9180/apisix/admin"
    [[nodiscard]] std::string upstreamUrl() const; ///< empty without built-in upstream
    [[nodiscard]] std::string controlApisixUrl() const; ///< empty: not open
    [[nodiscard]] std::string statusUrl() const; ///< empty: not open
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
