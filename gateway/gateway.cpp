// SPDX-License-Identifier: Apache-2.0
#include "gateway/gateway.h"

#include "core/crypto/secret_generator.h"
#include "core/runtime_directory.h"
#include "core/version.h"
#include "gateway/admin/apisix/admin.h"
#include "gateway/admin/apisix/import.h"
#include "gateway/config_service.h"
#include "gateway/control/apisix_control.h"
#include "gateway/control/control_api.h"
#include "gateway/control/control_host.h"
#include "gateway/control/open_service.h"
#include "gateway/control/socket_registry.h"
#include "gateway/observe/metrics.h"
#include "gateway/plugins/common/limit_counters.h"
#include "gateway/remote/managed_secrets.h"
#include "gateway/remote/redis_clients.h"
#include "gateway/server/acceptor.h"
#include "gateway/server/capture_control.h"
#include "gateway/server/http_service.h"
#include "gateway/server/trace_collector.h"
#include "gateway/server/worker.h"
#include "gateway/standalone/file.h"
#include "gateway/standalone/provider.h"
#include "gateway/tls/session.h"
#include "gateway/tls/trust.h"
#include "gateway/upstream/builtin.h"
#include "gateway/upstream/health_monitor.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <format>
#include <latch>
#include <thread>

#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr std::size_t kMaxWorkers = 64;
constexpr auto kStorePoll = std::chrono::milliseconds(100);
constexpr auto kLeaseTick = std::chrono::seconds(1);
constexpr std::string_view kServiceToken = "postern";

std::string url(const Endpoint &endpoint, std::string_view scheme = "http")
{
    std::string host = endpoint.host;
    if (host == "*" || host == "0.0.0.0" || host == "localhost" || host.empty())
        host = "127.0.0.1";
    if (host.find(':') != std::string::npos && host.front() != '[')
        host = "[" + host + "]";
    return std::string(scheme) + "://" + host + ":" + std::to_string(endpoint.port);
}

Result<SocketAddress> parseAddress(const std::string &text)
{
    const std::size_t colon = text.rfind(':');
    std::uint16_t port = 0;
    if (colon == std::string::npos
        || std::from_chars(text.data() + colon + 1, text.data() + text.size(), port).ptr
            != text.data() + text.size())
        return fail(Errc::Config, "an alias is \"builtin\" or an address with port", text);
    std::string host = text.substr(0, colon);
    return SocketAddress::fromNumeric(host == "localhost" ? "127.0.0.1" : host, port);
}

Result<AdminOptions> adminOptions(const GatewayOptions &options)
{
    AdminOptions admin;
    admin.keys = options.adminKeys;
    admin.adminKey = options.adminKey;
    for (AdminKey &entry : admin.keys) {
        if (!entry.viewer && admin.adminKey.empty())
            admin.adminKey = entry.key;
    }
    if (admin.adminKey.empty()) {
        const auto key = generateSecret(SecretKind::AdminKey);
        if (!key)
            return std::unexpected(key.error());
        admin.adminKey = key->text.view();
    }
    admin.viewerKey = options.viewerKey;
    admin.requireKey = options.requireAdminKey;
    admin.allowedPeers = options.adminPeers;
    admin.version = options.adminVersion;
    admin.cors = options.adminCors;
    if (!options.serverTokens)
        admin.serverToken = "APISIX";
    if (!options.fieldKeyring.empty()) {
        auto encryption = FieldEncryption::make(options.fieldKeyring);
        if (!encryption)
            return std::unexpected(std::move(encryption.error()));
        admin.encryption = std::make_shared<const FieldEncryption>(std::move(*encryption));
    }
    return admin;
}

std::unexpected<Error> unknownProfile(std::string_view name)
{
    std::string known;
    for (const std::string_view one : gatewayProfileNames())
        known.append(known.empty() ? "" : ", ").append(one);
    return fail(Errc::Config, std::format("no profile \"{}\"; there are {}", name, known));
}

} // namespace

std::string GatewayAddresses::proxyUrl() const { return url(proxy); }

std::string GatewayAddresses::httpsUrl() const
{
    return https ? url(*https, "https") : std::string{};
}

std::string GatewayAddresses::adminUrl() const { return url(admin) + "/apisix/admin"; }

std::string GatewayAddresses::upstreamUrl() const
{
    return upstream ? url(*upstream) : std::string{};
}

