// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/step_text.h"

#include "core/clock.h"
#include "core/error.h"
#include "gateway/pipeline/login_text.h"
#include "gateway/pipeline/plain_fix.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <format>

namespace postern::gateway {

namespace {

constexpr std::array<std::string_view, 12> kSteps{"route",     "extract",  "parse",    "lookup",
                                                  "signature", "claims",   "consumer", "label",
                                                  "plugin",    "upstream", "client",   "reply"};
static_assert(kSteps.size() == static_cast<std::size_t>(Step::Reply) + 1);

constexpr std::string_view kBuiltin = "builtin"; // the upstream that aliases lead to
constexpr std::string_view kBearer = " (Bearer)";

std::string away(std::int64_t seconds)
{
    return formatDistance(std::chrono::duration_cast<Duration>(
        std::chrono::seconds(std::clamp<std::int64_t>(seconds, -9'000'000'000, 9'000'000'000))));
}

/// `header "authorization"`.
std::string place(const StepView &view)
{
    std::string_view where = view.a;
    if (where.ends_with(kBearer))
        where.remove_suffix(kBearer.size());
    return std::format("{} \"{}\"", where, view.b);
}

std::string routeText(const StepView &view)
{
    if (view.outcome == Outcome::Ok)
        return std::format("uri \"{}\"", view.a);
    return std::string(sentence(view.reason));
}

std::string extractText(const StepView &view)
{
    if (view.outcome == Outcome::Ok) {
        std::string text = std::format("{}, {} bytes", place(view), view.number);
        if (view.a.ends_with(kBearer))
            text += ", Bearer prefix removed";
        else if (view.a == "header" && view.subject == "jwt-auth")
            text += ", no Bearer prefix";
        return text;
    }
    switch (view.reason) {
    case Errc::CredentialMissing:
        return std::format("nothing found in {}", view.b);
    case Errc::CredentialEmpty:
        return place(view) + " is present but empty";
    case Errc::CredentialRepeated:
        return place(view) + " is given more than once";
    default:
        return std::string(sentence(view.reason));
    }
}

std::string parseText(const StepView &view)
{
    if (view.outcome == Outcome::Ok) {
        return std::format("alg {}, {}", view.a.empty() ? "missing" : view.a,
                           view.b.empty() ? "no claim of interest"
                                          : "claims " + std::string(view.b));
    }
    if (view.reason == Errc::TokenShape)
        return view.number == 3 ? "one of the three parts is empty"
                                : std::format("three parts expected, {} found", view.number);
    return std::string(sentence(view.reason));
}

std::string lookupText(const StepView &view)
{
    if (view.outcome == Outcome::Ok)
        return view.keyClaim.empty()
            ? std::string(view.b)
            : std::format("claim {} = \"{}\" → {}", view.keyClaim, view.a, view.b);
    switch (view.reason) {
    case Errc::ClaimMissing:
        return std::format("the payload has no claim \"{}\"", view.a);
    case Errc::ClaimType:
        return std::format("claim \"{}\" is not a string", view.a);
    case Errc::CredentialEmpty:
        return "the API key is empty";
    default:
        break;
    }
    if (view.b.empty())
        return std::format("no consumer has this API key ({}, {} bytes)", view.a, view.number);
    return std::format("no consumer has a jwt-auth credential with key \"{}\" (claim {})", view.a,
                       view.b);
}

std::string signatureText(const StepView &view)
{
    if (view.outcome == Outcome::Ok)
        return std::format("{} fits{}", view.a, view.b.empty() ? "" : ", " + std::string(view.b));
    switch (view.reason) {
    case Errc::SignatureMismatch:
        return view.a.starts_with("HS") ? "does not match the credential's secret"
                                        : "does not match the credential's public key";
    case Errc::SignatureLength:
        return std::format("the signature has {} bytes, which {} with this key never has",
                           view.number, view.a);
    case Errc::Base64:
        return "the signature is not base64url";
    case Errc::AlgMissing:
        return std::format("the token's header names no alg; the credential takes {}", view.b);
    case Errc::AlgNotAllowed:
        return std::format("the token says alg \"{}\"; the credential takes {}", view.a, view.b);
    default:
        return std::format("the credential's key cannot be used: {}",
                           view.b.empty() ? sentence(view.reason) : view.b);
    }
}

std::string claimsText(const StepView &view)
{
    if (view.outcome == Outcome::Ok) {
        if (view.a.empty())
            return "no time claim to check";
        const std::string_view first = view.a.substr(0, view.a.find(','));
        const std::string when =
            view.number < 0 ? away(view.number) + " ago" : "in " + away(view.number);
        // A single claim needs no list in front of it.
        return first == view.a ? std::format("{} {}", first, when)
                               : std::format("{}: {} {}", view.a, first, when);
    }
    switch (view.reason) {
    case Errc::TokenExpired:
        return view.number == 0 ? std::string("expired this very second")
                                : std::format("expired {} ago", away(view.number));
    case Errc::TokenNotYetValid:
        return view.number == 0 ? std::string("nbf is this very second: valid from the next one on")
                                : std::format("valid in {} only (nbf)", away(view.number));
    case Errc::ClaimMissing:
        return std::format("claim \"{}\" is missing; {}", view.a,
                           view.b.empty() ? "claims_to_verify asks for it" : view.b);
    case Errc::NumericDate:
        return std::format("claim \"{}\" is not a number", view.a);
    default:
        return std::string(sentence(view.reason));
    }
}

std::string consumerText(const StepView &view)
{
    if (view.outcome == Outcome::Ok)
        return view.b.empty() ? std::string(view.a) : std::format("{} / {}", view.a, view.b);
    return std::format("the anonymous consumer \"{}\" does not exist", view.a);
}

std::string labelText(const StepView &view)
{
    if (!view.b.empty())
        return std::string(view.b);
    return view.outcome == Outcome::Ok ? std::string(view.a) : std::string(sentence(view.reason));
}

/// How a node was chosen, and which were not to be chosen from.
std::string choiceText(const StepView &view)
{
    if (view.reason == Errc::UpstreamUnhealthy)
        return view.number != 0
            ? std::format("every node is unhealthy, so all are used: {}", view.a)
            : std::format("left out by health checks: {}", view.a);
    return view.b.empty() ? std::format("{} chose {}", view.subject, view.a)
                          : std::format("{} chose {} for \"{}\"", view.subject, view.a, view.b);
}

std::string upstreamText(const StepView &view)
{
    if (view.outcome == Outcome::Note && !view.subject.empty() && view.subject != kBuiltin)
        return choiceText(view);
    std::string node(view.a);
    if (!view.b.empty() && view.b != view.a)
        node += std::format("{}({}{})", node.empty() ? "" : " ",
                            view.subject == kBuiltin ? "alias " : "", view.b);
    if (view.outcome != Outcome::Failed)
        return view.number != 0 ? std::format("{} answered {}", node, view.number) : node;
    return node.empty() ? std::string(sentence(view.reason))
                        : std::format("{}: {}", node, sentence(view.reason));
}

std::string limitText(const StepView &view)
{
    switch (view.reason) {
    case Errc::LimitReached:
        if (view.outcome == Outcome::Note)
            return std::format("\"{}\" may come {}; a dry run does not count", view.a, view.b);
        return std::format("\"{}\" has used up its {}; there is room again in {} s", view.a, view.b,
                           view.number);
    case Errc::LimitNotANumber:
        return std::format("{} is no positive integer for this request", view.a);
    case Errc::LimitRuleMissing:
        return "no rule applies: none of the variables in their keys is there";
    case Errc::LimitStore:
        return std::format("the counters in Redis at {} cannot be reached: {}{}", view.a, view.b,
                           view.outcome == Outcome::Note ? "; allow_degradation lets it pass" : "");
    default:
        return std::format("\"{}\" has {} left of {}", view.a, view.number, view.b);
    }
}

/// What to do about a store of counters: Redis' own words tell which of them it is.
std::string limitStoreFix(const StepView &view)
{
    struct Row
    {
        std::string_view mark, fix;
    };
    static constexpr std::array kRows{
        Row{"NOAUTH", "set redis_password (and redis_username) in limit-count"},
        Row{"WRONGPASS", "correct redis_username and redis_password in limit-count"},
        Row{"without any password configured", "take redis_password out of limit-count"},
        Row{"NOPERM",
            "let the Redis user run EVALSHA, EVAL and the commands on plugin-limit-count:* keys"},
        Row{"it knows no replica",
            "start a replica, or set redis_role to master: a replica does not count"},
        Row{"READONLY", "set redis_role to master: a replica does not count"},
        Row{"certificate",
            "let the server's certificate name its host and be trusted, or turn redis_ssl_verify "
            "off"},
        Row{"cluster support disabled", "use policy redis: this server is no cluster"},
        Row{"No such master", "correct redis_master_name in limit-count"},
        Row{"it knows no master", "correct redis_master_name in limit-count"},
        Row{"the name is not known", "correct the host in limit-count"},
    };
    const auto row = std::ranges::find_if(
        kRows, [&view](const Row &each) { return view.b.contains(each.mark); });
    if (row != kRows.end())
        return std::string(row->fix);
    return std::format(
        "start Redis at {}, or correct its address in limit-count; allow_degradation "
        "lets requests pass meanwhile",
        view.a);
}

std::string otherText(const StepView &view)
{
    std::string text;
    if (view.a == "anonymous_consumer")
        return std::format("falls back to the anonymous consumer \"{}\"", view.b);
    if (view.step == Step::Reply && view.number != 0)
        text = std::to_string(view.number);
    if (view.outcome == Outcome::Failed)
        text += (text.empty() ? "" : ": ") + std::string(sentence(view.reason));
    for (const std::string_view part : {view.a, view.b}) {
        if (!part.empty())
            text += (text.empty() ? "" : ", ") + std::string(part);
    }
    return text;
}

std::string handshakeFix(std::string_view failure)
{
    if (failure.contains("plain HTTP"))
        return "write https:// in the URL, or use the HTTP port";
    if (failure.contains("unknown ca") || failure.contains("certificate"))
        return "give the client the authority of this certificate (curl --cacert), or serve one "
               "that it trusts";
    if (failure.contains("protocol"))
        return "compare the client's versions of TLS with ssl_protocols of the ssls object";
    if (failure.contains("closed"))
        return "look at the client's own message; it may not trust the certificate";
    return "compare what the client offers with the certificate and ssl_protocols of the ssls "
           "object";
}

/// Names of a, b and number per step, in the order of Step; empty: not shown.
struct OperandNames
{
    std::string_view a, b, number;
};
constexpr std::array<OperandNames, kSteps.size()> kOperands{{
    {"pattern", "", ""},
    {"where", "name", "bytes"},
    {"alg", "claims", "parts"},
    {"key", "owner", "bytes"},
    {"alg", "note", "bytes"},
    {"claim", "", "distance_s"},
    {"username", "credential", ""},
    {"rule", "subject", ""},
    {"what", "value", "number"},
    {"address", "node", "status"},
    {"what", "value", "number"},
    {"by", "value", "status"},
}};
/// Of a note about the choice of a node.
constexpr OperandNames kChoice{"what", "key", ""};

} // namespace

std::string_view stepName(Step step) noexcept { return kSteps[static_cast<std::size_t>(step)]; }

std::string_view outcomeName(Outcome outcome) noexcept
{
    constexpr std::array<std::string_view, 3> kNames{"ok", "failed", "note"};
    return kNames[static_cast<std::size_t>(outcome)];
}

StepView viewOf(const TraceRecord &record, std::size_t event)
{
    const TraceEvent &raw = record.event[event];
    StepView view{raw.step,
                  raw.outcome,
                  raw.reason,
                  record.view(raw.subject, raw.subjectSize),
                  record.view(raw.a, raw.aSize),
                  record.view(raw.b, raw.bSize),
                  raw.number,
                  {}};
    // a parse event before it names the key claim first, whenever the token has it
    if (raw.step == Step::Lookup && event > 0 && record.event[event - 1].step == Step::Parse) {
        const std::string_view claims =
            record.view(record.event[event - 1].b, record.event[event - 1].bSize);
        view.keyClaim = claims.substr(0, claims.find(", "));
    }
    return view;
}

std::string stepText(const StepView &view)
{
    if (std::string text = loginText(view); !text.empty())
        return text;
    switch (view.step) {
    case Step::Route:
        return routeText(view);
    case Step::Extract:
        return extractText(view);
    case Step::Parse:
        return parseText(view);
    case Step::Lookup:
        return lookupText(view);
    case Step::Signature:
        return signatureText(view);
    case Step::Claims:
        return claimsText(view);
    case Step::Consumer:
        return consumerText(view);
    case Step::Label:
        return labelText(view);
    case Step::Upstream:
        return upstreamText(view);
    case Step::Plugin:
        if (view.subject == "limit-count")
            return limitText(view);
        break;
    case Step::Client:
    case Step::Reply:
        break;
    }
    return otherText(view);
}

Json stepDetail(const StepView &view)
{
    const bool choice = view.step == Step::Upstream && view.outcome == Outcome::Note;
    const OperandNames &names = choice ? kChoice : kOperands[static_cast<std::size_t>(view.step)];
    Json detail = Json::object();
    if (!names.a.empty() && !view.a.empty())
        detail.set(names.a, view.a);
    if (!names.b.empty() && !view.b.empty())
        detail.set(names.b, view.b);
    const bool shown = view.number != 0 || (view.step == Step::Claims && !view.a.empty());
    if (!names.number.empty() && shown)
        detail.set(names.number, view.number);
    return detail;
}

std::string stepFix(const StepView &view, std::string_view credential)
{
    const std::string whose =
        credential.empty() ? std::string("the consumer's credential") : std::string(credential);
    if (std::string fix = loginFix(view, whose); !fix.empty())
        return fix;
    switch (view.reason) {
    case Errc::CredentialMissing:
    case Errc::CredentialEmpty:
    case Errc::CredentialRepeated:
        return std::format("send the {} once, in {}",
                           view.subject == "key-auth" ? "API key" : "token",
                           view.reason == Errc::CredentialMissing ? view.b : place(view));
    case Errc::TokenShape:
    case Errc::TokenHeader:
    case Errc::TokenPayload:
        return "send the whole token, header.payload.signature; only \"Bearer \" and \"bearer \" "
               "may "
               "stand before it";
    case Errc::ClaimMissing:
    case Errc::ClaimType:
        if (view.step == Step::Lookup)
            return std::format("put the credential's key into the payload as a string: \"{}\": "
                               "\"<key>\" (the route's key_claim_name says which claim)",
                               view.a);
        if (view.step == Step::Claims && !view.b.empty())
            return "add \"exp\" in UNIX seconds, or take a newer profile";
        return std::format("add \"{}\" in UNIX seconds, or take it off the route's "
                           "claims_to_verify",
                           view.a);
    case Errc::CredentialUnknown:
        return view.subject == "key-auth"
            ? "compare the key sent with the keys of the consumers (key-auth)"
            : "compare the claim with the credentials' \"key\" (jwt-auth of the consumers)";
    case Errc::AlgMissing:
    case Errc::AlgNotAllowed:
        return std::format("sign with {}, or change the algorithm of {}", view.b, whose);
    case Errc::Base64:
    case Errc::SignatureLength:
        return "send the signature as it was made; it may have been cut";
    case Errc::SignatureMismatch:
        return std::format("sign with the {} of {}",
                           view.a.starts_with("HS") ? "secret"
                                                    : "private "
                                                      "key",
                           whose);
    case Errc::KeyFormat:
    case Errc::KeyType:
    case Errc::KeyWeak:
    case Errc::KeyEmpty:
    case Errc::KeyCurve:
    case Errc::OkpPoint:
    case Errc::RsaExponent:
    case Errc::RsaModulus:
    case Errc::AlgKeyMismatch:
        return std::format("store a key that fits {} in {}", view.a, whose);
    case Errc::TokenExpired:
        return std::format("mint a new token, or raise lifetime_grace_period of {}", whose);
    case Errc::TokenNotYetValid:
        return "wait, or set nbf to a time in the past";
    case Errc::NumericDate:
        return std::format("write \"{}\" as a number (UNIX seconds), without quotes", view.a);
    case Errc::ConsumerMissing:
        return std::format("create the consumer \"{}\", or change the route's anonymous_consumer",
                           view.a);
    case Errc::LimitReached:
        return std::format("wait {} s, or raise the count of limit-count", view.number);
    case Errc::LimitNotANumber:
        return std::format("give the variables of {} in limit-count a positive integer, or a value "
                           "behind ??",
                           view.a);
    case Errc::LimitStore:
        return limitStoreFix(view);
    case Errc::IpNotAllowed:
        return view.a == "blacklist"
            ? std::format("take {} off the blacklist of ip-restriction", view.b)
            : std::format("add {} to the whitelist of ip-restriction", view.b);
    case Errc::TlsServerName:
        return std::format("store an ssls object with the sni {}; without a name in the handshake "
                           "the address counts as one, or apisix.ssl.fallback_sni",
                           view.a);
    case Errc::TlsHandshake:
        return handshakeFix(view.a);
    case Errc::UpstreamTls:
        return "look at the reason beside it: the upstream may not speak TLS, its certificate may "
               "be for another name than the Host that is sent, or its authority unknown "
               "(SSL_CERT_FILE, apisix.ssl.ssl_trusted_certificate)";
    case Errc::ClientCertificate:
        return "send a certificate from an authority in client.ca of the ssls object (curl --cert, "
               "--key), with the Host it was shown to";
    case Errc::UpstreamType:
        return "set the upstream's type to roundrobin, chash, least_conn or ewma";
    case Errc::UpstreamUnhealthy:
        return "look at what the health checks found (GET /v1/healthcheck of the control API), "
               "and start the nodes that are out";
    case Errc::RetryDeadline:
        return "make the nodes answer sooner, or raise the upstream's retry_timeout";
    default:
        return std::string(plainFix(view.reason));
    }
}

} // namespace postern::gateway
