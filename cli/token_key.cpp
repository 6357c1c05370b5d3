// SPDX-License-Identifier: Apache-2.0
#include "cli/token_key.h"

#include "cli/times.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <ranges>

namespace postern::cli {
namespace {

std::string kidOf(std::string_view token)
{
    const Result<DecodedJws> decoded = decodeJws(token);
    return decoded ? decoded->kid : std::string();
}

} // namespace

void addTokenKeyOptions(CLI::App &app, TokenKeyOptions &options)
{
    const std::size_t before = app.get_options({}).size();
    app.add_option("--secret", options.secret,
                   "HMAC secret: text, @file, env:NAME, b64:, b64u:, hex:, text:, -");
    app.add_option(
        "--key", options.key,
        "key: PEM, DER, JWK or JWKS file, http(s) URL, env:NAME, -, consumer:NAME, cred:ID");
    app.add_option("--jwks", options.jwks,
                   "key set: a file, or an http(s) URL that is fetched; the key is chosen by kid");
    app.add_option("--kid", options.kid, "the key's id");
    app.add_option("--consumer", options.consumer, "use this consumer's jwt-auth credential");
    app.add_option("--credential", options.credential, "the credential's id, if it has several");
    addObjectSourceOptions(app, options.source);
    app.add_option("--passphrase", options.passphrase, "of an encrypted key; forms of --secret");
    for (CLI::Option *option : app.get_options({}) | std::views::drop(before))
        option->group("Key options");
}

namespace {

/// The same; with `now`, also the time of the gateway it was found in.
Result<std::optional<JwtCredential>> lookUp(const TokenKeyOptions &options, Timestamp *now)
{
    std::string consumer = options.consumer;
    std::string credential = options.credential;
    if (options.key.starts_with("consumer:"))
        consumer = options.key.substr(std::string_view("consumer:").size());
    if (options.key.starts_with("cred:"))
        credential = options.key.substr(std::string_view("cred:").size());
    if (consumer.empty() && credential.empty())
        return std::nullopt;
    const auto admin = openAdmin(options.source);
    if (!admin)
        return std::unexpected(admin.error());
    Result<JwtCredential> found = findJwtCredential(**admin, consumer, credential);
    if (!found)
        return std::unexpected(found.error());
    if (now != nullptr) {
        const Result<Timestamp> time = (*admin)->now();
        if (!time)
            return std::unexpected(time.error());
        *now = *time;
    }
    return std::optional(std::move(*found));
}

} // namespace

Result<std::optional<JwtCredential>> tokenCredential(const TokenKeyOptions &options)
{
    return lookUp(options, nullptr);
}

Result<CredentialAtTime> credentialAtTime(const TokenKeyOptions &options, std::string_view clock)
{
    const Result<Timestamp> now = timeOf(clock);
    if (!now)
        return std::unexpected(now.error());
    CredentialAtTime out{.credential = {}, .now = *now};
    auto credential = lookUp(options, clock.empty() ? &out.now : nullptr);
    if (!credential)
        return std::unexpected(credential.error());
    out.credential = std::move(*credential);
    return out;
}

namespace {

Result<void> exactlyOneSource(const TokenKeyOptions &options)
{
    const std::array given{!options.secret.empty(), !options.key.empty(), !options.jwks.empty()};
    if (std::ranges::count(given, true) != 1)
        return fail(Errc::Usage, "name the key with one of --secret, --key, --jwks, --consumer");
    return {};
}

Result<Key> secretKey(ArgumentReader &reader, const TokenKeyOptions &options)
{
    Result<Key> key = reader.secret(options.secret).and_then(&Key::fromSecret);
    if (!key && key.error().where.empty())
        key.error().where = "--secret";
    return key;
}

Result<KeyChoice> choiceOf(ArgumentReader &reader, const TokenKeyOptions &options)
{
    KeyChoice choice{options.kid, {}};
    if (options.passphrase.empty())
        return choice;
    const Result<Secret> passphrase = reader.secret(options.passphrase);
    if (!passphrase)
        return std::unexpected(passphrase.error());
    choice.passphrase = std::string(passphrase->view());
    return choice;
}

} // namespace

Result<Key> tokenKey(ArgumentReader &reader, const TokenKeyOptions &options, std::string_view token)
{
    if (const Result<void> one = exactlyOneSource(options); !one)
        return std::unexpected(one.error());
    if (!options.secret.empty())
        return secretKey(reader, options);
    Result<KeyChoice> choice = choiceOf(reader, options);
    if (!choice)
        return std::unexpected(choice.error());
    if (!options.key.empty())
        return reader.key(options.key, *choice);
    if (choice->kid.empty())
        choice->kid = kidOf(token);
    return reader.key(options.jwks, *choice);
}

Result<TrustedKeys> trustedKeys(ArgumentReader &reader, const TokenKeyOptions &options)
{
    if (const Result<void> one = exactlyOneSource(options); !one)
        return std::unexpected(one.error());
    if (!options.secret.empty())
        return secretKey(reader, options).transform([](Key &&key) {
            return TrustedKeys{.keys = {std::move(key)}};
        });
    const Result<KeyChoice> choice = choiceOf(reader, options);
    if (!choice)
        return std::unexpected(choice.error());
    return reader.keys(options.key.empty() ? options.jwks : options.key, *choice);
}

Json parsePayload(const DecodedJws &token) { return parseJson(token.payloadText).value_or(Json()); }

} // namespace postern::cli
