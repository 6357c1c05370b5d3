// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/variable_table.h"

#include "core/bytes/encoding.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/ip_range.h"
#include "gateway/router/snapshot.h"
#include "gateway/server/socket.h"
#include "gateway/tls/variables.h"
#include "gateway/upstream/balancer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <format>

#include <unistd.h>

namespace postern::gateway {

namespace {

using Text = std::optional<std::string_view>;

Text present(std::string_view text) { return text.empty() ? std::nullopt : Text(text); }

template <class T> Text number(Exchange &exchange, T value)
{
    std::array<char, 24> room;
    const auto end = std::to_chars(room.data(), room.data() + room.size(), value).ptr;
    return exchange.arena.copy({room.data(), static_cast<std::size_t>(end - room.data())});
}

/// nginx's name of a header: lower case, '-' as '_'.
bool isHeader(std::string_view field, std::string_view variable) noexcept
{
    return std::ranges::equal(field, variable, [](char a, char b) {
        const char lower = a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a;
        return (lower == '-' ? '_' : lower) == b;
    });
}

Text requestUri(Exchange &exchange)
{
    const Request &request = exchange.request;
    if (request.query.empty())
        return request.path;
    return exchange.arena.join(exchange.arena.join(request.path, "?"), request.query);
}

int statusNow(const Exchange &exchange) noexcept
{
    return exchange.response ? exchange.response->status : exchange.reply.status;
}

Text localTime(Exchange &exchange, const char *form)
{
    const auto second = std::chrono::floor<std::chrono::seconds>(exchange.now);
    return exchange.arena.copy(std::vformat(form, std::make_format_args(second)));
}

/// Sixteen octets that differ from request to request, as nginx's $request_id.
Text requestId(Exchange &exchange)
{
    const auto mix = [](std::uint64_t x) {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
        return x ^ (x >> 31);
    };
    const auto when =
        static_cast<std::uint64_t>(exchange.trace.received.time_since_epoch().count());
    return exchange.arena.copy(
        std::format("{:016x}{:016x}", mix(exchange.trace.id + 1), mix(when)));
}

Text remoteUser(Exchange &exchange)
{
    const std::string_view field = exchange.request.headers.value("authorization");
    if (field.size() < 6 || !equalsIgnoringCase(field.substr(0, 6), "basic "))
        return std::nullopt;
    const auto decoded = decodeBase64(field.substr(6));
    if (!decoded || !decoded->contains(':'))
        return std::nullopt;
    return exchange.arena.copy(std::string_view(*decoded).substr(0, decoded->find(':')));
}

Text binaryAddress(Exchange &exchange)
{
    const auto address = IpAddress::parse(exchange.request.peer);
    if (!address)
        return std::nullopt;
    std::array<char, 16> octets;
    for (std::size_t i = 0; i < 8; ++i) {
        octets[i] = static_cast<char>(address->high >> (56 - 8 * i) & 0xff);
        octets[8 + i] = static_cast<char>(address->low >> (56 - 8 * i) & 0xff);
    }
    const std::string_view all(octets.data(), octets.size());
    return exchange.arena.copy(address->v6 ? all : all.substr(12));
}

Text hostName(Exchange &)
{
    static const std::string name = [] {
        std::array<char, 256> room{};
        return gethostname(room.data(), room.size() - 1) == 0 ? std::string(room.data())
                                                              : std::string("unknown");
    }();
    return name;
}

/// "127.0.0.1" of "127.0.0.1:80", "::1" of "[::1]:80".
std::string_view hostOf(std::string_view address) noexcept
{
    address = address.substr(0, address.rfind(':'));
    return address.starts_with('[') ? address.substr(1, address.size() - 2) : address;
}

/// Seconds with their thousandths, as nginx writes times.
Text seconds(Exchange &exchange, std::chrono::nanoseconds time)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    return exchange.arena.copy(std::format("{}.{:03}", ms / 1000, ms % 1000));
}

/// How long the request takes so far, or took.
std::chrono::nanoseconds timeTaken(const Exchange &exchange)
{
    return exchange.trace.totalNs ? std::chrono::nanoseconds(exchange.trace.totalNs)
                                  : std::chrono::steady_clock::now() - exchange.started;
}

Text requestTime(Exchange &exchange)
{
    return exchange.started == std::chrono::steady_clock::time_point()
        ? std::nullopt
        : seconds(exchange, timeTaken(exchange));
}

Text upstreamTime(Exchange &exchange)
{
    return exchange.node
        ? seconds(exchange, timeTaken(exchange) - (exchange.decided - exchange.started))
        : std::nullopt;
}

Text serverAddress(Exchange &exchange)
{
    return exchange.descriptor < 0
        ? std::nullopt
        : present(exchange.arena.copy(localAddress(exchange.descriptor).host()));
}

/// Of the address that was tried; of the configured node before that.
Text balancerAddress(Exchange &exchange)
{
    if (!exchange.node)
        return std::nullopt;
    const std::string_view address = exchange.nodeAddress;
    return address.empty() ? present(exchange.node->node->host) : hostOf(address);
}

Text balancerPort(Exchange &exchange)
{
    if (!exchange.node)
        return std::nullopt;
    const std::string_view address = exchange.nodeAddress;
    return address.empty() ? number(exchange, exchange.node->node->port)
                           : Text(address.substr(address.rfind(':') + 1));
}

struct Row
{
    std::string_view name;
    Text (*get)(Exchange &);
};

// By name, for the binary search; tst_variables proves the order.
constexpr std::array kFixed{
    Row{"apisix_request_id", [](Exchange &e) { return present(e.requestId); }},
    Row{"args", [](Exchange &e) { return present(e.request.query); }},
    Row{"balancer_ip", balancerAddress},
    Row{"balancer_port", balancerPort},
    Row{"binary_remote_addr", binaryAddress},
    Row{"body_bytes_sent", [](Exchange &e) { return number(e, e.trace.responseBytes); }},
    Row{"bytes_sent",
        [](Exchange &e) { return number(e, e.responseHeadSize + e.trace.responseBytes); }},
    Row{"connection", [](Exchange &e) { return number(e, e.trace.id); }},
    Row{"consumer_group_id",
        [](Exchange &e) { return e.consumer ? present(e.consumer->groupId) : Text(); }},
    Row{"consumer_name",
        [](Exchange &e) { return e.consumer ? Text(e.consumer->username) : Text(); }},
    Row{"content_length",
        [](Exchange &e) { return headerVariable(e, e.request.headers, "content_length"); }},
    Row{"content_type",
        [](Exchange &e) { return headerVariable(e, e.request.headers, "content_type"); }},
    Row{"document_uri", [](Exchange &e) { return Text(e.request.path); }},
    Row{"host", [](Exchange &e) { return present(e.request.hostName); }},
    Row{"hostname", hostName},
    Row{"https", [](Exchange &e) { return Text(e.request.scheme == "https" ? "on" : ""); }},
    Row{"is_args", [](Exchange &e) { return Text(e.request.query.empty() ? "" : "?"); }},
    Row{"method", [](Exchange &e) { return Text(e.request.method); }},
    Row{"msec",
        [](Exchange &e) {
            const auto ms = std::chrono::floor<std::chrono::milliseconds>(e.now.time_since_epoch());
            return Text(
                e.arena.copy(std::format("{}.{:03}", ms.count() / 1000, ms.count() % 1000)));
        }},
    Row{"pid", [](Exchange &e) { return number(e, getpid()); }},
    Row{"query_string", [](Exchange &e) { return present(e.request.query); }},
    Row{"real_request_uri", [](Exchange &e) { return Text(e.request.rawTarget); }},
    Row{"realip_remote_addr", [](Exchange &e) { return Text(e.request.socketPeer); }},
    Row{"realip_remote_port", [](Exchange &e) { return number(e, e.request.socketPeerPort); }},
    Row{"remote_addr", [](Exchange &e) { return Text(e.request.peer); }},
    Row{"remote_port",
        [](Exchange &e) {
            return e.request.peerPort != 0 ? number(e, e.request.peerPort) : Text("");
        }},
    Row{"remote_user", remoteUser},
    Row{"request",
        [](Exchange &e) {
            return Text(e.arena.copy(std::format("{} {} HTTP/1.{}", e.request.method,
                                                 e.request.rawTarget, e.request.minor)));
        }},
    Row{"request_body", [](Exchange &e) { return present(e.body.text); }},
    Row{"request_id", requestId},
    Row{"request_length",
        [](Exchange &e) { return number(e, e.request.headSize + e.trace.requestBytes); }},
    Row{"request_method", [](Exchange &e) { return Text(e.request.method); }},
    Row{"request_time", requestTime},
    Row{"request_uri", requestUri},
    Row{"route_id", [](Exchange &e) { return e.route ? Text(e.route->id) : Text(); }},
    Row{"route_name", [](Exchange &e) { return e.route ? present(e.route->name) : Text(); }},
    Row{"scheme", [](Exchange &e) { return Text(e.request.scheme); }},
    Row{"server_addr", serverAddress},
    Row{"server_name", [](Exchange &) { return Text("_"); }},
    Row{"server_port", [](Exchange &e) { return number(e, e.request.localPort); }},
    Row{"server_protocol",
        [](Exchange &e) { return Text(e.request.minor ? "HTTP/1.1" : "HTTP/1.0"); }},
    Row{"service_id", [](Exchange &e) { return e.route ? present(e.route->serviceId) : Text(); }},
    Row{"service_name",
        [](Exchange &e) { return e.route ? present(e.route->serviceName) : Text(); }},
    Row{"ssl_cipher", [](Exchange &e) { return tlsVariable(e, "cipher"); }},
    Row{"ssl_client_fingerprint", [](Exchange &e) { return tlsVariable(e, "client_fingerprint"); }},
    Row{"ssl_client_i_dn", [](Exchange &e) { return tlsVariable(e, "client_i_dn"); }},
    Row{"ssl_client_s_dn", [](Exchange &e) { return tlsVariable(e, "client_s_dn"); }},
    Row{"ssl_client_serial", [](Exchange &e) { return tlsVariable(e, "client_serial"); }},
    Row{"ssl_client_verify", [](Exchange &e) { return tlsVariable(e, "client_verify"); }},
    Row{"ssl_protocol", [](Exchange &e) { return tlsVariable(e, "protocol"); }},
    Row{"ssl_server_name", [](Exchange &e) { return tlsVariable(e, "server_name"); }},
    Row{"ssl_session_reused", [](Exchange &e) { return tlsVariable(e, "session_reused"); }},
    Row{"status", [](Exchange &e) { return statusNow(e) ? number(e, statusNow(e)) : Text(); }},
    Row{"time_iso8601", [](Exchange &e) { return localTime(e, "{:%FT%T}+00:00"); }},
    Row{"time_local", [](Exchange &e) { return localTime(e, "{:%d/%b/%Y:%T} +0000"); }},
    Row{"upstream_addr", [](Exchange &e) { return e.node ? present(e.nodeAddress) : Text(); }},
    Row{"upstream_response_time", upstreamTime},
    Row{"upstream_scheme",
        [](Exchange &e) {
            return e.route && e.route->upstream ? Text(e.route->upstream->scheme) : Text();
        }},
    Row{"upstream_status",
        [](Exchange &e) {
            return e.trace.upstreamStatus ? number(e, e.trace.upstreamStatus) : Text();
        }},
    Row{"upstream_unresolved_host",
        [](Exchange &e) { return e.node ? present(e.node->node->host) : Text(); }},
    Row{"upstream_uri", [](Exchange &e) { return Text(e.request.target); }},
    Row{"uri", [](Exchange &e) { return Text(e.request.path); }},
};
static_assert(std::ranges::is_sorted(kFixed, {}, &Row::name));

} // namespace

VariableGetter findVariable(std::string_view name) noexcept
{
    const auto row = std::ranges::lower_bound(kFixed, name, {}, &Row::name);
    return row != kFixed.end() && row->name == name ? row->get : nullptr;
}

std::optional<std::string_view> headerVariable(Exchange &exchange, const HeaderList &headers,
                                               std::string_view name)
{
    Text found;
    for (const HeaderField &field : headers.fields()) {
        if (!isHeader(field.name, name))
            continue;
        const std::string_view glue = name == "cookie" ? "; " : ", ";
        found = found ? exchange.arena.join(exchange.arena.join(*found, glue), field.value)
                      : field.value;
    }
    return found;
}

} // namespace postern::gateway
