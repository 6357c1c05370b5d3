// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/writer.h"

#include "gateway/pipeline/pipeline.h"

#include <array>
#include <charconv>
#include <chrono>

namespace postern::gateway {

namespace {

std::string_view number(std::array<char, 24> &room, std::uint64_t value, int base = 10)
{
    const auto end = std::to_chars(room.data(), room.data() + room.size(), value, base).ptr;
    return {room.data(), static_cast<std::size_t>(end - room.data())};
}

} // namespace

void appendStatusLine(std::string &out, int status, std::string_view reason)
{
    std::array<char, 24> room;
    out.append("HTTP/1.1 ").append(number(room, static_cast<std::uint64_t>(status))).append(" ");
    out.append(reason.empty() ? reasonPhrase(status) : reason).append("\r\n");
}

void appendField(std::string &out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

void appendField(std::string &out, std::string_view name, std::uint64_t value)
{
    std::array<char, 24> room;
    appendField(out, name, number(room, value));
}

void appendChunk(std::string &out, std::string_view content)
{
    if (content.empty())
        return;
    std::array<char, 24> room;
    out.append(number(room, content.size(), 16)).append("\r\n").append(content).append("\r\n");
}

std::string_view DateCache::at(Timestamp now)
{
    const std::int64_t second =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    if (second != m_second) {
        m_second = second;
        m_text = formatHttpDate(now);
    }
    return m_text;
}

} // namespace postern::gateway
