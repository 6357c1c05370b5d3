// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/server/http_service.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/types.h>

namespace postern::gateway {

/// Where a server listens: a unix socket or host and port.
struct ServerAddress
{
    std::string unixPath = {}; ///< empty: TCP
    std::string host = {}; ///< name or address, IPv6 without brackets
    std::uint16_t port = 0;
    std::string basePath = {}; ///< of an http URL, without the last '/'
    bool tls = false; ///< TCP only
    std::shared_ptr<X509_STORE> trust = {}; ///< authorities over TLS; nullptr: the system's

    /// The URI this was read from, for messages.
    [[nodiscard]] std::string text() const;
};

/// Reads `unix:/path`, `unix:///path`, `http://host[:port][/base]`.
/// \return the address, or InvalidArgument (also for https, which no server of ours speaks)
[[nodiscard]] Result<ServerAddress> parseServerAddress(std::string_view uri);

/// Reads `http://host[:port][/base]` and `https://host[:port][/base]`.
[[nodiscard]] Result<ServerAddress> parseWebAddress(std::string_view uri);

struct ClientRequest
{
    std::string method = "GET";
    std::string target = {}; ///< path and query, behind the address' base path
    ServiceHeaders headers = {}; ///< Connection is added; Host and Content-Length unless given
    std::string body = {};
    std::size_t maxBody = 256UL * 1024 * 1024; ///< of the answer
};

struct ClientResponse
{
    int status = 0;
    ServiceHeaders headers;
    std::string body;

    /// First header of that name (case-insensitive), or an empty view.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// One server-sent event. WHATWG HTML 9.2.6.
struct ServerEvent
{
    std::string id; ///< the last one seen
    std::string event; ///< "message" if not named
    std::string data;
};

/// Takes a text/event-stream apart. Comments and unknown fields are skipped.
class ServerEventParser
{
public:
    using Sink = std::function<bool(const ServerEvent &)>;
    static constexpr std::size_t kMaxLine = 16U * 1024 * 1024;

    /// \return false when the sink wants no more, or a line is too long
    [[nodiscard]] bool feed(std::string_view octets, const Sink &sink);

private:
    [[nodiscard]] bool takeLine(std::string_view line, const Sink &sink);

    std::string m_line;
    std::string m_id, m_event, m_data;
    bool m_hasData = false;
    bool m_afterReturn = false; ///< a line feed now belongs to the line ended before
};

/// A small blocking HTTP/1.1 client for command line tools: the control API over a unix socket or
/// TCP, the Admin API over TCP, and what a user's URL gives, also over TLS. One connection a
/// request, no redirects, no proxies. Any thread; never a worker.
class ControlClient
{
public:
    /// \param cancel a descriptor; once it can be read, what is under way ends with Cancelled
    explicit ControlClient(ServerAddress address,
                           std::chrono::milliseconds timeout = std::chrono::seconds(10),
                           int cancel = -1)
        : m_address(std::move(address)),
          m_timeout(timeout),
          m_cancel(cancel)
    {
    }

    /// Sends a request and reads the whole answer.
    /// \return any answer, whatever its status; Remote (nobody there, connection lost, not HTTP),
    /// Timeout, Cancelled, LimitExceeded, or InvalidArgument (a line end in target or header)
    [[nodiscard]] Result<ClientResponse> send(const ClientRequest &request) const;

    /// Sends a request and reads server-sent events until `sink` returns false or the server ends
    /// the stream. The time-out is the longest silence, so it must exceed the server's heartbeat.
    /// \return as send(); Remote if the answer is not an event stream, with the answer's text
    [[nodiscard]] Result<void> listen(const ClientRequest &request,
                                      const ServerEventParser::Sink &sink) const;

    [[nodiscard]] const ServerAddress &address() const noexcept { return m_address; }

private:
    ServerAddress m_address;
    std::chrono::milliseconds m_timeout;
    int m_cancel;
};

} // namespace postern::gateway
