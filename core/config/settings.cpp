// SPDX-License-Identifier: Apache-2.0
#include "core/config/gateway_profile.h"
#include "core/config/setting_reader.h"
#include "core/text/suggest.h"

#include <algorithm>
#include <array>
#include <format>
#include <vector>

namespace postern {
namespace {

using Read = Result<void> (*)(Config &, const SettingReader &);

struct Setting
{
    std::string_view path; ///< dotted, from the file's root
    Read read;
};

Result<void> readVersion(Config &config, const SettingReader &in)
{
    if (const auto read = in.count(config.version); !read || config.version == 1)
        return read;
    return in.refuse("this version of Postern reads version 1");
}

Result<void> readProfile(Config &config, const SettingReader &in)
{
    const std::vector<std::string_view> profiles = gatewayProfileNames();
    std::size_t index = 0;
    const auto read = in.word(profiles, index);
    if (read)
        config.profile = profiles[index];
    return read;
}

Result<void> readClockMode(Config &config, const SettingReader &in)
{
    constexpr std::array<std::string_view, 3> kModes{"real", "ticking", "frozen"};
    std::size_t index = 0;
    const auto read = in.word(kModes, index);
    config.clock.mode = static_cast<Clock::Mode>(index);
    return read;
}

Result<void> readClockStart(Config &config, const SettingReader &in)
{
    if (const auto read = in.text(config.clock.start); !read)
        return read;
    if (const auto time = parseTime(config.clock.start, Timestamp()); !time)
        return in.refuse(time.error().detail);
    return {};
}

Result<void> readTraceHeader(Config &config, const SettingReader &in)
{
    constexpr std::array<std::string_view, 3> kHeaders{"off", "id", "summary"};
    std::size_t index = 0;
    const auto read = in.word(kHeaders, index);
    config.trace.header = static_cast<Config::Trace::Header>(index);
    return read;
}

Result<void> readRouter(Config &config, const SettingReader &in)
{
    constexpr std::array<std::string_view, 3> kRouters{"radixtree_host_uri", "radixtree_uri",
                                                       "radixtree_uri_with_parameter"};
    std::size_t index = 0;
    const auto read = in.word(kRouters, index);
    config.apisix.router = static_cast<Config::Apisix::Router>(index);
    return read;
}

/// As APISIX has it: the words of nginx, in quotes.
Result<void> readRealIpRecursive(Config &config, const SettingReader &in)
{
    constexpr std::array<std::string_view, 4> kSwitch{"off", "on", "false", "true"};
    std::size_t index = 0;
    const auto read = in.word(kSwitch, index);
    config.nginx.realIpRecursive = index % 2 == 1;
    return read;
}

Result<void> readRealIpHeader(Config &config, const SettingReader &in)
{
    if (const auto read = in.text(config.nginx.realIpHeader); !read)
        return read;
    if (config.nginx.realIpHeader.empty() || config.nginx.realIpHeader == "proxy_protocol")
        return in.refuse("expected the name of a header; the PROXY protocol is not supported");
    return {};
}

Result<void> readStorePath(Config &config, const SettingReader &in)
{
    std::string path;
    if (const auto read = in.text(path); !read)
        return read;
    if (path.empty())
        return in.refuse("expected memory, a file name or a store URI");
    if (path == "memory")
        config.store.uri = "memory:";
    else if (path == "api:" || path.starts_with("memory:") || path.starts_with("sqlite:")
             || path.starts_with("file:") || path.contains("://"))
        config.store.uri = path;
    else
        config.store.uri = "sqlite:" + path;
    return {};
}

/// One entry of admin_key: {name, key, role}. Without a key it is an admin's, made up at start.
Result<void> readAdminKey(const YamlNode &item, std::string_view file, Config::Admin::Key &key)
{
    const SettingReader whole(item, file);
    if (item.kind != YamlNode::Kind::Mapping)
        return whole.refuse("an entry of admin_key is a mapping of name, key and role");
    constexpr std::array<std::string_view, 2> kRoles{"admin", "viewer"};
    std::size_t role = 2;
    for (const YamlNode::Member &member : item.members) {
        const SettingReader in(member.value, file);
        Result<void> read;
        if (member.name == "name")
            read = in.text(key.name);
        else if (member.name == "key") {
            read = member.value.scalar.isNull() ? Result<void>() : in.text(key.key);
            key.file = file;
            key.line = member.place.line;
            key.column = member.place.column;
        } else if (member.name == "role")
            read = in.word(kRoles, role);
        else
            return fail(Errc::ConfigUnknownKey, std::format("\"admin.admin_key.{}\"", member.name),
                        formatPlace(file, member.place));
        if (!read)
            return read;
    }
    if (role > 1)
        return whole.refuse("an entry of admin_key needs a role, admin or viewer");
    key.viewer = role == 1;
    if (key.viewer && key.key.empty())
        return whole.refuse("a viewer needs a key");
    if (!key.key.empty())
        key.line = 0;
    return {};
}

/// As in the original, an admin_key that is null switches the check off.
Result<void> readAdminKeys(Config &config, const SettingReader &in)
{
    if (in.isNull()) {
        config.admin.requireKey = false;
        return {};
    }
    return in.entries([&config](const YamlNode &item, std::string_view file) {
        return readAdminKey(item, file, config.admin.keys.emplace_back());
    });
}

Result<void> readAdminVersion(Config &config, const SettingReader &in)
{
    constexpr std::array<std::string_view, 3> kVersions{"v3", "v2", "default"};
    std::size_t index = 0;
    const auto read = in.word(kVersions, index);
    config.admin.version2 = index != 0;
    return read;
}

Result<void> readKeyring(Config &config, const SettingReader &in)
{
    std::vector<std::string> &keyring = config.dataEncryption.keyring;
    if (const auto read = in.texts(keyring); !read)
        return read;
    for (const std::string &key : keyring) {
        if (key.size() != 16 && key.size() != 32)
            return in.refuse("a key of the keyring has 16 or 32 characters");
    }
    return {};
}

// One line a setting; the path is what the file spells.
// clang-format off
constexpr std::array kSettings{
    Setting{"version", readVersion},
    Setting{"profile", readProfile},
    Setting{"compat.jwt_sign_endpoint", [](Config &c, const SettingReader &in) { return in.boolean(c.compat.jwtSignEndpoint); }},
    Setting{"workers", [](Config &c, const SettingReader &in) { return in.countOrAuto(c.workers); }},
    Setting{"include", [](Config &c, const SettingReader &in) { return in.texts(c.include); }},
    Setting{"listen.proxy", [](Config &c, const SettingReader &in) { return in.address(c.listen.proxy); }},
    Setting{"listen.proxy_tls", [](Config &c, const SettingReader &in) { return in.address(c.listen.proxyTls); }},
    Setting{"listen.admin", [](Config &c, const SettingReader &in) { return in.address(c.listen.admin); }},
    Setting{"listen.kong_proxy", [](Config &c, const SettingReader &in) { return in.address(c.listen.kongProxy); }},
    Setting{"listen.kong_admin", [](Config &c, const SettingReader &in) { return in.address(c.listen.kongAdmin); }},
    Setting{"listen.control_apisix", [](Config &c, const SettingReader &in) { return in.address(c.listen.controlApisix); }},
    Setting{"listen.status", [](Config &c, const SettingReader &in) { return in.address(c.listen.status); }},
    Setting{"listen.control", [](Config &c, const SettingReader &in) { return in.text(c.listen.control); }},
    Setting{"listen.metrics", [](Config &c, const SettingReader &in) { return in.address(c.listen.metrics); }},
    Setting{"apisix.router.http", readRouter},
    Setting{"apisix.delete_uri_tail_slash", [](Config &c, const SettingReader &in) { return in.boolean(c.apisix.deleteUriTailSlash); }},
    Setting{"apisix.normalize_uri_like_servlet", [](Config &c, const SettingReader &in) { return in.boolean(c.apisix.normalizeUriLikeServlet); }},
    Setting{"apisix.match_uri_encoded_slash", [](Config &c, const SettingReader &in) { return in.boolean(c.apisix.matchUriEncodedSlash); }},
    Setting{"apisix.trusted_addresses", [](Config &c, const SettingReader &in) { return in.texts(c.apisix.trustedAddresses); }},
    Setting{"apisix.show_upstream_status_in_response_header", [](Config &c, const SettingReader &in) { return in.boolean(c.apisix.showUpstreamStatus); }},
    Setting{"apisix.debug", [](Config &c, const SettingReader &in) { return in.boolean(c.apisix.debug); }},
    Setting{"apisix.ssl.fallback_sni", [](Config &c, const SettingReader &in) { return in.textOrOff(c.apisix.fallbackSni); }},
    Setting{"apisix.ssl.ssl_trusted_certificate", [](Config &c, const SettingReader &in) { return in.text(c.apisix.trustedCertificate); }},
    Setting{"nginx_config.http.real_ip_header", readRealIpHeader},
    Setting{"nginx_config.http.real_ip_from", [](Config &c, const SettingReader &in) { return in.texts(c.nginx.realIpFrom); }},
    Setting{"nginx_config.http.real_ip_recursive", readRealIpRecursive},
    Setting{"admin.key", [](Config &c, const SettingReader &in) { return in.text(c.admin.key); }},
    Setting{"admin.viewer_key", [](Config &c, const SettingReader &in) { return in.textOrOff(c.admin.viewerKey); }},
    Setting{"admin.require_key", [](Config &c, const SettingReader &in) { return in.boolean(c.admin.requireKey); }},
    Setting{"admin.allow_remote", [](Config &c, const SettingReader &in) { return in.boolean(c.admin.allowRemote); }},
    Setting{"admin.admin_key", readAdminKeys},
    Setting{"admin.allow_admin", [](Config &c, const SettingReader &in) { return in.texts(c.admin.allow.emplace()); }},
    Setting{"admin.admin_api_version", readAdminVersion},
    Setting{"admin.enable_admin_cors", [](Config &c, const SettingReader &in) { return in.boolean(c.admin.cors); }},
    Setting{"admin.enable_server_tokens", [](Config &c, const SettingReader &in) { return in.boolean(c.admin.serverTokens); }},
    Setting{"data_encryption.enable_encrypt_fields", [](Config &c, const SettingReader &in) { return in.boolean(c.dataEncryption.enabled); }},
    Setting{"data_encryption.keyring", readKeyring},
    // where APISIX's config.yaml has them
    Setting{"apisix.data_encryption.enable_encrypt_fields", [](Config &c, const SettingReader &in) { return in.boolean(c.dataEncryption.enabled); }},
    Setting{"apisix.data_encryption.keyring", readKeyring},
    Setting{"clock.mode", readClockMode},
    Setting{"clock.start", readClockStart},
    Setting{"upstream.builtin", [](Config &c, const SettingReader &in) { return in.boolean(c.upstream.builtin); }},
    Setting{"upstream.aliases", [](Config &c, const SettingReader &in) { return in.pairs(c.upstream.aliases); }},
    Setting{"upstream.timeout.connect", [](Config &c, const SettingReader &in) { return in.duration(c.upstream.connectTimeout); }},
    Setting{"upstream.timeout.send", [](Config &c, const SettingReader &in) { return in.duration(c.upstream.sendTimeout); }},
    Setting{"upstream.timeout.read", [](Config &c, const SettingReader &in) { return in.duration(c.upstream.readTimeout); }},
    Setting{"upstream.record", [](Config &c, const SettingReader &in) { return in.textOrOff(c.upstream.record); }},
    Setting{"upstream.replay", [](Config &c, const SettingReader &in) { return in.textOrOff(c.upstream.replay); }},
    Setting{"trace.header", readTraceHeader},
    Setting{"trace.keep", [](Config &c, const SettingReader &in) { return in.count(c.trace.keep); }},
    Setting{"trace.mask", [](Config &c, const SettingReader &in) { return in.texts(c.trace.mask); }},
    Setting{"trace.file", [](Config &c, const SettingReader &in) { return in.textOrOff(c.trace.file); }},
    Setting{"store.path", readStorePath},
    Setting{"store.encrypt", [](Config &c, const SettingReader &in) { return in.boolean(c.store.encrypt); }},
    Setting{"secrets.env.allow", [](Config &c, const SettingReader &in) { return in.texts(c.secrets.environment); }},
    Setting{"secrets.vault.ttl", [](Config &c, const SettingReader &in) { return in.duration(c.secrets.vaultTtl); }},
    Setting{"secrets.vault.timeout", [](Config &c, const SettingReader &in) { return in.duration(c.secrets.vaultTimeout); }},
    Setting{"limits.header", [](Config &c, const SettingReader &in) { return in.size(c.limits.header); }},
    Setting{"limits.body", [](Config &c, const SettingReader &in) { return in.size(c.limits.body); }},
    Setting{"limits.connections", [](Config &c, const SettingReader &in) { return in.count(c.limits.connections); }},
    Setting{"limits.trace_body", [](Config &c, const SettingReader &in) { return in.size(c.limits.traceBody); }},
    Setting{"exec.env", [](Config &c, const SettingReader &in) { return in.pairs(c.exec.environment); }},
    Setting{"exec.compat_env", [](Config &c, const SettingReader &in) { return in.boolean(c.exec.compatEnv); }},
    Setting{"exec.grace", [](Config &c, const SettingReader &in) { return in.duration(c.exec.grace); }},
    Setting{"check.jobs", [](Config &c, const SettingReader &in) { return in.countOrAuto(c.check.jobs); }},
    Setting{"check.timeout", [](Config &c, const SettingReader &in) { return in.duration(c.check.timeout); }},
    Setting{"diff.ignore", [](Config &c, const SettingReader &in) { return in.texts(c.diff.ignore); }},
    Setting{"diff.settle", [](Config &c, const SettingReader &in) { return in.duration(c.diff.settle); }},
};
// clang-format on

/// The names known below a path: "upstream." -> builtin, aliases, timeout, ...
std::vector<std::string_view> namesBelow(std::string_view prefix)
{
    std::vector<std::string_view> names;
    for (const Setting &setting : kSettings) {
        if (!setting.path.starts_with(prefix))
            continue;
        const std::string_view rest = setting.path.substr(prefix.size());
        names.push_back(rest.substr(0, rest.find('.')));
    }
    if (prefix.empty()) {
        std::ranges::copy(objectListNames(), std::back_inserter(names));
        names.emplace_back("kong");
    }
    return names;
}

Result<void> readBelow(const YamlNode &node, std::string_view file, const std::string &prefix,
                       Config &config)
{
    const std::vector<std::string_view> known = namesBelow(prefix);
    for (const YamlNode::Member &member : node.members) {
        if (member.name.starts_with("x-"))
            continue;
        if (!std::ranges::contains(known, member.name))
            return fail(
                Errc::ConfigUnknownKey,
                std::format("\"{}{}\"{}", prefix, member.name, didYouMean(member.name, known)),
                formatPlace(file, member.place));
        const std::string path = prefix + member.name;
        const SettingReader reader(member.value, file);
        const auto setting = std::ranges::find(kSettings, path, &Setting::path);
        Result<void> read;
        if (setting != kSettings.end())
            read = setting->read(config, reader);
        else if (std::ranges::contains(objectListNames(), path) || path == "kong")
            continue;
        else if (member.value.kind == YamlNode::Kind::Mapping)
            read = readBelow(member.value, file, path + ".", config);
        else if (!member.value.scalar.isNull() || member.value.kind == YamlNode::Kind::Sequence)
            read = reader.refuse(std::format("expected a mapping below \"{}\"", path));
        if (!read)
            return read;
    }
    return {};
}

} // namespace

Result<void> readSettings(const YamlNode &root, std::string_view file, Config &config)
{
    return readBelow(root, file, {}, config);
}

} // namespace postern
