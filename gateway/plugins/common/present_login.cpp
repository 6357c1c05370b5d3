// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/present_login.h"

#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"
#include "core/jose/jws.h"
#include "gateway/plugins/common/hmac_signature.h"
#include "gateway/plugins/common/jwt_login.h"

#include <algorithm>
#include <chrono>
#include <format>

namespace postern::gateway {

namespace {

constexpr std::int64_t kTokenLife = 300; ///< seconds
constexpr std::string_view kAuthorization = "Authorization";

Result<void> authorize(DraftRequest &request, std::string value)
{
    if (request.header(kAuthorization))
        return fail(Errc::Conflict, "two logins want the Authorization header");
    request.addHeader(kAuthorization, value);
    return {};
}

} // namespace

void presentKey(DraftRequest &request, std::string_view header, std::string_view query,
                std::string_view key)
{
    if (request.header(header))
        request.addArgument(query, key);
    else
        request.addHeader(header, key);
}

Result<void> presentPassword(DraftRequest &request, std::string_view username,
                             std::string_view password)
{
    return authorize(request, "Basic " + encodeBase64(std::format("{}:{}", username, password)));
}

Result<std::string> mintToken(const Json &credential, std::string_view keyClaim, bool timed,
                              Timestamp now)
{
    const AlgInfo *alg = findAlg(credential.stringOr("algorithm", "HS256"));
    if (!alg)
        return fail(Errc::AlgUnknown, std::string(credential.stringOr("algorithm", "")));
    const Result<Key> key = JwtLogin::readSigningKey(*alg, credential);
    if (!key)
        return std::unexpected(key.error());
    const std::int64_t second =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    Json claims = Json::object({{"exp", second + kTokenLife}});
    if (timed)
        claims.set("nbf", second - 1); // it counts from the next second on
    claims.set(keyClaim, credential.stringOr("key", ""));
    const Json header = Json::object({{"alg", alg->name}, {"typ", "JWT"}});
    return signJws(header.dump(), claims.dump(), alg->alg, *key, true);
}

Result<void> presentSignature(DraftRequest &request, const SignatureOrder &order)
{
    std::vector<std::string> covered{"@request-target", "date"};
    if (!request.header("date"))
        request.addHeader("Date", formatHttpDate(request.time));
    if (order.digest) {
        if (!request.header("digest"))
            request.addHeader("Digest", "SHA-256=" + encodeBase64(sha256(request.body)));
        covered.emplace_back("digest");
    }
    for (const std::string &name : order.signedHeaders) {
        if (!std::ranges::contains(covered, name))
            covered.push_back(name);
    }
    std::string names;
    for (const std::string &name : covered)
        names.append(names.empty() ? "" : " ").append(name);

    Arena arena;
    Request read;
    if (!readDraft(request, arena, read))
        return fail(Errc::InvalidArgument, "not a request target or host", request.target);
    const HmacAlgorithm &algorithm = kHmacAlgorithms.at(order.algorithm);
    auto context = Hmac::make(algorithm.digest, order.secret);
    HmacParameters parameters;
    parameters.keyId = order.keyId;
    parameters.headers = names;
    const Hmac::Tag tag = context ? signRequest(*context, read, parameters) : Hmac::Tag();
    if (tag.empty())
        return fail(Errc::Crypto, "the request could not be signed");
    return authorize(
        request,
        std::format(R"(Signature keyId="{}",algorithm="{}",headers="{}",signature="{}")",
                    order.keyId, algorithm.name, names, encodeBase64(tag)));
}

} // namespace postern::gateway
