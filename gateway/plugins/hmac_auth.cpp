// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/crypto/digest.h"
#include "gateway/http/http_date.h"
#include "gateway/plugins/common/consumer_auth.h"
#include "gateway/plugins/common/hmac_signature.h"
#include "gateway/plugins/common/present_login.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <format>
#include <limits>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "hmac-auth";
constexpr std::string_view kHeader = "authorization";
constexpr std::string_view kPlace = "header \"authorization\"";
constexpr std::string_view kScheme = "Signature";
constexpr std::string_view kDigestPrefix = "SHA-256=";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "title": "work with route or service object",
  "properties": {
    "allowed_algorithms": {
      "type": "array", "minItems": 1,
      "items": {"type": "string", "enum": ["hmac-sha1", "hmac-sha256", "hmac-sha512"]},
      "default": ["hmac-sha1", "hmac-sha256", "hmac-sha512"]
    },
    "clock_skew": {"type": "integer", "default": 300, "minimum": 1},
    "signed_headers": {
      "type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 50},
      "default": ["date"]
    },
    "validate_request_body": {
      "type": "boolean", "default": false,
      "title": "A boolean value telling the plugin to enable body validation"
    },
    "max_req_body_size": {"type": "integer", "default": 67108864, "minimum": 1},
    "hide_credentials": {"type": "boolean", "default": false},
    "anonymous_consumer": {"type": "string", "minLength": 1},
    "realm": {"type": "string", "default": "hmac", "minLength": 1, "maxLength": 128,
              "pattern": "^[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]+$"}
  }
})json";

constexpr std::string_view kConsumerSchema = R"json({
  "type": "object",
  "title": "work with consumer object",
  "encrypt_fields": ["secret_key"],
  "properties": {
    "key_id": {"type": "string", "minLength": 1, "maxLength": 256},
    "secret_key": {"type": "string", "minLength": 1, "maxLength": 256}
  },
  "required": ["key_id", "secret_key"]
})json";

constexpr std::string_view kExample =
    R"json({"signed_headers": ["@request-target", "date"], "clock_skew": 60})json";
constexpr std::string_view kConsumerExample =
    R"json({"key_id": "jack-key-id", "secret_key": "jack-secret-key"})json";

constexpr std::string_view kMissing =
    "client request can't be validated: missing Authorization header";
constexpr std::string_view kOtherScheme =
    "client request can't be validated: Authorization header does not start with 'Signature'";
constexpr std::string_view kRefused = "client request can't be validated";

class HmacAuth final : public Plugin
{
public:
    explicit HmacAuth(const Json &config) : m_common(readAuthCommon(config, kName, "hmac"))
    {
        if (const Json *allowed = config.find("allowed_algorithms")) {
            for (const Json &name : allowed->items()) {
                if (const auto algorithm = findHmacAlgorithm(name.asString()))
                    m_allowed[*algorithm] = true;
                m_allowedNames += (m_allowedNames.empty() ? "" : ", ") + name.asString();
            }
        }
        if (const Json *skew = config.find("clock_skew"))
            m_skew = skew->asInteger().value_or(m_skew);
        if (const Json *names = config.find("signed_headers")) {
            for (const Json &name : names->items())
                m_signed.push_back(name.asString());
        }
        const Json *body = config.find("validate_request_body");
        m_validateBody = body && body->asBool();
        if (const Json *size = config.find("max_req_body_size"))
            m_maxBody = static_cast<std::uint64_t>(size->asInteger().value_or(67108864));
    }

    Verdict rewrite(Exchange &exchange) const override
    {
        std::string_view message = kRefused;
        const CompiledCredential *credential = authenticate(exchange, message);
        if (!credential)
            return refuse(exchange, message);
        return m_validateBody ? validateBody(exchange, *credential) : accept(exchange, *credential);
    }

    Result<const ClientLogin *> present(std::span<const ClientLogin> logins,
                                        DraftRequest &request) const override
    {
        constexpr std::size_t kUsual = 1; // SHA-256
        const auto first = std::ranges::find(m_allowed, true);
        const auto algorithm = m_allowed[kUsual] || first == m_allowed.end()
            ? kUsual
            : static_cast<std::size_t>(first - m_allowed.begin());
        return presentLogin(logins, hmacAuthPlugin, [&](const ClientLogin &login) {
            return presentSignature(request,
                                    {.keyId = login.config.stringOr("key_id", ""),
                                     .secret = login.config.stringOr("secret_key", ""),
                                     .algorithm = algorithm,
                                     .signedHeaders = m_signed,
                                     .digest = m_validateBody});
        });
    }

private:
    Verdict hidden(Exchange &exchange, Verdict verdict) const
    {
        if (verdict == Verdict::Continue && m_common.hideCredentials)
            exchange.request.headers.remove(kHeader);
        return verdict;
    }

