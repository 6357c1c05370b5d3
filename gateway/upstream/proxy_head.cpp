// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/proxy_head.h"

#include "gateway/http/uri.h"
#include "gateway/http/writer.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

namespace {

enum class Treatment : std::uint8_t {
    Pass,
    Drop,
    Host,
    Connection,
    Upgrade,
    Length,
    ForwardedFor,
    Forwarded, ///< what a trusted peer says of the connections before its own
    Keep, ///< so does this, or a plugin: it stands instead of ours
};

/// What happens to a request field on its way upstream.
Treatment treatmentOf(std::string_view name) noexcept
{
    const auto is = [name](std::string_view other) { return equalsIgnoringCase(name, other); };
    switch (name.size()) {
    case 2:
        return is("te") ? Treatment::Drop : Treatment::Pass;
    case 4:
        return is("host") ? Treatment::Host : Treatment::Pass;
    case 6:
        return is("expect") ? Treatment::Drop : Treatment::Pass;
    case 7:
        return is("upgrade") ? Treatment::Upgrade : Treatment::Pass;
    case 9:
        return is("forwarded") ? Treatment::Forwarded
            : is("x-real-ip")  ? Treatment::Drop
                               : Treatment::Pass;
    case 10:
        if (is("connection"))
            return Treatment::Connection;
        return is("keep-alive") ? Treatment::Drop : Treatment::Pass;
    case 14:
        return is("content-length") ? Treatment::Length : Treatment::Pass;
    case 15:
        return is("x-forwarded-for") ? Treatment::ForwardedFor : Treatment::Pass;
    case 16:
        if (is("x-forwarded-host") || is("x-forwarded-port"))
            return Treatment::Keep;
        return is("proxy-connection") ? Treatment::Drop : Treatment::Pass;
    case 17:
        if (is("x-forwarded-proto"))
            return Treatment::Keep;
        return is("transfer-encoding") ? Treatment::Drop : Treatment::Pass;
    default:
        return Treatment::Pass;
    }
}

/// True if the Connection field lists the name as hop-by-hop. RFC 9110 7.6.1.
bool listed(std::string_view connection, std::string_view name) noexcept
{
    // What the gateway says about the consumer stays: a client could otherwise hide who it is.
    if (name.size() > 11
        && (equalsIgnoringCase(name.substr(0, 11), "x-consumer-")
            || equalsIgnoringCase(name.substr(0, 11), "x-credentia")))
        return false;
    while (!connection.empty()) {
        std::string_view token = connection.substr(0, connection.find(','));
        connection.remove_prefix(std::min(connection.size(), token.size() + 1));
        while (!token.empty() && (token.front() == ' ' || token.front() == '\t'))
            token.remove_prefix(1);
        while (!token.empty() && (token.back() == ' ' || token.back() == '\t'))
            token.remove_suffix(1);
        if (equalsIgnoringCase(token, name))
            return true;
    }
    return false;
}

/// False for the usual values, so that the other fields need not be compared with them.
bool listsFields(std::string_view connection) noexcept
{
    return !connection.empty() && !equalsIgnoringCase(connection, "keep-alive")
        && !equalsIgnoringCase(connection, "close");
}

void appendHost(std::string &out, const Exchange &exchange, const CompiledUpstream &upstream,
                const UpstreamNode &node)
{
    switch (upstream.passHost) {
    case CompiledUpstream::PassHost::Pass:
        appendField(out, "Host",
                    exchange.upstreamHost.empty() ? exchange.request.host : exchange.upstreamHost);
        return;
    case CompiledUpstream::PassHost::Rewrite:
        appendField(out, "Host", upstream.upstreamHost);
        return;
    case CompiledUpstream::PassHost::Node:
        out.append("Host: ");
        if (node.host.find(':') != std::string::npos) // a bare IPv6 address
            out.append("[").append(node.host).append("]");
        else
            out.append(node.host);
        if (node.port != (upstream.scheme == "https" ? 443 : 80))
            out.append(":").append(std::to_string(node.port));
        out.append("\r\n");
        return;
    }
}

/// The host without its port; an IPv6 address keeps its brackets.
std::string_view bareHost(std::string_view host) noexcept
{
    const std::size_t colon = host.rfind(':');
    return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos
        ? host
        : host.substr(0, colon);
}

/// \param kept there are fields that stand instead of ours
void appendForwarding(std::string &out, const Exchange &exchange, std::string_view forwardedFor,
                      bool kept)
{
    const Request &request = exchange.request;
    const auto keeps = [&](std::string_view name) {
        return kept && request.headers.contains(name);
    };
    appendField(out, "X-Real-IP", request.peer);
    out.append("X-Forwarded-For: ");
    if (!forwardedFor.empty() && exchange.forwarding != Forwarding::Untrusted)
        out.append(forwardedFor).append(", ");
    out.append(request.peer).append("\r\n");
    if (!keeps("x-forwarded-proto"))
        appendField(out, "X-Forwarded-Proto", request.scheme);
    if (!request.host.empty() && !keeps("x-forwarded-host"))
        appendField(out, "X-Forwarded-Host",
                    exchange.bareForwardedHost ? bareHost(request.host) : request.host);
    if (keeps("x-forwarded-port"))
        return;
    const std::size_t colon = request.host.rfind(':');
    const bool hasPort =
        colon != std::string_view::npos && request.host.find(']', colon) == std::string_view::npos;
    if (hasPort)
        appendField(out, "X-Forwarded-Port", request.host.substr(colon + 1));
    else
        appendField(out, "X-Forwarded-Port", std::uint64_t{request.localPort});
}

} // namespace

