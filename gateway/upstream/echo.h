// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/server/http_service.h"

#include <span>
#include <string>
#include <string_view>

namespace postern::gateway {

/// What httpbin tells about a request. \param keys members wanted, in this order, out of args,
/// data, files, form, headers, json, method, origin, url
///
/// As httpbin, but for one thing: forwarding headers (X-Forwarded-For, X-Real-Ip and their like)
/// are shown, since what a gateway sent upstream is what one wants to see.
[[nodiscard]] Json echoRequest(const ServiceRequest &request,
                               std::span<const std::string_view> keys);

/// Header fields by Title-Case name, sorted, repeated ones joined by ','.
[[nodiscard]] Json echoHeaders(const ServiceRequest &request);
/// The forwarded-for chain as received, else the peer's address.
[[nodiscard]] std::string echoOrigin(const ServiceRequest &request);
/// Cookies of the request by name; the last of a name wins.
[[nodiscard]] Json echoCookies(const ServiceRequest &request);

/// "x-consumer-custom-ID" as "X-Consumer-Custom-Id": Python's str.title().
[[nodiscard]] std::string titleCase(std::string_view name);

} // namespace postern::gateway
