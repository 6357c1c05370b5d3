// SPDX-License-Identifier: Apache-2.0
#include "core/jose/gateway_verification.h"

#include "core/bytes/encoding.h"
#include "core/jose/apisix_rules.h"
#include "core/jose/hints.h"
#include "core/jose/key_data.h"
#include "core/jose/signature.h"
#include "core/json/reader.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <utility>

namespace postern {

namespace {

struct Parts
{
    std::string_view header, payload, signature, signingInput;
};

/// A refusal: where, why, and what to say to a reader.
struct Refusal
{
    WireStep step;
    Stage stage;
    std::string_view id;
    Errc reason;
    std::string detail;
    std::string_view claim = {}; ///< for the answer's text
};
using Step = std::optional<Refusal>;

std::string textOf(const WantedMember &member)
{
    return member.escaped ? unescapeJson(member.text) : std::string(member.text);
}

bool isText(const WantedMember &member) noexcept
{
    return member.present && member.type == Json::Type::String;
}

class GatewayVerification
{
public:
    GatewayVerification(const TokenProfile &profile, std::string_view token,
                        const TrustedKeys &trusted, const JwtPolicy &policy, std::int64_t now)
        : m_profile(profile),
          m_token(token),
          m_trusted(trusted),
          m_policy(policy),
          m_now(now),
          m_headerMembers{WantedMember{"alg"}, WantedMember{profile.keyClaim}, WantedMember{"kid"}},
          m_claims{WantedMember{profile.keyClaim}, WantedMember{"exp"}, WantedMember{"nbf"}}
    {
    }

    ProfileVerdict run()
    {
        using Check = Step (GatewayVerification::*)();
        constexpr std::array<Check, 9> kChecks = {
            &GatewayVerification::split,         &GatewayVerification::readHeader,
            &GatewayVerification::readPayload,   &GatewayVerification::checkKnownAlg,
            &GatewayVerification::checkKeyClaim, &GatewayVerification::checkAlg,
            &GatewayVerification::checkKey,      &GatewayVerification::checkSignature,
            &GatewayVerification::checkTimes};
        m_out.profile = &m_profile;
        m_out.status = 200;
        for (const Check check : kChecks) {
            if (Step refusal = (this->*check)()) {
                answer(*refusal);
                break;
            }
        }
        m_out.verdict.valid = m_out.status == 200;
        return std::move(m_out);
    }

private:
    void answer(const Refusal &refusal)
    {
        m_out.verdict.checks.push_back(
            {std::string(refusal.id), false, refusal.reason, refusal.detail, refusal.stage});
        const WireAnswer &wire = m_profile.answers[std::to_underlying(refusal.step)];
        m_out.status = wire.status;
        m_out.challenge = wire.status == 401 ? m_profile.challenge : std::string_view();
        for (const char c : wire.body)
            m_out.body += c == '%' ? std::string(refusal.claim) : std::string(1, c);
    }
    void accept(Stage stage, std::string_view id, std::string detail = {})
    {
        m_out.verdict.checks.push_back({std::string(id), true, {}, std::move(detail), stage});
    }

    bool has(WireStep step) const noexcept
    {
        return m_profile.answers[std::to_underlying(step)].status != 0;
    }

    bool decode(std::string_view text, std::string &out) const
    {
        if (!m_profile.anyAlphabet && text.find_first_of("+/") != std::string_view::npos)
            return false;
        return decodeBase64AnyInto(text, out);
    }

    Step split()
    {
        const std::size_t first = m_token.find('.');
        const std::size_t second =
            first == std::string_view::npos ? first : m_token.find('.', first + 1);
        const bool three = second != std::string_view::npos;
        if (three)
            m_parts = {m_token.substr(0, first), m_token.substr(first + 1, second - first - 1),
                       m_token.substr(second + 1), m_token.substr(0, second)};
        const bool good = three
            && (!m_profile.exactlyThreeParts
                || (!m_parts.header.empty() && !m_parts.payload.empty()
                    && !m_parts.signature.empty() && !m_parts.signature.contains('.')));
        if (good)
            return {};
        return Refusal{WireStep::Parts, Stage::Parse, "token", Errc::TokenSegments,
                       "not three parts, none of them empty"};
    }

    Step readHeader()
    {
        if (decode(m_parts.header, m_headerText) && readMembers(m_headerText, m_headerMembers))
            return {};
        return Refusal{WireStep::Header, Stage::Parse, "header", Errc::TokenHeader, {}};
    }

    Step readPayload()
    {
        if (decode(m_parts.payload, m_payloadText) && readMembers(m_payloadText, m_claims))
            return {};
        return Refusal{WireStep::Payload, Stage::Parse, "payload", Errc::TokenPayload, {}};
    }

