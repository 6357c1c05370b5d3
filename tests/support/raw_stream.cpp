// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace postern::test {

namespace {

bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

void parseHead(RawMessage &message)
{
    std::string_view rest = message.head;
    const auto line = [&rest] {
        const std::size_t end = rest.find("\r\n");
        const std::string_view taken = rest.substr(0, end);
        rest.remove_prefix(std::min(rest.size(), taken.size() + 2));
        return taken;
    };
    message.startLine = line();
    while (!rest.empty()) {
        const std::string_view field = line();
        const std::size_t colon = field.find(':');
        if (colon == std::string_view::npos)
            continue;
        std::string_view value = field.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        message.headers.emplace_back(field.substr(0, colon), value);
    }
}

} // namespace

int RawMessage::status() const
{
    return startLine.starts_with("HTTP/1.") && startLine.size() > 11
        ? std::atoi(startLine.c_str() + 9)
        : 0;
}

std::string RawMessage::header(std::string_view name) const
{
    for (const auto &[key, value] : headers) {
        if (sameName(key, name))
            return value;
    }
    return "-";
}

std::size_t RawMessage::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        headers, [&](const auto &field) { return sameName(field.first, name); }));
}

RawStream::RawStream(RawStream &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_buffer(std::move(other.m_buffer))
{
}

RawStream &RawStream::operator=(RawStream &&other) noexcept
{
    close();
    m_descriptor = std::exchange(other.m_descriptor, -1);
    m_buffer = std::move(other.m_buffer);
    return *this;
}

RawStream::~RawStream() { close(); }

RawStream RawStream::connectTo(std::uint16_t port, int receiveBuffer)
{
    RawStream stream(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receiveBuffer)
        ::setsockopt(stream.m_descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer,
                     sizeof receiveBuffer);
    const int on = 1;
    ::setsockopt(stream.m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(stream.m_descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address)
        != 0)
        stream.close();
    return stream;
}

bool RawStream::waitFor(short events, Milliseconds patience) const noexcept
{
    pollfd entry{m_descriptor, events, 0};
    int ready = 0;
    do {
        ready = ::poll(&entry, 1, static_cast<int>(patience.count()));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

std::size_t RawStream::sendUntilStuck(std::string_view octets, Milliseconds patience)
{
    std::size_t sent = 0;
    while (open() && sent < octets.size()) {
        const ssize_t some = ::send(m_descriptor, octets.data() + sent, octets.size() - sent,
                                    MSG_NOSIGNAL | MSG_DONTWAIT);
        if (some > 0)
            sent += static_cast<std::size_t>(some);
        else if (errno == EAGAIN && waitFor(POLLOUT, patience))
            continue;
        else if (errno != EINTR)
            break;
    }
    return sent;
}

bool RawStream::send(std::string_view octets, Milliseconds patience)
{
    return sendUntilStuck(octets, patience) == octets.size();
}

bool RawStream::sendByteByByte(std::string_view octets)
{
    return std::ranges::all_of(octets, [this](const char &c) { return send({&c, 1}); });
}

bool RawStream::fill(Milliseconds patience)
{
    std::array<char, 65536> piece;
    while (open() && waitFor(POLLIN, patience)) {
        const ssize_t got = ::recv(m_descriptor, piece.data(), piece.size(), 0);
        if (got > 0) {
            m_buffer.append(piece.data(), static_cast<std::size_t>(got));
            return true;
        }
        if (got == 0 || errno != EINTR)
            return false;
    }
    return false;
}

bool RawStream::readUntil(std::string_view mark, std::string &out, Milliseconds patience)
{
    std::size_t at = 0;
    while ((at = m_buffer.find(mark)) == std::string::npos) {
        if (!fill(patience)) {
            out = std::exchange(m_buffer, {});
            return false;
        }
    }
    out = m_buffer.substr(0, at + mark.size());
    m_buffer.erase(0, at + mark.size());
    return true;
}

bool RawStream::readChunks(RawMessage &message, Milliseconds patience)
{
    for (;;) {
        std::string line;
        if (!readUntil("\r\n", line, patience))
            return false;
        std::size_t size = 0;
        if (std::from_chars(line.data(), line.data() + line.size(), size, 16).ec != std::errc{})
            return false;
        if (size == 0) {
            do {
                if (!readUntil("\r\n", line, patience))
                    return false;
            } while (line != "\r\n"); // trailers
            return true;
        }
        const std::string chunk = readExactly(size, patience);
        message.body += chunk;
        message.chunks.push_back(chunk);
        if (chunk.size() != size || readExactly(2, patience) != "\r\n")
            return false;
    }
}

RawMessage RawStream::readMessage(bool toHead, Milliseconds patience)
{
    RawMessage message;
    if (!readUntil("\r\n\r\n", message.head, patience))
        return message;
    parseHead(message);
    const int status = message.status();
    const bool response = message.startLine.starts_with("HTTP/");
    if (toHead || (response && (status < 200 || status == 204 || status == 304))) {
        message.complete = true;
    } else if (message.header("transfer-encoding") != "-") {
        message.complete = readChunks(message, patience);
    } else if (const std::string length = message.header("content-length"); length != "-") {
        const std::size_t size = std::strtoull(length.c_str(), nullptr, 10);
        message.body = readExactly(size, patience);
        message.complete = message.body.size() == size;
    } else if (response) {
        message.untilClose = true;
        message.body = readUntilClose(patience);
        message.complete = true;
    } else {
        message.complete = true;
    }
    return message;
}

std::string RawStream::readExactly(std::size_t size, Milliseconds patience)
{
    while (m_buffer.size() < size && fill(patience)) {}
    std::string taken = m_buffer.substr(0, size);
    m_buffer.erase(0, taken.size());
    return taken;
}

std::string RawStream::readUntilClose(Milliseconds patience)
{
    while (fill(patience)) {}
    return std::exchange(m_buffer, {});
}

std::size_t RawStream::skip(std::size_t size, Milliseconds patience)
{
    std::size_t seen = 0;
    while (seen < size && (!m_buffer.empty() || fill(patience))) {
        const std::size_t some = std::min(m_buffer.size(), size - seen);
        seen += some;
        m_buffer.erase(0, some);
    }
    return seen;
}

bool RawStream::endsWithin(Milliseconds patience)
{
    if (!m_buffer.empty() || !waitFor(POLLIN, patience))
        return false;
    return !fill(patience);
}

bool RawStream::staysQuietFor(Milliseconds time)
{
    return open() && m_buffer.empty() && !waitFor(POLLIN, time);
}

void RawStream::shutdownWrite() noexcept { ::shutdown(m_descriptor, SHUT_WR); }

void RawStream::close() noexcept
{
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

void RawStream::reset() noexcept
{
    const linger now{1, 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

} // namespace postern::test
