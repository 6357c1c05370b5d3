// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwt.h"

#include "core/jose/claim_checks.h"
#include "core/jose/hints.h"
#include "core/jose/json_jws.h"
#include "core/jose/jws_header.h"
#include "core/jose/key_data.h"
#include "core/jose/key_selection.h"
#include "core/jose/lint.h"
#include "core/jose/signature.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

/// RFC 7515 4.1.9: media types compare without case; "application/" may be left out.
std::string normalisedType(std::string_view type)
{
    std::string text = type.contains('/') ? "" : "application/";
    for (const char c : type)
        text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
    return text;
}

/// What is wrong with the text of a token, in contrast to what its header says.
bool isParseFault(const Error &finding)
{
    switch (finding.code) {
    case Errc::TokenShape:
    case Errc::TokenSegments:
    case Errc::TokenNotCompact:
    case Errc::TokenEncrypted:
    case Errc::TokenCharacters:
    case Errc::Base64:
    case Errc::B64InJwt:
    case Errc::DetachedPayload:
    case Errc::SignatureMissing:
        return true;
    default:
        return !finding.where.starts_with("header") && !finding.where.contains("/header");
    }
}

std::string_view idOf(const Error &finding)
{
    switch (finding.code) {
    case Errc::Crit:
    case Errc::CritInvalid:
        return "crit";
    case Errc::B64Type:
    case Errc::B64NotCritical:
    case Errc::B64InJwt:
        return "b64";
    case Errc::TypType:
        return "typ";
    case Errc::KidType:
        return "kid";
    case Errc::CtyType:
        return "cty";
    default:
        break;
    }
    for (const std::string_view part : {"header", "payload", "signature"}) {
        if (finding.where.starts_with(part))
            return part;
    }
    return "token";
}

/// One verification: the policy applied step by step, every result noted.
class Verification
{
public:
    Verification(std::string_view token, const TrustedKeys &trusted, const JwtPolicy &policy,
                 std::int64_t now)
        : m_token(token),
          m_trusted(trusted),
          m_policy(policy),
          m_now(now)
    {
    }

    JwtVerdict run()
    {
        if (m_policy.kind == TokenKind::Jws && m_token.starts_with('{'))
            verifyForm();
        else
            verifyCompact();
        m_verdict.valid =
            !m_verdict.checks.empty() && std::ranges::all_of(m_verdict.checks, &JwtCheck::ok);
        return std::move(m_verdict);
    }

private:
    bool isJwt() const noexcept { return m_policy.kind == TokenKind::Jwt; }

    void accept(Stage stage, std::string_view id, std::string detail)
    {
        m_verdict.checks.push_back(
            {m_prefix + std::string(id), true, {}, std::move(detail), stage});
    }
    void refuse(Stage stage, std::string_view id, Errc reason, std::string detail)
    {
        m_verdict.checks.push_back(
            {m_prefix + std::string(id), false, reason, std::move(detail), stage});
    }
    void refuse(Stage stage, std::string_view id, const Error &error)
    {
        refuse(stage, id, error.code, describe(error));
    }
    void refuse(const Error &finding)
    {
        refuse(isParseFault(finding) ? Stage::Parse : Stage::Header, idOf(finding), finding);
    }

    void verifyCompact()
    {
        JwsReading reading{.jwt = isJwt()};
        if (m_policy.detached && !isJwt())
            reading.detached = *m_policy.detached;
        InspectedJws inspected = inspectJws(m_token, reading);
        for (const Error &finding : inspected.findings)
            refuse(finding);
        DecodedJws jws = std::move(inspected.token);
        if (jws.signingInput.empty())
            return;
        const auto broken = [&](std::string_view part) {
            return std::ranges::any_of(inspected.findings, [part](const Error &finding) {
                return finding.where == part && finding.code == Errc::Base64;
            });
        };
        if (jws.header.isObject())
            checkSignature(jws, !broken("signature"));
        Json claims;
        if (isJwt()) {
            checkType(jws);
            if (!broken("payload"))
                claims = readClaims(jws);
        }
        for (std::string &warning :
             lintToken(jws, claims, m_now, m_token.size(), !m_policy.audience.empty()))
            m_verdict.warnings.push_back(std::move(warning));
        m_verdict.token = std::move(jws);
    }

    /// Every signature is looked at; one of somebody else's is passed over, but one that claims
    /// to be of a trusted key must fit.
    void verifyForm()
    {
        JsonJws form = inspectJsonJws(m_token, m_policy.detached);
        for (const Error &finding : form.findings)
            refuse(finding);
        const bool single = form.signatures.size() == 1;
        std::size_t fitted = 0;
        for (std::size_t i = 0; i < form.signatures.size(); ++i) {
            JsonSignature &one = form.signatures[i];
            m_prefix = single ? std::string() : std::format("signatures/{}/", i);
            for (const Error &finding : one.findings)
                refuse(finding);
            if (one.findings.empty() && (single || isForUs(one.jws))
                && checkSignature(one.jws, true))
                ++fitted;
            else if (one.findings.empty() && !single && !isForUs(one.jws))
                accept(Stage::Key, "key", "passed over: no trusted key of its kid and algorithm");
        }
        m_prefix.clear();
        if (form.signatures.size() > 1 && fitted == 0)
            refuse(Stage::Key, "key", Errc::KeyMissing, "no signature is of a trusted key");
        if (!form.signatures.empty())
            m_verdict.token = std::move(form.signatures.front().jws);
    }

    bool isForUs(const DecodedJws &jws) const
    {
        const Result<Alg> alg = selectAlg(jws, m_policy.algs);
        return alg && std::ranges::any_of(m_trusted.keys, [&](const Key &key) {
                   return couldVerify(key, *alg)
                       && (jws.kid.empty() || key.kid().empty() || key.kid() == jws.kid);
               });
    }

