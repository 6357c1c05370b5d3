// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/variables.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/ip_range.h"
#include "gateway/router/snapshot.h"
#include "gateway/tls/variables.h"
#include "gateway/upstream/balancer.h"
#include "gateway/upstream/form_data.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <format>
#include <utility>

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

/// Fields of one name joined as nginx joins them.
Text headerValue(Exchange &exchange, const HeaderList &headers, std::string_view name)
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

struct Row
{
    std::string_view name;
    Text (*get)(Exchange &);
};

// By name, for the binary search; tst_variables proves the order.
constexpr std::array kFixed{
    Row{"apisix_request_id", [](Exchange &e) { return present(e.requestId); }},
    Row{"args", [](Exchange &e) { return present(e.request.query); }},
    Row{"balancer_ip", [](Exchange &e) { return e.node ? present(e.node->node->host) : Text(); }},
    Row{"balancer_port",
        [](Exchange &e) { return e.node ? number(e, e.node->node->port) : Text(); }},
    Row{"binary_remote_addr", binaryAddress},
    Row{"body_bytes_sent", [](Exchange &e) { return number(e, e.trace.responseBytes); }},
    Row{"bytes_sent", [](Exchange &e) { return number(e, e.trace.responseBytes); }},
    Row{"connection", [](Exchange &e) { return number(e, e.trace.id); }},
    Row{"consumer_group_id",
        [](Exchange &e) { return e.consumer ? present(e.consumer->groupId) : Text(); }},
    Row{"consumer_name",
        [](Exchange &e) { return e.consumer ? Text(e.consumer->username) : Text(); }},
    Row{"content_length",
        [](Exchange &e) { return headerValue(e, e.request.headers, "content_length"); }},
    Row{"content_type",
        [](Exchange &e) { return headerValue(e, e.request.headers, "content_type"); }},
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
    Row{"realip_remote_port", [](Exchange &e) { return number(e, e.request.peerPort); }},
    Row{"remote_addr", [](Exchange &e) { return Text(e.request.peer); }},
    Row{"remote_port", [](Exchange &e) { return number(e, e.request.peerPort); }},
    Row{"remote_user", remoteUser},
    Row{"request",
        [](Exchange &e) {
            return Text(e.arena.copy(std::format("{} {} HTTP/1.{}", e.request.method,
                                                 e.request.rawTarget, e.request.minor)));
        }},
    Row{"request_body", [](Exchange &e) { return present(e.body.text); }},
    Row{"request_id", requestId},
    Row{"request_length", [](Exchange &e) { return number(e, e.trace.requestBytes); }},
    Row{"request_method", [](Exchange &e) { return Text(e.request.method); }},
    Row{"request_uri", requestUri},
    Row{"route_id", [](Exchange &e) { return e.route ? Text(e.route->id) : Text(); }},
    Row{"route_name", [](Exchange &e) { return e.route ? present(e.route->name) : Text(); }},
    Row{"scheme", [](Exchange &e) { return Text(e.request.scheme); }},
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

/// `:name` of the pattern that matched, in radixtree_uri_with_parameter.
Text pathParameter(const Exchange &exchange, std::string_view name)
{
    std::string_view pattern = exchange.matchedPattern;
    std::string_view path = exchange.request.path;
    const auto segment = [](std::string_view &rest) {
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        return part;
    };
    while (!pattern.empty()) {
        if (pattern.starts_with('*'))
            return name == pattern.substr(1) ? Text(path) : std::nullopt;
        const std::string_view part = segment(pattern);
        const std::string_view value = segment(path);
        if (part.starts_with(':') && part.substr(1) == name)
            return value;
    }
    return std::nullopt;
}

bool isType(const Exchange &exchange, std::string_view type)
{
    const std::string_view field = exchange.request.headers.value("content-type");
    return field.size() >= type.size() && equalsIgnoringCase(field.substr(0, type.size()), type);
}

/// The body as a JSON document, whatever its type: forms become objects of texts.
std::optional<Json> bodyDocument(const Exchange &exchange)
{
    if (!exchange.body.complete || exchange.body.text.empty())
        return std::nullopt;
    const auto object = [](const FieldMap &fields) {
        Json made = Json::object();
        for (const auto &[name, values] : fields) {
            if (values.size() == 1)
                made.set(name, values.front());
            else
                made.set(name, Json(Json::Array(values.begin(), values.end())));
        }
        return made;
    };
    if (isType(exchange, "application/x-www-form-urlencoded"))
        return object(parseUrlEncoded(exchange.body.text));
    if (isType(exchange, "multipart/form-data")) {
        const auto boundary =
            headerParameter(exchange.request.headers.value("content-type"), "boundary");
        const auto form = boundary ? parseMultipart(exchange.body.text, *boundary) : std::nullopt;
        return form ? std::optional(object(form->fields)) : std::nullopt;
    }
    auto parsed = parseJson(exchange.body.text);
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

VariableValue fromJson(Exchange &exchange, const Json &json)
{
    VariableValue made;
    switch (json.type()) {
    case Json::Type::String:
        made.kind = VariableValue::Kind::Text;
        made.text = exchange.arena.copy(json.asString());
        break;
    case Json::Type::Number:
        made.kind = VariableValue::Kind::Number;
        made.text = exchange.arena.copy(json.lexeme());
        break;
    case Json::Type::Boolean:
        made.kind = VariableValue::Kind::Boolean;
        made.flag = json.asBool();
        break;
    case Json::Type::Array:
        made.kind = VariableValue::Kind::List;
        made.list = json.items();
        break;
    case Json::Type::Null:
    case Json::Type::Object:
        break;
    }
    return made;
}

VariableValue fromText(Text text)
{
    VariableValue made;
    if (text) {
        made.kind = VariableValue::Kind::Text;
        made.text = *text;
    }
    return made;
}

std::string lowerUnderscored(std::string_view name)
{
    std::string made(name);
    for (char &c : made) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c | 0x20);
        else if (c == '-')
            c = '_';
    }
    return made;
}

