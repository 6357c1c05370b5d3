// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/store/store.h"
#include "gateway/server/http_service.h"

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
/// A failed check or write: NotFound is 404, a storage failure 503, everything else 400; the
/// error's detail is the wire text.
[[nodiscard]] AdminReply failureReply(const Error &error);

/// `{"key":...,"value":...}`: the answer to PUT, POST and PATCH. `value` is JSON text.
[[nodiscard]] AdminReply writtenReply(int status, std::string_view key, std::string_view value);
/// Appends `{"key","value","createdIndex","modifiedIndex"}` of a stored document.
void appendNode(std::string &out, const Document &document);
/// The text of an object without these members.
[[nodiscard]] std::string withoutMembers(std::string text,
                                         std::span<const std::string_view> members);
/// Appends a JSON string literal.
void appendQuoted(std::string &out, std::string_view text);

} // namespace postern::gateway
