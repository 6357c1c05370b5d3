// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/plugin_config.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "multi-auth";
constexpr std::string_view kChallenge = "WWW-Authenticate";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "title": "work with route or service object",
  "properties": {
    "auth_plugins": {"type": "array", "minItems": 2, "items": {"type": "object"}}
  },
  "required": ["auth_plugins"]
})json";

constexpr std::string_view kExample =
    R"json({"auth_plugins": [{"key-auth": {}}, {"basic-auth": {"hide_credentials": true}}]})json";

/// One way in.
struct Login
{
    std::string_view name;
    std::shared_ptr<const Plugin> plugin;
};

class MultiAuth final : public Plugin
{
public:
    explicit MultiAuth(std::vector<Login> logins) : m_logins(std::move(logins))
    {
        for (const Login &login : m_logins)
            m_names.append(m_names.empty() ? "" : ", ").append(login.name);
    }

    Verdict rewrite(Exchange &exchange) const override { return tryFrom(exchange, 0); }

    Result<const ClientLogin *> present(std::span<const ClientLogin> logins,
                                        DraftRequest &request) const override
    {
        Error why{Errc::CredentialMissing, m_names, {}};
        for (const Login &login : m_logins) {
            auto taken = login.plugin->present(logins, request);
            if (taken)
                return taken;
            if (taken.error().code != Errc::CredentialMissing)
                why = std::move(taken.error());
        }
        return std::unexpected(std::move(why));
    }

    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        const HeaderField *challenge = exchange.reply.headers.find(kChallenge);
        if (!challenge)
            return;
        const bool there =
            std::ranges::any_of(head.headers.fields(), [challenge](const HeaderField &field) {
                return equalsIgnoringCase(field.name, kChallenge)
                    && field.value == challenge->value;
            });
        if (!there)
            head.headers.append(kChallenge, challenge->value);
    }

private:
    Verdict tryFrom(Exchange &exchange, std::size_t at) const
    {
        // A challenge of one that refused stays on the reply, whatever the others say.
        for (; at < m_logins.size(); ++at) {
            const Verdict verdict = m_logins[at].plugin->rewrite(exchange);
            if (verdict != Verdict::Respond)
                return passOn(exchange, verdict, at);
        }
        exchange.note(Step::Plugin, Outcome::Failed, Errc::LoginsExhausted, kName, m_names);
        replyWithMessage(exchange, 401, "Authorization Failed");
        return Verdict::Respond;
    }

    /// A login that waits for something goes on by itself, and the others after it.
    Verdict passOn(Exchange &exchange, Verdict verdict, std::size_t at) const
    {
        if (verdict == Verdict::Continue)
            return verdict;
        exchange.wait.then = [this, at,
                              then = std::move(exchange.wait.then)](Exchange &resumed) mutable {
            const Verdict later = then ? then(resumed) : m_logins[at].plugin->rewrite(resumed);
            return later == Verdict::Respond ? tryFrom(resumed, at + 1)
                                             : passOn(resumed, later, at);
        };
        return verdict;
    }

    std::vector<Login> m_logins;
    std::string m_names; ///< for the trace
};

/// Calls `visit(name, config)` for every entry, in order, until one fails.
template <class Visit> Result<void> forEachLogin(Json &config, const Visit &visit)
{
    Json *entries = config.find("auth_plugins");
    if (!entries || !entries->isArray())
        return {};
    for (Json &entry : entries->items()) {
        if (!entry.isObject())
            continue;
        for (auto &[name, login] : entry.members()) {
            if (Result<void> done = visit(name, login); !done)
                return done;
        }
    }
    return {};
}

Result<void> checkLogin(const std::string &name, Json &config)
{
    const PluginSpec *spec = findPlugin(name);
    if (!spec)
        return fail(Errc::PluginConfig, name + " plugin did not found");
    if (spec->kind != PluginKind::Auth)
        return fail(Errc::PluginConfig, name + " plugin is not supported");
    if (const Result<void> sound = checkPluginSide(*spec, config, false); !sound)
        return fail(Errc::PluginConfig,
                    "plugin " + name + " check schema failed: " + sound.error().detail);
    return {};
}

Result<void> complete(Json &config) { return forEachLogin(config, checkLogin); }

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    std::vector<Login> logins;
    Json entries = config;
    const Result<void> done =
        forEachLogin(entries, [&](const std::string &name, Json &login) -> Result<void> {
            const PluginSpec *spec = findPlugin(name);
            if (!spec || spec->kind != PluginKind::Auth)
                return fail(Errc::PluginConfig, name + " plugin is not supported");
            login.erase("_meta"); // belongs to plugins of a route, and this one is none
            auto compiled = compilePlugin(name, std::move(login), env);
            if (!compiled)
                return std::unexpected(std::move(compiled.error()));
            logins.push_back({spec->name, std::move(compiled->plugin)});
            return {};
        });
    if (!done)
        return std::unexpected(done.error());
    return std::make_shared<const MultiAuth>(std::move(logins));
}

} // namespace

const PluginSpec multiAuthPlugin{
    .name = kName,
    .kind = PluginKind::Auth,
    .phases = Phase::Rewrite | Phase::HeaderFilter,
    .apisixPriority = 2600,
    .summary = "Authenticates by the first of several authentication plugins that accepts",
    .schema = kSchema,
    .example = kExample,
    .make = make,
    .complete = complete,
};

} // namespace postern::gateway