std::string GatewayAddresses::controlApisixUrl() const
{
    return controlApisix ? url(*controlApisix) : std::string{};
}

std::string GatewayAddresses::statusUrl() const { return status ? url(*status) : std::string{}; }

std::string GatewayAddresses::controlUri() const { return "unix:" + controlSocket; }

class Gateway::Implementation final : public ControlHost
{
public:
    explicit Implementation(GatewayOptions options)
        : m_options(std::move(options)),
          m_clock(m_options.clockMode,
                  m_options.clockStart.value_or(std::chrono::system_clock::now())),
          m_secrets(
              m_options.environment,
              [this](std::string_view reference, std::string_view user) {
                  return m_managed.resolve(reference, user);
              },
              [this](std::string_view user, const Error &error) { m_managed.failed(user, error); }),
          m_resolver(m_options.lookup),
          m_traces(m_adminReactor),
          m_managed(m_adminReactor, m_clock, m_options.environment)
    {
        if (m_options.clockMode == Clock::Mode::Real && m_options.clockStart)
            static_cast<void>(m_clock.set(*m_options.clockStart, true));
    }
    ~Implementation() override { stop(); }

    Result<void> start();
    void stop();
    [[nodiscard]] const GatewayAddresses &addresses() const noexcept { return m_addresses; }
    [[nodiscard]] GatewayTotals totals() const noexcept;

    // ControlHost, in the admin thread
    void collectTraces(const TraceQuery &query, std::function<void(TracePage)> done) override
    {
        m_traces.collect(m_workers, query, std::move(done));
    }
    [[nodiscard]] Clock &clock() override { return m_clock; }
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() override
    {
        return m_config->snapshot();
    }
    [[nodiscard]] std::vector<CompileProblem> problems() override { return m_config->problems(); }
    [[nodiscard]] GatewayStatus status() override;
    [[nodiscard]] CaptureSettings captureSettings() override { return m_capture; }
    void configureCapture(const CaptureSettings &settings, std::function<void()> done) override
    {
        m_capture = settings;
        postern::gateway::configureCapture(m_workers, settings, m_adminReactor, std::move(done));
    }
    void findExchange(std::uint64_t id,
                      std::function<void(std::shared_ptr<const CapturedExchange>)> done) override
    {
        postern::gateway::findExchange(m_workers, id, m_adminReactor, std::move(done));
    }
    [[nodiscard]] ApisixAdmin *admin() override { return m_admin.get(); }
    void reloadSecrets(std::function<void(std::size_t)> done) override
    {
        const std::size_t asked = m_managed.reload();
        m_managed.whenSettled([asked, done = std::move(done)] { done(asked); });
    }
    [[nodiscard]] const HealthReport *health() override { return m_health.get(); }

private:
    Result<void> startBuiltin();
    Result<void> makeWorkers();
    Result<void> bindHttps();
    Result<void> openConfig();
    Result<void> bindServices();
    Result<void> bindControl();
    Result<void> bindOpen();
    /// Listens and keeps the service. \return where
    Result<Endpoint> serve(const Endpoint &endpoint, HttpService::Handler handler,
                           const ServiceOptions &options);
    [[nodiscard]] std::optional<std::string> notReady() const;
    [[nodiscard]] MetricTotals metricTotals() const;
    Result<void> bindMetrics();
    void publish(const std::shared_ptr<const Snapshot> &snapshot);
    void tickStore();
    void tickLeases();
    void tickFile();
    void adopt(int descriptor, bool tls);

    GatewayOptions m_options;
    Clock m_clock;
    SecretResolver m_secrets;
    GatewayAddresses m_addresses;
    std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();

    WorkerShared m_shared;
    std::shared_ptr<Metrics> m_metrics;
    std::atomic<std::uint64_t> m_accepted{0}, m_revision{0};
    std::vector<std::unique_ptr<Worker>> m_workers;
    Resolver m_resolver; ///< ends before the workers: its answers are posted to them
    std::shared_ptr<HealthMonitor> m_health = std::make_shared<HealthMonitor>(m_resolver);
    std::shared_ptr<RedisClients> m_redis = std::make_shared<RedisClients>(m_resolver);
    std::atomic<std::size_t> m_nextWorker{0};
    bool m_running = false;
    bool m_announced = false;

    Reactor m_builtinReactor;
    BuiltinUpstream m_builtin;
    std::unique_ptr<HttpService> m_builtinService;
    std::thread m_builtinThread;

