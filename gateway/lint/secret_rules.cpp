// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"
#include "core/jose/jwt.h"
#include "core/jose/key_lint.h"
#include "core/jose/secret_strength.h"
#include "core/json/pointer.h"
#include "gateway/lint/lint_rules.h"
#include "gateway/plugins/common/jwt_login.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>

// Secrets, keys, and the references that stand for them. No text here repeats a value.
namespace postern::gateway {
namespace {

constexpr std::size_t kHmacSha256Octets = 32; // RFC 2104 3: not shorter than the hash
constexpr std::size_t kLeastPassword = 8; // NIST SP 800-63B 3.1.1

std::size_t leastOfJwt(const Json &config)
{
    const AlgInfo *const alg = findAlg(config.stringOr("algorithm", "HS256"));
    return alg && alg->keyType == KeyType::Oct ? alg->minKeyBytes : 0;
}
std::size_t leastOfHmac(const Json &) { return kHmacSha256Octets; }
std::size_t leastOfPassword(const Json &) { return kLeastPassword; }

/// The secret that a login is proved by.
struct SecretMember
{
    std::string_view plugin, member;
    /// Octets; 0: this configuration needs no such secret. nullptr: any length, if nobody guesses
    /// it.
    std::size_t (*least)(const Json &config);
    std::string_view source; ///< who demands that
};
constexpr std::array kSecrets{
    SecretMember{"jwt-auth", "secret", leastOfJwt, "RFC 7518 3.2"},
    SecretMember{"hmac-auth", "secret_key", leastOfHmac, "RFC 2104 3, with hmac-sha256"},
    SecretMember{"basic-auth", "password", leastOfPassword, "NIST SP 800-63B"},
    SecretMember{"key-auth", "key", nullptr, {}},
};

struct FoundSecret
{
    const LintLogin &login;
    const SecretMember &member;
    std::string value; ///< as it is used: references and base64 are resolved
    bool sample; ///< well known

