// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/request/web_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What takes the place of a secret: always as long, whatever the secret is.
inline constexpr std::string_view kRedacted = "••••••••";

/// Where a request carries secrets, besides the well-known headers and arguments: what the route's
/// plugins took a login from.
struct SecretPlaces
{
    std::vector<std::string> headers, arguments, cookies;

    /// \param trace as traceToJson() tells it
    [[nodiscard]] static SecretPlaces of(const Json &trace);
    [[nodiscard]] bool isSecretHeader(std::string_view name) const noexcept;
    [[nodiscard]] bool isSecretArgument(std::string_view name) const noexcept;
};

/// A stretch of a target or URL.
struct TargetPiece
{
    std::string_view text; ///< as it stands there
    std::string secret{}; ///< name of the argument whose value it is; empty: nothing secret
};
/// Takes a target or URL apart; all texts together are the target.
[[nodiscard]] std::vector<TargetPiece> targetPieces(std::string_view target,
                                                    const SecretPlaces &places = {});

/// A header's value as it may be shown: of a token the signature is replaced, of Authorization the
/// scheme is kept, of cookies the names.
[[nodiscard]] std::string redactHeader(std::string_view name, std::string_view value,
                                       const SecretPlaces &places = {});
/// A target or URL with the values of secret arguments replaced.
[[nodiscard]] std::string redactTarget(std::string_view target, const SecretPlaces &places = {});
/// All of a request but its body.
[[nodiscard]] WebRequest redactRequest(WebRequest request, const SecretPlaces &places = {});

/// The request without what it logged in with.
[[nodiscard]] WebRequest removeLogin(WebRequest request, const SecretPlaces &places = {});

} // namespace postern::gateway
