// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::test {

/// An HTTP message as it came over the wire. Read leniently: judging it is the test's business.
struct RawMessage
{
    std::string startLine;
    std::vector<std::pair<std::string, std::string>> headers; ///< in order, names as sent
    std::string head; ///< all of it, with the empty line
    std::string body; ///< chunks joined
    std::vector<std::string> chunks; ///< of a chunked body
    bool complete = false; ///< it ended as its framing says
    bool untilClose = false; ///< the framing was the end of the connection

    [[nodiscard]] int status() const; ///< 0: there was no answer
    /// The first value of that name, in any case; "-" if there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
};

/// A TCP socket with blocking, time-limited calls: what a test says goes over the wire octet by
/// octet. One thread at a time.
class RawStream
{
public:
    using Milliseconds = std::chrono::milliseconds;
    static constexpr Milliseconds kPatience{20'000};

    RawStream() = default;
    explicit RawStream(int descriptor) noexcept : m_descriptor(descriptor) {}
    RawStream(RawStream &&other) noexcept;
    RawStream &operator=(RawStream &&other) noexcept;
    ~RawStream();

    /// Connects to 127.0.0.1. \param receiveBuffer SO_RCVBUF; 0: the system's
    [[nodiscard]] static RawStream connectTo(std::uint16_t port, int receiveBuffer = 0);

    [[nodiscard]] bool open() const noexcept { return m_descriptor >= 0; }

    /// Sends everything. \return false if the peer is gone or takes nothing for `patience`
    bool send(std::string_view octets, Milliseconds patience = kPatience);
    /// Sends each octet in a segment of its own, as far as the peer takes them.
    bool sendByteByByte(std::string_view octets);
    /// Sends what the peer takes until it takes nothing for `patience`. \return how many octets
    std::size_t sendUntilStuck(std::string_view octets, Milliseconds patience);

    /// Reads one message. \param toHead the answer to HEAD has no body
    RawMessage readMessage(bool toHead = false, Milliseconds patience = kPatience);
    /// Reads until there are `size` octets. \return what came, which is less at the end
    std::string readExactly(std::size_t size, Milliseconds patience = kPatience);
    std::string readUntilClose(Milliseconds patience = kPatience);
    /// Reads and drops `size` octets. \return how many came
    std::size_t skip(std::size_t size, Milliseconds patience = kPatience);
    /// True if the peer ends the connection within `patience` without sending anything more.
    [[nodiscard]] bool endsWithin(Milliseconds patience = kPatience);
    /// True if nothing at all happens for that long. For proving a negative only.
    [[nodiscard]] bool staysQuietFor(Milliseconds time);

    void shutdownWrite() noexcept;
    void close() noexcept;
    /// Closes with RST instead of FIN.
    void reset() noexcept;

private:
    bool fill(Milliseconds patience);
    [[nodiscard]] bool waitFor(short events, Milliseconds patience) const noexcept;
    bool readUntil(std::string_view mark, std::string &out, Milliseconds patience);
    bool readChunks(RawMessage &message, Milliseconds patience);

    int m_descriptor = -1;
    std::string m_buffer;
};

} // namespace postern::test