    [[nodiscard]] std::string pointer() const { return pointerTo(login.pointer, member.member); }
};

bool isSample(std::string_view text)
{
    return std::ranges::find(sampleSecrets(), text) != sampleSecrets().end();
}

/// Calls for every secret of a login whose value is known.
template <class Function>
void forEachSecret(const LintConfiguration &configuration, Function function)
{
    for (const LintLogin &login : configuration.logins()) {
        const auto *const member =
            std::ranges::find(kSecrets, login.plugin->name, &SecretMember::plugin);
        if (member == kSecrets.end() || (member->least && member->least(*login.config) == 0))
            continue;
        auto text = configuration.resolved(login.config->find(member->member));
        if (!text)
            continue;
        bool sample = isSample(*text);
        const Json *const base64 = login.config->find("base64_secret");
        if (base64 && base64->asBool()) {
            std::string octets;
            if (!decodeBase64LaxInto(*text, octets))
                continue; // unusable-key
            sample = sample || isSample(octets);
            text->swap(octets);
            wipe(octets);
        }
        function(FoundSecret{login, *member, *text, sample});
        wipe(*text);
    }
}

void sampleSecret(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachSecret(configuration, [&report](const FoundSecret &found) {
        if (found.sample)
            report.add(found.login.object, found.pointer(),
                       std::format("{} of {} is a well-known sample: anybody can log in with it",
                                   found.member.member, nameOf(found.login)),
                       "take a new one from 'postern key new'");
    });
}

void weakSecret(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachSecret(configuration, [&report](const FoundSecret &found) {
        const std::size_t least = found.member.least ? found.member.least(*found.login.config) : 0;
        const std::size_t size = found.value.size();
        std::string text;
        if (found.sample)
            return;
        if (size < least)
            text = std::format("{} of {} has {} bytes; at least {} are demanded ({})",
                               found.member.member, nameOf(found.login), size, least,
                               found.member.source);
        else if (isCharacterSequence(found.value))
            text = std::format("{} of {} is one character repeated or a sequence",
                               found.member.member, nameOf(found.login));
        else
            return;
        report.add(found.login.object, found.pointer(), std::move(text),
                   "take a longer one, as from 'postern key new'");
    });
}

// Passwords are for people: their length has to do.
void guessableSecret(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachSecret(configuration, [&report](const FoundSecret &found) {
        const std::size_t least = found.member.least ? found.member.least(*found.login.config) : 0;
        if (found.sample || found.value.size() < least || found.member.plugin == "basic-auth"
            || isCharacterSequence(found.value) || !isPrintableText(found.value))
            return;
        const double bits = estimatedBits(found.value);
        if (bits < kGuessableBits)
            report.add(found.login.object, found.pointer(),
                       std::format("{} of {} is text of at most {:.0f} bits of entropy",
                                   found.member.member, nameOf(found.login), bits),
                       "take one from 'postern key new'");
    });
}

/// A copy of the login's configuration as the gateway uses it.
std::optional<Json> resolvedConfig(const LintConfiguration &configuration, const LintLogin &login)
{
    Json config = *login.config;
    for (const std::string_view member : {"secret", "public_key"}) {
        const Json *const value = config.find(member);
        if (!value)
            continue;
        auto known = configuration.resolved(value);
        if (!known)
            return std::nullopt;
        config.set(member, std::move(*known));
    }
    return config;
}

/// Calls for every jwt-auth login whose key is known.
template <class Function> void forEachKey(const LintConfiguration &configuration, Function function)
{
    for (const LintLogin &login : configuration.logins()) {
        if (login.plugin->name != "jwt-auth")
            continue;
        const AlgInfo *const alg = findAlg(login.config->stringOr("algorithm", "HS256"));
        const std::string_view member =
            alg && alg->keyType == KeyType::Oct ? "secret" : "public_key";
        if (!alg || !login.config->contains(member))
            continue;
        if (const auto config = resolvedConfig(configuration, login))
            function(login, *alg, pointerTo(login.pointer, member),
                     JwtLogin::readKey(*alg, *config));
    }
}

void unusableKey(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachKey(configuration,
               [&report](const LintLogin &login, const AlgInfo &alg, std::string pointer,
                         const Result<Key> &key) {
                   if (key || key.error().code == Errc::KeyEmpty)
                       return;
                   // Of a secret not even where it is wrong is said.
                   const bool secret = alg.keyType == KeyType::Oct;
                   report.add(login.object, std::move(pointer),
                              secret
                                  ? std::format("secret of {} is not base64, and base64_secret is "
                                                "set: every token is refused",
                                                nameOf(login))
                                  : std::format("{} cannot verify with this key: {}; every token "
                                                "is refused",
                                                alg.name, describe(key.error())),
                              secret ? "encode the secret, or take base64_secret away"
                                     : "'postern key show' tells what the key is");
               });
}

void weakKey(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachKey(configuration,
               [&report](const LintLogin &login, const AlgInfo &alg, const std::string &pointer,
                         const Result<Key> &key) {
                   if (!key || alg.keyType == KeyType::Oct)
                       return;
                   for (const LintFinding &finding : lintKey(*key)) {
                       if (finding.level != LintLevel::Info)
                           report.add(login.object, pointer, finding.text,
                                      "make a new key pair with 'postern key new'");
                   }
               });
}

/// Calls `function(object, text, pointer)` for every string where references are looked for.
template <class Function>
void forEachText(const Json &value, const std::string &pointer, Function function)
{
    if (value.isString())
        return function(value.asString(), pointer);
    for (std::size_t i = 0; value.isArray() && i < value.items().size(); ++i)
        forEachText(value.items()[i], std::format("{}/{}", pointer, i), function);
    if (value.isObject()) {
        for (const auto &[name, member] : value.members())
            forEachText(member, pointerTo(pointer, name), function);
    }
}

template <class Function>
void forEachText(const LintConfiguration &configuration, Function function)
{
    for (std::size_t i = 0; i < configuration.entries().size(); ++i) {
        const auto &[key, value] = configuration.entries()[i];
        const bool whole = key.kind == "ssls" || key.kind == "secrets";
        const Json *const from = whole ? value : value->find("plugins");
        if (from)
            forEachText(*from, whole ? "" : "/plugins",
                        [&](const std::string &text, const std::string &pointer) {
                            function(i, text, pointer);
                        });
    }
}

void unsetVariable(const LintConfiguration &configuration, ConfigReport &report)
{
    const SecretResolver *const secrets = configuration.options().secrets;
    if (!secrets)
        return;
    forEachText(configuration,
                [&](std::size_t object, const std::string &text, const std::string &pointer) {
                    const auto reference = parseSecretReference(text);
                    if (!reference || reference->kind != SecretReference::Kind::Environment)
                        return;
                    if (const auto value = secrets->resolve(text); !value)
                        report.add(
                            object, pointer,
                            std::format("{} does not resolve here: {}", text,
                                        describe({value.error().code, value.error().detail, {}})),
                            std::format("set {} where the gateway is started; it is read "
                                        "once, at the start",
                                        reference->name));
                });
}

void unresolvedSecret(const LintConfiguration &configuration, ConfigReport &report)
{
    forEachText(
        configuration,
        [&](std::size_t object, const std::string &text, const std::string &pointer) {
            const auto reference = parseSecretReference(text);
            if (!reference || reference->kind != SecretReference::Kind::Manager)
                return;
            const auto managed = parseManagedSecret(text);
            if (!managed)
                report.add(object, pointer, std::format("{}: {}", text, managed.error().detail),
                           "write $secret://vault/<id>/<path>/<member>");
            else if (managed->manager != "vault")
                report.add(object, pointer,
                           std::format("{}: Postern asks no {} manager, so this stays unresolved",
                                       text, managed->manager),
                           "keep the secret in a vault, or in a variable");
            else if (!configuration.find({"secrets", managed->manager, managed->id}))
                report.add(
                    object, pointer,
                    std::format("{} names the secret manager {}/{}, which is not configured", text,
                                managed->manager, managed->id),
                    std::format("PUT /apisix/admin/secrets/{}/{}", managed->manager, managed->id));
        });
}

/// "$ENV//X", "$Secret://...": what was meant as a reference and is taken literally.
void misspeltReference(const LintConfiguration &configuration, ConfigReport &report)
{
    const auto startsAs = [](std::string_view text, std::string_view word) {
        return text.size() > word.size()
            && std::ranges::equal(text.substr(0, word.size()), word, {}, [](char c) {
                   return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
               });
    };
    forEachText(
        configuration,
        [&](std::size_t object, const std::string &text, const std::string &pointer) {
            if (isSecretReference(text))
                return;
            for (const std::string_view word : {"$secret:", "$env:", "$secret/", "$env/"}) {
                if (startsAs(text, word))
                    // What follows may be a secret after all.
                    report.add(
                        object, pointer,
                        std::format("the text begins with {} and is no reference: it is used "
                                    "as it stands",
                                    text.substr(0, word.size())),
                        "write $env://NAME or $secret://vault/<id>/<path>/<member>; $secret is "
                        "in lower case");
            }
        });
}

using enum LintLevel;
constexpr std::array kChecks{
    ConfigCheck{{"sample-secret", Warning, "a secret, key or password of a manual or a debugger",
                 LoginMark::Weak},
                sampleSecret},
    ConfigCheck{{"weak-secret", Warning,
                 "a secret shorter than its algorithm demands, a short password, a sequence",
                 LoginMark::Weak},
                weakSecret},
    ConfigCheck{{"guessable-secret", Warning, "a printable secret or API key of less than 80 bits",
                 LoginMark::Weak},
                guessableSecret},
    ConfigCheck{{"unusable-key", Error, "a key that cannot verify the credential's algorithm",
                 LoginMark::Unresolved},
                unusableKey},
    ConfigCheck{
        {"weak-key", Warning, "a public key that is too short, flawed or private", LoginMark::Weak},
        weakKey},
    ConfigCheck{{"unset-variable", Warning, "$env:// names a variable that is not set",
                 LoginMark::Unresolved},
                unsetVariable},
    ConfigCheck{{"unresolved-secret", Error, "$secret:// names no configured secret manager",
                 LoginMark::Unresolved},
                unresolvedSecret},
    ConfigCheck{{"misspelt-reference", Warning,
                 "a text that looks like a reference and is used as it stands",
                 LoginMark::Unresolved},
                misspeltReference},
};

} // namespace

std::span<const ConfigCheck> secretChecks() noexcept { return kChecks; }

} // namespace postern::gateway
