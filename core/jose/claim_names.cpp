// SPDX-License-Identifier: Apache-2.0
#include "core/jose/claim_names.h"

#include <algorithm>
#include <array>

namespace postern {

namespace {

constexpr std::string_view kOidc = "OpenID Connect Core 1.0";
constexpr std::string_view kAccessToken = "RFC 9068";

constexpr auto kRegistered = std::to_array<ClaimMeaning>({
    {"iss", "issuer: who made the token; Kong looks its credential up by it", "RFC 7519 4.1.1"},
    {"sub", "subject: whom the token is about", "RFC 7519 4.1.2"},
    {"aud", "audience: whom the token is for", "RFC 7519 4.1.3"},
    {"exp", "expires: not valid from this second on", "RFC 7519 4.1.4"},
    {"nbf", "not before: not valid earlier", "RFC 7519 4.1.5"},
    {"iat", "issued at", "RFC 7519 4.1.6"},
    {"jti", "token id: for telling repeats", "RFC 7519 4.1.7"},
    {"key", "the consumer's key: APISIX jwt-auth finds the consumer by it", "APISIX jwt-auth"},
    {"nonce", "ties the token to one login request", kOidc},
    {"auth_time", "when the user logged in", kOidc},
    {"acr", "class of the login", kOidc},
    {"amr", "how the user logged in", "RFC 8176"},
    {"azp", "the client the token was issued to", kOidc},
    {"at_hash", "half of the access token's hash", kOidc},
    {"c_hash", "half of the code's hash", kOidc},
    {"s_hash", "half of the state's hash", "FAPI 1.0"},
    {"sid", "session id, for logging out", "OpenID Connect Front-Channel Logout"},
    {"events", "what happened, in a security event token", "RFC 8417"},
    {"name", "full name", kOidc},
    {"given_name", "first name", kOidc},
    {"family_name", "last name", kOidc},
    {"preferred_username", "name the user goes by; not unique, may change", kOidc},
    {"email", "e-mail address: personal data", kOidc},
    {"email_verified", "whether the address was verified", kOidc},
    {"phone_number", "telephone number: personal data", kOidc},
    {"picture", "address of a picture", kOidc},
    {"locale", "language and region", kOidc},
    {"updated_at", "when the user's data last changed", kOidc},
    {"client_id", "the OAuth client that asked for the token", "RFC 8693 4.3"},
    {"scope", "what the client may do: words parted by spaces", "RFC 8693 4.2"},
    {"roles", "roles of the subject", kAccessToken},
    {"groups", "groups of the subject", kAccessToken},
    {"entitlements", "rights of the subject", kAccessToken},
    {"act", "actor: who acts for the subject", "RFC 8693 4.1"},
    {"may_act", "who may act for the subject", "RFC 8693 4.4"},
    {"cnf", "the key that the holder must prove (jkt: DPoP, x5t#S256: mutual TLS)", "RFC 7800"},
    {"authorization_details", "fine-grained rights", "RFC 9396"},
    {"_sd", "digests of claims that are disclosed apart", "RFC 9901"},
    {"_sd_alg", "hash of those digests", "RFC 9901"},
    {"vct", "type of a verifiable credential", "SD-JWT VC"},
});

constexpr auto kHeader = std::to_array<ClaimMeaning>({
    {"alg", "signature algorithm; a verifier decides by its key, never by this", "RFC 7515 4.1.1"},
    {"typ", "type of the whole token", "RFC 7515 4.1.9"},
    {"cty", "type of the payload; JWT: a token in a token", "RFC 7515 4.1.10"},
    {"kid", "names the key in the verifier's set", "RFC 7515 4.1.4"},
    {"jku", "address of a key set: must never be fetched on the token's word", "RFC 7515 4.1.2"},
    {"jwk", "a key: proves nothing, anybody can put one here", "RFC 7515 4.1.3"},
    {"x5u", "address of a certificate: must never be fetched on the token's word",
     "RFC 7515 4.1.5"},
    {"x5c", "a certificate chain: proves nothing by itself", "RFC 7515 4.1.6"},
    {"x5t", "SHA-1 of the certificate", "RFC 7515 4.1.7"},
    {"x5t#S256", "SHA-256 of the certificate", "RFC 7515 4.1.8"},
    {"crit", "members that a verifier must understand", "RFC 7515 4.1.11"},
    {"b64", "false: the payload stands unencoded in what is signed", "RFC 7797 3"},
    {"enc", "content encryption", "RFC 7516 4.1.2"},
    {"zip", "compression of the content", "RFC 7516 4.1.3"},
    {"epk", "the sender's one-time public key", "RFC 7518 4.6.1.1"},
    {"p2c", "iterations of the password hash", "RFC 7518 4.8.1.2"},
    {"p2s", "salt of the password hash", "RFC 7518 4.8.1.1"},
});

constexpr auto kEntra = std::to_array<ClaimMeaning>({
    {"oid", "the user's or service's object id in the tenant: stable, for keying data", "Entra ID"},
    {"tid", "the tenant", "Entra ID"},
    {"upn", "user principal name; may change", "Entra ID"},
    {"unique_name", "readable name; not unique", "Entra ID"},
    {"appid", "the client application (version 1.0 tokens)", "Entra ID"},
    {"appidacr", "how the client proved itself: 0 not, 1 secret, 2 certificate", "Entra ID"},
    {"azpacr", "how the client proved itself: 0 not, 1 secret, 2 certificate", "Entra ID"},
    {"scp", "delegated permissions, parted by spaces", "Entra ID"},
    {"wids", "tenant-wide roles", "Entra ID"},
    {"idp", "who authenticated the user, if not the issuer", "Entra ID"},
    {"idtyp", "app: a token without a user", "Entra ID"},
    {"ver", "version of the token's form, 1.0 or 2.0", "Entra ID"},
    {"uti", "token id of Microsoft's own, like jti", "Entra ID"},
    {"rh", "for Microsoft's own use", "Entra ID"},
    {"aio", "for Microsoft's own use", "Entra ID"},
    {"xms_cc", "client capabilities", "Entra ID"},
});

constexpr auto kKeycloak = std::to_array<ClaimMeaning>({
    {"realm_access", "roles in the realm", "Keycloak"},
    {"resource_access", "roles in each client", "Keycloak"},
    {"allowed-origins", "web origins the client may call from", "Keycloak"},
    {"session_state", "the login session", "Keycloak"},
    {"typ", "Bearer, ID or Refresh: the kind of token", "Keycloak"},
    {"acr", "1: logged in now, 0: by a session cookie", "Keycloak"},
});

constexpr auto kOkta = std::to_array<ClaimMeaning>({
    {"uid", "the user's id", "Okta"},
    {"cid", "the client's id", "Okta"},
    {"scp", "granted scopes, as a list", "Okta"},
    {"ver", "version of the token's form", "Okta"},
    {"idp", "the identity provider's id", "Okta"},
});

constexpr auto kAuth0 = std::to_array<ClaimMeaning>({
    {"permissions", "rights given by role", "Auth0"},
    {"gty", "grant type", "Auth0"},
    {"org_id", "the organisation", "Auth0"},
});

constexpr auto kCognito = std::to_array<ClaimMeaning>({
    {"token_use", "id or access", "Cognito"},
    {"cognito:username", "the user's name in the pool", "Cognito"},
    {"cognito:groups", "the user's groups in the pool", "Cognito"},
    {"event_id", "the authentication event", "Cognito"},
    {"origin_jti", "id of the login that all its tokens share", "Cognito"},
    {"username", "the user's name in the pool", "Cognito"},
});

constexpr auto kGoogle = std::to_array<ClaimMeaning>({
    {"hd", "the user's hosted domain", "Google"},
    {"firebase", "how the user logged in with Firebase", "Google"},
    {"user_id", "the Firebase user", "Google"},
});

constexpr auto kKubernetes = std::to_array<ClaimMeaning>({
    {"kubernetes.io", "namespace, pod and service account", "Kubernetes"},
    {"kubernetes.io/serviceaccount/namespace", "namespace of the service account", "Kubernetes"},
    {"kubernetes.io/serviceaccount/service-account.name", "the service account", "Kubernetes"},
});

constexpr auto kGithub = std::to_array<ClaimMeaning>({
    {"repository", "the repository whose workflow asked", "GitHub Actions"},
    {"repository_owner", "its owner", "GitHub Actions"},
    {"ref", "the branch or tag", "GitHub Actions"},
    {"sha", "the commit", "GitHub Actions"},
    {"workflow", "the workflow", "GitHub Actions"},
    {"job_workflow_ref", "the reusable workflow", "GitHub Actions"},
    {"environment", "the deployment environment", "GitHub Actions"},
    {"runner_environment", "whose runner", "GitHub Actions"},
    {"actor", "who started the run", "GitHub Actions"},
    {"event_name", "what started the run", "GitHub Actions"},
});

constexpr auto kPacks = std::to_array<ClaimPack>({
    {"Microsoft Entra ID", "login.microsoftonline.com", kEntra},
    {"Microsoft Entra ID", "sts.windows.net", kEntra},
    {"Keycloak", "/realms/", kKeycloak},
    {"Okta", ".okta.com", kOkta},
    {"Okta", ".oktapreview.com", kOkta},
    {"Auth0", ".auth0.com", kAuth0},
    {"Amazon Cognito", "cognito-idp.", kCognito},
    {"Google", "accounts.google.com", kGoogle},
    {"Google Firebase", "securetoken.google.com", kGoogle},
    {"Kubernetes", "kubernetes", kKubernetes},
    {"GitHub Actions", "token.actions.githubusercontent.com", kGithub},
});

const ClaimMeaning *meaningIn(std::span<const ClaimMeaning> table, std::string_view name)
{
    const auto found = std::ranges::find(table, name, &ClaimMeaning::name);
    return found == table.end() ? nullptr : &*found;
}

} // namespace

std::span<const ClaimMeaning> registeredClaims() noexcept { return kRegistered; }
std::span<const ClaimMeaning> headerMembers() noexcept { return kHeader; }
std::span<const ClaimPack> claimPacks() noexcept { return kPacks; }

std::vector<ClaimMeaning> meaningsOf(const Json &payload)
{
    std::vector<ClaimMeaning> meanings;
    const std::string_view issuer = payload.stringOr("iss", "");
    const auto pack = std::ranges::find_if(
        kPacks, [issuer](const ClaimPack &one) { return issuer.contains(one.issuer); });
    for (const auto &[name, value] : payload.members()) {
        const ClaimMeaning *meaning =
            pack == kPacks.end() ? nullptr : meaningIn(pack->claims, name);
        if (!meaning)
            meaning = meaningIn(kRegistered, name);
        if (meaning)
            meanings.push_back(*meaning);
    }
    return meanings;
}

} // namespace postern