    Reactor m_adminReactor;
    TraceCollector m_traces;
    CaptureSettings m_capture;
    ProviderAddress m_provider;
    ManagedSecrets m_managed;
    std::unique_ptr<ConfigService> m_config;
    std::unique_ptr<StandaloneFile> m_file;
    std::unique_ptr<ApisixAdmin> m_admin;
    std::unique_ptr<ControlApi> m_control;
    std::unique_ptr<ApisixControl> m_apisixControl;
    std::vector<std::unique_ptr<HttpService>> m_services;
    std::thread m_adminThread;
    std::unique_ptr<Acceptor> m_acceptor, m_tlsAcceptor;
};

Result<void> Gateway::Implementation::startBuiltin()
{
    if (!m_options.builtinUpstream)
        return {};
    ServiceOptions options;
    options.clock = &m_clock;
    options.server = kServiceToken;
    options.maxBody = 64U * 1024 * 1024;
    m_builtinService = std::make_unique<HttpService>(
        m_builtinReactor,
        [this](const ServiceRequest &request, const Responder &responder) {
            m_builtin.handle(request, responder);
        },
        options);
    const auto port = m_builtinService->listen("127.0.0.1", 0);
    if (!port)
        return std::unexpected(port.error());
    m_addresses.upstream = Endpoint{"127.0.0.1", *port};
    m_builtinThread = std::thread([this] { m_builtinReactor.run(); });
    return {};
}

Result<void> Gateway::Implementation::makeWorkers()
{
    std::size_t count = m_options.workers ? m_options.workers : std::thread::hardware_concurrency();
    count = std::clamp<std::size_t>(count, 1, kMaxWorkers);
    m_shared.options = m_options.proxyOptions;
    if (const GatewayProfile *const profile = findGatewayProfile(m_options.profile))
        m_shared.options.forwardedHostHasPort = profile->forwardedHostHasPort;
    m_shared.options.traceKeep = std::max<std::size_t>(1, m_shared.options.traceKeep / count);
    m_shared.clock = &m_clock;
    m_shared.resolver = &m_resolver;
    m_shared.runId = static_cast<std::uint64_t>(m_clock.unixSeconds()) & 0x3ffff;
    m_shared.refusedToken = [this](std::uint64_t id, std::string_view token,
                                   const std::shared_ptr<const Snapshot> &snapshot) {
        m_traces.refused(id, token, snapshot);
    };
    for (const auto &[node, target] : m_options.aliases) {
        if (target == "builtin") {
            if (m_addresses.upstream)
                m_shared.builtinPort = m_addresses.upstream->port;
            if (m_addresses.upstream)
                m_shared.aliases[node] =
                    *SocketAddress::fromNumeric("127.0.0.1", m_addresses.upstream->port);
            continue;
        }
        const auto address = parseAddress(target);
        if (!address)
            return std::unexpected(address.error());
        m_shared.aliases[node] = *address;
    }
    m_health->setAliases(m_shared.aliases, m_shared.builtinPort);
    for (std::size_t i = 0; i < count; ++i) {
        m_workers.push_back(std::make_unique<Worker>(i, m_shared));
        m_redis->attach(m_workers.back()->reactor());
    }
    return {};
}

/// Before the configuration is compiled: plugins are told the port.
Result<void> Gateway::Implementation::bindHttps()
{
    if (!m_options.https)
        return {};
    m_shared.tls = makeServerContext();
    if (!m_shared.tls)
        return fail(Errc::CannotStart, "TLS cannot be set up");
    m_tlsAcceptor = std::make_unique<Acceptor>([this](int descriptor) { adopt(descriptor, true); });
    const auto port = m_tlsAcceptor->bind(m_options.https->host, m_options.https->port);
    if (!port)
        return std::unexpected(port.error());
    m_addresses.https = {m_options.https->host, *port};
    return {};
}