constexpr std::string_view kBlanks = " \t\r\n\f\v";

std::string_view trimBlanks(std::string_view text) noexcept
{
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool isNameCharacter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// What stands behind a '$': the text between braces, or a bare name. Empty: no variable.
/// \param size gets how much of `rest` it takes
std::string_view takeName(std::string_view rest, Template::Names names, std::size_t &size) noexcept
{
    if (rest.starts_with('{')) {
        const std::size_t end = rest.find('}');
        if (end == std::string_view::npos || trimBlanks(rest.substr(1, end - 1)).empty())
            return {};
        size = end + 1;
        return trimBlanks(rest.substr(1, end - 1));
    }
    const auto end = std::ranges::find_if_not(rest, [names](char c) {
        return isNameCharacter(c) || (c == '.' && names == Template::Names::Dotted);
    });
    size = static_cast<std::size_t>(end - rest.begin());
    return rest.substr(0, size);
}

} // namespace

Variable::Variable(std::string_view name) : m_name(name)
{
    struct Prefix
    {
        std::string_view text;
        Source source;
    };
    static constexpr std::array kPrefixes{
        Prefix{"http_", Source::Header},
        Prefix{"sent_http_", Source::SentHeader},
        Prefix{"upstream_http_", Source::SentHeader},
        Prefix{"arg_", Source::Argument},
        Prefix{"cookie_", Source::Cookie},
        Prefix{"uri_param_", Source::PathParameter},
        Prefix{"post_arg_", Source::FormArgument},
        Prefix{"post_arg.", Source::BodyMember},
    };
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (!name.empty() && std::ranges::all_of(name, isDigit)) {
        std::from_chars(name.data(), name.data() + name.size(), m_group);
        m_source = Source::Capture;
        return;
    }
    const auto row = std::ranges::lower_bound(kFixed, name, {}, &Row::name);
    if (row != kFixed.end() && row->name == name) {
        m_source = Source::Fixed;
        m_get = row->get;
        return;
    }
    for (const Prefix &prefix : kPrefixes) {
        if (!name.starts_with(prefix.text) || name.size() == prefix.text.size())
            continue;
        m_source = prefix.source;
        m_key = name.substr(prefix.text.size());
    }
    if (m_source == Source::Header || m_source == Source::SentHeader)
        m_key = lowerUnderscored(m_key);
    if (m_source != Source::BodyMember)
        return;
    if (auto path = JsonPath::compile("$." + m_key))
        m_path = std::move(*path);
    else
        m_source = Source::Unknown;
}

