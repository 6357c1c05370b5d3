// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/server/http_service.h"
#include "gateway/upstream/builtin.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace postern::gateway {

/// Methods an endpoint takes, as bits. HEAD comes with GET, OPTIONS with everything.
using MethodBits = std::uint8_t;
inline constexpr MethodBits kGet = 1, kPost = 2, kPut = 4, kPatch = 8, kDelete = 16, kTrace = 32;

/// One request on its way through an endpoint.
struct BuiltinCall
{
    BuiltinUpstream &upstream;
    const ServiceRequest &request;
    const Responder &responder;
    std::string_view argument; ///< what the path has after the endpoint's own

    /// Sends an answer with the headers that every answer of httpbin has.
    void send(int status, ServiceHeaders headers, std::string_view body) const;
    void sendJson(const Json &value) const;
    /// The error page of Flask for that status.
    void sendPage(int status, ServiceHeaders headers = {}) const;
};

struct BuiltinEndpoint
{
    std::string_view path;
    bool takesRest; ///< also answers below its path
    MethodBits methods;
    void (*run)(const BuiltinCall &call);
};

/// Every endpoint; an exact path comes before one that takes the rest.
[[nodiscard]] std::span<const BuiltinEndpoint> builtinEndpoints();

/// Headers of every answer: CORS as httpbin sends it, and our name.
[[nodiscard]] ServiceHeaders builtinHeaders(const ServiceRequest &request);

/// The endpoints that are more than an echo, see builtin_dynamic.cpp.
void runStatus(const BuiltinCall &call);
void runDelay(const BuiltinCall &call);
void runBytes(const BuiltinCall &call);
void runStream(const BuiltinCall &call);
void runRedirect(const BuiltinCall &call);
void runResponseHeaders(const BuiltinCall &call);
void runWebSocket(const BuiltinCall &call);

} // namespace postern::gateway
