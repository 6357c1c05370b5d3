// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/config/gateway_profile.h"
#include "core/config/yaml.h"
#include "core/error.h"
#include "core/json/json.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern {

/// Where something listens. Port 0: any free port.
struct ListenAddress
{
    std::string host = "127.0.0.1"; ///< IPv6 without brackets
    std::uint16_t port = 0;

    bool operator==(const ListenAddress &) const = default;
};

/// Reads `127.0.0.1:9080`, `[::1]:9080`, or a port alone (loopback).
/// \return the address, or InvalidArgument
[[nodiscard]] Result<ListenAddress> parseListenAddress(std::string_view text);
/// `127.0.0.1:9080`, `[::1]:9080`
[[nodiscard]] std::string formatListenAddress(const ListenAddress &address);
/// Reads `64KiB`, `64MiB`, `1GiB`, `10kB`, `512` (octets).
[[nodiscard]] Result<std::uint64_t> parseSize(std::string_view text);

/// A configuration file that was read.
struct ConfigFile
{
    std::string name;
    std::string text; ///< kept only while objects are still text
};

/// One object of the file: a route, a consumer, a credential, ... Its value is APISIX's object
/// without `id` being forced in; the admin layer validates it.
struct ConfigObject
{
    std::string kind; ///< as in storage keys: "routes", "consumers", "credentials", "secrets", ...
    std::string parent; ///< consumer of a credential, manager of a secret; else empty
    std::string id;
    Json value; ///< null while it is still `text`
    std::string_view text; ///< JSON, part of the file's text; empty: `value` holds the object
    std::shared_ptr<const ConfigFile> file;
    std::shared_ptr<const YamlNode> source; ///< for places inside the object; may be null
};

/// `file:line:column` of a JSON pointer inside an object, or of the object's start, or
/// `file: kind/id`: as exact as is known.
[[nodiscard]] std::string placeIn(const ConfigObject &object, std::string_view pointer);

/// Takes the value out of the object, parsing it first if it was not yet. `text` stays, for places.
/// \return Config with the place in the file if the text is not JSON
[[nodiscard]] Result<Json> takeValue(ConfigObject &object);

