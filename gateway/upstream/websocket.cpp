// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/websocket.h"

#include "core/bytes/encoding.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kMaxControl = 125;

constexpr bool isControl(WebSocketOpcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }

constexpr bool isKnown(WebSocketOpcode opcode)
{
    const auto value = static_cast<std::uint8_t>(opcode);
    return value <= 2 || (value >= 8 && value <= 10);
}

std::uint64_t bigEndian(std::string_view octets)
{
    std::uint64_t value = 0;
    for (const char c : octets)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

void applyMask(std::string &payload, std::string_view key)
{
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
}

// RFC 6455 7.4: which codes may be seen on the wire.
bool closePayloadIsValid(std::string_view payload)
{
    if (payload.empty())
        return true;
    if (payload.size() == 1)
        return false;
    const auto code = bigEndian(payload.substr(0, 2));
    const bool registered = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
    return (registered || (code >= 3000 && code <= 4999)) && isUtf8(payload.substr(2));
}

} // namespace

struct WebSocketReader::Frame
{
    bool final;
    WebSocketOpcode opcode;
    std::size_t headerSize;
    std::uint64_t size;
};

std::string webSocketAccept(std::string_view key)
{
    const std::string text = std::string(key).append(kGuid);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::size_t size = 0;
    if (EVP_Q_digest(nullptr, "SHA1", nullptr, text.data(), text.size(), digest.data(), &size) != 1)
        return {};
    return encodeBase64({reinterpret_cast<const char *>(digest.data()), size});
}

bool isWebSocketKey(std::string_view key)
{
    const auto nonce = decodeBase64(key);
    return nonce && nonce->size() == 16;
}

std::string webSocketFrame(WebSocketOpcode opcode, std::string_view payload, bool final,
                           std::optional<std::uint32_t> mask)
{
    std::string frame;
    frame.reserve(payload.size() + 14);
    const auto number = [&](std::uint64_t value, int octets) {
        for (int i = octets - 1; i >= 0; --i)
            frame += static_cast<char>(value >> (8 * i) & 0xFF);
    };
    number((final ? 0x80U : 0U) | static_cast<std::uint8_t>(opcode), 1);
    const unsigned maskBit = mask ? 0x80U : 0U;
    if (payload.size() < 126) {
        number(maskBit | payload.size(), 1);
    } else if (payload.size() <= 0xFFFF) {
        number(maskBit | 126U, 1);
        number(payload.size(), 2);
    } else {
        number(maskBit | 127U, 1);
        number(payload.size(), 8);
    }
    if (!mask)
        return frame.append(payload);
    number(*mask, 4);
    std::string masked(payload);
    applyMask(masked, std::string_view(frame).substr(frame.size() - 4));
    return frame.append(masked);
}

std::string webSocketClosePayload(WebSocketClose code, std::string_view reason)
{
    const auto value = std::to_underlying(code);
    std::string payload{static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)};
    return payload.append(reason.substr(0, kMaxControl - 2));
}

std::expected<void, WebSocketClose> WebSocketReader::feed(std::string_view octets, const Sink &sink)
{
    if (m_closed)
        return {};
    m_buffer.append(octets);
    std::string_view rest = m_buffer;
    std::expected<void, WebSocketClose> result;
    while (!m_closed) {
        const auto header = readHeader(rest);
        if (!header) {
            result = std::unexpected(header.error());
            break;
        }
        if (!*header)
            break;
        const Frame &frame = **header;
        result = check(frame);
        // Compared by subtraction: the size is the peer's number.
        if (!result || rest.size() - frame.headerSize < frame.size)
            break;
        std::string payload(rest.substr(frame.headerSize, frame.size));
        if (m_masked)
            applyMask(payload, rest.substr(frame.headerSize - 4, 4));
        rest.remove_prefix(frame.headerSize + frame.size);
        result = deliver(frame, std::move(payload), sink);
        if (!result)
            break;
    }
    m_closed = m_closed || !result;
    if (m_closed)
        m_buffer = {};
    else
        m_buffer.erase(0, m_buffer.size() - rest.size());
    return result;
}

