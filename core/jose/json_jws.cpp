// SPDX-License-Identifier: Apache-2.0
#include "core/jose/json_jws.h"

#include "core/bytes/encoding.h"
#include "core/jose/jws_header.h"
#include "core/jose/signature.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

constexpr JsonLimits kFormLimits{.size = kMaxTokenSize, .depth = 64, .members = 1000, .lexeme = 64};

Result<std::string_view> textOf(const Json &object, std::string_view name, std::string_view place)
{
    const Json *member = object.find(name);
    if (!member)
        return std::string_view();
    if (!member->isString())
        return fail(Errc::TokenShape, "must be a string", std::format("{}{}", place, name));
    return std::string_view(member->asString());
}

Result<std::string> octetsOf(const Json &object, std::string_view name, std::string_view place)
{
    const Result<std::string_view> text = textOf(object, name, place);
    if (!text)
        return std::unexpected(text.error());
    Result<std::string> octets = decodeBase64Url(*text);
    if (!octets)
        octets.error().where = std::format("{}{}", place, name);
    return octets;
}

/// Reads one signature object; every step notes its own fault and leaves the rest readable.
class SignatureReader
{
public:
    SignatureReader(const Json &object, std::string place)
        : m_object(object),
          m_place(std::move(place))
    {
    }

    JsonSignature read()
    {
        readProtected();
        readUnprotected();
        DecodedJws &jws = m_out.jws;
        jws.signingInput = m_object.stringOr("protected", ""); // the payload is joined later
        jws.alg = jws.header.stringOr("alg", "");
        jws.kid = jws.header.stringOr("kid", "");
        note(checkHeaderTypes(jws.header));
        if (!m_object.contains("signature"))
            note(fail(Errc::SignatureMissing, {}, m_place + "signature"));
        else if (Result<std::string> octets = octetsOf(m_object, "signature", m_place))
            jws.signature = std::move(*octets);
        else
            note(std::unexpected(std::move(octets.error())));
        return std::move(m_out);
    }

private:
    void note(Result<void> result)
    {
        if (!result)
            m_out.findings.push_back(std::move(result.error()));
    }

    void readProtected()
    {
        DecodedJws &jws = m_out.jws;
        jws.header = Json::object();
        if (!m_object.contains("protected"))
            return;
        Result<std::string> octets = octetsOf(m_object, "protected", m_place);
        if (!octets)
            return note(std::unexpected(std::move(octets.error())));
        jws.headerText = std::move(*octets);
        Result<Json> header = parseJoseHeader(jws.headerText);
        if (!header)
            return note(std::unexpected(std::move(header.error())));
        jws.header = std::move(*header);
        jws.unencoded = isUnencoded(jws.header);
        note(checkCritical(jws.header));
    }

    /// RFC 7515 7.2.1: the two headers share no member; 4.1.11, RFC 7797 3: crit and b64 are
    /// protected.
    void readUnprotected()
    {
        const Json *header = m_object.find("header");
        if (!header)
            return;
        if (!header->isObject())
            return note(fail(Errc::HeaderNotObject, {}, m_place + "header"));
        m_out.unprotected = *header;
        for (const auto &[name, value] : header->members()) {
            const std::string where = std::format("{}header/{}", m_place, name);
            if (m_out.jws.header.contains(name))
                note(fail(Errc::HeaderNotDisjoint, std::format("\"{}\"", name), where));
            else if (name == "crit" || name == "b64")
                note(fail(Errc::CritInvalid, std::format("{} must be protected", name), where));
            else
                m_out.jws.header.set(name, value);
        }
    }

    const Json &m_object;
    std::string m_place;
    JsonSignature m_out;
};

/// The payload belongs to all signatures, so they must agree on how it is encoded. RFC 7797 3.
void readPayload(const Json &form, std::optional<std::string_view> detached, JsonJws &out)
{
    const auto isRaw = [](const JsonSignature &one) { return one.jws.unencoded; };
    const bool raw = std::ranges::any_of(out.signatures, isRaw);
    if (raw && !std::ranges::all_of(out.signatures, isRaw))
        out.findings.push_back({Errc::CritInvalid, "the signatures disagree on b64", "signatures"});
    const Json *payload = form.find("payload");
    out.detached = payload == nullptr;
    if (payload && detached)
        out.findings.push_back(
            {Errc::DetachedPayload, "the JWS holds a payload of its own", "payload"});
    if (detached) {
        out.payloadText = *detached;
        return;
    }
    Result<std::string> octets = raw
        ? textOf(form, "payload", "").transform([](std::string_view t) { return std::string(t); })
        : octetsOf(form, "payload", "");
    if (octets)
        out.payloadText = std::move(*octets);
    else
        out.findings.push_back(std::move(octets.error()));
}