/// The configuration file. Defaults are those of an absent file. Empty optional: switched off.
struct Config
{
    struct Listen
    {
        std::optional<ListenAddress> proxy = ListenAddress{"127.0.0.1", 9080};
        std::optional<ListenAddress> proxyTls;
        std::optional<ListenAddress> admin = ListenAddress{"127.0.0.1", 9180};
        std::optional<ListenAddress> kongProxy;
        std::optional<ListenAddress> kongAdmin;
        std::optional<ListenAddress> controlApisix; ///< APISIX's own control API
        std::optional<ListenAddress> status; ///< /status and /status/ready
        std::optional<ListenAddress> metrics; ///< the prometheus plugin's export server
        std::string control = "auto"; ///< socket path; "auto": in the runtime directory; "off"
    };
    /// What APISIX reads from its own config.yaml, under the same names.
    struct Apisix
    {
        enum class Router : std::uint8_t { HostUri, Uri, UriWithParameter };
        Router router = Router::HostUri;
        bool deleteUriTailSlash = false;
        bool normalizeUriLikeServlet = false;
        bool matchUriEncodedSlash = false;
        std::vector<std::string> trustedAddresses; ///< addresses and CIDR blocks
        bool showUpstreamStatus = false;
        bool debug = false; ///< the Apisix-Plugins header
        std::string fallbackSni; ///< `ssl.fallback_sni`; empty: none
        std::string trustedCertificate = "system"; ///< `ssl.ssl_trusted_certificate`
    };
    /// What APISIX keeps for nginx, below `nginx_config.http`.
    struct Nginx
    {
        std::string realIpHeader = "X-Real-IP";
        std::vector<std::string> realIpFrom{"127.0.0.1", "unix:"}; ///< also CIDR blocks
        bool realIpRecursive = false;
    };
    /// What the original had once and has no more.
    struct Compat
    {
        bool jwtSignEndpoint = false; ///< GET /apisix/plugin/jwt/sign, for public-api
    };
    struct Admin
    {
        std::string key = "auto"; ///< "auto": random; may be a `$env://` reference
        std::string viewerKey; ///< empty: none
        bool requireKey = true;
        bool allowRemote = false;
        /// `admin_key`, as APISIX's configuration has it
        struct Key
        {
            std::string name, key;
            bool viewer = false;
            /// An empty key that is written in a file: where its name stands. Else line 0.
            std::string file{};
            std::size_t line = 0, column = 0;
        };
        std::vector<Key> keys;
        /// Addresses and CIDR blocks; nullopt: this machine, or everybody with allowRemote
        std::optional<std::vector<std::string>> allow;
        bool version2 = false; ///< `admin_api_version: v2`
        bool cors = true;
        bool serverTokens = true;
    };
    /// How the Admin API shows secrets in the answers to writes.
    struct DataEncryption
    {
        bool enabled = true;
        std::vector<std::string> keyring; ///< empty: the keys APISIX comes with
    };
    struct ClockOptions
    {
        Clock::Mode mode = Clock::Mode::Real;
        std::string start = "now"; ///< parseTime() syntax
    };
    struct Upstream
    {
        bool builtin = true;
        /// "host:port" as routes name it, and what it stands for ("builtin" or "host:port")
        std::vector<std::pair<std::string, std::string>> aliases{{"httpbin.org:80", "builtin"},
                                                                 {"httpbin.org:443", "builtin"},
                                                                 {"mockbin.org:80", "builtin"}};
        Duration connectTimeout = std::chrono::seconds(6);
        Duration sendTimeout = std::chrono::seconds(6);
        Duration readTimeout = std::chrono::seconds(6);
        std::string record; ///< empty: off
        std::string replay;
    };
    struct Trace
    {
        enum class Header : std::uint8_t { Off, Id, Summary };
        Header header = Header::Id;
        std::uint64_t keep = 10'000; ///< exchanges
        std::vector<std::string> mask{"authorization", "cookie", "apikey"};
        std::string file; ///< empty: off
    };
    struct StoreSettings
    {
        std::string uri = "memory:"; ///< as openStore() takes it
        bool encrypt = true;
    };
    struct Secrets
    {
        std::vector<std::string> environment{"*"}; ///< patterns of readable `$env://` names
        Duration vaultTtl{};
        Duration vaultTimeout = std::chrono::seconds(5);
    };
    struct Limits
    {
        std::uint64_t header = 64U * 1024; ///< octets
        std::uint64_t body = 64U * 1024 * 1024;
        std::uint64_t connections = 1024;
        std::uint64_t traceBody = 64U * 1024;
    };
    struct Exec
    {
        std::vector<std::pair<std::string, std::string>> environment;
        bool compatEnv = false;
        Duration grace = std::chrono::seconds(5);
    };
    struct Check
    {
        std::uint64_t jobs = 0; ///< 0: auto
        Duration timeout = std::chrono::seconds(2);
    };
    struct Diff
    {
        std::vector<std::string> ignore{"date",       "server", "x-ratelimit-reset",
                                        "connection", "etag",   "x-postern-trace"};
        Duration settle = std::chrono::seconds(5);
    };

    std::uint64_t version = 1;
    std::string profile{defaultGatewayProfile().name}; ///< of gatewayProfiles()
    Compat compat;
    Listen listen;
    Apisix apisix;
    Nginx nginx;
    Admin admin;
    DataEncryption dataEncryption;
    ClockOptions clock;
    Upstream upstream;
    Trace trace;
    StoreSettings store;
    Secrets secrets;
    Limits limits;
    std::uint64_t workers = 0; ///< 0: auto
    Exec exec;
    Check check;
    Diff diff;
    std::vector<std::string> include; ///< as written; loadConfig() has read them

    /// Every object, referenced kinds before those that refer to them (upstreams, services, ...,
    /// consumers, their credentials, routes, global rules). Ids are unique per kind and parent.
    std::vector<ConfigObject> objects;
    Json kong; ///< Kong-shaped object lists as written; null if absent
};

/// Reads the process's environment, as far as the settings let `$env://` read it.
[[nodiscard]] VariableLookup readableVariables(const Config::Secrets &settings);

/// Reads a configuration text. `include` is only noted.
/// \param file for messages
/// \param variables for `${NAME}`; the process environment by default
/// \return the configuration, or Config or ConfigUnknownKey with where "file:line:column" and a
/// detail that says what is wrong and, for unknown keys, what may have been meant
[[nodiscard]] Result<Config> parseConfig(std::string_view text, std::string_view file,
                                         const VariableLookup &variables = {});

/// Reads a configuration file and what it includes: file names and globs relative to it, object
/// lists only; of two objects with one id the later wins.
/// \return as parseConfig, or NotFound, Io, Permission
[[nodiscard]] Result<Config> loadConfig(const std::filesystem::path &path,
                                        const VariableLookup &variables = {});

} // namespace postern