    Verdict refuse(Exchange &exchange, std::string_view message) const
    {
        return hidden(exchange, refuseLogin(exchange, m_common, message));
    }

    Verdict accept(Exchange &exchange, const CompiledCredential &credential) const
    {
        attachConsumer(exchange, kName, *credential.consumer, &credential);
        return hidden(exchange, Verdict::Continue);
    }

    // The order of the checks is the original's. Each notes its own refusal.

    /// \param message becomes another one where the original answers more than usual
    /// \return whose signature it is; nullptr if it does not fit
    [[nodiscard]] const CompiledCredential *authenticate(Exchange &exchange,
                                                         std::string_view &message) const
    {
        const HeaderField *field = exchange.request.headers.find(kHeader);
        if (!field) {
            exchange.note(Step::Extract, Outcome::Failed, Errc::CredentialMissing, kName, {},
                          kPlace);
            message = kMissing;
            return nullptr;
        }
        exchange.note(Step::Extract, Outcome::Ok, Errc::Internal, kName, "header", kHeader,
                      static_cast<std::int64_t>(field->value.size()));
        if (!field->value.starts_with(kScheme)) {
            exchange.note(Step::Parse, Outcome::Failed, Errc::AuthorizationFormat, kName);
            message = kOtherScheme;
            return nullptr;
        }
        const HmacParameters parameters = HmacParameters::read(field->value.substr(kScheme.size()));
        const CompiledCredential *credential = lookUp(exchange, parameters);
        return credential && isFresh(exchange) && coversEnough(exchange, parameters)
                && signatureFits(exchange, parameters, *credential)
            ? credential
            : nullptr;
    }

    /// Called again when more of the body was read.
    Verdict validateBody(Exchange &exchange, const CompiledCredential &credential) const
    {
        const HeaderField *digest = exchange.request.headers.find("digest");
        if (!digest) {
            exchange.note(Step::Signature, Outcome::Failed, Errc::DigestMismatch, kName);
            return refuse(exchange, kRefused);
        }
        switch (requestBody(exchange, m_maxBody)) {
        case BodyState::Unread:
            // the exchange holds the snapshot, and that the plugin and the credential
            exchange.wait.then = [this, &credential](Exchange &resumed) {
                return validateBody(resumed, credential);
            };
            return Verdict::ReadBody;
        case BodyState::TooLarge:
            return refuseLarge(exchange);
        case BodyState::Ready:
            break;
        }
        const std::string_view body = exchange.body.text;
        if (digest->value != std::string(kDigestPrefix) + encodeBase64(sha256(body))) {
            exchange.note(Step::Signature, Outcome::Failed, Errc::DigestMismatch, kName,
                          digest->value, {}, static_cast<std::int64_t>(body.size()));
            return refuse(exchange, kRefused);
        }
        return accept(exchange, credential);
    }

    /// Never the anonymous consumer's business.
    Verdict refuseLarge(Exchange &exchange) const
    {
        const std::uint64_t size =
            std::max<std::uint64_t>(exchange.body.declared, exchange.body.text.size());
        exchange.note(Step::Client, Outcome::Failed, Errc::HttpBodyTooLarge, kName, {}, {},
                      static_cast<std::int64_t>(size));
        replyWithMessage(exchange, 413,
                         std::format("request size {} is greater than the maximum size {} allowed",
                                     size, m_maxBody));
        return Verdict::Respond;
    }

    [[nodiscard]] const CompiledCredential *lookUp(Exchange &exchange,
                                                   const HmacParameters &parameters) const
    {
        const std::string_view missing = !parameters.keyId ? "keyId"
            : !parameters.signature                        ? "signature"
            : !parameters.algorithm                        ? "algorithm"
                                                           : "";
        if (!missing.empty()) {
            exchange.note(Step::Parse, Outcome::Failed, Errc::SignatureParameter, kName, missing);
            return nullptr;
        }
        exchange.note(Step::Parse, Outcome::Ok, Errc::Internal, kName, *parameters.algorithm,
                      parameters.headers.value_or(std::string_view()));
        const CompiledCredential *credential =
            exchange.snapshot->consumers->find(hmacAuthPlugin, *parameters.keyId);
        if (!credential) {
            exchange.note(Step::Lookup, Outcome::Failed, Errc::CredentialUnknown, kName,
                          *parameters.keyId);
            return nullptr;
        }
        noteLogin(exchange, kName, *parameters.keyId, *credential);
        const auto algorithm = findHmacAlgorithm(*parameters.algorithm);
        if (algorithm && m_allowed[*algorithm])
            return credential;
        exchange.note(Step::Signature, Outcome::Failed, Errc::AlgNotAllowed, kName,
                      *parameters.algorithm, m_allowedNames);
        return nullptr;
    }