Result<void> Gateway::Implementation::openConfig()
{
    m_provider = parseProvider(m_options.store);
    const bool standalone = m_provider.provider != Provider::Store;
    if (standalone && !m_options.objects.empty())
        return fail(Errc::Config,
                    "the configuration file holds objects, and so does the standalone "
                    "configuration; move them into one");
    auto trust = readTrust(m_options.trustedCertificates);
    if (!trust)
        return std::unexpected(std::move(trust.error()));
    m_managed.setTrust(*trust);
    auto store = openStore(standalone ? "memory:" : m_options.store, m_options.storeOptions);
    if (!store)
        return std::unexpected(store.error());
    const GatewayProfile *const profile = findGatewayProfile(m_options.profile);
    if (!profile)
        return unknownProfile(m_options.profile);
    PluginEnv env;
    env.workers = m_workers.size();
    env.profile = profile;
    env.signEndpoint = m_options.signEndpoint;
    env.secrets = &m_secrets;
    env.tokenCache = m_options.tokenCache;
    env.httpsPort = m_addresses.https ? m_addresses.https->port : 0;
    env.limitCounters = std::make_shared<LimitCounters>();
    env.health = m_health;
    env.redis = m_redis;
    env.trust = *std::move(trust);
    m_metrics = std::make_shared<Metrics>(m_workers.size());
    m_metrics->setTotals([this] { return metricTotals(); });
    env.metrics = m_metrics;
    m_config = std::make_unique<ConfigService>(
        std::move(*store), env, m_clock,
        [this](const std::shared_ptr<const Snapshot> &snapshot) { publish(snapshot); }, &m_managed,
        m_options.routing);
    if (const auto loaded = m_config->load(); !loaded)
        return std::unexpected(loaded.error());
    if (m_provider.provider == Provider::File) {
        m_file = std::make_unique<StandaloneFile>(*m_config, m_provider.file);
        if (auto loaded = m_file->load(); !loaded)
            return loaded;
    }
    if (!m_options.objects.empty()) {
        const auto imported = importObjects(*m_config, std::move(m_options.objects));
        if (!imported) {
            std::string lines;
            for (const Error &error : imported.error())
                lines.append(lines.empty() ? "" : "\n").append(describe(error));
            return fail(Errc::Config, lines);
        }
    }
    return {};
}

Result<void> Gateway::Implementation::bindServices()
{
    Result<AdminOptions> made = adminOptions(m_options);
    if (!made)
        return std::unexpected(std::move(made.error()));
    AdminOptions &admin = *made;
    admin.provider = m_provider.provider;
    m_addresses.adminKey = admin.adminKey;
    m_admin = std::make_unique<ApisixAdmin>(*m_config, admin);

    ServiceOptions options;
    options.clock = &m_clock;
    // A whole configuration may be longer than an object.
    options.maxBody = m_provider.provider == Provider::Api ? kMaxStandaloneJson : admin.maxBody;
    const auto served = serve(
        m_options.admin,
        [this](const ServiceRequest &request, const Responder &responder) {
            m_admin->handle(request, responder);
        },
        options);
    if (!served)
        return std::unexpected(served.error());
    m_addresses.admin = *served;

    m_acceptor = std::make_unique<Acceptor>([this](int descriptor) { adopt(descriptor, false); });
    const auto proxyPort = m_acceptor->bind(m_options.proxy.host, m_options.proxy.port);
    if (!proxyPort)
        return std::unexpected(proxyPort.error());
    m_addresses.proxy = {m_options.proxy.host, *proxyPort};
    if (const auto bound = bindMetrics(); !bound)
        return bound;
    return bindControl();
}

/// The export server of the prometheus plugin.
Result<void> Gateway::Implementation::bindMetrics()
{
    if (!m_options.metrics)
        return {};
    ServiceOptions options;
    options.clock = &m_clock;
    options.server = m_options.proxyOptions.serverToken;
    options.maxBody = 0;
    const auto answer = [this](const ServiceRequest &request, const Responder &responder) {
        if (request.method == "GET" && request.path == Metrics::kUri)
            responder.send(200, {{"Content-Type", "text/plain; charset=utf-8"}}, m_metrics->text());
        else
            responder.send(404, {{"Content-Type", "text/html; charset=utf-8"}}, errorPage(404));
    };
    const auto bound = serve(*m_options.metrics, answer, options);
    if (!bound)
        return std::unexpected(bound.error());
    m_addresses.metrics = *bound;
    return {};
}