bool Variable::needsBody() const noexcept
{
    return m_source == Source::FormArgument || m_source == Source::BodyMember
        || m_name == "request_body";
}

VariableValue Variable::value(Exchange &exchange) const
{
    switch (m_source) {
    case Source::Fixed:
        return fromText(m_get(exchange));
    case Source::Header:
        return fromText(headerValue(exchange, exchange.request.headers, m_key));
    case Source::SentHeader:
        return exchange.response
            ? fromText(headerValue(exchange, exchange.response->headers, m_key))
            : VariableValue();
    case Source::Argument:
        return fromText(queryArgument(exchange, m_key));
    case Source::Cookie:
        return fromText(cookieValue(exchange, m_key));
    case Source::PathParameter:
        return fromText(pathParameter(exchange, m_key));
    case Source::FormArgument: {
        if (!exchange.body.complete)
            return {};
        const FieldMap fields = parseUrlEncoded(exchange.body.text);
        const auto found = fields.find(m_key);
        return found == fields.end() || found->second.empty()
            ? VariableValue()
            : fromText(exchange.arena.copy(found->second.front()));
    }
    case Source::BodyMember: {
        const std::optional<Json> document = bodyDocument(exchange);
        if (!document)
            return {};
        const std::vector<Json> found = m_path->select(*document);
        if (m_key.contains('*') || found.size() > 1)
            return found.empty() ? VariableValue() : fromJson(exchange, Json(found));
        return found.empty() ? VariableValue() : fromJson(exchange, found.front());
    }
    case Source::Capture:
        return m_group < exchange.captures.size() ? fromText(exchange.captures[m_group])
                                                  : VariableValue();
    case Source::Unknown:
        break;
    }
    return {};
}

std::optional<std::string_view> Variable::text(Exchange &exchange) const
{
    const VariableValue found = value(exchange);
    switch (found.kind) {
    case VariableValue::Kind::Text:
    case VariableValue::Kind::Number:
        return found.text;
    case VariableValue::Kind::Boolean:
        return found.flag ? "true" : "false";
    case VariableValue::Kind::List:
        return exchange.arena.copy(Json(found.list).dump());
    case VariableValue::Kind::Absent:
        break;
    }
    return std::nullopt;
}

Template::Template(std::string_view text, Names names) : m_text(text)
{
    std::size_t from = 0; // of the text that waits for its variable
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at)) {
        std::size_t size = 0;
        const bool escaped = at > 0 && text[at - 1] == '\\';
        std::string_view name =
            escaped ? std::string_view() : takeName(text.substr(at + 1), names, size);
        if (name.empty()) {
            ++at;
            continue;
        }
        std::optional<std::string> otherwise;
        if (const std::size_t mark = name.find("??"); mark != std::string_view::npos) {
            otherwise = trimBlanks(name.substr(mark + 2));
            name = trimBlanks(name.substr(0, mark));
        }
        m_parts.push_back(
            {std::string(text.substr(from, at - from)), Variable(name), std::move(otherwise)});
        at = from = at + 1 + size;
    }
    if (!m_parts.empty())
        m_rest = text.substr(from);
}

bool Template::needsBody() const noexcept
{
    return std::ranges::any_of(m_parts, [](const Part &part) { return part.variable.needsBody(); });
}

bool Template::resolves(Exchange &exchange) const
{
    return std::ranges::any_of(m_parts, [&exchange](const Part &part) {
        return part.variable.text(exchange).has_value();
    });
}

std::string_view Template::evaluate(Exchange &exchange) const
{
    return evaluate(exchange, nullptr);
}

std::string_view Template::evaluate(Exchange &exchange,
                                    std::string (*escape)(std::string_view)) const
{
    if (literal())
        return m_text;
    std::string out;
    for (const Part &part : m_parts) {
        out += part.before;
        if (const auto value = part.variable.text(exchange))
            out += escape ? escape(*value) : *value;
        else if (part.otherwise)
            out += escape ? escape(*part.otherwise) : *part.otherwise;
    }
    out += m_rest;
    return exchange.arena.copy(out);
}

} // namespace postern::gateway
