// SPDX-License-Identifier: Apache-2.0
#include "cli/gateway_options.h"

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/env_file.h"
#include "cli/output.h"
#include "core/secret/reference.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <format>
#include <map>

namespace postern::cli {

bool isLoopback(std::string_view host) noexcept
{
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

namespace {

Result<gateway::Endpoint> endpointOf(std::string_view text, std::string_view option)
{
    const auto address = parseListenAddress(text);
    if (!address)
        return fail(Errc::InvalidArgument, "write HOST:PORT or PORT", std::string(option));
    return gateway::Endpoint{address->host, address->port};
}

Result<gateway::Endpoint> endpointOf(const std::string &flag, std::string_view option,
                                     const std::optional<ListenAddress> &configured,
                                     bool allowRemote)
{
    if (flag.empty() && !configured)
        return fail(Errc::Unsupported, "this listener cannot be switched off", std::string(option));
    Result<gateway::Endpoint> endpoint = flag.empty()
        ? gateway::Endpoint{configured->host, configured->port}
        : endpointOf(flag, option);
    if (endpoint && !isLoopback(endpoint->host) && !allowRemote)
        return fail(Errc::Config,
                    std::format("{} can be reached from other machines; that wants "
                                "'allow_remote: true' below 'admin' in the configuration file",
                                endpoint->host),
                    std::string(option));
    return endpoint;
}

Result<std::string> adminKeyOf(const Config &config, const std::string &flag)
{
    if (!flag.empty()) {
        const Console quiet;
        const Result<Secret> key = ArgumentReader(quiet).secret(flag);
        if (!key)
            return std::unexpected(key.error());
        return std::string(key->view());
    }
    if (std::string variable = environment("POSTERN_ADMIN_KEY"); !variable.empty())
        return variable;
    if (config.admin.key == "auto")
        return std::string();
    if (isSecretReference(config.admin.key))
        return SecretResolver().resolve(config.admin.key);
    return config.admin.key;
}

Result<void> setClock(gateway::GatewayOptions &options, const Config &config,
                      const GatewayArguments &arguments)
{
    const std::map<std::string, Clock::Mode> modes{{"real", Clock::Mode::Real},
                                                   {"ticking", Clock::Mode::Ticking},
                                                   {"frozen", Clock::Mode::Frozen}};
    const std::string start =
        arguments.clock.empty() ? environment("POSTERN_CLOCK") : arguments.clock;
    options.clockMode = config.clock.mode;
    if (!arguments.clockMode.empty())
        options.clockMode = modes.at(arguments.clockMode);
    else if (!start.empty() && options.clockMode == Clock::Mode::Real)
        options.clockMode = Clock::Mode::Ticking;
    if (options.clockMode == Clock::Mode::Real)
        return {};
    const Result<Timestamp> time =
        parseTime(start.empty() ? config.clock.start : start, Clock().now());
    if (!time)
        return fail(time.error().code, time.error().detail, "--clock");
    options.clockStart = *time;
    return {};
}

gateway::RouterFlavour routerOf(Config::Apisix::Router router)
{
    switch (router) {
    case Config::Apisix::Router::Uri:
        return gateway::RouterFlavour::Uri;
    case Config::Apisix::Router::UriWithParameter:
        return gateway::RouterFlavour::UriWithParameter;
    case Config::Apisix::Router::HostUri:
        break;
    }
    return gateway::RouterFlavour::HostUri;
}

// Server names are matched in lower case.
std::string lowerCase(std::string text)
{
    for (char &octet : text) {
        if (octet >= 'A' && octet <= 'Z')
            octet = static_cast<char>(octet + 32);
    }
    return text;
}

Result<gateway::IpRange> rangeOf(const std::string &text, std::string_view setting)
{
    const auto range = gateway::IpRange::parse(text);
    if (range)
        return *range;
    return fail(Errc::Config, std::format("\"{}\" is neither an address nor a CIDR block", text),
                std::string(setting));
}

// What APISIX has in its config.yaml.
Result<void> setApisix(gateway::GatewayOptions &options, const Config::Apisix &apisix)
{
    options.routing.flavour = routerOf(apisix.router);
    gateway::ProxyOptions &proxy = options.proxyOptions;
    proxy.paths = {apisix.deleteUriTailSlash, apisix.normalizeUriLikeServlet,
                   apisix.matchUriEncodedSlash};
    proxy.debugHeader = apisix.debug;
    proxy.upstreamStatusHeader = apisix.showUpstreamStatus;
    proxy.fallbackServerName = lowerCase(apisix.fallbackSni);
    options.trustedCertificates = apisix.trustedCertificate;
    for (const std::string &text : apisix.trustedAddresses) {
        const auto range = rangeOf(text, "apisix.trusted_addresses");
        if (!range)
            return std::unexpected(range.error());
        proxy.trusted.push_back(*range);
    }
    return {};
}

// What APISIX has for nginx.
Result<void> setNginx(gateway::GatewayOptions &options, const Config::Nginx &nginx)
{
    gateway::RealIpOptions &real = options.proxyOptions.realIp;
    real = {nginx.realIpHeader, {}, false, nginx.realIpRecursive};
    for (const std::string &text : nginx.realIpFrom) {
        if (text == "unix:") {
            real.fromUnixSockets = true;
            continue;
        }
        const auto range = rangeOf(text, "nginx_config.http.real_ip_from");
        if (!range)
            return std::unexpected(range.error());
        real.from.push_back(*range);
    }
    return {};
}

gateway::TraceHeader headerOf(Config::Trace::Header header)
{
    switch (header) {
    case Config::Trace::Header::Off:
        return gateway::TraceHeader::Off;
    case Config::Trace::Header::Summary:
        return gateway::TraceHeader::Summary;
    case Config::Trace::Header::Id:
        break;
    }
    return gateway::TraceHeader::Id;
}

void setLimits(gateway::GatewayOptions &options, const Config &config)
{
    const Config defaults;
    gateway::ProxyLimits &limits = options.proxyOptions.limits;
    limits.headerBytes = config.limits.header;
    // The file's default is for tests of services; the proxy streams without limit unless told.
    if (config.limits.body != defaults.limits.body)
        limits.bodyBytes = config.limits.body;
    if (config.limits.connections != defaults.limits.connections)
        limits.connections = config.limits.connections;
    options.proxyOptions.traceHeader = headerOf(config.trace.header);
    options.proxyOptions.traceKeep = config.trace.keep;
    options.proxyOptions.tracing = config.trace.keep > 0;
}

/// A port that is closed unless somebody asks for it.
struct OpenPort
{
    const std::string &flag;
    std::string_view option;
    const std::optional<ListenAddress> &configured;
    std::optional<gateway::Endpoint> &to;
};

std::string storeOf(const Config &config, const GatewayArguments &arguments)
{
    if (arguments.standalone == "api")
        return "api:";
    if (!arguments.standalone.empty())
        return "file:" + arguments.standalone;
    return arguments.store.empty() ? config.store.uri : arguments.store;
}

/// Who may use the Admin API, and how it answers.
Result<void> setAdmin(gateway::GatewayOptions &options, const Config &config)
{
    options.viewerKey = config.admin.viewerKey;
    options.requireAdminKey = config.admin.requireKey;
    for (const Config::Admin::Key &key : config.admin.keys)
        options.adminKeys.push_back({key.name, key.key, key.viewer});
    std::vector<std::string> allowed =
        config.admin.allow.value_or(std::vector<std::string>{"127.0.0.0/24", "::1"});
    if (!config.admin.allow && config.admin.allowRemote)
        allowed.clear();
    for (const std::string &text : allowed) {
        const auto range = rangeOf(text, "admin.allow_admin");
        if (!range)
            return std::unexpected(range.error());
        options.adminPeers.push_back(*range);
    }
    if (config.admin.version2)
        options.adminVersion = gateway::ApiVersion::V2;
    options.adminCors = config.admin.cors;
    options.serverTokens = config.admin.serverTokens;
    if (!config.dataEncryption.enabled)
        options.fieldKeyring.clear();
    else if (!config.dataEncryption.keyring.empty())
        options.fieldKeyring = config.dataEncryption.keyring;
    return {};
}

std::vector<std::string> profileNames()
{
    const std::vector<std::string_view> names = gatewayProfileNames();
    return {names.begin(), names.end()};
}

} // namespace

void addGatewayOptions(CLI::App &app, GatewayArguments &arguments, bool listening)
{
    app.add_option("--config", arguments.config, "configuration file")->envname("POSTERN_CONFIG");
    app.add_option("--profile", arguments.profile, "which release's ways count, as apisix-3.17")
        ->check(CLI::IsMember(profileNames()))
        ->envname("POSTERN_PROFILE");
    addList(app, "--env-file", arguments.envFiles,
            "NAME=value lines for $env:// references and ${NAME}; what is set already stays");
    app.add_option("--clock", arguments.clock, "the gateway's time at start");
    app.add_option("--clock-mode", arguments.clockMode, "how it runs from there")
        ->check(CLI::IsMember({"real", "ticking", "frozen"}));
    app.add_option("--admin-key", arguments.adminKey,
                   "admin key: @file, env:NAME, text; random if left out");
    app.add_flag("--no-token-cache", arguments.noTokenCache,
                 "check asymmetric signatures anew for every request");
    app.add_option("--workers", arguments.workers, "worker threads; one per processor");
    if (!listening)
        return;
    CLI::Option *const store =
        app.add_option("--store", arguments.store, "memory:, sqlite:PATH, file:PATH or api:");
    app.add_option("--standalone", arguments.standalone,
                   "APISIX's standalone mode: apisix.yaml or apisix.json, read again when it "
                   "changes; or api, replaced as a whole by PUT /apisix/admin/configs")
        ->excludes(store);
    app.add_option("--proxy", arguments.proxy, "HOST:PORT of the proxy; port 0 = any free one");
    app.add_option("--https", arguments.https, "HOST:PORT of the proxy over TLS; none if left out");
    app.add_option("--admin", arguments.admin, "HOST:PORT of the Admin API");
    app.add_option("--control", arguments.control,
                   "unix:PATH or http://HOST:PORT of the control API");
    app.add_option("--control-apisix", arguments.controlApisix,
                   "HOST:PORT of APISIX's own control API (127.0.0.1:9090 there); closed if left "
                   "out");
    app.add_option("--status", arguments.status,
                   "HOST:PORT of /status and /status/ready (127.0.0.1:7085 in APISIX); closed if "
                   "left out");
    app.add_option("--gateway-group", arguments.gatewayGroup,
                   "API7's: leave out routes labelled gateway_group with another name")
        ->envname("POSTERN_GATEWAY_GROUP");
}

std::filesystem::path nearestConfig(const std::filesystem::path &directory)
{
    std::error_code code;
    for (auto folder = std::filesystem::absolute(directory, code); !code && !folder.empty();
         folder = folder.parent_path()) {
        for (const char *const name : {"postern.yaml", "postern.yml"}) {
            if (std::filesystem::is_regular_file(folder / name, code))
                return folder / name;
        }
        code.clear();
        if (folder == folder.parent_path())
            break;
    }
    return {};
}

std::filesystem::path configPath(const GatewayArguments &arguments)
{
    if (!arguments.config.empty())
        return arguments.config;
    std::error_code code;
    return nearestConfig(std::filesystem::current_path(code));
}

Result<Config> findConfig(const GatewayArguments &arguments)
{
    if (const auto used = useEnvFiles(arguments.envFiles); !used)
        return std::unexpected(used.error());
    const std::filesystem::path path = configPath(arguments);
    Result<Config> config = path.empty() ? Config() : loadConfig(path);
    // CLI11 passes over what a variable may not hold.
    const std::string profile =
        arguments.profile.empty() ? environment("POSTERN_PROFILE") : arguments.profile;
    if (!profile.empty() && !findGatewayProfile(profile))
        return fail(Errc::Config,
                    std::format("no profile \"{}\"; 'postern help profiles' lists them", profile),
                    "POSTERN_PROFILE");
    if (config && !profile.empty())
        config->profile = profile;
    return config;
}

GatewayFiles filesOf(const GatewayArguments &arguments, std::string_view store)
{
    std::error_code code;
    const std::filesystem::path config = configPath(arguments);
    GatewayFiles files{config.empty() ? config : std::filesystem::absolute(config, code),
                       std::string(store)};
    for (const std::string_view scheme : {"sqlite:", "file:"}) {
        if (store.starts_with(scheme))
            files.store = std::string(scheme)
                + std::filesystem::absolute(store.substr(scheme.size()), code).string();
    }
    return files;
}

Result<gateway::GatewayOptions> gatewayOptions(Config &config, const GatewayArguments &arguments)
{
    gateway::GatewayOptions options;
    const bool remote = config.admin.allowRemote;
    const auto proxy = endpointOf(arguments.proxy, "--proxy", config.listen.proxy, true);
    const auto admin = endpointOf(arguments.admin, "--admin", config.listen.admin, remote);
    if (!proxy || !admin)
        return std::unexpected(proxy ? admin.error() : proxy.error());
    if (!arguments.https.empty() || config.listen.proxyTls) {
        const auto https = endpointOf(arguments.https, "--https", config.listen.proxyTls, true);
        if (!https)
            return std::unexpected(https.error());
        options.https = *https;
    }
    options.proxy = *proxy;
    options.admin = *admin;

    std::string control = arguments.control;
    if (control.empty() && config.listen.control != "auto" && config.listen.control != "off")
        control = config.listen.control;
    if (control.starts_with("http://")) {
        const auto endpoint = endpointOf(control.substr(7), "--control");
        if (!endpoint)
            return std::unexpected(endpoint.error());
        options.controlTcp = *endpoint;
    } else
        options.controlSocket =
            control.starts_with("unix:") ? control.substr(5) : std::move(control);

    for (const auto &[flag, option, configured, to] :
         {OpenPort{arguments.controlApisix, "--control-apisix", config.listen.controlApisix,
                   options.controlApisix},
          OpenPort{arguments.status, "--status", config.listen.status, options.status}}) {
        if (flag.empty() && !configured)
            continue;
        auto endpoint = endpointOf(flag, option, configured, remote);
        if (!endpoint)
            return std::unexpected(endpoint.error());
        to = *std::move(endpoint);
    }

    Result<std::string> key = adminKeyOf(config, arguments.adminKey);
    if (!key)
        return std::unexpected(key.error());
    options.adminKey = std::move(*key);
    if (const auto set = setAdmin(options, config); !set)
        return std::unexpected(set.error());
    options.store = storeOf(config, arguments);
    options.workers = arguments.workers != 0 ? arguments.workers : config.workers;
    options.builtinUpstream = config.upstream.builtin;
    options.aliases = {config.upstream.aliases.begin(), config.upstream.aliases.end()};
    options.environment = readableVariables(config.secrets);
    options.profile = config.profile;
    options.routing.gatewayGroup = arguments.gatewayGroup;
    options.signEndpoint = config.compat.jwtSignEndpoint;
    setLimits(options, config);
    if (const auto set = setApisix(options, config.apisix); !set)
        return std::unexpected(set.error());
    if (const auto set = setNginx(options, config.nginx); !set)
        return std::unexpected(set.error());
    if (config.listen.metrics) {
        const auto metrics = endpointOf({}, "listen.metrics", config.listen.metrics, remote);
        if (!metrics)
            return std::unexpected(metrics.error());
        options.metrics = *metrics;
    }
    options.tokenCache = !arguments.noTokenCache;
    if (const auto set = setClock(options, config, arguments); !set)
        return std::unexpected(set.error());
    options.objects = std::exchange(config.objects, {});
    return options;
}

} // namespace postern::cli
