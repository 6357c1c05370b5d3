// SPDX-License-Identifier: Apache-2.0
#include "core/jose/why.h"

#include "core/bytes/encoding.h"
#include "core/jose/ecdsa.h"
#include "core/jose/key_data.h"
#include "core/jose/secret_probe.h"
#include "core/jose/secret_reading.h"
#include "core/jose/signature.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {

namespace {

using std::chrono::steady_clock;

/// One token and what has been tried on it.
class Search
{
public:
    Search(const DecodedJws &token, const AlgInfo &alg, const WhyOptions &options)
        : m_token(token),
          m_alg(alg),
          m_options(options),
          m_end(steady_clock::now() + options.limit)
    {
    }

    WhyReport run(std::span<const WhyCandidate> candidates)
    {
        for (const WhyCandidate &candidate : candidates) {
            if (candidate.expected)
                expected(candidate);
        }
        others(candidates);
        if (isHmac())
            samples();
        if (m_options.reserialised && m_report.found.empty()) {
            for (const WhyCandidate &candidate : candidates)
                respelled(candidate);
        }
        return std::move(m_report);
    }

private:
    [[nodiscard]] bool isHmac() const noexcept { return m_alg.keyType == KeyType::Oct; }
    [[nodiscard]] bool late()
    {
        m_report.outOfTime = m_report.outOfTime || steady_clock::now() > m_end;
        return m_report.outOfTime;
    }
    void tried(std::string_view what)
    {
        if (std::ranges::find(m_report.tried, what) == m_report.tried.end())
            m_report.tried.emplace_back(what);
    }
    void found(std::string id, std::string sentence)
    {
        const bool known = std::ranges::any_of(
            m_report.found, [&](const WhyFinding &one) { return one.sentence == sentence; });
        if (!known)
            m_report.found.push_back({std::move(id), std::move(sentence)});
    }

    [[nodiscard]] bool fits(Alg alg, const Key &key, std::string_view input,
                            std::string_view signature, bool relaxed = true)
    {
        ++m_report.attempts;
        Result<Verifier> verifier = Verifier::make(alg, key, relaxed);
        return verifier && verifier->fits(input, signature);
    }
    [[nodiscard]] bool fits(Alg alg, const Key &key, bool relaxed = true)
    {
        return fits(alg, key, m_token.signingInput, m_token.signature, relaxed);
    }
    [[nodiscard]] std::optional<SecretProbe> probe(Alg alg) const
    {
        return SecretProbe::make(alg, m_token.signingInput, m_token.signature);
    }

    void expected(const WhyCandidate &candidate)
    {
        if (!candidate.key)
            return;
        const Key &key = *candidate.key;
        if (isHmac() && key.type() == KeyType::Oct)
            secret(key.data().secret.view());
        else if (isHmac())
            confusion(candidate);
        else if (key.type() == m_alg.keyType)
            publicKey(key);
    }

    // Secrets.

    void secret(std::string_view text)
    {
        std::optional<SecretProbe> hmac = probe(m_alg.alg);
        tried("the secret as it is");
        for (const std::string_view what : secretReadingNames())
            tried(what);
        if (hmac) {
            forEachSecretReading(text, [&](std::string_view octets, const SecretReadingName &name) {
                ++m_report.attempts;
                if (octets.empty() || !hmac->fits(octets))
                    return false;
                found(name.id, name.sentence);
                return true;
            });
        }
        tried("the other HMAC algorithms");
        for (const AlgInfo &other : algorithms()) {
            std::optional<SecretProbe> sibling =
                other.alg == m_alg.alg ? std::nullopt : probe(other.alg);
            ++m_report.attempts;
            if (sibling && sibling->fits(text))
                found(
                    "other-algorithm",
                    std::format("It verifies as {}: the header says {}.", other.name, m_alg.name));
        }
        truncated(text);
    }

    /// A signature that lost its end.
    void truncated(std::string_view text)
    {
        constexpr std::size_t kTelling = 8;
        const std::size_t size = m_token.signature.size();
        if (size < kTelling || size >= m_alg.signatureSize)
            return;
        tried("the signature as the beginning of a longer one");
        const Result<Key> key = Key::fromSecret(Secret(text));
        Result<Signer> signer =
            key ? Signer::make(m_alg.alg, *key, true) : std::unexpected(key.error());
        const Result<std::string> whole =
            signer ? signer->sign(m_token.signingInput) : std::unexpected(signer.error());
        ++m_report.attempts;
        if (whole && whole->starts_with(m_token.signature))
            found("signature-truncated",
                  std::format("The secret fits, but the signature was cut: {} of {} bytes are "
                              "there.",
                              size, m_alg.signatureSize));
    }