std::string_view serverNameFor(const Exchange &exchange, const CompiledUpstream &upstream,
                               const UpstreamNode &node)
{
    std::string_view host = node.host;
    if (upstream.passHost == CompiledUpstream::PassHost::Rewrite)
        host = upstream.upstreamHost;
    else if (upstream.passHost == CompiledUpstream::PassHost::Pass)
        host = exchange.upstreamHost.empty() ? exchange.request.host : exchange.upstreamHost;
    return withoutPort(host);
}

void buildUpstreamHead(std::string &out, const Exchange &exchange, const CompiledUpstream &upstream,
                       const UpstreamNode &node, const RequestBody &body)
{
    const Request &request = exchange.request;
    out.append(request.method).append(" ");
    // An absolute-form target goes upstream in origin-form.
    std::string_view target = request.target;
    if (!target.starts_with('/')) {
        const std::size_t scheme = target.find("://");
        const std::size_t path = scheme == std::string_view::npos
            ? std::string_view::npos
            : target.find_first_of("/?", scheme + 3);
        target = path == std::string_view::npos ? "/" : target.substr(path);
        if (target.starts_with('?'))
            out.append("/");
    }
    out.append(target).append(" HTTP/1.1\r\n");

    const std::string_view connection = request.headers.value("connection");
    const bool lists = listsFields(connection);
    std::string forwardedFor;
    bool host = false;
    bool length = false;
    bool kept = false;
    for (const HeaderField &field : request.headers.fields()) {
        switch (treatmentOf(field.name)) {
        case Treatment::Drop:
        case Treatment::Connection:
            break;
        case Treatment::Upgrade:
            if (body.upgrade)
                appendField(out, field.name, field.value);
            break;
        case Treatment::Host:
            host = true;
            appendHost(out, exchange, upstream, node);
            break;
        case Treatment::Length:
            // What is sent, not what a plugin may have written: the two must never differ.
            if (body.framing != Framing::Chunked && !std::exchange(length, true))
                appendField(out, field.name, body.length);
            break;
        case Treatment::ForwardedFor:
            if (!forwardedFor.empty())
                forwardedFor.append(", ");
            forwardedFor.append(field.value);
            break;
        case Treatment::Forwarded:
            if (exchange.forwarding == Forwarding::Trusted)
                appendField(out, field.name, field.value);
            break;
        case Treatment::Keep:
            kept = true;
            appendField(out, field.name, field.value);
            break;
        case Treatment::Pass:
            if (!lists || !listed(connection, field.name))
                appendField(out, field.name, field.value);
            break;
        }
    }
    if (!host)
        appendHost(out, exchange, upstream, node);
    appendForwarding(out, exchange, forwardedFor, kept);
    if (body.framing == Framing::Length && !length)
        appendField(out, "Content-Length", body.length);
    if (body.framing == Framing::Chunked)
        out.append("Transfer-Encoding: chunked\r\n");
    if (body.upgrade)
        out.append("Connection: upgrade\r\n");
    out.append("\r\n");
}

void appendResponseFields(std::string &out, const HeaderList &fields, bool upgraded)
{
    const std::string_view connection = fields.value("connection");
    const bool lists = listsFields(connection);
    for (const HeaderField &field : fields.fields()) {
        const auto is = [&field](std::string_view other) {
            return equalsIgnoringCase(field.name, other);
        };
        bool drop = false;
        switch (field.name.size()) {
        case 6:
            drop = is("server");
            break;
        case 7:
            drop = is("upgrade") && !upgraded;
            break;
        case 10:
            drop = (is("connection") && !upgraded) || is("keep-alive");
            break;
        case 16:
            drop = is("proxy-connection");
            break;
        case 17:
            drop = is("transfer-encoding");
            break;
        default:
            break;
        }
        if (!drop && !upgraded && lists)
            drop = listed(connection, field.name);
        if (!drop)
            appendField(out, field.name, field.value);
    }
}

} // namespace postern::gateway
