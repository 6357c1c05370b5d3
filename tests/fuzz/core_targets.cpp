// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/clock.h"
#include "core/config/standalone.h"
#include "core/config/yaml.h"
#include "core/crypto/pem.h"
#include "core/jose/jwks.h"
#include "core/jose/jwt.h"
#include "core/jose/lint.h"
#include "core/jose/token_diff.h"
#include "core/jose/token_finder.h"
#include "core/jose/why.h"
#include "core/json/parse.h"
#include "core/json/reader.h"
#include "targets.h"

#include <array>
#include <cstdlib>
#include <optional>
#include <string>

namespace postern::fuzz {

namespace {

constexpr std::int64_t kNow = 1'800'000'000;

void base64(std::string_view text)
{
    const Result<std::string> strict = decodeBase64Url(text);
    std::string lax;
    const bool readable = decodeBase64UrlLaxInto(text, lax);
    if (strict) {
        require(encodeBase64Url(*strict) == text); // exactly one text for each octet string
        require(readable && lax == *strict);
    }
    std::string any;
    if (readable)
        require(decodeBase64AnyInto(text, any) && any == lax);
    if (const Result<std::string> plain = decodeBase64(text))
        require(encodeBase64(*plain) == text);
    if (const Result<std::string> octets = decodeHex(text))
        require(octets->size() * 2 == text.size());
    require(decodePercent(encodePercent(text)) == text);
}

void json(std::string_view text)
{
    const Result<Json> value = parseJson(text);
    if (!value) {
        require(!value.error().where.empty() || value.error().code == Errc::JsonSize);
        static_cast<void>(cjsonErrorText(text));
        return;
    }
    const std::string printed = value->dump();
    const Result<Json> again = parseJson(printed);
    require(again && *again == *value && again->dump() == printed);
    for (const Respelling &one : respellings(std::string(text))) {
        const Result<Json> same = parseJson(one.text);
        require(same && *same == *value);
    }
}

void jsonReader(std::string_view text)
{
    std::array<WantedMember, 3> wanted{WantedMember{"alg"}, WantedMember{"kid"},
                                       WantedMember{"exp"}};
    const bool object = readMembers(text, wanted);
    const Result<Json> value = parseJson(text, {.lastDuplicateWins = true});
    require(object || !value || !value->isObject());
    if (!object || !value)
        return;
    for (const WantedMember &member : wanted) {
        const Json *same = value->find(member.name);
        require(member.present == (same != nullptr));
        if (!same)
            continue;
        require(member.type == same->type());
        if (same->isString())
            require((member.escaped ? unescapeJson(member.text) : std::string(member.text))
                    == same->asString());
        if (same->isNumber()) {
            require(member.text == same->lexeme());
            static_cast<void>(compareNumber(member.text, kNow));
        }
    }
}

void token(std::string_view text)
{
    const InspectedJws inspected = inspectJws(text);
    const Result<DecodedJws> decoded = decodeJws(text);
    require(decoded.has_value() == inspected.findings.empty());
    static_cast<void>(lint(text, {.now = kNow}));
    const TokenDiff diff = diffTokens(inspected.token, inspected.token);
    require(diff.same() && diff.differences.empty());
}

void importKey(const Json &jwk)
{
    const Result<Key> key = Key::fromJwk(jwk);
    if (!key)
        return;
    const Result<Key> again = Key::fromJwk(key->toJwk(true));
    require(again && again->thumbprint() == key->thumbprint());
    static_cast<void>(key->toPem(key->isPrivate()));
}

void jwk(std::string_view text)
{
    if (const Result<Json> value = parseJson(text))
        importKey(*value);
}

void jwks(std::string_view text)
{
    if (const Result<Json> value = parseJson(text))
        static_cast<void>(KeySet::fromJson(*value, true));
}

void pem(std::string_view text)
{
    if (looksLikePem(text)) {
        if (const Result<PemBlock> block = readPem(text))
            require(readPem(block->text).has_value()); // its own form is readable
    }
    static_cast<void>(Key::import(text));
}

const Key &secretKey()
{
    static const Key kKey = *Key::fromSecret(Secret(std::string(32, 'k')));
    return kKey;
}
const Key &publicKey()
{
    static const Key kKey = [] {
        const Key pair = *Key::generate(Alg::ES256);
        return *Key::fromPem(*pair.toPem(false));
    }();
    return kKey;
}

void verify(std::string_view text)
{
    const Clock clock(Clock::Mode::Frozen, Timestamp(std::chrono::seconds(kNow)));
    for (const Key *key : {&secretKey(), &publicKey()}) {
        const JwtVerdict verdict = verifyJwt(text, *key, {}, clock);
        require(!verdict.valid); // nobody knows these keys
        require(!verdict.checks.empty());
    }
}

void find(std::string_view text)
{
    std::size_t last = 0;
    for (const FoundItem &item : findInText(text)) {
        require(item.offset >= last && item.offset + item.length <= text.size());
        require(item.line > 0 && item.column > 0);
        last = item.offset;
        static_cast<void>(maskedExcerpt(text, item));
    }
}

void yaml(std::string_view text)
{
    const auto variables = [](const std::string &) { return std::optional<std::string>("x"); };
    if (const Result<YamlNode> node = parseYaml(text, "fuzz.yaml", variables))
        static_cast<void>(node->toJson().dump());
}

std::optional<std::string> variable(const std::string &name)
{
    if (name == "NUMBER")
        return "1";
    return name == "TEXT" ? std::optional<std::string>("- a: [b") : std::nullopt;
}

Result<StandaloneDocument> readStandalone(std::string_view text, StandaloneSyntax syntax)
{
    constexpr std::string_view kFile = "apisix";
    auto document = parseStandalone(std::string(text), kFile, syntax, variable);
    if (!document) {
        require(document.error().where.starts_with(kFile));
        return document;
    }
    require(document->root.isObject());
    for (const auto &[name, list] : document->root.members())
        require(document->placeOf("/" + name).starts_with(kFile));
    require(parseJson(document->root.dump()).has_value());
    return document;
}

void standalone(std::string_view text)
{
    const auto json = readStandalone(text, StandaloneSyntax::Json);
    const auto yaml = readStandalone(text, StandaloneSyntax::Yaml);
    // JSON is YAML, but for variables, which are replaced at another time.
    if (json && json->root.size() > 0 && !text.contains("${{"))
        require(yaml && yaml->root == json->root);
    require(!hasEndMark(text) || text.contains("#END"));
}

constexpr std::array kTargets{
    Target{"base64", base64},
    Target{"json", json},
    Target{"json_reader", jsonReader},
    Target{"token", token},
    Target{"jwk", jwk},
    Target{"jwks", jwks},
    Target{"pem", pem},
    Target{"verify", verify},
    Target{"find", find},
    Target{"yaml", yaml},
    Target{"standalone", standalone},
};

} // namespace

std::span<const Target> coreTargets() noexcept { return kTargets; }

void require(bool kept)
{
    if (!kept)
        std::abort();
}

} // namespace postern::fuzz
