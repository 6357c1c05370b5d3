// SPDX-License-Identifier: Apache-2.0
#include "core/json/pointer.h"
#include "core/secret/reference.h"
#include "gateway/lint/lint_rules.h"

#include <array>
#include <format>

// Consumers and how they log in.
namespace postern::gateway {
namespace {

/// Credentials are named in the order written: these two have no owner to show.
std::string ownerText(const LintLogin &login)
{
    return login.credential.empty()
        ? std::format("consumer {}", login.consumer)
        : std::format("credential {} of consumer {}", login.credential, login.consumer);
}

// E-02. Who is only let in as somebody's anonymous consumer needs no login.
void withoutCredential(const LintConfiguration &configuration, ConfigReport &report)
{
    std::set<std::string_view> able;
    for (const LintLogin &login : configuration.logins())
        able.insert(login.consumer);
    for (std::size_t i = 0; i < configuration.entries().size(); ++i) {
        const auto &[key, value] = configuration.entries()[i];
        if (key.kind == "consumers" && !able.contains(key.id) && !configuration.isAnonymous(key.id))
            report.add(i, {}, std::format("{} has no credential: nobody can log in as it", key.id),
                       std::format("add one with 'postern consumer credential add {}'", key.id));
    }
}

// E-29.
void inlineLogin(const LintConfiguration &configuration, ConfigReport &report)
{
    for (const LintLogin &login : configuration.logins()) {
        if (login.credential.empty())
            report.add(login.object, login.pointer,
                       std::format("{} stands on the consumer itself: it cannot be rotated or "
                                   "traced apart from it",
                                   login.plugin->name),
                       std::format("move it to a credential: PUT "
                                   "/apisix/admin/consumers/{}/credentials/<id>",
                                   login.consumer));
    }
}

/// What the login is found by, as far as it is known; two references of one text are the same.
std::optional<std::string> lookupOf(const LintConfiguration &configuration, const LintLogin &login)
{
    const Json *const value = login.config->find(login.plugin->loginMember);
    if (!value || !value->isString())
        return std::nullopt;
    if (auto known = configuration.resolved(value))
        return known;
    return value->asString();
}

void reportShared(const LintConfiguration &configuration, const LintLogin &login,
                  const LintLogin &other, std::size_t count, ConfigReport &report)
{
    const std::string_view member = login.plugin->loginMember;
    const std::string more = count > 2 ? std::format(" and {} more", count - 2) : std::string();
    ConfigFinding &finding = report.add(
        login.object, pointerTo(login.pointer, member),
        std::format("duplicate {} of plugin {}: {} has the same as {}{}", member,
                    login.plugin->name, ownerText(login), ownerText(other), more),
        "give each login a value of its own; which of the two counts depends on the order of "
        "loading, and since APISIX 3.18 the second is refused");
    finding.other = configuration.storageKey(other.object);
}

// C-28. Both owners are told, so that each can be found by the other.
void duplicateLogin(const LintConfiguration &configuration, ConfigReport &report)
{
    std::map<std::pair<const PluginSpec *, std::string>, std::vector<const LintLogin *>> byLookup;
    for (const LintLogin &login : configuration.logins()) {
        if (login.plugin->loginMember.empty())
            continue;
        if (auto lookup = lookupOf(configuration, login))
            byLookup[{login.plugin, std::move(*lookup)}].push_back(&login);
    }
    for (const LintLogin &login : configuration.logins()) {
        const auto lookup = lookupOf(configuration, login);
        if (login.plugin->loginMember.empty() || !lookup)
            continue;
        const auto &same = byLookup.at({login.plugin, *lookup});
        if (same.size() > 1)
            reportShared(configuration, login, same.front() == &login ? *same[1] : *same.front(),
                         same.size(), report);
    }
}

// J-79.
void privateKey(const LintConfiguration &configuration, ConfigReport &report)
{
    for (const LintLogin &login : configuration.logins()) {
        if (login.plugin->name == "jwt-auth" && login.config->contains("private_key"))
            report.add(login.object, pointerTo(login.pointer, "private_key"),
                       "the gateway only verifies tokens and never reads private_key; APISIX since "
                       "3.11 stores it unencrypted",
                       "remove it, and keep the private key where tokens are signed");
    }
}

// J-22: up to 3.13 each node made up a secret of its own.
void missingSecret(const LintConfiguration &configuration, ConfigReport &report)
{
    for (const LintLogin &login : configuration.logins()) {
        if (login.plugin->name == "jwt-auth" && !login.config->contains("secret")
            && login.config->stringOr("algorithm", "HS256").starts_with("HS"))
            report.add(login.object, login.pointer,
                       "there is no secret: APISIX up to 3.13 makes up another one on each node, "
                       "later ones refuse the object",
                       "set secret, from 'postern key new'");
    }
}

using enum LintLevel;
constexpr std::array kChecks{
    ConfigCheck{{"consumer-without-credential", Warning,
                 "a consumer that nobody can log in as, and that is no anonymous consumer"},
                withoutCredential},
    ConfigCheck{{"inline-login", Info, "an auth plugin on the consumer instead of a credential"},
                inlineLogin},
    ConfigCheck{{"duplicate-login", Error, "one key, user name or key id of two logins",
                 LoginMark::Duplicate},
                duplicateLogin},
    ConfigCheck{{"private-key-not-needed", Warning, "jwt-auth with a private_key"}, privateKey},
    ConfigCheck{{"missing-secret", Error, "jwt-auth with an HMAC algorithm and no secret",
                 LoginMark::Unresolved},
                missingSecret},
};

} // namespace

std::span<const ConfigCheck> loginChecks() noexcept { return kChecks; }

} // namespace postern::gateway
