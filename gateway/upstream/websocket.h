// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// RFC 6455 5.2.
enum class WebSocketOpcode : std::uint8_t {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
};

/// Status codes of a Close frame that this end sends. RFC 6455 7.4.1.
enum class WebSocketClose : std::uint16_t {
    Normal = 1000,
    ProtocolError = 1002,
    InvalidText = 1007,
    TooBig = 1009,
};

/// The value of Sec-WebSocket-Accept for a client's Sec-WebSocket-Key. RFC 6455 4.2.2.
[[nodiscard]] std::string webSocketAccept(std::string_view key);
/// True if the key is the base64 form of 16 octets.
[[nodiscard]] bool isWebSocketKey(std::string_view key);

/// One frame. \param mask the masking key, which a client must use and a server must not
[[nodiscard]] std::string webSocketFrame(WebSocketOpcode opcode, std::string_view payload,
                                         bool final = true,
                                         std::optional<std::uint32_t> mask = std::nullopt);
/// A Close frame's payload.
[[nodiscard]] std::string webSocketClosePayload(WebSocketClose code, std::string_view reason);

/// Frames in, messages out: joins fragments, unmasks, checks what RFC 6455 tells a receiver to
/// check. Its thread only.
class WebSocketReader
{
public:
    /// Gets each complete message (Text, Binary) and each control frame (Close, Ping, Pong).
    using Sink = std::function<void(WebSocketOpcode, std::string &&payload)>;

    /// \param masked whether the peer must mask (a client) or must not (a server)
    /// \param limit octets of one message; more is refused before it is stored
    WebSocketReader(bool masked, std::size_t limit) : m_masked(masked), m_limit(limit) {}

    /// Takes what came from the socket, in any portions. After an error or a Close frame nothing
    /// more is delivered.
    /// \return the reason to close with, if the peer broke the protocol
    std::expected<void, WebSocketClose> feed(std::string_view octets, const Sink &sink);

private:
    struct Frame;
    [[nodiscard]] std::expected<std::optional<Frame>, WebSocketClose>
    readHeader(std::string_view octets) const;
    std::expected<void, WebSocketClose> check(const Frame &frame) const;
    std::expected<void, WebSocketClose> deliver(const Frame &frame, std::string &&payload,
                                                const Sink &sink);

    bool m_masked;
    bool m_closed = false;
    std::size_t m_limit;
    std::string m_buffer; ///< unread octets of incomplete frames
    std::string m_message; ///< fragments so far
    std::optional<WebSocketOpcode> m_fragmented; ///< kind of the message being joined
};

/// The server side of an echo: what to send for what came. Its thread only.
class WebSocketEcho
{
public:
    static constexpr std::size_t kMaxMessage = 16U * 1024 * 1024;

    struct Answer
    {
        std::string octets; ///< to be sent
        bool close = false; ///< the connection ends after that
    };

    /// Text and binary messages come back as they were, a Ping as Pong, a Close as Close.
    [[nodiscard]] Answer feed(std::string_view octets);

private:
    WebSocketReader m_reader{true, kMaxMessage};
};

} // namespace postern::gateway