void readForm(const Json &form, JsonJws &out)
{
    const Json *signatures = form.find("signatures");
    out.flattened = signatures == nullptr;
    if (out.flattened) {
        if (!form.contains("signature"))
            return out.findings.push_back({Errc::SignatureMissing, {}, "signature"});
        out.signatures.push_back(SignatureReader(form, "").read());
        return;
    }
    for (const std::string_view name : {"signature", "protected", "header"}) {
        if (form.contains(name))
            out.findings.push_back({Errc::TokenShape,
                                    std::format("\"{}\" beside \"signatures\"", name),
                                    std::string(name)});
    }
    if (!signatures->isArray() || signatures->size() == 0)
        return out.findings.push_back({Errc::SignatureMissing, {}, "signatures"});
    if (signatures->size() > kMaxSignatures)
        out.findings.push_back(
            {Errc::LimitExceeded,
             std::format("{} signatures; the limit is {}", signatures->size(), kMaxSignatures),
             "signatures"});
    const std::size_t shown = std::min(signatures->size(), kMaxSignatures);
    for (std::size_t i = 0; i < shown; ++i) {
        const Json &one = signatures->items()[i];
        if (one.isObject())
            out.signatures.push_back(SignatureReader(one, std::format("signatures/{}/", i)).read());
        else
            out.findings.push_back(
                {Errc::TokenShape, "must be an object", std::format("signatures/{}", i)});
    }
}

} // namespace

JsonJws inspectJsonJws(std::string_view text, std::optional<std::string_view> detached)
{
    JsonJws out;
    const Result<Json> form = parseJson(text, kFormLimits);
    if (!form) {
        out.findings.push_back(form.error());
        return out;
    }
    if (!form->isObject()) {
        out.findings.push_back({Errc::TokenShape, "a JWS in JSON form is an object", {}});
        return out;
    }
    if (form->contains("ciphertext")) {
        out.findings.push_back({Errc::TokenEncrypted, "a JWE in JSON form", {}});
        return out;
    }
    readForm(*form, out);
    readPayload(*form, detached, out);
    if (out.payloadText.size() > kMaxPayloadSize)
        out.findings.push_back({Errc::LimitExceeded,
                                std::format("a payload of {} bytes; the limit is {}",
                                            out.payloadText.size(), kMaxPayloadSize),
                                "payload"});
    // What was signed is the text as it came, never an encoding of ours.
    const Json *payload = form->find("payload");
    const std::string body =
        payload && !detached ? std::string(payload->asString()) : std::string();
    for (JsonSignature &one : out.signatures) {
        DecodedJws &jws = one.jws;
        const std::string header = std::move(jws.signingInput);
        jws.signingInput = detached ? signingInputOf(header, *detached, jws.unencoded)
                                    : std::format("{}.{}", header, body);
        jws.payloadText = out.payloadText;
    }
    return out;
}

Result<JsonJws> decodeJsonJws(std::string_view text, std::optional<std::string_view> detached)
{
    JsonJws form = inspectJsonJws(text, detached);
    if (!form.findings.empty())
        return std::unexpected(std::move(form.findings.front()));
    for (JsonSignature &one : form.signatures) {
        if (!one.findings.empty())
            return std::unexpected(std::move(one.findings.front()));
    }
    return form;
}

namespace {

Result<bool> encodingOf(std::span<const JsonSigner> signers)
{
    std::optional<bool> unencoded;
    for (const JsonSigner &one : signers) {
        bool raw = false;
        if (!one.protectedText.empty()) {
            const Result<Json> header = parseJoseHeader(one.protectedText);
            raw = header && isUnencoded(*header);
        }
        if (unencoded && *unencoded != raw)
            return fail(Errc::InvalidArgument, "all signatures must agree on b64 (RFC 7797 3)");
        unencoded = raw;
    }
    return unencoded.value_or(false);
}

Result<Json> signOne(const JsonSigner &signer, std::string_view payloadText, bool unencoded,
                     bool relaxed)
{
    Result<Signer> prepared = Signer::make(signer.alg, signer.key, relaxed);
    if (!prepared)
        return std::unexpected(prepared.error());
    const std::string header = encodeBase64Url(signer.protectedText);
    const Result<std::string> signature =
        prepared->sign(signingInputOf(header, payloadText, unencoded));
    if (!signature)
        return std::unexpected(signature.error());
    Json out = Json::object();
    if (!header.empty())
        out.set("protected", header);
    if (!signer.unprotected.isNull())
        out.set("header", signer.unprotected);
    out.set("signature", encodeBase64Url(*signature));
    return out;
}

} // namespace

Result<Json> signJsonJws(std::string_view payloadText, std::span<const JsonSigner> signers,
                         bool flattened, bool detached, bool relaxed)
{
    if (signers.empty() || (flattened && signers.size() != 1))
        return fail(Errc::InvalidArgument, "the flattened form has exactly one signature");
    if (signers.size() > kMaxSignatures)
        return fail(Errc::LimitExceeded,
                    std::format("{} signatures; the limit is {}", signers.size(), kMaxSignatures));
    const Result<bool> unencoded = encodingOf(signers);
    if (!unencoded)
        return std::unexpected(unencoded.error());
    if (*unencoded && !detached && !isUtf8(payloadText))
        return fail(Errc::Utf8, "an unencoded payload must be text, or be detached");
    Json form = Json::object();
    if (!detached)
        form.set("payload", *unencoded ? std::string(payloadText) : encodeBase64Url(payloadText));
    Json signatures = Json::array();
    for (const JsonSigner &signer : signers) {
        Result<Json> one = signOne(signer, payloadText, *unencoded, relaxed);
        if (!one)
            return one;
        if (flattened) {
            for (auto &[name, value] : one->members())
                form.set(name, std::move(value));
            return form;
        }
        signatures.push_back(std::move(*one));
    }
    form.set("signatures", std::move(signatures));
    return form;
}

} // namespace postern
