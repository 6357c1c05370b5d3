// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"
#include "gateway/access/draft_request.h"
#include "gateway/pipeline/plugin.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

// What clients send to be let in, each from the plugin's part of a credential.

/// Calls `send(login)` for each login of the plugin until one can be sent.
/// \return that one; CredentialMissing with the plugin's name if there is none; the last failure
template <class Send>
[[nodiscard]] Result<const ClientLogin *> presentLogin(std::span<const ClientLogin> logins,
                                                       const PluginSpec &plugin, const Send &send)
{
    Error why{Errc::CredentialMissing, std::string(plugin.name), {}};
    for (const ClientLogin &login : logins) {
        if (login.plugin != &plugin)
            continue;
        Result<void> sent = send(login);
        if (sent)
            return &login;
        why = std::move(sent.error());
    }
    return std::unexpected(std::move(why));
}

/// The key in its header; in its query argument if something else is in that header.
void presentKey(DraftRequest &request, std::string_view header, std::string_view query,
                std::string_view key);

/// RFC 7617. \return Conflict if the Authorization header is taken
[[nodiscard]] Result<void> presentPassword(DraftRequest &request, std::string_view username,
                                           std::string_view password);

/// A token of five minutes for a jwt-auth credential.
/// \param timed exp and nbf are both demanded
/// \return KeyMissing if only the client has the key that signs; what is wrong with the key
[[nodiscard]] Result<std::string> mintToken(const Json &credential, std::string_view keyClaim,
                                            bool timed, Timestamp now);

/// How a request is to be signed.
struct SignatureOrder
{
    std::string_view keyId, secret;
    std::size_t algorithm = 1; ///< in kHmacAlgorithms
    std::span<const std::string> signedHeaders{}; ///< on top of target and date
    bool digest = false; ///< of the body, too
};
/// The signature of hmac-auth over the request as it stands, with the headers that it needs.
/// \return Conflict if the Authorization header is taken; InvalidArgument if the request is none
[[nodiscard]] Result<void> presentSignature(DraftRequest &request, const SignatureOrder &order);

} // namespace postern::gateway