    void samples()
    {
        tried("well-known sample secrets, as text, base64 and hexadecimal");
        std::optional<SecretMatch> match = findSecret(m_token, SecretList::builtIn());
        m_report.attempts += SecretList::builtIn().lines().size();
        if (match) {
            found("sample-secret",
                  std::format("It verifies with the well-known sample secret \"{}\": it was made "
                              "with a debugger's or manual's default.",
                              match->text));
            return;
        }
        if (!m_options.secrets)
            return;
        tried("the list of weak secrets");
        match = findSecret(m_token, *m_options.secrets);
        m_report.attempts += m_options.secrets->lines().size();
        if (match)
            found("sample-secret",
                  std::format("It verifies with the secret in line {} of the list, read as {}.",
                              match->line, nameOf(match->reading)));
    }

    // Keys.

    /// The attack of RFC 8725 2.1: the public key's text used as HMAC secret.
    void confusion(const WhyCandidate &candidate)
    {
        tried("the public key's text (PEM, DER, JWK) as HMAC secret");
        std::optional<SecretProbe> hmac = probe(m_alg.alg);
        if (!hmac)
            return;
        for (const std::string &octets : textsOf(candidate)) {
            ++m_report.attempts;
            if (octets.empty() || !hmac->fits(octets))
                continue;
            found("public-key-as-secret",
                  "It verifies with the public key's text as HMAC secret: this is the algorithm "
                  "confusion attack, or a signer configured that way.");
            return;
        }
    }

    [[nodiscard]] static std::vector<std::string> textsOf(const WhyCandidate &candidate)
    {
        const Key &key = *candidate.key;
        std::vector<std::string> texts = {std::string(candidate.text.view()),
                                          key.toJwk(false).dump()};
        const Result<std::string> pem = key.toPem(false);
        if (!candidate.text.empty())
            addLineEnds(texts, std::string(candidate.text.view()));
        if (!pem)
            return texts;
        addLineEnds(texts, *pem);
        std::string body; // without armour and line breaks
        for (std::string_view rest = *pem; !rest.empty();) {
            const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
            const std::string_view line = rest.substr(0, end);
            if (!line.starts_with("-----"))
                body += line;
            rest.remove_prefix(end + 1);
        }
        texts.push_back(
            std::format("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", body));
        if (const Result<std::string> der = decodeBase64(body))
            texts.push_back(*der);
        texts.push_back(std::move(body));
        return texts;
    }

    static void addLineEnds(std::vector<std::string> &texts, const std::string &text)
    {
        const std::size_t end = text.find_last_not_of("\r\n");
        const std::string bare = text.substr(0, end == std::string::npos ? 0 : end + 1);
        std::string dos;
        for (const char c : bare) {
            if (c != '\r')
                dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
        }
        texts.push_back(bare);
        texts.push_back(bare + '\n');
        texts.push_back(dos + "\r\n");
        texts.push_back(std::move(dos));
    }

    void publicKey(const Key &key)
    {
        if (m_alg.keyType == KeyType::Ec)
            ecdsa(key);
        if (m_alg.pss) {
            tried("PSS salts of other lengths");
            if (fits(m_alg.alg, key))
                found("pss-salt",
                      std::format("It verifies with a PSS salt of another length; {} demands one "
                                  "as long as the hash.",
                                  m_alg.name));
        }
        if (m_alg.keyType != KeyType::Rsa)
            return;
        tried("the other RSA algorithms");
        for (const AlgInfo &other : algorithms()) {
            if (other.alg != m_alg.alg && other.keyType == KeyType::Rsa && fits(other.alg, key))
                found(
                    "other-algorithm",
                    std::format("It verifies as {}: the header says {}.", other.name, m_alg.name));
        }
    }

    void ecdsa(const Key &key)
    {
        tried("ECDSA as DER, and with r and s swapped");
        const std::size_t width = m_alg.signatureSize / 2;
        if (const auto raw = ecdsaFromDer(m_token.signature, width))
            found("ecdsa-der",
                  fits(m_alg.alg, key, m_token.signingInput, *raw)
                      ? "The signature fits, but is written as DER; JWS demands r || s of fixed "
                        "width."
                      : "The signature is written as DER; JWS demands r || s of fixed width.");
        if (m_token.signature.size() != m_alg.signatureSize)
            return;
        const std::string swapped =
            m_token.signature.substr(width) + m_token.signature.substr(0, width);
        if (fits(m_alg.alg, key, m_token.signingInput, swapped))
            found("ecdsa-swapped", "It verifies with r and s swapped: the signer writes s || r.");
    }

