// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/login_text.h"

#include "core/clock.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>

namespace postern::gateway {

namespace {

std::string basicText(const StepView &view)
{
    if (view.outcome == Outcome::Ok)
        return {};
    switch (view.reason) {
    case Errc::AuthorizationFormat:
        return std::string(view.a);
    case Errc::CredentialUnknown:
        return std::format("no consumer has a basic-auth credential with username \"{}\"", view.a);
    case Errc::PasswordMismatch:
        return view.b.empty()
            ? "the password is not the credential's"
            : "the password fits as it was sent, but APISIX 3.18 ends it at its first colon and "
              "takes white space out of it";
    default:
        return {};
    }
}

std::string basicFix(const StepView &view, std::string_view whose)
{
    switch (view.reason) {
    case Errc::CredentialMissing:
        return "send Authorization: Basic with base64 of user:password (curl -u user:password)";
    case Errc::AuthorizationFormat:
        return "send Authorization: Basic, one blank, and base64 of user:password";
    case Errc::CredentialUnknown:
        return "compare the user name with the credentials' \"username\" (basic-auth of the "
               "consumers)";
    case Errc::PasswordMismatch:
        return view.b.empty()
            ? std::format("send the password of {}", whose)
            : std::format("give {} a password without colon and white space", whose);
    default:
        return {};
    }
}

/// "3 s" and on which side.
std::string away(std::int64_t seconds)
{
    const std::string distance = formatDistance(std::chrono::duration_cast<Duration>(
        std::chrono::seconds(std::clamp<std::int64_t>(seconds, -9'000'000'000, 9'000'000'000))));
    return seconds < 0 ? distance + " behind" : distance + " ahead of";
}

std::string hmacText(const StepView &view)
{
    if (view.step == Step::Parse && view.outcome == Outcome::Ok)
        return std::format("{}, signs {}", view.a,
                           view.b.empty() ? "nothing but the keyId" : view.b);
    if (view.outcome == Outcome::Ok)
        return {};
    switch (view.reason) {
    case Errc::AuthorizationFormat:
        return "the Authorization header does not begin with \"Signature\"";
    case Errc::SignatureParameter:
        return std::format("the Authorization header has no {}=\"...\"", view.a);
    case Errc::CredentialUnknown:
        return std::format("no consumer has an hmac-auth credential with key_id \"{}\"", view.a);
    case Errc::AlgNotAllowed:
        return std::format("algorithm \"{}\" is not one of {}", view.a, view.b);
    case Errc::DateMissing:
        return "there is no Date header";
    case Errc::DateFormat:
        return std::format("\"{}\" is not an HTTP date", view.a);
    case Errc::ClockSkew:
        return std::format("the Date header is {} the gateway's clock", away(view.number));
    case Errc::HeaderUnsigned:
        return std::format("\"{}\" is not among the signed headers, letter by letter", view.a);
    case Errc::Base64:
        return "the signature is not base64";
    case Errc::SignatureMismatch:
        return std::format("{} does not fit; the gateway signs {}", view.a, view.b);
    case Errc::DigestMismatch:
        return view.a.empty() ? "there is no Digest header"
                              : "the Digest header is not SHA-256= and the digest of the body";
    case Errc::HttpBodyTooLarge:
        return std::format("the body has {} bytes, more than max_req_body_size allows",
                           view.number);
    default:
        return {};
    }
}

std::string hmacFix(const StepView &view, std::string_view whose)
{
    switch (view.reason) {
    case Errc::CredentialMissing:
    case Errc::AuthorizationFormat:
    case Errc::SignatureParameter:
        return "send Authorization: Signature keyId=\"...\",algorithm=\"hmac-sha256\","
               "headers=\"@request-target date\",signature=\"<base64>\"";
    case Errc::CredentialUnknown:
        return "compare keyId with the credentials' \"key_id\" (hmac-auth of the consumers)";
    case Errc::AlgNotAllowed:
        return std::format("sign with one of {}, or add it to the route's allowed_algorithms",
                           view.b);
    case Errc::DateMissing:
    case Errc::DateFormat:
        return "send a Date header such as Sun, 06 Nov 1994 08:49:37 GMT";
    case Errc::ClockSkew:
        return "set the client's clock, sign anew for each request, or raise the route's "
               "clock_skew";
    case Errc::HeaderUnsigned:
        return std::format("name \"{}\" in headers=\"...\" and sign its line, or take it off the "
                           "route's signed_headers",
                           view.a);
    case Errc::Base64:
        return "send the signature's octets in standard base64";
    case Errc::SignatureMismatch:
        return std::format("sign exactly these lines, each with a line feed (⏎) behind it, the "
                           "last one too, with the secret_key of {}",
                           whose);
    case Errc::DigestMismatch:
        return "send Digest: SHA-256= and base64 of the SHA-256 of the body as it is sent";
    case Errc::HttpBodyTooLarge:
        return "send less, or raise the route's max_req_body_size";
    default:
        return {};
    }
}

std::string multiText(const StepView &view)
{
    return view.outcome == Outcome::Failed ? std::format("none of {} accepted the request", view.a)
                                           : std::string();
}

std::string multiFix(const StepView &, std::string_view)
{
    return "send what one of them accepts; the steps before say what each one found wrong";
}

std::string restrictionText(const StepView &view)
{
    switch (view.reason) {
    case Errc::SubjectMissing:
        return std::format("the request has no {}", view.a);
    case Errc::SubjectDenied:
        return std::format("{} \"{}\" is on the blacklist", view.a, view.b);
    case Errc::SubjectNotAllowed:
        return std::format("{} \"{}\" is not on the whitelist", view.a, view.b);
    case Errc::MethodNotAllowed:
        return std::format("{} \"{}\" may not use this method", view.a, view.b);
    default:
        return std::format("{} \"{}\" is allowed", view.a, view.b);
    }
}

std::string restrictionFix(const StepView &view, std::string_view)
{
    switch (view.reason) {
    case Errc::SubjectMissing:
        if (view.a == "service_id")
            return "give the route a service_id";
        if (view.a == "consumer_group_id")
            return "authenticate as a consumer that has a group_id";
        return "put an authentication plugin that attaches a consumer on the route";
    case Errc::SubjectDenied:
        return std::format("take \"{}\" off the blacklist of consumer-restriction", view.b);
    case Errc::SubjectNotAllowed:
        return std::format("put \"{}\" on the whitelist of consumer-restriction", view.b);
    case Errc::MethodNotAllowed:
        return std::format("add the method to \"{}\" in allowed_by_methods", view.b);
    default:
        return {};
    }
}

/// What a plugin's steps say, and what to do about the failed ones.
struct Texts
{
    std::string_view plugin;
    std::string (*text)(const StepView &view);
    std::string (*fix)(const StepView &view, std::string_view whose);
};
constexpr std::array kTexts{
    Texts{"basic-auth", basicText, basicFix},
    Texts{"hmac-auth", hmacText, hmacFix},
    Texts{"multi-auth", multiText, multiFix},
    Texts{"consumer-restriction", restrictionText, restrictionFix},
};

} // namespace

std::string loginText(const StepView &view)
{
    const auto texts = std::ranges::find(kTexts, view.subject, &Texts::plugin);
    return texts == kTexts.end() ? std::string() : texts->text(view);
}

std::string loginFix(const StepView &view, std::string_view whose)
{
    const auto texts = std::ranges::find(kTexts, view.subject, &Texts::plugin);
    return texts == kTexts.end() ? std::string() : texts->fix(view, whose);
}

} // namespace postern::gateway
