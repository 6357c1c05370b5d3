// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/config/gateway_profile.h"
#include "core/error.h"
#include "core/json/json.h"
#include "core/secret/reference.h"
#include "gateway/pipeline/exchange.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/types.h>

namespace postern::gateway {

/// What a plugin is for; decides where it may be configured.
enum class PluginKind : std::uint8_t { Auth, Access, Traffic, Transform };

/// Phases, as a set. Order: rewrite, access, before_proxy, header_filter, body_filter, log.
/// Body filters are put up by the header filter; their bit is for listings.
enum Phase : std::uint8_t {
    Rewrite = 1,
    Access = 2,
    BeforeProxy = 4,
    HeaderFilter = 8,
    BodyFilter = 16,
    Log = 32,
};
using PhaseSet = std::uint8_t;

/// What becomes of a request after a plugin.
enum class Verdict : std::uint8_t {
    Continue, ///< on to the next plugin
    Respond, ///< `exchange.reply` goes to the client, the rest is skipped
    ReadBody, ///< requestBody() said Unread: the same function is called again after reading
    Suspend, ///< pauseExchange() or suspendExchange() said what to wait for
};

/// A number that was never given out before in this process: identity of something compiled.
[[nodiscard]] std::uint64_t nextUid() noexcept;

/// A value per worker, touched by that worker only: prepared crypto contexts and the like.
/// Lives in shared immutable objects; no lock.
template <class T> class PerWorker
{
public:
    explicit PerWorker(std::size_t workers) : m_slots(workers) {}
    /// The worker's own slot.
    [[nodiscard]] std::unique_ptr<T> &at(std::size_t worker) const noexcept
    {
        return m_slots[worker];
    }

private:
    mutable std::vector<std::unique_ptr<T>> m_slots;
};

struct ClientLogin;
struct DraftRequest;
class HealthMonitor;
class LimitCounters;
class Metrics;
class RedisClients;

/// The plugin_metadata objects, by plugin, with the defaults of their schemas filled in.
using PluginMetadata = std::map<std::string, Json, std::less<>>;

/// What plugins need from their surroundings when they are compiled.
struct PluginEnv
{
    std::size_t workers = 1;
    const SecretResolver *secrets = nullptr;
    bool tokenCache = true; ///< remember which asymmetric signatures fitted
    bool signEndpoint = false; ///< public-api offers the token endpoint of APISIX up to 3.10
    const GatewayProfile *profile = &defaultGatewayProfile(); ///< whose ways count
    std::uint16_t httpsPort = 0; ///< of the HTTPS listener; 0: there is none
    std::shared_ptr<LimitCounters> limitCounters; ///< nullptr: each plugin its own
    std::shared_ptr<HealthMonitor> health; ///< nullptr: upstreams are not checked
    std::shared_ptr<RedisClients> redis; ///< nullptr: there are no workers to ask from
    std::shared_ptr<Metrics> metrics; ///< nullptr: nobody asks for any
    std::shared_ptr<X509_STORE> trust; ///< authorities of servers; nullptr: the system's
    std::string_view parent; ///< storage key of the object that has the configuration
    const Json *metadata = nullptr; ///< the plugin's plugin_metadata object, or nullptr
    const PluginMetadata *everyMetadata = nullptr; ///< where compilePlugin() finds `metadata`
};

/// The head of the upstream's (or the gateway's own) response, before it is written.
struct ResponseHead
{
    int status = 200;
    HeaderList headers;
};

/// A plugin with its compiled configuration. Immutable after construction; called by all workers.
class Plugin
{
public:
    Plugin() = default;
    Plugin(const Plugin &) = delete;
    Plugin &operator=(const Plugin &) = delete;
    virtual ~Plugin() = default;

    virtual Verdict rewrite(Exchange &) const { return Verdict::Continue; }
    virtual Verdict access(Exchange &) const { return Verdict::Continue; }
    virtual Verdict beforeProxy(Exchange &) const { return Verdict::Continue; }
    /// Edits the head. To edit the body, too, adds to `exchange.bodyFilters`; Content-Length is
    /// then taken care of.
    virtual void headerFilter(Exchange &, ResponseHead &) const {}
    virtual void log(const Exchange &) const {}