    /// \param readable whether the signature's octets could be decoded
    bool checkSignature(const DecodedJws &jws, bool readable)
    {
        const Result<Alg> alg = selectAlg(jws, m_policy.algs);
        if (!alg) {
            refuse(Stage::Header, "alg", alg.error());
            return false;
        }
        accept(Stage::Header, "alg", std::format("ok ({})", info(*alg).name));
        if (jws.header.contains("crit") && checkCritical(jws.header))
            accept(Stage::Header, "crit", "ok");
        if (m_trusted.defect) {
            refuse(Stage::Key, "key", *m_trusted.defect);
            return false;
        }
        const Result<Key> selected = selectKey(m_trusted, *alg, jws.kid);
        if (!selected) {
            refuse(Stage::Key, "key", selected.error());
            return false;
        }
        const Key &key = *selected;
        m_verdict.key = key;
        if (const Result<void> kid = checkKid(jws, key); !kid)
            refuse(Stage::Key, "kid", kid.error());
        else if (!jws.kid.empty() && !key.kid().empty())
            accept(Stage::Key, "kid", std::format("ok (\"{}\")", jws.kid));
        // A weak key is refused, but whether it signed the token is worth knowing all the same.
        return checkKey(*alg, key) && readable && compareSignature(jws, *alg, key);
    }

    /// \return false if the key cannot even be tried
    bool checkKey(Alg alg, const Key &key)
    {
        const Result<void> strict = key.allows(alg, false, false);
        const std::string what = describeKey(key.data());
        if (strict) {
            accept(Stage::Key, "key", std::format("ok ({})", what));
            return true;
        }
        if (strict.error().code != Errc::KeyWeak) {
            refuse(Stage::Key, "key", strict.error());
            return false;
        }
        if (m_policy.relaxed && key.type() == KeyType::Oct) {
            accept(Stage::Key, "key", std::format("ok ({})", what));
            m_verdict.warnings.push_back(std::format("weak key: {}", strict.error().detail));
        } else {
            refuse(Stage::Key, "key", strict.error());
        }
        return true;
    }

    bool compareSignature(const DecodedJws &jws, Alg alg, const Key &key)
    {
        if (jws.signature.empty()) {
            refuse(Stage::Signature, "signature", Errc::SignatureMismatch,
                   "the signature is empty");
            return false;
        }
        const bool weak = !key.allows(alg, false, false);
        Result<Verifier> verifier = Verifier::make(alg, key, weak);
        if (!verifier) {
            refuse(Stage::Signature, "signature", verifier.error());
            return false;
        }
        const Result<void> fits = verifier->verify(jws.signingInput, jws.signature);
        if (fits) {
            accept(Stage::Signature, "signature", std::format("ok ({})", info(alg).name));
            warnOfSample(key);
            return true;
        }
        if (fits.error().code == Errc::SignatureMismatch)
            refuse(Stage::Signature, "signature", Errc::SignatureMismatch, "MISMATCH");
        else
            refuse(Stage::Signature, "signature", fits.error());
        if (m_policy.explain && m_verdict.hints.empty())
            m_verdict.hints = explainMismatch(jws, key);
        return false;
    }

    void warnOfSample(const Key &key)
    {
        const Secret &secret = key.data().secret;
        if (m_policy.explain && key.type() == KeyType::Oct
            && std::ranges::find(sampleSecrets(), secret.view()) != sampleSecrets().end())
            m_verdict.warnings.emplace_back("well-known secret: anybody can sign such a token");
    }

    void checkType(const DecodedJws &jws)
    {
        if (!m_policy.type || !jws.header.isObject())
            return;
        const std::string_view type = jws.header.stringOr("typ", "");
        if (!type.empty() && normalisedType(type) == normalisedType(*m_policy.type))
            accept(Stage::Claims, "typ", "ok");
        else
            refuse(Stage::Claims, "typ", Errc::TokenType,
                   std::format("\"{}\", demanded is \"{}\"", type, *m_policy.type));
    }

    Json readClaims(const DecodedJws &jws)
    {
        Result<Json> claims = parseClaims(jws.payloadText);
        if (!claims) {
            refuse(Stage::Claims, "payload", claims.error());
            return {};
        }
        checkClaims(*claims, m_policy, m_now, m_verdict.checks);
        return std::move(*claims);
    }

    std::string_view m_token;
    const TrustedKeys &m_trusted;
    const JwtPolicy &m_policy;
    std::int64_t m_now;
    std::string m_prefix; ///< of check ids, where there are several signatures
    JwtVerdict m_verdict;
};

} // namespace

std::string_view stageName(Stage stage) noexcept
{
    constexpr std::array<std::string_view, 5> kNames = {"parse", "header", "key", "signature",
                                                        "claims"};
    return kNames[std::to_underlying(stage)];
}

const JwtCheck *JwtVerdict::decisive() const noexcept
{
    const JwtCheck *first = nullptr;
    for (const JwtCheck &check : checks) {
        if (!check.ok && (!first || check.stage < first->stage))
            first = &check;
    }
    return first;
}

JwtVerdict verifyToken(std::string_view token, const TrustedKeys &trusted, const JwtPolicy &policy,
                       std::int64_t now)
{
    return Verification(token, trusted, policy, now).run();
}

JwtVerdict verifyJwt(std::string_view token, const Key &key, const JwtPolicy &policy,
                     const Clock &clock)
{
    return verifyToken(token, {.keys = {key}}, policy, clock.unixSeconds());
}

} // namespace postern
