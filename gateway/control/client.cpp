// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/client.h"

#include "gateway/control/client_socket.h"
#include "gateway/http/head_parser.h"
#include "gateway/http/header_list.h"
#include "gateway/http/writer.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";
constexpr std::uint16_t kHttpsPort = 443;

bool hasLineEnd(std::string_view text)
{
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

Result<std::string> serialise(const ServerAddress &address, const ClientRequest &request)
{
    const std::string target = address.basePath + request.target;
    const bool plain = std::ranges::all_of(target, [](char c) { return c > ' ' && c != '\x7F'; });
    if (!target.starts_with('/') || !plain || hasLineEnd(request.method))
        return fail(Errc::InvalidArgument, "not a request target");
    std::string text = request.method + " " + target + " HTTP/1.1\r\n";
    std::string host = "localhost";
    if (address.unixPath.empty()) {
        host = address.host.contains(':') ? "[" + address.host + "]" : address.host;
        if (!address.tls || address.port != kHttpsPort)
            host += ":" + std::to_string(address.port);
    }
    const auto brings = [&request](std::string_view name) {
        return std::ranges::any_of(request.headers, [name](const auto &field) {
            return equalsIgnoringCase(field.first, name);
        });
    };
    if (!brings("Host"))
        appendField(text, "Host", host);
    for (const auto &[name, value] : request.headers) {
        if (hasLineEnd(name) || hasLineEnd(value))
            return fail(Errc::InvalidArgument, "a header field holds a line end", name);
        appendField(text, name, value);
    }
    const bool hasBody = !request.body.empty() || request.method == "POST"
        || request.method == "PUT" || request.method == "PATCH";
    if (hasBody && !brings("Content-Length") && !brings("Transfer-Encoding"))
        appendField(text, "Content-Length", request.body.size());
    appendField(text, "Connection", "close");
    return text.append("\r\n").append(request.body);
}

// Reads one answer off a connection: the head at once, the body as it comes.
class ResponseReader
{
public:
    using BodySink = std::function<bool(std::string_view)>;

    ResponseReader(ClientSocket &connection, bool headOnly)
        : m_connection(connection),
          m_headOnly(headOnly)
    {
    }

    Result<void> readHead(ClientResponse &response)
    {
        while (true) {
            auto state = HeadParser::State::More;
            for (std::size_t fresh = m_input.size();;) {
                if (fresh > 0)
                    state = m_parser.feed(m_input, fresh, {});
                if (state != HeadParser::State::More)
                    break;
                const auto got = m_connection.receive(m_input);
                if (!got)
                    return std::unexpected(got.error());
                if (*got == 0)
                    return fail(Errc::Remote, "the connection ended before the answer");
                fresh = *got;
            }
            if (state == HeadParser::State::Failed)
                return fail(Errc::Remote, "not an HTTP answer: " + describe(m_parser.error()));
            if (m_parser.status() >= 200 || m_parser.status() == 101)
                break;
            m_input.erase(0, m_parser.headSize()); // an interim answer
            m_parser.reset();
        }
        response.status = m_parser.status();
        HeaderList fields;
        m_parser.fields(m_input, fields);
        for (const HeaderField &field : fields.fields())
            response.headers.emplace_back(field.name, field.value);
        m_input.erase(0, m_parser.headSize());
        return {};
    }

    /// \return true if the body came to its end, false if the sink wanted no more
    Result<bool> readBody(const BodySink &sink)
    {
        Framing framing = m_parser.framing();
        const int status = m_parser.status();
        if (m_headOnly || status < 200 || status == 204 || status == 304)
            framing = Framing::None;
        if (framing == Framing::None)
            return true;
        std::uint64_t left = m_parser.contentLength();
        while (true) {
            const auto taken = takeBody(framing, left, sink);
            if (!taken || *taken != Taken::More)
                return taken.transform([](Taken how) { return how == Taken::All; });
            const auto got = m_connection.receive(m_input);
            if (!got)
                return std::unexpected(got.error());
            if (*got > 0)
                continue;
            if (framing == Framing::UntilClose)
                return true;
            return fail(Errc::Remote, "the connection ended within the answer");
        }
    }

private:
    enum class Taken { More, All, Refused };

    Result<Taken> takeBody(Framing framing, std::uint64_t &left, const BodySink &sink)
    {
        if (framing == Framing::Chunked)
            return takeChunks(sink);
        std::string_view octets = m_input;
        if (framing == Framing::Length)
            octets = octets.substr(0, left);
        const bool wanted = octets.empty() || sink(octets);
        if (framing == Framing::Length)
            left -= octets.size();
        m_input.clear();
        if (!wanted)
            return Taken::Refused;
        return framing == Framing::Length && left == 0 ? Taken::All : Taken::More;
    }

    Result<Taken> takeChunks(const BodySink &sink)
    {
        if (m_input.empty())
            return Taken::More;
        std::vector<std::string_view> content;
        std::size_t used = 0;
        const auto state = m_parser.feedBody(m_input, content, used);
        if (state == HeadParser::State::Failed)
            return fail(Errc::Remote, "not an HTTP answer: " + describe(m_parser.error()));
        const bool wanted = std::ranges::all_of(content, sink);
        m_input.clear();
        if (!wanted)
            return Taken::Refused;
        return state == HeadParser::State::Complete ? Taken::All : Taken::More;
    }

    ClientSocket &m_connection;
    bool m_headOnly;
    HeadParser m_parser{HeadParser::Kind::Response};
    std::string m_input;
};

} // namespace

