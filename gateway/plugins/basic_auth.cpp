// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"
#include "gateway/plugins/common/consumer_auth.h"
#include "gateway/plugins/common/present_login.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <optional>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "basic-auth";
constexpr std::string_view kHeader = "authorization";
constexpr std::string_view kPlace = "header \"authorization\"";
constexpr std::string_view kScheme = "basic";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "title": "work with route or service object",
  "properties": {
    "hide_credentials": {"type": "boolean", "default": false},
    "anonymous_consumer": {"type": "string", "minLength": 1},
    "realm": {"type": "string", "default": "basic", "minLength": 1, "maxLength": 128,
              "pattern": "^[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]+$"}
  }
})json";

constexpr std::string_view kConsumerSchema = R"json({
  "type": "object",
  "title": "work with consumer object",
  "encrypt_fields": ["password"],
  "properties": {"username": {"type": "string"}, "password": {"type": "string"}},
  "required": ["username", "password"]
})json";

constexpr std::string_view kExample = R"json({"hide_credentials": true})json";
constexpr std::string_view kConsumerExample =
    R"json({"username": "jack", "password": "open-sesame"})json";

constexpr std::string_view kMissing = "Missing authorization in request";
constexpr std::string_view kInvalid = "Invalid authorization in request";
constexpr std::string_view kRefused = "Invalid user authorization";

/// What the client sent, decoded. One thread serves one request at a time.
struct Scratch
{
    std::string decoded, username, password;

    void clear() noexcept
    {
        wipe(decoded);
        wipe(password);
    }
};

Scratch &scratch()
{
    thread_local Scratch buffers;
    return buffers;
}

constexpr bool isSpace(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// The text behind the scheme's name and one blank, wherever these stand: APISIX searches for them.
std::optional<std::string_view> behindScheme(std::string_view value) noexcept
{
    for (std::size_t at = 0; at + kScheme.size() + 1 < value.size(); ++at) {
        if (isSpace(value[at + kScheme.size()])
            && equalsIgnoringCase(value.substr(at, kScheme.size()), kScheme))
            return value.substr(at + kScheme.size() + 1);
    }
    return std::nullopt;
}

/// APISIX takes all white space out of both parts.
void squeeze(std::string_view text, std::string &out)
{
    out.clear();
    std::ranges::remove_copy_if(text, std::back_inserter(out), isSpace);
}

/// The password of a consumer or credential; its user name is what it is found by.
class BasicLogin final : public CredentialKey
{
public:
    explicit BasicLogin(std::string_view password) : m_password(password) {}
    [[nodiscard]] bool fits(std::string_view password) const noexcept
    {
        return equalConstantTime(m_password.view(), password);
    }

private:
    Secret m_password;
};

class BasicAuth final : public Plugin
{
public:
    explicit BasicAuth(const Json &config) : m_common(readAuthCommon(config, kName, "Basic")) {}

    Verdict rewrite(Exchange &exchange) const override
    {
        const std::string_view refused = authenticate(exchange);
        scratch().clear();
        const Verdict verdict =
            refused.empty() ? Verdict::Continue : refuseLogin(exchange, m_common, refused);
        if (verdict == Verdict::Continue && m_common.hideCredentials)
            exchange.request.headers.remove(kHeader);
        return verdict;
    }

    Result<const ClientLogin *> present(std::span<const ClientLogin> logins,
                                        DraftRequest &request) const override
    {
        return presentLogin(logins, basicAuthPlugin, [&request](const ClientLogin &login) {
            return presentPassword(request, login.config.stringOr("username", ""),
                                   login.config.stringOr("password", ""));
        });
    }

private:
    // Each step returns the message of the refusal, empty when all is well.

    [[nodiscard]] static std::string_view authenticate(Exchange &exchange)
    {
        const HeaderField *field = exchange.request.headers.find(kHeader);
        if (!field) {
            exchange.note(Step::Extract, Outcome::Failed, Errc::CredentialMissing, kName, {},
                          kPlace);
            return kMissing;
        }
        exchange.note(Step::Extract, Outcome::Ok, Errc::Internal, kName, "header", kHeader,
                      static_cast<std::int64_t>(field->value.size()));
        std::string_view sent;
        if (const std::string_view defect = parse(field->value, sent); !defect.empty()) {
            exchange.note(Step::Parse, Outcome::Failed, Errc::AuthorizationFormat, kName, defect);
            return kInvalid;
        }
        const Scratch &buffers = scratch();
        const CompiledCredential *credential =
            exchange.snapshot->consumers->find(basicAuthPlugin, buffers.username);
        if (!credential) {
            exchange.note(Step::Lookup, Outcome::Failed, Errc::CredentialUnknown, kName,
                          buffers.username);
            return kRefused;
        }
        noteLogin(exchange, kName, buffers.username, *credential);
        const auto &login = static_cast<const BasicLogin &>(*credential->parts.key);
        if (!login.fits(buffers.password)) {
            // As sent it would fit: what APISIX 3.18 does to passwords makes it a wrong one.
            exchange.note(Step::Signature, Outcome::Failed, Errc::PasswordMismatch, kName,
                          "password", login.fits(sent) ? "as sent" : "");
            return kRefused;
        }
        exchange.note(Step::Signature, Outcome::Ok, Errc::Internal, kName, "password");
        attachConsumer(exchange, kName, *credential->consumer, credential);
        return {};
    }

    /// Fills the scratch buffers as APISIX 3.18 reads the header.
    /// \param sent the password as the client meant it: everything behind the first colon
    /// \return what is wrong, empty if nothing
    [[nodiscard]] static std::string_view parse(std::string_view value, std::string_view &sent)
    {
        const auto encoded = behindScheme(value);
        if (!encoded)
            return "no \"Basic\" with something behind it";
        Scratch &buffers = scratch();
        if (!decodeBase64LaxInto(*encoded, buffers.decoded))
            return "what follows \"Basic\" is not base64";
        const std::string_view text = buffers.decoded;
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos)
            return "no colon between user name and password";
        sent = text.substr(colon + 1);
        if (sent.find_first_not_of(':') == std::string_view::npos)
            return "the password is empty";
        squeeze(text.substr(0, colon), buffers.username);
        squeeze(sent.substr(0, sent.find(':')), buffers.password); // the second colon ends it
        return {};
    }

    AuthCommon m_common;
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const BasicAuth>(config);
}

Result<CredentialParts> makeCredential(const Json &config, const PluginEnv &)
{
    const Json *username = config.find("username");
    if (!username || !username->isString())
        return fail(Errc::PluginConfig, "property \"username\" is required");
    const Json *password = config.find("password");
    if (!password || !password->isString())
        return fail(Errc::PluginConfig, "property \"password\" is required");
    return CredentialParts{username->asString(),
                           std::make_shared<const BasicLogin>(password->asString())};
}

} // namespace

const PluginSpec basicAuthPlugin{
    .name = kName,
    .kind = PluginKind::Auth,
    .phases = Phase::Rewrite,
    .apisixPriority = 2520,
    .summary = "Authenticates by user name and password (RFC 7617)",
    .schema = kSchema,
    .consumerSchema = kConsumerSchema,
    .example = kExample,
    .consumerExample = kConsumerExample,
    .loginMember = "username",
    .make = make,
    .makeCredential = makeCredential,
};

} // namespace postern::gateway
