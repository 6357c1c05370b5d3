// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/store/store.h"
#include "gateway/server/http_service.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace postern::gateway {

/// An answer of the Admin API, before it goes to a socket.
struct AdminReply
{
    int status = 200;
    ServiceHeaders headers;
    std::string body; ///< JSON with a final newline, a bare text, or an HTML page
};

/// Compact JSON and a newline, as every JSON answer of the Admin API ends.
[[nodiscard]] AdminReply jsonReply(int status, const Json &body);
/// `{"error_msg":"..."}`
[[nodiscard]] AdminReply errorReply(int status, std::string_view message);
/// `{"message":"Key not found"}` with 404
[[nodiscard]] AdminReply keyNotFound();
/// The web server's own error page, for what is no resource of the Admin API.
[[nodiscard]] AdminReply pageReply(int status);
/// The refusal of a body longer than `limit` octets.
[[nodiscard]] AdminReply bodyTooLargeReply(const ServiceRequest &request, std::size_t limit);
/// A failed check or write: NotFound is 404, a storage failure 503, everything else 400; the
/// error's detail is the wire text.
[[nodiscard]] AdminReply failureReply(const Error &error);

/// `X-API-VERSION`: v2 wraps every answer about an object in `action` and `node`.
enum class ApiVersion : std::uint8_t { V2, V3 };

/// The answer to PUT, POST and PATCH. v3: `{"key":...,"value":...}`.
/// \param action for v2: "set", "create", "compareAndSwap"
/// \param value JSON text
[[nodiscard]] AdminReply writtenReply(ApiVersion version, std::string_view action, int status,
                                      std::string_view key, std::string_view value);
/// The answer to a GET of one object. v3: `{"key","value","createdIndex","modifiedIndex"}`.
[[nodiscard]] AdminReply shownReply(ApiVersion version, const Document &document);
/// The answer to DELETE. v3: `{"deleted":"1","key":...}`.
[[nodiscard]] AdminReply deletedReply(ApiVersion version, std::string_view key);
/// Appends `{"key","value","createdIndex","modifiedIndex"}` of a stored document.
void appendNode(std::string &out, const Document &document);
/// The text of an object without these members.
[[nodiscard]] std::string withoutMembers(std::string text,
                                         std::span<const std::string_view> members);
/// Appends a JSON string literal.
void appendQuoted(std::string &out, std::string_view text);

} // namespace postern::gateway
