// SPDX-License-Identifier: Apache-2.0
#include "core/jose/variant_maker.h"

#include "core/bytes/encoding.h"
#include "core/jose/jws.h"
#include "core/jose/key_data.h"
#include "core/jose/signature.h"
#include "core/json/parse.h"

#include <utility>

namespace postern {

VariantMaker::VariantMaker(const VariantBase &base)
    : m_base(base),
      m_header(parseJson(base.headerText, {.lastDuplicateWins = true}).value_or(Json::object())),
      m_claims(parseJson(base.payloadText, {.lastDuplicateWins = true}).value_or(Json::object())),
      m_headerPart(encodeBase64Url(base.headerText)),
      m_payloadPart(encodeBase64Url(base.payloadText)),
      m_signature(base.signature)
{
    if (!base.key)
        return;
    Result<Signer> signer = Signer::make(base.alg, *base.key, true);
    Result<std::string> signature = signer ? signer->sign(m_headerPart + '.' + m_payloadPart)
                                           : Result<std::string>(std::unexpected(signer.error()));
    if (signature)
        m_signature = std::move(*signature);
}

std::string VariantMaker::good() const
{
    return m_headerPart + '.' + m_payloadPart + '.' + encodeBase64Url(m_signature);
}

std::string VariantMaker::signInput(const std::string &input, const Key &key, Alg alg) const
{
    Result<Signer> signer = Signer::make(alg, key, true);
    if (!signer)
        return {};
    const Result<std::string> signature = signer->sign(input);
    return signature ? input + '.' + encodeBase64Url(*signature) : std::string();
}

std::string VariantMaker::signedTexts(std::string_view header, std::string_view payload) const
{
    return signedParts(encodeBase64Url(header), encodeBase64Url(payload));
}

std::string VariantMaker::signedParts(const std::string &header, const std::string &payload) const
{
    return m_base.key ? signInput(header + '.' + payload, *m_base.key, m_base.alg) : std::string();
}

std::string VariantMaker::signedBy(const Key &key, Alg alg, std::string_view header,
                                   std::string_view payload) const
{
    return signInput(encodeBase64Url(header) + '.' + encodeBase64Url(payload), key, alg);
}

std::string VariantMaker::signedAs(Alg alg, std::string_view header, std::string_view payload) const
{
    if (!m_base.key || !m_base.key->isPrivate())
        return {};
    // Without the alg that a JWK declares, which would forbid it.
    const Key &own = *m_base.key;
    const Result<Key> key = own.type() == KeyType::Oct
        ? Key::fromSecret(own.data().secret)
        : own.toPem(true).and_then([](const std::string &pem) { return Key::fromPem(pem); });
    return key ? signedBy(*key, alg, header, payload) : std::string();
}

std::string VariantMaker::signedWithSecret(std::string_view secret) const
{
    return signedWithSecret(secret, m_base.alg, m_base.headerText);
}

std::string VariantMaker::signedWithSecret(std::string_view secret, Alg hmac,
                                           std::string_view header) const
{
    const Result<Key> key = Key::fromSecret(Secret(secret));
    return key ? signedBy(*key, hmac, header, m_base.payloadText) : std::string();
}

std::string VariantMaker::withSignature(std::string_view octets) const
{
    return m_headerPart + '.' + m_payloadPart + '.' + encodeBase64Url(octets);
}

std::string VariantMaker::withHeader(std::string_view name, Json value) const
{
    Json header = m_header;
    header.set(name, std::move(value));
    return header.dump();
}

std::string VariantMaker::withClaim(std::string_view name, Json value) const
{
    Json claims = m_claims;
    claims.set(name, std::move(value));
    return claims.dump();
}

std::string VariantMaker::memberInFront(std::string_view object, std::string_view member) const
{
    std::string text(object);
    const std::string joint = text == "{}" ? "" : ",";
    return text.insert(text.find('{') + 1, std::string(member) + joint);
}

std::string VariantMaker::memberBehind(std::string_view object, std::string_view member) const
{
    std::string text(object);
    const std::string joint = text == "{}" ? "" : ",";
    return text.insert(text.rfind('}'), joint + std::string(member));
}

} // namespace postern