std::string ServerAddress::text() const
{
    if (!unixPath.empty())
        return "unix:" + unixPath;
    const bool v6 = host.contains(':');
    return std::string(tls ? kHttps : kHttp) + (v6 ? "[" + host + "]" : host) + ":"
        + std::to_string(port) + basePath;
}

Result<ServerAddress> parseServerAddress(std::string_view uri)
{
    const auto refuse = [&](std::string why) {
        return fail(Errc::InvalidArgument, std::move(why), std::string(uri));
    };
    ServerAddress address;
    if (uri.starts_with("unix:")) {
        std::string_view path = uri.substr(5);
        if (path.starts_with("//"))
            path.remove_prefix(2);
        if (!path.starts_with('/'))
            return refuse("a unix socket needs an absolute path, as unix:/run/x.sock");
        address.unixPath = path;
        return address;
    }
    if (!uri.starts_with(kHttp))
        return refuse("must be unix:/path or http://host:port");
    return parseWebAddress(uri);
}

Result<ServerAddress> parseWebAddress(std::string_view uri)
{
    const auto refuse = [&](std::string why) {
        return fail(Errc::InvalidArgument, std::move(why), std::string(uri));
    };
    ServerAddress address;
    address.tls = uri.starts_with(kHttps);
    if (!address.tls && !uri.starts_with(kHttp))
        return refuse("must be http://host:port or https://host:port");
    std::string_view rest = uri.substr(address.tls ? kHttps.size() : kHttp.size());
    const auto slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    address.basePath = rest.substr(slash);
    while (address.basePath.ends_with('/'))
        address.basePath.pop_back();

    std::string_view port = address.tls ? "443" : "80";
    const auto bracket = authority.find(']');
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    if (authority.starts_with('[') && authority.ends_with(']'))
        authority = authority.substr(1, authority.size() - 2);
    const auto [stop, error] =
        std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (authority.empty() || authority.contains('@') || error != std::errc{}
        || stop != port.data() + port.size() || address.port == 0)
        return refuse("not host and port");
    address.host = authority;
    return address;
}

std::string_view ClientResponse::header(std::string_view name) const noexcept
{
    const auto field = std::ranges::find_if(
        headers, [name](const auto &entry) { return equalsIgnoringCase(entry.first, name); });
    return field == headers.end() ? std::string_view() : std::string_view(field->second);
}

bool ServerEventParser::feed(std::string_view octets, const Sink &sink)
{
    for (const char c : octets) {
        if (c == '\n' && std::exchange(m_afterReturn, false))
            continue;
        m_afterReturn = c == '\r';
        if (c != '\r' && c != '\n') {
            if (m_line.size() >= kMaxLine)
                return false;
            m_line += c;
            continue;
        }
        const std::string line = std::exchange(m_line, {});
        if (!takeLine(line, sink))
            return false;
    }
    return true;
}

bool ServerEventParser::takeLine(std::string_view line, const Sink &sink)
{
    if (line.empty()) {
        const ServerEvent event{m_id, m_event.empty() ? "message" : m_event, m_data};
        m_event.clear();
        m_data.clear();
        return !std::exchange(m_hasData, false) || sink(event);
    }
    const auto colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (name == "id") {
        m_id = value;
    } else if (name == "event") {
        m_event = value;
    } else if (name == "data") {
        if (m_hasData)
            m_data += '\n';
        m_data += value;
        m_hasData = true;
    }
    return true;
}

Result<ClientResponse> ControlClient::send(const ClientRequest &request) const
{
    const auto text = serialise(m_address, request);
    if (!text)
        return std::unexpected(text.error());
    auto connection = ClientSocket::open(m_address, m_timeout, m_cancel);
    if (!connection)
        return std::unexpected(connection.error());
    if (const auto sent = connection->send(*text); !sent)
        return std::unexpected(sent.error());

    ClientResponse response;
    ResponseReader reader(*connection, request.method == "HEAD");
    if (const auto head = reader.readHead(response); !head)
        return std::unexpected(head.error());
    const auto body = reader.readBody([&](std::string_view octets) {
        response.body.append(octets);
        return response.body.size() <= request.maxBody;
    });
    if (!body)
        return std::unexpected(body.error());
    if (!*body)
        return fail(Errc::LimitExceeded, "the answer is too long", m_address.text());
    return response;
}

Result<void> ControlClient::listen(const ClientRequest &request,
                                   const ServerEventParser::Sink &sink) const
{
    const auto text = serialise(m_address, request);
    if (!text)
        return std::unexpected(text.error());
    auto connection = ClientSocket::open(m_address, m_timeout, m_cancel);
    if (!connection)
        return std::unexpected(connection.error());
    if (const auto sent = connection->send(*text); !sent)
        return std::unexpected(sent.error());

    ClientResponse response;
    ResponseReader reader(*connection, false);
    if (const auto head = reader.readHead(response); !head)
        return std::unexpected(head.error());
    connection->measureSilence();
    if (response.status != 200
        || !response.header("content-type").starts_with("text/event-stream")) {
        const auto rest = reader.readBody([&response](std::string_view octets) {
            response.body.append(octets);
            return response.body.size() < 4096;
        });
        static_cast<void>(rest);
        return fail(Errc::Remote,
                    "status " + std::to_string(response.status) + ": " + response.body,
                    m_address.text());
    }
    ServerEventParser parser;
    const auto body =
        reader.readBody([&](std::string_view octets) { return parser.feed(octets, sink); });
    if (!body)
        return std::unexpected(body.error());
    return {};
}

} // namespace postern::gateway
