// SPDX-License-Identifier: Apache-2.0
#include "cli/token_batch.h"

#include "cli/token_verdict.h"
#include "core/bytes/encoding.h"
#include "core/clock.h"
#include "core/jose/key_selection.h"
#include "core/jose/lint.h"
#include "core/jose/profile.h"
#include "core/jose/token_text.h"
#include "core/jose/token_view.h"

#include <format>
#include <memory>
#include <optional>
#include <utility>

namespace postern::cli {
namespace {

std::unexpected<Error> wrong(std::string_view member, std::string_view what)
{
    return postern::fail(Errc::InvalidArgument, std::string(what), std::string(member));
}

template <class T> const Error *faultOf(const Result<T> &result)
{
    return result ? nullptr : &result.error();
}

/// The text of a token: a string, or a JWS in JSON form as an object.
Result<std::string> tokenOf(const Json &request)
{
    const Json *token = request.find("token");
    if (token && token->isObject())
        return token->dump();
    if (!token || !token->isString())
        return wrong("token", "must be a string, or an object with a JWS in JSON form");
    return token->asString();
}

Result<std::optional<std::int64_t>> secondsMember(const Json &request, std::string_view name)
{
    const Json *member = request.find(name);
    if (!member || member->isNull())
        return std::nullopt;
    const std::optional<std::int64_t> seconds = member->asInteger();
    if (!seconds)
        return wrong(name, "must be whole seconds");
    return seconds;
}

Result<std::optional<std::string>> optionalText(const Json &request, std::string_view name)
{
    const Json *member = request.find(name);
    if (!member || member->isNull())
        return std::nullopt;
    if (!member->isString())
        return wrong(name, "must be a string");
    return member->asString();
}

/// A string, or an array of strings.
Result<std::vector<std::string>> texts(const Json &request, std::string_view name)
{
    std::vector<std::string> out;
    const Json *member = request.find(name);
    if (!member || member->isNull())
        return out;
    if (member->isString())
        return std::vector{member->asString()};
    if (!member->isArray())
        return wrong(name, "must be a string or an array of strings");
    for (const Json &one : member->items()) {
        if (!one.isString())
            return wrong(name, "must be a string or an array of strings");
        out.push_back(one.asString());
    }
    return out;
}

/// Names that are no algorithm narrow the list like any other: nothing fits them.
Result<std::vector<Alg>> algsOf(const Json &request)
{
    const Result<std::vector<std::string>> names = texts(request, "algs");
    if (!names)
        return std::unexpected(names.error());
    std::vector<Alg> algs;
    for (const std::string &name : *names) {
        if (const AlgInfo *alg = findAlg(name))
            algs.push_back(alg->alg);
    }
    if (algs.empty() && request.contains("algs"))
        return wrong("algs", "names no known algorithm");
    return algs;
}

Result<JwtPolicy> policyOf(const Json &request)
{
    JwtPolicy policy;
    policy.explain = false;
    const auto algs = algsOf(request);
    const auto leeway = secondsMember(request, "leeway");
    const auto maxAge = secondsMember(request, "max_age");
    auto audience = texts(request, "aud");
    auto required = texts(request, "require");
    for (const Error *error :
         {faultOf(algs), faultOf(leeway), faultOf(maxAge), faultOf(audience), faultOf(required)}) {
        if (error)
            return std::unexpected(*error);
    }
    policy.algs = *algs;
    policy.leeway = leeway->value_or(0);
    policy.maxAge = *maxAge;
    policy.audience = std::move(*audience);
    policy.required = std::move(*required);
    using Member = std::pair<std::string_view, std::optional<std::string> JwtPolicy::*>;
    for (const auto &[name, member] :
         {Member{"iss", &JwtPolicy::issuer}, Member{"sub", &JwtPolicy::subject},
          Member{"typ", &JwtPolicy::type}, Member{"detached", &JwtPolicy::detached},
          Member{"consumer_key", &JwtPolicy::consumerKey}}) {
        auto text = optionalText(request, name);
        if (!text)
            return std::unexpected(text.error());
        policy.*member = std::move(*text);
    }
    const std::string_view kind = request.stringOr("kind", policy.detached ? "jws" : "jwt");
    if (kind != "jwt" && kind != "jws")
        return wrong("kind", "must be jwt or jws");
    policy.kind = kind == "jws" ? TokenKind::Jws : TokenKind::Jwt;
    return policy;
}

/// A key that cannot be read is a property of the case, not a fault of the line.
TrustedKeys keysOf(std::string_view name, const Json &value)
{
    const auto defect = [](Error error) { return TrustedKeys{.defect = std::move(error)}; };
    if (name == "jwks") {
        Result<KeySet> set = KeySet::fromJson(value);
        return set ? trustSet(std::move(*set)) : defect(std::move(set.error()));
    }
    Result<Key> key = postern::fail(Errc::KeyFormat);
    if (name == "key") {
        key = value.isString() ? Key::import(value.asString()) : Key::fromJwk(value);
    } else {
        key = decodeBase64Url(value.asString()).and_then([](const std::string &octets) {
            return Key::fromSecret(Secret(std::string_view(octets)));
        });
    }
    if (!key)
        return defect(std::move(key.error()));
    return {.keys = {std::move(*key)}};
}

class VerifyBatch
{
public:
    Result<Json> answer(const Json &request)
    {
        const Result<std::string> token = tokenOf(request);
        if (!token)
            return std::unexpected(token.error());
        const Result<JwtPolicy> policy = policyOf(request);
        if (!policy)
            return std::unexpected(policy.error());
        const auto now = secondsMember(request, "now");
        if (!now)
            return std::unexpected(now.error());
        const TokenProfile *profile = findProfile(request.stringOr("profile", "strict"));
        if (!profile)
            return wrong("profile", "must be strict, apisix or kong");
        if (const Result<void> read = readKeys(request); !read)
            return std::unexpected(read.error());
        const std::int64_t time = *now ? **now : m_clock.unixSeconds();
        return toJson(verifyAs(*profile, *token, m_trusted, *policy, time), time);
    }

private:
    Result<void> readKeys(const Json &request)
    {
        const Json *found = nullptr;
        std::string_view name;
        for (const std::string_view one : {"key", "jwks", "secret_b64u"}) {
            const Json *member = request.find(one);
            if (!member)
                continue;
            if (found)
                return wrong(one, std::format("beside {}; name one source of keys", name));
            found = member;
            name = one;
        }
        if (!found)
            return wrong("key", "one of key, jwks, secret_b64u is needed");
        if (name == m_name && *found == m_given)
            return {};
        m_name = name;
        m_given = *found;
        m_trusted = keysOf(name, *found);
        return {};
    }