Result<void> Gateway::Implementation::bindControl()
{
    m_control = std::make_unique<ControlApi>(*this, ControlOptions{Secret(m_addresses.adminKey)});
    const auto handler = [this](const ServiceRequest &request, const Responder &responder) {
        m_control->handle(request, responder);
    };
    ServiceOptions options;
    options.clock = &m_clock;
    options.server = kServiceToken;
    options.maxBody = 16U * 1024 * 1024; // many objects may come in one step

    std::string path = m_options.controlSocket;
    if (path.empty()) {
        const auto directory = runtimeDirectory();
        if (!directory)
            return std::unexpected(directory.error());
        // One process may host several gateways (tests do).
        static std::atomic<unsigned> count{0};
        const unsigned nth = count++;
        path = controlSocketPath(*directory, ::getpid()).string();
        if (nth)
            path.insert(path.rfind('.'), "-" + std::to_string(nth));
    }
    auto unixService = std::make_unique<HttpService>(m_adminReactor, handler, options);
    if (const auto bound = unixService->listenUnix(path); !bound)
        return std::unexpected(bound.error());
    m_addresses.controlSocket = path;
    m_services.push_back(std::move(unixService));
    if (m_options.controlSocket.empty()) {
        if (const auto announced = announceControlSocket(path); !announced)
            return announced;
        m_announced = true;
    }
    if (m_options.controlTcp) {
        const auto served = serve(*m_options.controlTcp, handler, options);
        if (!served)
            return std::unexpected(served.error());
        m_addresses.controlTcp = *served;
    }
    return bindOpen();
}

Result<Endpoint> Gateway::Implementation::serve(const Endpoint &endpoint,
                                                HttpService::Handler handler,
                                                const ServiceOptions &options)
{
    auto service = std::make_unique<HttpService>(m_adminReactor, std::move(handler), options);
    const auto port = service->listen(endpoint.host, endpoint.port);
    if (!port)
        return std::unexpected(port.error());
    m_services.push_back(std::move(service));
    return Endpoint{endpoint.host, *port};
}

/// The ports that ask for no key: only where they are wanted.
Result<void> Gateway::Implementation::bindOpen()
{
    ServiceOptions options;
    options.clock = &m_clock;
    options.maxBody = 64U * 1024;
    if (m_options.controlApisix) {
        ApisixControlSource source{*m_config, health()};
        if (m_file)
            source.standaloneVersion = [this](std::string_view key) {
                return m_file->versionOf(key);
            };
        else if (m_admin->configs())
            source.standaloneVersion = [this](std::string_view key) {
                return m_admin->configs()->versionOf(key);
            };
        m_apisixControl = std::make_unique<ApisixControl>(std::move(source));
        const auto served = serve(
            *m_options.controlApisix,
            [this](const ServiceRequest &request, const Responder &responder) {
                m_apisixControl->handle(request, responder);
            },
            options);
        if (!served)
            return std::unexpected(served.error());
        m_addresses.controlApisix = *served;
    }
    if (m_options.status) {
        const auto served = serve(
            *m_options.status,
            [this](const ServiceRequest &request, const Responder &responder) {
                sendReply(statusReply(request, [this] { return notReady(); }), responder);
            },
            options);
        if (!served)
            return std::unexpected(served.error());
        m_addresses.status = *served;
    }
    return {};
}

std::optional<std::string> Gateway::Implementation::notReady() const
{
    const bool received = m_file ? m_file->loaded()
        : m_admin->configs()     ? m_admin->configs()->received()
                                 : true;
    if (received)
        return std::nullopt;
    return "worker id: 0 has not received configuration";
}

Result<void> Gateway::Implementation::start()
{
    for (const auto step :
         {&Implementation::startBuiltin, &Implementation::makeWorkers, &Implementation::bindHttps,
          &Implementation::openConfig, &Implementation::bindServices}) {
        if (const auto done = (this->*step)(); !done)
            return done;
    }
    for (const auto &worker : m_workers)
        worker->start();
    m_running = true;
    tickStore();
    tickLeases();
    tickFile();
    m_adminThread = std::thread([this] { m_adminReactor.run(); });
    if (m_tlsAcceptor) {
        if (const auto started = m_tlsAcceptor->start(); !started)
            return started;
    }
    return m_acceptor->start();
}

/// Returns when every worker uses the snapshot: an Admin API answer is sent after this.
void Gateway::Implementation::publish(const std::shared_ptr<const Snapshot> &snapshot)
{
    m_revision = snapshot->revision;
    if (!m_running) {
        for (const auto &worker : m_workers)
            worker->publish(snapshot, [] {});
        return;
    }
    std::latch confirmed(static_cast<std::ptrdiff_t>(m_workers.size()));
    for (const auto &worker : m_workers)
        worker->publish(snapshot, [&confirmed] { confirmed.count_down(); });
    confirmed.wait();
}