    void others(std::span<const WhyCandidate> candidates)
    {
        for (const WhyCandidate &candidate : candidates) {
            if (candidate.expected || !candidate.key || late())
                continue;
            tried("other consumers' and other given keys");
            if (candidate.key->type() == m_alg.keyType && fits(m_alg.alg, *candidate.key))
                found("other-key",
                      std::format("It verifies with another key: {}.", candidate.name));
        }
    }

    // Header and payload.

    void respelled(const WhyCandidate &candidate)
    {
        const bool usable = candidate.key && candidate.key->type() == m_alg.keyType
            && candidate.key->allows(m_alg.alg, false, true);
        if (!usable || late())
            return;
        tried("header and payload printed anew (spaces, order, escapes, line breaks), and other "
              "ways to build the signing input");
        Result<Verifier> verifier = Verifier::make(m_alg.alg, *candidate.key, true);
        if (!verifier)
            return;
        const auto attempt = [&](const std::string &input) {
            ++m_report.attempts;
            return verifier->fits(input, m_token.signature);
        };
        signingInputs(candidate, attempt);
        std::vector<Respelling> headers = respellings(m_token.headerText);
        std::vector<Respelling> payloads = respellings(m_token.payloadText);
        headers.insert(headers.begin(), {m_token.headerText, {}});
        payloads.insert(payloads.begin(), {m_token.payloadText, {}});
        for (const Respelling &header : headers) {
            const std::string first = encodeBase64Url(header.text) + '.';
            for (const Respelling &payload : payloads) {
                if (late())
                    return;
                if ((header.how.empty() && payload.how.empty())
                    || !attempt(first + encodeBase64Url(payload.text)))
                    continue;
                foundRespelled(header, payload, candidate);
                return;
            }
        }
    }

    void foundRespelled(const Respelling &header, const Respelling &payload,
                        const WhyCandidate &candidate)
    {
        const bool ofHeader = !header.how.empty();
        const bool ofPayload = !payload.how.empty();
        std::string what;
        if (ofPayload)
            what = std::format("the payload was signed {}", payload.how);
        if (ofHeader)
            what += std::format("{}the header was signed {}", ofPayload ? ", " : "", header.how);
        found(ofPayload ? "payload-reserialised" : "header-reserialised",
              std::format("The {} printed anew after signing: {}{}.",
                          ofPayload && ofHeader ? "token's JSON was"
                              : ofPayload       ? "payload was"
                                                : "header was",
                          what,
                          candidate.expected ? "" : std::format(" (with {})", candidate.name)));
    }

    void signingInputs(const WhyCandidate &candidate, const auto &attempt)
    {
        const auto padded = [](std::string text) {
            while (text.size() % 4 != 0)
                text.push_back('=');
            return text;
        };
        const std::size_t dot = m_token.signingInput.find('.');
        const std::string header = m_token.signingInput.substr(0, dot);
        const std::string payload = m_token.signingInput.substr(dot + 1);
        const std::array<std::pair<std::string, std::string_view>, 4> inputs{{
            {padded(header) + '.' + padded(payload), "the padded base64 texts"},
            {encodeBase64(m_token.headerText) + '.' + encodeBase64(m_token.payloadText),
             "header and payload in base64 with + and /"},
            {m_token.headerText + '.' + m_token.payloadText, "the decoded texts"},
            {payload, "the payload alone"},
        }};
        for (const auto &[input, what] : inputs) {
            if (input != m_token.signingInput && attempt(input))
                found("signing-input",
                      std::format("It verifies over {}: the signer did not sign header \".\" "
                                  "payload as they stand in the token{}.",
                                  what,
                                  candidate.expected ? ""
                                                     : std::format(" (with {})", candidate.name)));
        }
    }

    const DecodedJws &m_token;
    const AlgInfo &m_alg;
    const WhyOptions &m_options;
    steady_clock::time_point m_end;
    WhyReport m_report;
};

} // namespace

WhyReport explainSignature(const DecodedJws &token, std::span<const WhyCandidate> candidates,
                           const WhyOptions &options)
{
    const AlgInfo *alg = findAlg(token.alg);
    if (!alg)
        return {};
    return Search(token, *alg, options).run(candidates);
}

} // namespace postern
