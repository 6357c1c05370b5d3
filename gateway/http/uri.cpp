// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/uri.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace postern::gateway {

namespace {

int hexDigit(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool isControl(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// A path being rebuilt segment by segment, in place: it never grows beyond its source.
class SegmentWriter
{
public:
    explicit SegmentWriter(char *begin) noexcept : m_begin(begin), m_end(begin), m_segment(begin) {}

    void put(char c) noexcept { *m_end++ = c; }

    /// A slash ends the segment. False: climbed above the root.
    bool slash() noexcept
    {
        if (!closeSegment())
            return false;
        if (m_end == m_begin || m_end[-1] != '/')
            *m_end++ = '/';
        m_segment = m_end;
        return true;
    }

    bool closeSegment() noexcept
    {
        const std::string_view segment(m_segment, static_cast<std::size_t>(m_end - m_segment));
        if (segment == ".") {
            m_end = m_segment;
        } else if (segment == "..") {
            m_end = m_segment;
            if (m_end - m_begin < 2)
                return false;
            --m_end; // the slash before the segment that goes
            while (m_end[-1] != '/')
                --m_end;
            m_segment = m_end;
        }
        return true;
    }

    [[nodiscard]] std::string_view text() const noexcept
    {
        return {m_begin, static_cast<std::size_t>(m_end - m_begin)};
    }

private:
    char *m_begin;
    char *m_end;
    char *m_segment;
};

bool isPlain(std::string_view path) noexcept
{
    char previous = 0;
    for (const char c : path) {
        if (c == '%' || isControl(c) || (previous == '/' && (c == '/' || c == '.')))
            return false;
        previous = c;
    }
    return true;
}

enum class CharKind : std::uint8_t { Refused, Plain, Upper };

// RFC 3986 reg-name: unreserved, sub-delims and '%' (its escapes are not decoded in a host).
constexpr std::array<CharKind, 256> makeHostTable()
{
    std::array<CharKind, 256> table{};
    for (char c = 'a'; c <= 'z'; ++c)
        table[static_cast<unsigned char>(c)] = CharKind::Plain;
    for (char c = 'A'; c <= 'Z'; ++c)
        table[static_cast<unsigned char>(c)] = CharKind::Upper;
    for (const char c : std::string_view("0123456789-._~!$&'()*+,;=%"))
        table[static_cast<unsigned char>(c)] = CharKind::Plain;
    return table;
}

constexpr auto kHostTable = makeHostTable();

bool isAddress6(std::string_view text) noexcept
{
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (text.size() >= buffer.size())
        return false;
    std::memcpy(buffer.data(), text.data(), text.size());
    in6_addr address{};
    return inet_pton(AF_INET6, buffer.data(), &address) == 1;
}

/// \return the text in lower case, or nullopt where a character has no place in a name
std::optional<std::string_view> lowerName(std::string_view name, Arena &arena)
{
    bool upper = false;
    char previous = 0;
    for (const char c : name) {
        const CharKind kind = kHostTable[static_cast<unsigned char>(c)];
        if (kind == CharKind::Refused || (c == '.' && previous == '.'))
            return std::nullopt;
        upper = upper || kind == CharKind::Upper;
        previous = c;
    }
    if (name.ends_with('.'))
        name.remove_suffix(1);
    if (name.empty())
        return std::nullopt;
    if (!upper)
        return name;
    char *copy = arena.allocate(name.size());
    std::ranges::transform(
        name, copy, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return std::string_view(copy, name.size());
}

std::optional<std::string_view> lowerAddress(std::string_view bracketed, Arena &arena)
{
    const std::string_view address = bracketed.substr(1, bracketed.size() - 2);
    if (!isAddress6(address))
        return std::nullopt;
    if (std::ranges::none_of(address, [](char c) { return c >= 'A' && c <= 'F'; }))
        return bracketed;
    char *copy = arena.allocate(bracketed.size());
    std::ranges::transform(bracketed, copy, [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
    });
    return std::string_view(copy, bracketed.size());
}

/// False: not a port. An empty one ("host:") is allowed and means none. RFC 3986 3.2.3
bool readPort(std::string_view text, std::optional<std::uint16_t> &port) noexcept
{
    if (text.empty())
        return true;
    std::uint16_t value = 0;
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end)
        return false;
    port = value;
    return true;
}

bool resolvePath(std::string_view rawPath, Arena &arena, std::string_view &out)
{
    if (!rawPath.starts_with('/'))
        return false;
    if (isPlain(rawPath)) {
        out = rawPath;
        return true;
    }
    SegmentWriter writer(arena.allocate(rawPath.size()));
    for (std::size_t i = 0; i < rawPath.size(); ++i) {
        char c = rawPath[i];
        if (isControl(c))
            return false;
        if (c == '%') {
            if (rawPath.size() - i < 3)
                return false;
            const int high = hexDigit(rawPath[i + 1]);
            const int low = hexDigit(rawPath[i + 2]);
            if (high < 0 || low < 0 || (high == 0 && low == 0))
                return false;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        // Decoded slashes and dots count like raw ones, so that no spelling slips past a route.
        if (c != '/')
            writer.put(c);
        else if (!writer.slash())
            return false;
    }
    if (!writer.closeSegment())
        return false;
    out = writer.text();
    return true;
}

/// The path decoded but for `%2F`, if that is all that tells it from `path`: not where dot segments
/// or doubled slashes went.
/// \param rawPath one that resolvePath() took
std::string_view withEncodedSlashes(std::string_view rawPath, Arena &arena, std::string_view path)
{
    char *const begin = arena.allocate(rawPath.size());
    char *end = begin;
    for (std::size_t i = 0; i < rawPath.size(); ++i) {
        char c = rawPath[i];
        if (c == '%') {
            c = static_cast<char>(hexDigit(rawPath[i + 1]) * 16 + hexDigit(rawPath[i + 2]));
            i += 2;
        }
        if (path.empty() || path.front() != c)
            return {};
        path.remove_prefix(1);
        if (c == '/' && rawPath[i] != '/')
            end = std::ranges::copy(rawPath.substr(i - 2, 3), end).out;
        else
            *end++ = c;
    }
    return path.empty() ? std::string_view(begin, end) : std::string_view();
}

} // namespace

std::optional<RequestTarget> splitTarget(std::string_view target) noexcept
{
    RequestTarget result;
    target = target.substr(0, target.find('#'));
    if (!target.starts_with('/')) {
        const std::size_t colon = target.find("://");
        if (colon == 0 || colon == std::string_view::npos
            || !std::ranges::all_of(target.substr(0, colon), [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                       || c == '+' || c == '-' || c == '.';
               }))
            return std::nullopt;
        target.remove_prefix(colon + 3);
        result.authority = target.substr(0, target.find_first_of("/?"));
        if (result.authority.empty())
            return std::nullopt;
        target.remove_prefix(result.authority.size());
    }
    const std::size_t mark = target.find('?');
    result.path = target.substr(0, mark);
    if (result.path.empty())
        result.path = "/";
    if (mark != std::string_view::npos) {
        result.hasQuery = true;
        result.query = target.substr(mark + 1);
    }
    return result;
}

bool normalisePath(std::string_view rawPath, Arena &arena, std::string_view &out,
                   bool keepEncodedSlash)
{
    if (!resolvePath(rawPath, arena, out))
        return false;
    if (keepEncodedSlash && out.size() < rawPath.size()) {
        if (const std::string_view kept = withEncodedSlashes(rawPath, arena, out); !kept.empty())
            out = kept;
    }
    return true;
}

bool stripPathParameters(Arena &arena, std::string_view &path)
{
    if (!path.contains(';'))
        return true;
    std::string stripped;
    for (std::string_view rest = path.substr(1);;) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string_view segment = rest.substr(0, std::min(rest.find(';'), end));
        const bool cut = segment.size() < end;
        const bool last = end == rest.size();
        if (cut && (segment == "." || segment == ".." || (segment.empty() && !last)))
            return false;
        stripped.append("/").append(segment);
        if (last)
            break;
        rest.remove_prefix(end + 1);
    }
    path = arena.copy(stripped);
    return true;
}

std::optional<HostName> parseHost(std::string_view field, Arena &arena)
{
    HostName host;
    std::string_view rest;
    std::optional<std::string_view> name;
    if (field.starts_with('[')) {
        const std::size_t close = field.find(']');
        if (close == std::string_view::npos)
            return std::nullopt;
        name = lowerAddress(field.substr(0, close + 1), arena);
        rest = field.substr(close + 1);
    } else {
        const std::size_t colon = std::min(field.find(':'), field.size());
        name = lowerName(field.substr(0, colon), arena);
        rest = field.substr(colon);
    }
    if (!name || (!rest.empty() && !rest.starts_with(':')))
        return std::nullopt;
    if (!rest.empty() && !readPort(rest.substr(1), host.port))
        return std::nullopt;
    host.name = *name;
    return host;
}

std::string_view withoutPort(std::string_view host) noexcept
{
    if (host.starts_with('[')) // an IPv6 address
        return host.substr(1, std::min(host.find(']'), host.size()) - 1);
    const std::size_t colon = host.find(':');
    // Several are an address without brackets.
    return colon == host.rfind(':') ? host.substr(0, colon) : host;
}

} // namespace postern::gateway