    /// Adds to a request what a client that holds one of the logins sends to be let in: a key, a
    /// token, a signature. For tools, never on the request path.
    /// \return the login that was taken; nullptr if the plugin wants none; CredentialMissing with
    /// the plugins whose login would do; KeyMissing if the client holds a key that we do not
    [[nodiscard]] virtual Result<const ClientLogin *> present(std::span<const ClientLogin>,
                                                              DraftRequest &) const
    {
        return nullptr;
    }
};

/// The login part of a consumer or credential, compiled: what an auth plugin compares with.
class CredentialKey
{
public:
    CredentialKey() = default;
    CredentialKey(const CredentialKey &) = delete;
    CredentialKey &operator=(const CredentialKey &) = delete;
    virtual ~CredentialKey() = default;
};

/// A compiled login: the name it is looked up by, and the prepared key.
struct CredentialParts
{
    std::string lookup; ///< key, user name, key id
    std::shared_ptr<const CredentialKey> key;
};

/// Everything known about a plugin. The table feeds the pipeline, the Admin API's schema and list
/// endpoints, the CLI and the manual.
struct PluginSpec
{
    std::string_view name; ///< "key-auth"
    PluginKind kind = PluginKind::Transform;
    PhaseSet phases = 0;
    int apisixPriority = 0; ///< higher runs first; 0 = not offered in that dialect
    int kongPriority = 0;
    std::string_view summary{}; ///< one line for people
    bool yieldsToRoute = false; ///< in a global rule it gives way to the route's own
    std::string_view schema{}; ///< JSON Schema of the route's configuration (without _meta)
    std::string_view consumerSchema{}; ///< of consumer and credential; empty if none
    std::string_view metadataSchema{}; ///< of the plugin_metadata object; empty if none
    std::string_view example{}; ///< a configuration that works as it stands, for the manual
    std::string_view consumerExample{}; ///< the same for a credential; empty without consumerSchema
    std::string_view loginMember{}; ///< member of the consumer's part that must be unique; or empty
    /// Cross-field checks behind the schema, with APISIX's texts. May be nullptr.
    Result<void> (*check)(const Json &config) = nullptr;
    Result<void> (*checkConsumer)(const Json &config) = nullptr;
    /// Builds the plugin from a valid configuration with defaults filled in and references
    /// resolved.
    Result<std::shared_ptr<const Plugin>> (*make)(const Json &config,
                                                  const PluginEnv &env) = nullptr;
    /// Builds the login part from a valid configuration with references resolved. Members with a
    /// default may be absent: consumers are many, and filling them in would cost more than the
    /// rest. nullptr if consumers have no login of this plugin.
    Result<CredentialParts> (*makeCredential)(const Json &config, const PluginEnv &env) = nullptr;
    /// As `check`, and fills in defaults that the schema cannot tell of. May be nullptr.
    Result<void> (*complete)(Json &config) = nullptr;
};

/// An endpoint that a plugin offers on the data plane, served where public-api is configured.
struct PublicApi
{
    std::string_view uri;
    /// \param metrics the gateway's; nullptr where there are none
    Verdict (*serve)(Exchange &exchange, const Metrics *metrics);
    bool PluginEnv::*offered = nullptr; ///< what must be switched on; nullptr: it always is
};

/// Every such endpoint. gateway/plugins/builtin.cpp.
[[nodiscard]] std::span<const PublicApi> publicApis() noexcept;

/// All plugins, by priority (highest first). gateway/plugins/builtin.cpp.
[[nodiscard]] std::span<const PluginSpec *const> builtinPlugins() noexcept;
/// The plugin of that name, or nullptr.
[[nodiscard]] const PluginSpec *findPlugin(std::string_view name) noexcept;
/// The plugin's schema with `_meta` injected, as the Admin API shows it.
[[nodiscard]] const Json &pluginSchema(const PluginSpec &spec, bool consumer = false);

/// Checks one plugin configuration as the Admin API does: `_meta`, schema, cross checks. Fills in
/// defaults. A plugin with `_meta.disable: true` passes whatever its configuration.
/// \return nothing, or PluginUnknown ("unknown plugin [x]") or PluginConfig with APISIX's full text
/// ("failed to check the configuration of plugin x err: ...", "invalid plugin conf ... for plugin
/// [x]")
[[nodiscard]] Result<void> checkPluginConfig(std::string_view name, Json &config, bool consumer);

} // namespace postern::gateway