    /// The header's algorithm if the product knows it.
    const AlgInfo *namedAlg() const
    {
        const AlgInfo *alg =
            isText(m_headerMembers[0]) ? findAlg(textOf(m_headerMembers[0])) : nullptr;
        return alg && std::ranges::contains(m_profile.algs, alg->alg) ? alg : nullptr;
    }

    Step checkKnownAlg()
    {
        if (has(WireStep::Alg) && !namedAlg())
            return Refusal{WireStep::Alg, Stage::Header, "alg", Errc::AlgUnknown,
                           std::format("{} does not know it", m_profile.title)};
        if (has(WireStep::SignatureText))
            return readSignature(WireStep::SignatureText, Stage::Parse);
        return {};
    }

    Step readSignature(WireStep step, Stage stage)
    {
        if (m_parts.signature.find('.') == std::string_view::npos
            && decodeBase64UrlLaxInto(m_parts.signature, m_signature)) // nginx's decoder
            return {};
        return Refusal{step, stage, "signature", Errc::Base64, "the signature is not base64url"};
    }

    Step checkKeyClaim()
    {
        const std::string id(m_profile.keyClaim);
        WantedMember &claim = m_claims[0];
        const bool inHeader = !claim.present && m_profile.keyClaimInHeader;
        const WantedMember &found = inHeader ? m_headerMembers[1] : claim;
        if (!found.present || found.type == Json::Type::Null)
            return Refusal{WireStep::KeyClaimMissing, Stage::Key, m_profile.keyClaim,
                           Errc::ClaimMissing,
                           std::format("{} finds the consumer by the claim {}", m_profile.title,
                                       m_profile.keyClaim)};
        if (found.type != Json::Type::String)
            return Refusal{WireStep::KeyUnknown, Stage::Key, m_profile.keyClaim, Errc::ClaimType,
                           "it is no string"};
        const std::string key = textOf(found);
        if (key.empty() && has(WireStep::KeyClaimEmpty))
            return Refusal{
                WireStep::KeyClaimEmpty, Stage::Key, m_profile.keyClaim, Errc::CredentialEmpty, {}};
        if (m_policy.consumerKey && *m_policy.consumerKey != key)
            return Refusal{
                WireStep::KeyUnknown, Stage::Key, m_profile.keyClaim, Errc::CredentialUnknown,
                std::format("\"{}\", the credential's key is \"{}\"", key, *m_policy.consumerKey)};
        accept(Stage::Key, m_profile.keyClaim,
               m_policy.consumerKey ? std::format("ok (\"{}\")", key)
                                    : std::format("ok (\"{}\", taken for the consumer's)", key));
        return {};
    }

    /// The key of the credential: the only one, or of a set the one that the kid names or that is
    /// for the algorithm. A gateway knows no sets.
    const Key *credentialKey() const
    {
        if (m_trusted.keys.empty())
            return nullptr;
        const AlgInfo *alg = namedAlg();
        const std::string kid = isText(m_headerMembers[2]) ? textOf(m_headerMembers[2]) : "";
        for (const Key &key : m_trusted.keys) {
            if (!kid.empty() && key.kid() == kid)
                return &key;
        }
        for (const Key &key : m_trusted.keys) {
            if (alg && key.type() == alg->keyType)
                return &key;
        }
        return &m_trusted.keys.front();
    }

    /// The algorithm that the credential is configured with: what the caller says, what the key
    /// says, or else the token's, to its favour.
    const AlgInfo *configuredAlg(const Key &key) const
    {
        const AlgInfo *named = namedAlg();
        if (!m_policy.algs.empty())
            return named && std::ranges::contains(m_policy.algs, named->alg)
                ? named
                : &info(m_policy.algs.front());
        const std::optional<Alg> declared = key.declaredAlg();
        if (declared && std::ranges::contains(m_profile.algs, *declared))
            return &info(*declared);
        if (named && key.allows(named->alg, false, true))
            return named;
        const std::vector<Alg> possible = key.possibleAlgs();
        return possible.empty() ? &info(Alg::HS256) : &info(possible.front());
    }

    Step checkAlg()
    {
        if (m_trusted.defect)
            return Refusal{WireStep::KeyUnusable, Stage::Key, "key", m_trusted.defect->code,
                           describe(*m_trusted.defect)};
        m_key = credentialKey();
        if (!m_key)
            return Refusal{WireStep::KeyUnknown, Stage::Key, "key", Errc::KeyMissing, {}};
        m_alg = configuredAlg(*m_key);
        const AlgInfo *named = namedAlg();
        if (named == m_alg) {
            accept(Stage::Header, "alg", std::format("ok ({})", named->name));
            return {};
        }
        const std::string says =
            isText(m_headerMembers[0]) ? textOf(m_headerMembers[0]) : std::string("nothing");
        return Refusal{WireStep::AlgMismatch, Stage::Header, "alg", Errc::AlgNotAllowed,
                       std::format("the token says {}, the credential {}", says, m_alg->name)};
    }

