// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/consumer_auth.h"
#include "gateway/plugins/common/present_login.h"
#include "gateway/plugins/specs.h"

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "key-auth";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "header": {"type": "string", "default": "apikey"},
    "query": {"type": "string", "default": "apikey"},
    "hide_credentials": {"type": "boolean", "default": false},
    "anonymous_consumer": {"type": "string", "minLength": 1},
    "realm": {"type": "string", "default": "key", "minLength": 1, "maxLength": 128,
              "pattern": "^[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]+$"}
  }
})json";

constexpr std::string_view kConsumerSchema = R"json({
  "type": "object",
  "encrypt_fields": ["key"],
  "properties": {"key": {"type": "string"}},
  "required": ["key"]
})json";

constexpr std::string_view kExample = R"json({"header": "apikey", "hide_credentials": true})json";
constexpr std::string_view kConsumerExample = R"json({"key": "jack-api-key"})json";

constexpr std::size_t kShown = 3; ///< characters of an unknown key that a trace may show

/// Where a key was found.
struct Found
{
    std::string_view key;
    std::string_view where;
    std::string_view name;
    bool usable = true; ///< false: a repeated or valueless argument, which never matches
    Errc reason = Errc::CredentialUnknown;
};

class KeyAuth final : public Plugin
{
public:
    explicit KeyAuth(const Json &config)
        : m_common(readAuthCommon(config, kName, "apikey")),
          m_header(config.stringOr("header", "apikey")),
          m_query(config.stringOr("query", "apikey")),
          m_places("header \"" + m_header + "\", query \"" + m_query + '"')
    {
    }

    Verdict rewrite(Exchange &exchange) const override
    {
        const std::string_view refused = authenticate(exchange);
        if (refused.empty())
            return Verdict::Continue;
        const Verdict verdict = refuseLogin(exchange, m_common, refused);
        if (verdict == Verdict::Continue && m_common.hideCredentials) {
            exchange.request.headers.remove(m_header);
            removeQueryArgument(exchange, m_query);
        }
        return verdict;
    }

    Result<const ClientLogin *> present(std::span<const ClientLogin> logins,
                                        DraftRequest &request) const override
    {
        return presentLogin(logins, keyAuthPlugin, [&](const ClientLogin &login) {
            presentKey(request, m_header, m_query, login.config.stringOr("key", ""));
            return Result<void>();
        });
    }

private:
    /// \return the message of the refusal; empty when a consumer was attached
    [[nodiscard]] std::string_view authenticate(Exchange &exchange) const
    {
        const std::optional<Found> found = extract(exchange);
        if (!found) {
            exchange.note(Step::Extract, Outcome::Failed, Errc::CredentialMissing, kName, {},
                          m_places);
            return "Missing API key in request";
        }
        if (!found->usable) {
            exchange.note(Step::Extract, Outcome::Failed, found->reason, kName, found->where,
                          found->name);
            return "Invalid API key in request";
        }
        exchange.note(Step::Extract, Outcome::Ok, Errc::Internal, kName, found->where, found->name,
                      static_cast<std::int64_t>(found->key.size()));
        const CompiledCredential *credential =
            exchange.snapshot->consumers->find(keyAuthPlugin, found->key);
        if (!credential) {
            noteUnknown(exchange, found->key);
            return "Invalid API key in request";
        }
        if (m_common.hideCredentials)
            hide(exchange, *found);
        attachConsumer(exchange, kName, *credential->consumer, credential);
        return {};
    }

    [[nodiscard]] std::optional<Found> extract(Exchange &exchange) const
    {
        if (const HeaderField *field = exchange.request.headers.find(m_header))
            return Found{field->value, "header", m_header, true, {}};
        int count = 0;
        bool hasValue = false;
        const auto value = queryArgument(exchange, m_query, &count, &hasValue);
        if (!value)
            return std::nullopt;
        if (count > 1)
            return Found{{}, "query", m_query, false, Errc::CredentialRepeated};
        if (!hasValue)
            return Found{{}, "query", m_query, false, Errc::CredentialEmpty};
        return Found{*value, "query", m_query, true, {}};
    }

    void hide(Exchange &exchange, const Found &found) const
    {
        if (found.where == "header")
            exchange.request.headers.remove(m_header);
        else
            removeQueryArgument(exchange, m_query);
    }

    /// The key may be a real one with a typing error: only its start is remembered.
    static void noteUnknown(Exchange &exchange, std::string_view key)
    {
        if (!exchange.tracing)
            return;
        const Errc reason = key.empty() ? Errc::CredentialEmpty : Errc::CredentialUnknown;
        const std::string_view shown = key.substr(0, key.size() > 2 * kShown ? kShown : 0);
        exchange.note(Step::Lookup, Outcome::Failed, reason, kName, exchange.arena.join(shown, "…"),
                      {}, static_cast<std::int64_t>(key.size()));
    }

    AuthCommon m_common;
    std::string m_header, m_query;
    std::string m_places; ///< both, for the trace
};

/// The key is what the login is found by: there is nothing else to compare.
class KeyLogin final : public CredentialKey
{
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const KeyAuth>(config);
}

Result<CredentialParts> makeCredential(const Json &config, const PluginEnv &)
{
    static const KeyLogin login;
    // Owned by nobody: counting the references of 100,000 credentials would cost more than this.
    const Json *key = config.find("key");
    if (!key || !key->isString())
        return fail(Errc::PluginConfig, "property \"key\" is required");
    return CredentialParts{key->asString(), {std::shared_ptr<void>(), &login}};
}

} // namespace

const PluginSpec keyAuthPlugin{
    .name = kName,
    .kind = PluginKind::Auth,
    .phases = Phase::Rewrite,
    .apisixPriority = 2500,
    .summary = "Authenticates by an API key in a header or query argument",
    .schema = kSchema,
    .consumerSchema = kConsumerSchema,
    .example = kExample,
    .consumerExample = kConsumerExample,
    .loginMember = "key",
    .make = make,
    .makeCredential = makeCredential,
};

} // namespace postern::gateway