    static Json toJson(const ProfileVerdict &verdict, std::int64_t now)
    {
        const JwtCheck *decisive = verdict.verdict.decisive();
        Json out =
            Json::object({{"valid", verdict.verdict.valid},
                          {"stage", decisive ? stageName(decisive->stage) : std::string_view()},
                          {"reason", decisive ? slug(decisive->reason) : std::string_view()},
                          {"checks", checksToJson(verdict.verdict, now, false)}});
        if (verdict.profile->isGateway) {
            out.set("status", verdict.status);
            out.set("body", verdict.body);
        }
        return out;
    }

    Clock m_clock;
    std::string m_name;
    Json m_given;
    TrustedKeys m_trusted;
};

Result<Json> inspectLine(const Clock &clock, const Json &request)
{
    const Result<std::string> text = tokenOf(request);
    if (!text)
        return std::unexpected(text.error());
    const auto now = secondsMember(request, "now");
    if (!now)
        return std::unexpected(now.error());
    const std::vector<FoundToken> found = findTokens(*text);
    const std::string token = found.empty() ? std::string() : found.front().token;
    std::string cut = found.empty() ? std::string() : found.front().cut;
    if (cut.empty() && token != *text && !token.empty())
        cut = "white space";
    const Json *jwk = request.find("key");
    const Result<Key> key = jwk ? Key::fromJwk(*jwk) : std::unexpected(Error{});
    const TokenView view = viewToken(token);
    LintOptions options;
    options.now = *now ? **now : clock.unixSeconds();
    options.key = key ? &*key : nullptr;
    Json lint = Json::array();
    for (std::string &id : lintIds(token, options))
        lint.push_back(std::move(id));
    return Json::object({{"shape", nameOf(view.shape)},
                         {"header_text", replaceInvalidUtf8(view.headerText())},
                         {"payload_text", replaceInvalidUtf8(view.payloadText())},
                         {"lint", std::move(lint)},
                         {"trim", cut.empty() ? Json() : Json(std::move(cut))}});
}

} // namespace

BatchAnswer verifyAnswers()
{
    auto batch = std::make_shared<VerifyBatch>();
    return [batch = std::move(batch)](const Json &request) { return batch->answer(request); };
}

BatchAnswer inspectAnswers()
{
    auto clock = std::make_shared<Clock>();
    return [clock = std::move(clock)](const Json &request) { return inspectLine(*clock, request); };
}

} // namespace postern::cli
