// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/snapshot.h"

#include <string>
#include <string_view>

namespace postern::gateway {

/// What the auth plugins have in common: the challenge of their 401s and the anonymous consumer.
/// APISIX 3.18, consumer attachment and realm.
struct AuthCommon
{
    std::string_view plugin; ///< "jwt-auth"
    std::string challenge; ///< `Bearer realm="jwt"`
    std::string anonymousConsumer; ///< empty: none
    bool hideCredentials = false;
};

/// Reads realm, anonymous_consumer and hide_credentials.
/// \param scheme what stands before ` realm="…"` in WWW-Authenticate
[[nodiscard]] AuthCommon readAuthCommon(const Json &config, std::string_view plugin,
                                        std::string_view scheme);

/// Attaches the consumer and sets or removes X-Consumer-Username, X-Credential-Identifier and
/// X-Consumer-Custom-ID, so that spoofed client values never survive.
/// \param credential nullptr for an anonymous consumer
void attachConsumer(Exchange &exchange, std::string_view plugin, const CompiledConsumer &consumer,
                    const CompiledCredential *credential);

/// Notes whose login it is: "jack", "jack / cred-1".
/// \param key what it was found by; never a secret
void noteLogin(Exchange &exchange, std::string_view plugin, std::string_view key,
               const CompiledCredential &credential);

/// An authentication failed: falls back to the anonymous consumer, or answers 401.
[[nodiscard]] Verdict refuseLogin(Exchange &exchange, const AuthCommon &common,
                                  std::string_view message);

} // namespace postern::gateway
