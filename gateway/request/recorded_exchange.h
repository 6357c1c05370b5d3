// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/request/web_request.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// One message as it went over the wire.
struct RecordedMessage
{
    bool present = false; ///< it was recorded
    std::string method, target; ///< of a request
    int status = 0; ///< of a response
    WebRequest::Headers headers;
    std::string body; ///< as much of it as is kept
    std::uint64_t bodySize = 0; ///< the whole of it

    [[nodiscard]] bool isCut() const noexcept { return bodySize > body.size(); }
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// A decided request with what was sent and answered, as far as it was recorded.
struct RecordedExchange
{
    Json trace; ///< as traceToJson()
    RecordedMessage request, toUpstream, response;
    Json timing; ///< as the control API tells it of a recorded exchange; null: not known
    std::string comment;
    bool marked = false;
    bool masked = false; ///< credentials were replaced when it was recorded

    /// What the client sent, to be sent again. \param origin "http://127.0.0.1:9080"
    [[nodiscard]] WebRequest asRequest(std::string_view origin) const;
};

/// Takes what GET /v1/exchanges/{id} says into the exchange.
/// \param answer see ControlApi; members that are absent leave things as they are
void readCapture(const Json &answer, RecordedExchange &exchange);

/// HTTP archive 1.2. Secrets are replaced; the trace, marks and comments go into `_postern` and
/// `comment`.
/// \param origin of the gateway, for absolute URLs
[[nodiscard]] Json writeHar(const std::vector<RecordedExchange> &exchanges,
                            std::string_view origin);
/// Reads any HTTP archive; what Postern wrote comes back with its trace.
/// \return Json (not an archive), with where = JSON pointer
[[nodiscard]] Result<std::vector<RecordedExchange>> readHar(std::string_view text);

} // namespace postern::gateway
