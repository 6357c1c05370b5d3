// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/arena.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace postern::gateway {

/// A request target taken apart; views into the target.
struct RequestTarget
{
    std::string_view path; ///< raw; "/" where an absolute-form target has none
    std::string_view query; ///< raw, behind the first '?', without it
    std::string_view authority; ///< absolute-form only: replaces the Host header. RFC 9112 3.2.2
    bool hasQuery = false; ///< the target has a '?', perhaps with nothing behind it
};

/// Splits an origin-form (`/a?b`) or absolute-form (`http://host/a?b`) target. A '#' ends it, as in
/// nginx. Asterisk-form and authority-form are refused: a gateway routes neither.
[[nodiscard]] std::optional<RequestTarget> splitTarget(std::string_view target) noexcept;

/// The path that routes match on, as nginx computes `$uri` with merge_slashes on: percent-decoded
/// (%2F too), dot segments removed, doubled slashes merged. Copies into the arena only where there
/// is something to do.
/// \param rawPath starts with '/', without query
/// \param out     the path; a view of `rawPath` or of the arena
/// \param keepEncodedSlash leave `%2F` as it is
/// \return false on a malformed escape, NUL, a raw control character, a path that does not start
/// with '/', or one that climbs above the root
[[nodiscard]] bool normalisePath(std::string_view rawPath, Arena &arena, std::string_view &out,
                                 bool keepEncodedSlash = false);

/// Removes what stands behind a ';' in each segment, as servlets read paths.
/// \param path a normalised one; changed in place, to a view of the arena where needed
/// \return false if that leaves an empty segment before the last, or one of dots
[[nodiscard]] bool stripPathParameters(Arena &arena, std::string_view &path);

/// A Host header's parts. RFC 9110 7.2.
struct HostName
{
    std::string_view name; ///< lower case, without port and trailing dot; IPv6 keeps its brackets
    std::optional<std::uint16_t> port;
};

/// Reads `name`, `name:port`, `[v6]` or `[v6]:port`; lower-cases into the arena where needed.
/// \return nullopt where empty, or where a character, address or port is not valid
[[nodiscard]] std::optional<HostName> parseHost(std::string_view field, Arena &arena);

/// A Host field's name or address: "a.example:80", "[::1]:80", also "::1" as it stands in a node.
[[nodiscard]] std::string_view withoutPort(std::string_view host) noexcept;

} // namespace postern::gateway