void Gateway::Implementation::adopt(int descriptor, bool tls)
{
    if (m_shared.connections >= m_shared.options.limits.connections) {
        ::close(descriptor);
        return;
    }
    ++m_shared.connections;
    ++m_accepted;
    m_workers[m_nextWorker++ % m_workers.size()]->adopt(descriptor, tls);
}

void Gateway::Implementation::tickStore()
{
    // What fails is told by problems(), and tried again at the next tick.
    static_cast<void>(m_config->poll());
    m_managed.tick();
    m_adminReactor.callAfter(kStorePoll, [this] { tickStore(); });
}

void Gateway::Implementation::tickLeases()
{
    m_admin->expire(m_clock.now());
    m_adminReactor.callAfter(kLeaseTick, [this] { tickLeases(); });
}

void Gateway::Implementation::tickFile()
{
    if (!m_file)
        return;
    m_file->poll();
    m_adminReactor.callAfter(m_options.standalonePoll, [this] { tickFile(); });
}

GatewayStatus Gateway::Implementation::status()
{
    GatewayStatus status;
    status.version = kVersion;
    status.profile = m_options.profile;
    status.revision = m_config->snapshot() ? m_config->snapshot()->revision : 0;
    status.uptime = std::chrono::steady_clock::now() - m_started;
    status.workers = m_workers.size();
    status.connections = m_shared.connections;
    status.requests = totals().requests;
    status.proxy = m_addresses.proxyUrl();
    status.https = m_addresses.httpsUrl();
    status.admin = m_addresses.adminUrl();
    status.control = m_addresses.controlUri();
    return status;
}

GatewayTotals Gateway::Implementation::totals() const noexcept
{
    GatewayTotals totals;
    for (const auto &worker : m_workers) {
        const WorkerCounters &counters = worker->counters();
        totals.requests += counters.requests;
        totals.allowed += counters.allowed;
        totals.denied += counters.denied;
        totals.unmatched += counters.unmatched;
        totals.failed += counters.failed;
    }
    return totals;
}

MetricTotals Gateway::Implementation::metricTotals() const
{
    using State = ClientConnection::State;
    MetricTotals made{.requests = totals().requests,
                      .accepted = m_accepted,
                      .open = m_shared.connections,
                      .revision = m_revision,
                      .upstreams = m_health->checkedUpstreams()};
    for (const auto &worker : m_workers) {
        const auto &states = worker->counters().states;
        made.reading += states[static_cast<std::size_t>(State::Reading)];
        made.writing += states[static_cast<std::size_t>(State::Writing)];
        made.waiting += states[static_cast<std::size_t>(State::Waiting)];
    }
    return made;
}

void Gateway::Implementation::stop()
{
    for (Acceptor *acceptor : {m_acceptor.get(), m_tlsAcceptor.get()}) {
        if (acceptor)
            acceptor->stop();
    }
    // The admin thread goes first: it may be waiting for the workers' confirmation.
    if (m_adminThread.joinable()) {
        m_adminReactor.stop();
        m_adminThread.join();
    }
    m_managed.stop();
    if (m_running) {
        m_running = false;
        for (const auto &worker : m_workers)
            worker->stop(m_options.shutdownGrace);
    }
    m_health->stop();
    m_redis->close(); // its connections are on the workers' reactors
    m_services.clear();
    if (m_announced)
        withdrawControlSocket(std::exchange(m_addresses.controlSocket, {}));
    m_announced = false;
    if (m_builtinThread.joinable()) {
        m_builtinReactor.stop();
        m_builtinThread.join();
    }
    m_builtinService.reset();
}

Result<std::unique_ptr<Gateway>> Gateway::start(GatewayOptions options)
{
    auto implementation = std::make_unique<Implementation>(std::move(options));
    if (const auto started = implementation->start(); !started)
        return std::unexpected(started.error());
    return std::unique_ptr<Gateway>(new Gateway(std::move(implementation)));
}

Gateway::Gateway(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{
}

Gateway::~Gateway() = default;

const GatewayAddresses &Gateway::addresses() const noexcept
{
    return m_implementation->addresses();
}

Clock &Gateway::clock() noexcept { return m_implementation->clock(); }

GatewayTotals Gateway::totals() const noexcept { return m_implementation->totals(); }

void Gateway::stop() { m_implementation->stop(); }

} // namespace postern::gateway
