// SPDX-License-Identifier: Apache-2.0
#include "cli/key_batch.h"

#include "core/bytes/encoding.h"
#include "core/jose/jwks.h"
#include "core/jose/key.h"
#include "core/jose/key_lint.h"
#include "core/jose/signature.h"
#include "core/json/parse.h"

#include <array>
#include <charconv>
#include <format>
#include <memory>
#include <optional>
#include <utility>

namespace postern::cli {
namespace {

/// How a line says its key.
struct KeyMember
{
    std::string_view name;
    Result<Key> (*read)(const Json &value, const AlgInfo *alg);
};

Result<std::string> unhex(const Json &value)
{
    if (!value.isString())
        return fail(Errc::InvalidArgument, "must be a string");
    return decodeHex(value.asString());
}

Result<Key> readJwk(const Json &value, const AlgInfo * /*alg*/) { return Key::fromJwk(value); }

Result<Key> readPemText(const Json &value, const AlgInfo * /*alg*/)
{
    return Key::import(value.asString());
}

Result<Key> readDer(const Json &value, const AlgInfo * /*alg*/)
{
    return unhex(value).and_then([](const std::string &octets) { return Key::import(octets); });
}

Result<Key> readRaw(const Json &value, const AlgInfo *alg)
{
    if (alg == nullptr)
        return fail(Errc::InvalidArgument, "a raw key needs alg");
    return unhex(value).and_then(
        [alg](const std::string &octets) { return Key::fromRawPublic(alg->alg, octets); });
}

Result<Key> readSeed(const Json &value, const AlgInfo *alg)
{
    if (alg == nullptr)
        return fail(Errc::InvalidArgument, "a seed needs alg");
    return unhex(value).and_then([alg](std::string octets) {
        const Secret seed{std::string_view(octets)};
        wipe(octets);
        return Key::fromSeed(alg->alg, seed);
    });
}

constexpr std::array kKeyMembers{
    KeyMember{"jwk", readJwk},     KeyMember{"pem", readPemText},   KeyMember{"der_hex", readDer},
    KeyMember{"raw_hex", readRaw}, KeyMember{"seed_hex", readSeed},
};

const KeyMember *keyMemberOf(const Json &request) noexcept
{
    for (const KeyMember &member : kKeyMembers) {
        if (request.contains(member.name))
            return &member;
    }
    return nullptr;
}

std::unexpected<Error> noKey()
{
    return fail(Errc::InvalidArgument,
                "the key is missing: jwk, pem, der_hex, raw_hex or seed_hex");
}

Result<const AlgInfo *> algMember(const Json &request)
{
    const Result<std::string_view> name = textMember(request, "alg");
    if (!name)
        return std::unexpected(name.error());
    const AlgInfo *const alg = findAlg(*name);
    if (alg == nullptr)
        return fail(Errc::AlgUnknown, std::format("\"{}\"", *name), "/alg");
    return alg;
}

bool flag(const Json &request, std::string_view name, bool otherwise)
{
    const Json *const value = request.find(name);
    return value != nullptr && value->isBool() ? value->asBool() : otherwise;
}

/// The prepared context of the last line, for as long as key and algorithm repeat.
template <class Context> class Kept
{
public:
    /// \param make Result<Context>(const AlgInfo &, const Key &)
    template <class Make> Result<Context> &of(const Json &request, const AlgInfo &alg, Make make)
    {
        const KeyMember *const member = keyMemberOf(request);
        std::string text;
        if (member != nullptr) {
            text.append(alg.name).append(" ").append(member->name).append(" ");
            text += flag(request, "relaxed", false) ? '1' : '0';
            text += flag(request, "deterministic", alg.keyType == KeyType::Akp) ? '1' : '0';
            request.find(member->name)->dumpTo(text);
        }
        if (m_context && !text.empty() && text == m_text)
            return *m_context;
        Result<Key> key =
            member != nullptr ? member->read(*request.find(member->name), &alg) : noKey();
        if (!key && member != nullptr)
            key.error().where = std::format("/{}{}", member->name, key.error().where);
        wipe(m_text);
        m_text = std::move(text);
        m_context.emplace(key ? make(alg, *key) : std::unexpected(key.error()));
        return *m_context;
    }

private:
    std::string m_text;
    std::optional<Result<Context>> m_context;
};

Json verdict(const Result<void> &result)
{
    Json answer = Json::object({{"valid", result.has_value()}, {"reason", Json()}});
    if (!result) {
        answer.set("reason", slug(result.error().code));
        answer.set("detail", describe(result.error()));
    }
    return answer;
}

/// A key that cannot be used is an answer ("valid": false); a line without the members is not.
bool isBadLine(const Error &error) noexcept { return error.code == Errc::InvalidArgument; }

void addLint(Json &ids, const Key &key, const Json &jwk)
{
    for (const LintFinding &finding : lintKey(key, jwk)) {
        const Json id(finding.id);
        if (std::ranges::find(ids.items(), id) == ids.items().end())
            ids.push_back(id);
    }
}

Json importedAnswer(const std::optional<Error> &error, Json kids, Json lint)
{
    Json answer = Json::object({{"ok", !error.has_value()}, {"reason", Json()}});
    if (error) {
        answer.set("reason", slug(error->code));
        answer.set("detail", describe(*error));
    }
    answer.set("kids", std::move(kids));
    answer.set("lint", std::move(lint));
    return answer;
}

Json kidOf(const Key &key) { return key.kid().empty() ? Json() : Json(key.kid()); }

Json importSet(const Json &document)
{
    const Result<KeySet> set = KeySet::fromJson(document);
    Json kids = Json::array();
    Json lint = Json::array();
    if (!set)
        return importedAnswer(set.error(), std::move(kids), std::move(lint));
    for (const Key &key : set->keys()) {
        kids.push_back(kidOf(key));
        addLint(lint, key, {});
    }
    Json answer = importedAnswer({}, std::move(kids), std::move(lint));
    Json skipped = Json::array();
    for (const KeySet::Skipped &one : set->skipped())
        skipped.push_back(Json::object({{"index", static_cast<std::uint64_t>(one.index)},
                                        {"kid", one.kid.empty() ? Json() : Json(one.kid)},
                                        {"reason", slug(one.error.code)}}));
    if (skipped.size() != 0)
        answer.set("skipped", std::move(skipped));
    return answer;
}

/// "line:column" of the parser. \return nulls where an error has no place
std::pair<Json, Json> placeOf(const Error &error)
{
    const std::size_t colon = error.where.find(':');
    if (colon == std::string::npos)
        return {};
    const auto number = [](std::string_view text) {
        std::int64_t value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        return read.ec == std::errc() ? Json(value) : Json();
    };
    const std::string_view where = error.where;
    return {number(where.substr(0, colon)), number(where.substr(colon + 1))};
}

} // namespace

BatchAnswer keyVerifyAnswer()
{
    const auto kept = std::make_shared<Kept<Verifier>>();
    return [kept](const Json &request) -> Result<Json> {
        const Result<std::string> message = hexMember(request, "msg_hex");
        const Result<std::string> signature = hexMember(request, "sig_hex");
        const Result<const AlgInfo *> alg = algMember(request);
        for (const Error &error : {message.error_or(Error{}), signature.error_or(Error{})}) {
            if (error != Error{})
                return std::unexpected(error);
        }
        if (!alg)
            return isBadLine(alg.error()) ? Result<Json>(std::unexpected(alg.error()))
                                          : verdict(std::unexpected(alg.error()));
        const bool relaxed = flag(request, "relaxed", false);
        Result<Verifier> &verifier =
            kept->of(request, **alg, [relaxed](const AlgInfo &row, const Key &key) {
                return Verifier::make(row.alg, key, relaxed);
            });
        if (!verifier)
            return isBadLine(verifier.error()) ? Result<Json>(std::unexpected(verifier.error()))
                                               : verdict(std::unexpected(verifier.error()));
        return verdict(verifier->verify(*message, *signature));
    };
}

BatchAnswer keySignAnswer()
{
    const auto kept = std::make_shared<Kept<Signer>>();
    return [kept](const Json &request) -> Result<Json> {
        const Result<std::string> message = hexMember(request, "msg_hex");
        if (!message)
            return std::unexpected(message.error());
        const Result<const AlgInfo *> alg = algMember(request);
        if (!alg)
            return std::unexpected(alg.error());
        // Hedging makes a signature that no table of known answers can hold.
        const Nonce nonce = flag(request, "deterministic", (*alg)->keyType == KeyType::Akp)
            ? Nonce::Deterministic
            : Nonce::Random;
        const bool relaxed = flag(request, "relaxed", false);
        Result<Signer> &signer =
            kept->of(request, **alg, [relaxed, nonce](const AlgInfo &row, const Key &key) {
                return Signer::make(row.alg, key, relaxed, nonce);
            });
        if (!signer)
            return std::unexpected(signer.error());
        return signer->sign(*message).transform([](const std::string &signature) {
            return Json::object({{"sig_hex", encodeHex(signature)}});
        });
    };
}

BatchAnswer keyImportAnswer()
{
    return [](const Json &request) -> Result<Json> {
        if (const Json *const set = request.find("jwks"))
            return importSet(*set);
        const KeyMember *const member = keyMemberOf(request);
        if (member == nullptr)
            return fail(Errc::InvalidArgument, "the key is missing: jwk, jwks, pem or der_hex");
        const Json &value = *request.find(member->name);
        const Result<const AlgInfo *> alg = algMember(request);
        const Result<Key> key = member->read(value, alg ? *alg : nullptr);
        Json kids = Json::array();
        Json lint = Json::array();
        if (!key)
            return importedAnswer(key.error(), std::move(kids), std::move(lint));
        kids.push_back(kidOf(*key));
        addLint(lint, *key, value);
        return importedAnswer({}, std::move(kids), std::move(lint));
    };
}

BatchAnswer keyThumbprintAnswer()
{
    return [](const Json &request) -> Result<Json> {
        const std::string_view name = request.stringOr("hash", "sha256");
        if (name != "sha256" && name != "sha512")
            return fail(Errc::InvalidArgument, "sha256 or sha512", "/hash");
        const auto hash = name == "sha256" ? ThumbprintHash::Sha256 : ThumbprintHash::Sha512;
        const KeyMember *const member = keyMemberOf(request);
        if (member == nullptr)
            return noKey();
        const Result<const AlgInfo *> alg = algMember(request);
        return member->read(*request.find(member->name), alg ? *alg : nullptr)
            .transform([hash](const Key &key) {
                return Json::object(
                    {{"thumbprint", key.thumbprint(hash)}, {"uri", key.thumbprintUri(hash)}});
            });
    };
}

BatchAnswer jsonCheckAnswer()
{
    return [](const Json &request) -> Result<Json> {
        const Result<std::string_view> text = textMember(request, "base64");
        if (!text)
            return std::unexpected(text.error());
        Result<std::string> octets = decodeBase64(*text);
        if (!octets) {
            octets.error().where = "/base64";
            return std::unexpected(octets.error());
        }
        // The grammar of RFC 8259 allows a name twice; tokens and keys do not, and are told apart.
        const Result<Json> value = parseJson(*octets, {.depth = 1024});
        const bool twice = !value && value.error().code == Errc::JsonDuplicateMember;
        const bool accept = value
            || (twice && !flag(request, "unique", false)
                && parseJson(*octets, {.depth = 1024, .lastDuplicateWins = true}));
        if (accept) {
            Json answer = Json::object(
                {{"accept", true}, {"line", Json()}, {"column", Json()}, {"reason", Json()}});
            if (twice)
                answer.set("lint", Json(Json::Array{Json(slug(Errc::JsonDuplicateMember))}));
            return answer;
        }
        auto [line, column] = placeOf(value.error());
        return Json::object({{"accept", false},
                             {"line", std::move(line)},
                             {"column", std::move(column)},
                             {"reason", slug(value.error().code)},
                             {"detail", value.error().detail}});
    };
}

} // namespace postern::cli