std::expected<std::optional<WebSocketReader::Frame>, WebSocketClose>
WebSocketReader::readHeader(std::string_view octets) const
{
    if (octets.size() < 2)
        return std::nullopt;
    const auto first = static_cast<unsigned char>(octets[0]);
    const auto second = static_cast<unsigned char>(octets[1]);
    // No extension is negotiated, so the reserved bits must be clear.
    if ((first & 0x70U) != 0 || ((second & 0x80U) != 0) != m_masked)
        return std::unexpected(WebSocketClose::ProtocolError);

    const unsigned shortSize = second & 0x7FU;
    const std::size_t sizeOctets = shortSize == 127 ? 8 : shortSize == 126 ? 2 : 0;
    const std::size_t headerSize = 2 + sizeOctets + (m_masked ? 4 : 0);
    if (octets.size() < headerSize)
        return std::nullopt;
    const std::uint64_t size = sizeOctets > 0 ? bigEndian(octets.substr(2, sizeOctets)) : shortSize;
    // RFC 6455 5.2: the shortest form must be used.
    if ((sizeOctets == 2 && size < 126) || (sizeOctets == 8 && (size <= 0xFFFF || size >> 63 != 0)))
        return std::unexpected(WebSocketClose::ProtocolError);
    return Frame{.final = (first & 0x80U) != 0,
                 .opcode = static_cast<WebSocketOpcode>(first & 0x0FU),
                 .headerSize = headerSize,
                 .size = size};
}

std::expected<void, WebSocketClose> WebSocketReader::check(const Frame &frame) const
{
    if (!isKnown(frame.opcode))
        return std::unexpected(WebSocketClose::ProtocolError);
    if (isControl(frame.opcode)) {
        if (!frame.final || frame.size > kMaxControl)
            return std::unexpected(WebSocketClose::ProtocolError);
        return {};
    }
    const bool continues = frame.opcode == WebSocketOpcode::Continuation;
    if (continues != m_fragmented.has_value())
        return std::unexpected(WebSocketClose::ProtocolError);
    if (frame.size > m_limit - m_message.size())
        return std::unexpected(WebSocketClose::TooBig);
    return {};
}

std::expected<void, WebSocketClose>
WebSocketReader::deliver(const Frame &frame, std::string &&payload, const Sink &sink)
{
    if (isControl(frame.opcode)) {
        if (frame.opcode == WebSocketOpcode::Close) {
            m_closed = true;
            if (!closePayloadIsValid(payload))
                return std::unexpected(WebSocketClose::ProtocolError);
        }
        sink(frame.opcode, std::move(payload));
        return {};
    }
    if (!m_fragmented)
        m_fragmented = frame.opcode;
    if (m_message.empty())
        m_message = std::move(payload);
    else
        m_message.append(payload);
    if (!frame.final)
        return {};
    const WebSocketOpcode kind = *std::exchange(m_fragmented, std::nullopt);
    std::string message = std::exchange(m_message, {});
    if (kind == WebSocketOpcode::Text && !isUtf8(message))
        return std::unexpected(WebSocketClose::InvalidText);
    sink(kind, std::move(message));
    return {};
}

WebSocketEcho::Answer WebSocketEcho::feed(std::string_view octets)
{
    Answer answer;
    const auto result =
        m_reader.feed(octets, [&answer](WebSocketOpcode opcode, std::string &&payload) {
            if (opcode == WebSocketOpcode::Pong)
                return;
            if (opcode == WebSocketOpcode::Close) {
                answer.close = true;
                payload.resize(std::min<std::size_t>(payload.size(), 2));
            }
            answer.octets += webSocketFrame(
                opcode == WebSocketOpcode::Ping ? WebSocketOpcode::Pong : opcode, payload);
        });
    if (!result) {
        answer.octets +=
            webSocketFrame(WebSocketOpcode::Close, webSocketClosePayload(result.error(), {}));
        answer.close = true;
    }
    return answer;
}

} // namespace postern::gateway