    [[nodiscard]] bool isFresh(Exchange &exchange) const
    {
        const HeaderField *date = exchange.request.headers.find("date");
        if (!date) {
            exchange.note(Step::Claims, Outcome::Failed, Errc::DateMissing, kName);
            return false;
        }
        const auto sent = parseHttpDate(date->value);
        if (!sent) {
            exchange.note(Step::Claims, Outcome::Failed, Errc::DateFormat, kName, date->value);
            return false;
        }
        const std::int64_t now =
            std::chrono::floor<std::chrono::seconds>(exchange.now).time_since_epoch().count();
        const std::int64_t distance = *sent - now; // years have four digits
        const bool fresh = distance <= m_skew && -distance <= m_skew;
        exchange.note(Step::Claims, fresh ? Outcome::Ok : Outcome::Failed,
                      fresh ? Errc::Internal : Errc::ClockSkew, kName, "date", {}, distance);
        return fresh;
    }

    [[nodiscard]] bool coversEnough(Exchange &exchange, const HmacParameters &parameters) const
    {
        const auto uncovered = std::ranges::find_if_not(
            m_signed, [&parameters](std::string_view name) { return parameters.covers(name); });
        if (uncovered == m_signed.end())
            return true;
        exchange.note(Step::Claims, Outcome::Failed, Errc::HeaderUnsigned, kName, *uncovered);
        return false;
    }

    [[nodiscard]] static bool signatureFits(Exchange &exchange, const HmacParameters &parameters,
                                            const CompiledCredential &credential)
    {
        const auto &login = static_cast<const HmacLogin &>(*credential.parts.key);
        const std::size_t algorithm = findHmacAlgorithm(*parameters.algorithm).value_or(0);
        thread_local std::string sent;
        Hmac *context = login.context(exchange.worker, algorithm);
        const bool readable = decodeBase64LaxInto(*parameters.signature, sent);
        const Hmac::Tag expected =
            context ? signRequest(*context, exchange.request, parameters) : Hmac::Tag();
        if (readable && !expected.empty() && equalConstantTime(expected, sent)) {
            exchange.note(Step::Signature, Outcome::Ok, Errc::Internal, kName,
                          *parameters.algorithm);
            return true;
        }
        if (exchange.tracing) {
            exchange.note(Step::Signature, Outcome::Failed,
                          !readable              ? Errc::Base64
                              : expected.empty() ? Errc::Crypto
                                                 : Errc::SignatureMismatch,
                          kName, *parameters.algorithm,
                          shownSigningText(exchange.request, parameters));
        }
        return false;
    }

    AuthCommon m_common;
    std::array<bool, kHmacAlgorithms.size()> m_allowed{};
    std::string m_allowedNames; ///< for the trace
    std::int64_t m_skew = 300; ///< seconds
    std::vector<std::string> m_signed; ///< names that every signature has to cover
    bool m_validateBody = false;
    std::uint64_t m_maxBody = 67108864; ///< bytes
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const HmacAuth>(config);
}

Result<CredentialParts> makeCredential(const Json &config, const PluginEnv &env)
{
    const std::string_view keyId = config.stringOr("key_id", "");
    if (keyId.empty())
        return fail(Errc::PluginConfig, "property \"key_id\" is required");
    const std::string_view secret = config.stringOr("secret_key", "");
    if (secret.empty())
        return fail(Errc::PluginConfig, "property \"secret_key\" is required");
    return CredentialParts{std::string(keyId),
                           std::make_shared<const HmacLogin>(secret, env.workers)};
}

} // namespace

const PluginSpec hmacAuthPlugin{
    .name = kName,
    .kind = PluginKind::Auth,
    .phases = Phase::Rewrite,
    .apisixPriority = 2530,
    .summary = "Authenticates requests that are signed with a shared secret (HMAC)",
    .schema = kSchema,
    .consumerSchema = kConsumerSchema,
    .example = kExample,
    .consumerExample = kConsumerExample,
    .loginMember = "key_id",
    .make = make,
    .makeCredential = makeCredential,
};

} // namespace postern::gateway
