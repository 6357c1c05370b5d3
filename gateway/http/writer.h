// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::gateway {

/// Appends "HTTP/1.1 404 Not Found\r\n"; `reason` empty: the usual phrase of the status.
void appendStatusLine(std::string &out, int status, std::string_view reason = {});
/// Appends "name: value\r\n".
void appendField(std::string &out, std::string_view name, std::string_view value);
void appendField(std::string &out, std::string_view name, std::uint64_t value);
/// Appends one chunk of a chunked body; nothing for empty content. RFC 9112 7.1.
void appendChunk(std::string &out, std::string_view content);

/// The Date field's value, formatted once a second. One thread.
class DateCache
{
public:
    [[nodiscard]] std::string_view at(Timestamp now);

private:
    std::int64_t m_second = -1;
    std::string m_text;
};

} // namespace postern::gateway