    Step checkKey()
    {
        const Result<void> allowed = m_key->allows(m_alg->alg, false, true);
        if (!allowed)
            return Refusal{WireStep::KeyUnusable, Stage::Key, "key", allowed.error().code,
                           allowed.error().detail};
        m_out.verdict.key = *m_key;
        accept(Stage::Key, "key", std::format("ok ({})", describeKey(m_key->data())));
        return {};
    }

    std::size_t signatureSize() const
    {
        if (m_alg->pss && m_profile.pssSize != 0)
            return m_profile.pssSize;
        return m_alg->signatureSize;
    }

    Step checkSignature()
    {
        if (!has(WireStep::SignatureText)) {
            if (Step refusal = readSignature(WireStep::Signature, Stage::Signature))
                return refusal;
        }
        // Of an HMAC any length is compared, and simply differs.
        const std::size_t size = m_alg->keyType == KeyType::Oct ? 0 : signatureSize();
        if (size != 0 && m_signature.size() != size)
            return Refusal{
                WireStep::SignatureSize, Stage::Signature, "signature", Errc::SignatureLength,
                std::format("{} bytes, {} accepts {}", m_signature.size(), m_profile.title, size)};
        Result<Verifier> verifier = Verifier::make(m_alg->alg, *m_key, true);
        if (!verifier)
            return Refusal{WireStep::KeyUnusable, Stage::Key, "key", verifier.error().code,
                           verifier.error().detail};
        if (verifier->fits(m_parts.signingInput, m_signature)) {
            accept(Stage::Signature, "signature", std::format("ok ({})", m_alg->name));
            return {};
        }
        return Refusal{WireStep::Signature, Stage::Signature, "signature", Errc::SignatureMismatch,
                       "MISMATCH"};
    }

    bool isListed(std::string_view claim) const
    {
        return std::ranges::contains(m_policy.required, claim);
    }

    Step checkTimes()
    {
        const bool listed = isListed("exp") || isListed("nbf");
        for (const WantedMember &claim : {m_claims[1], m_claims[2]}) {
            const bool wanted =
                listed || m_profile.timesOnDemand ? isListed(claim.name) : claim.present;
            if (!wanted) {
                if (claim.present)
                    accept(Stage::Claims, claim.name, "not looked at");
                continue;
            }
            if (Step refusal = checkTime(claim))
                return refusal;
        }
        return {};
    }

    Step checkTime(const WantedMember &claim)
    {
        if (!claim.present || claim.type != Json::Type::Number)
            return Refusal{WireStep::TimeType,
                           Stage::Claims,
                           claim.name,
                           claim.present ? Errc::NumericDate : Errc::ClaimMissing,
                           claim.present ? "must be a number" : "the claim is missing",
                           claim.name};
        const bool isExp = claim.name == "exp";
        const std::int64_t leeway = m_profile.hasLeeway ? m_policy.leeway : 0;
        const bool fits = isExp       ? apisix::expFits(claim.text, m_now, leeway)
            : m_profile.nbfNowRefused ? apisix::nbfFits(claim.text, m_now, leeway)
                                      : compareNumber(claim.text, m_now + leeway) <= 0;
        if (fits) {
            accept(Stage::Claims, claim.name, std::format("ok ({})", claim.text));
            return {};
        }
        return Refusal{isExp ? WireStep::Expired : WireStep::NotYetValid,
                       Stage::Claims,
                       claim.name,
                       isExp ? Errc::TokenExpired : Errc::TokenNotYetValid,
                       std::format("{} at {}", claim.text, m_now),
                       claim.name};
    }

    const TokenProfile &m_profile;
    std::string_view m_token;
    const TrustedKeys &m_trusted;
    const JwtPolicy &m_policy;
    std::int64_t m_now;
    Parts m_parts;
    std::string m_headerText, m_payloadText, m_signature;
    std::array<WantedMember, 3> m_headerMembers;
    std::array<WantedMember, 3> m_claims;
    const Key *m_key = nullptr;
    const AlgInfo *m_alg = nullptr;
    ProfileVerdict m_out;
};

} // namespace

ProfileVerdict verifyAsGateway(const TokenProfile &profile, std::string_view token,
                               const TrustedKeys &trusted, const JwtPolicy &policy,
                               std::int64_t now)
{
    return GatewayVerification(profile, token, trusted, policy, now).run();
}

} // namespace postern
