// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/plain_fix.h"

#include <algorithm>
#include <array>

namespace postern::gateway {

namespace {

struct Row
{
    Errc reason;
    std::string_view fix;
};

constexpr std::array kRows{
    Row{Errc::AuthorizationFormat,
        "send the Authorization header in the form that the route's authentication plugin takes"},
    Row{Errc::LoginsExhausted,
        "send what one of the plugins accepts; the steps before say what each one found wrong"},
    Row{Errc::SubjectMissing, "put an authentication plugin that attaches a consumer on the route"},
    Row{Errc::Unsupported, "use another method: neither CONNECT nor TRACE is served"},
    // what is configured
    Row{Errc::NotAuthenticated, "put an authentication plugin on the route"},
    Row{Errc::LabelDenied, "change the consumer's labels, or the route's deny_labels"},
    Row{Errc::LabelNotAllowed, "give the consumer such a label, or change allow_labels"},
    Row{Errc::LimitRuleMissing,
        "send one of the variables that the rules' keys name, or set allow_degradation"},
    Row{Errc::PluginConfigMissing,
        "create the plugin config, or change the route's plugin_config_id"},
    Row{Errc::ConsumerGroupMissing, "create the consumer group, or change the consumer's group_id"},
    Row{Errc::FaultInjected,
        "take fault-injection off the route, or change its vars or percentage"},
    Row{Errc::KeyMissing,
        "give the credential its private_key, or make the token where the private key is"},
    Row{Errc::PublicApiMissing, "set public-api's uri to an endpoint that a plugin offers"},
    Row{Errc::ServiceMissing, "create the service, or change the route's service_id"},
    Row{Errc::UpstreamMissing, "create the upstream, or change the upstream_id"},
    Row{Errc::UpstreamNone, "give the route an upstream or a service that has one"},
    Row{Errc::UpstreamNoNodes, "add a node to the upstream"},
    Row{Errc::UpstreamConnect, "start the upstream, or correct its address"},
    // what the client sent
    Row{Errc::HttpSyntax, "send the request as RFC 9112 asks; the step says what is wrong"},
    Row{Errc::HttpVersion, "speak HTTP/1.1 or HTTP/1.0"},
    Row{Errc::HttpHost, "send exactly one Host header, with a valid name or address"},
    Row{Errc::HttpHeaderTooLarge, "send a shorter head, or raise limits.header"},
    Row{Errc::HttpTooManyHeaders, "send fewer header fields"},
    Row{Errc::HttpBodyTooLarge, "send a smaller body, or raise limits.body"},
    Row{Errc::HttpTimeout, "send the request without pauses"},
    Row{Errc::ClientGone, "let the client wait longer: it closed the connection before the answer"},
    // what the upstream did
    Row{Errc::UpstreamResolve, "correct the node's name, or give the node as an address"},
    Row{Errc::UpstreamReset,
        "look into the upstream's log: it closed the connection before its answer was complete"},
    Row{Errc::UpstreamTimeout,
        "make the upstream answer sooner, or raise the timeout of the route or the upstream"},
    Row{Errc::UpstreamProtocol,
        "look at what the upstream sends: it is no HTTP/1 answer (is the scheme right?)"},
    Row{Errc::Crypto, "look into the gateway's log: the crypto library refused"},
    Row{Errc::SecretUnresolved, "set the variable or secret that the reference names"},
};

} // namespace

std::string_view plainFix(Errc reason) noexcept
{
    const auto *const row = std::ranges::find(kRows, reason, &Row::reason);
    return row == kRows.end() ? std::string_view() : row->fix;
}

} // namespace postern::gateway
