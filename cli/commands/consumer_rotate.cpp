// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_access.h"
#include "cli/admin_objects.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/reveal.h"
#include "cli/times.h"
#include "core/bytes/encoding.h"
#include "core/crypto/random.h"
#include "core/secret/reference.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"a new key; the old one goes on for a day",
            "postern consumer rotate jack/cred-jack-key-auth", Needs::Gateway},
    Example{"a new secret that is shown, the old one goes on for an hour",
            "postern consumer rotate jack/cred-jack-jwt-auth --overlap 1h --reveal",
            Needs::Gateway},
    Example{"at once: the old one ends here",
            "openssl rand -base64 32 | postern consumer rotate jack/cred-jack-jwt-auth --overlap 0 "
            "--secret -",
            Needs::Gateway},
};

/// How a kind of login is made anew. Two logins of one name cannot be there at the same time, so
/// the new one gets a name of its own where the name is not the secret itself.
struct Kind
{
    std::string_view plugin, secret, name;
};
constexpr std::array kKinds{Kind{"key-auth", "key", {}}, Kind{"basic-auth", "password", "username"},
                            Kind{"hmac-auth", "secret_key", "key_id"},
                            Kind{"jwt-auth", "secret", "key"}};

constexpr std::size_t kSecretOctets = 48; ///< enough for HS384; HS512 takes more
constexpr std::size_t kLongSecretOctets = 64;

struct Options
{
    ObjectSource source;
    std::string which, id, overlap = "24h", secret, publicKey;
    bool reveal = false;
    // taken apart
    std::string consumer, old;
    std::int64_t seconds = 0;
};

std::string pathOf(const Options &options, std::string_view id)
{
    return std::format("/consumers/{}/credentials/{}", encodePercent(options.consumer),
                       encodePercent(id));
}

/// "cred", "cred-2", "cred-3".
std::string successorOf(std::string_view name)
{
    const std::size_t dash = name.rfind('-');
    unsigned number = 1;
    if (dash != std::string_view::npos && dash + 1 < name.size()) {
        const std::string_view digits = name.substr(dash + 1);
        unsigned value = 0;
        const auto [end, fault] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (fault == std::errc() && end == digits.data() + digits.size() && digits.size() < 6) {
            number = value;
            name = name.substr(0, dash);
        }
    }
    return std::format("{}-{}", name, number + 1);
}

Result<std::string> newSecret(const Console &console, const Options &options, const Json &config)
{
    if (!options.secret.empty()) {
        ArgumentReader reader(console);
        const Result<Secret> secret = reader.secret(options.secret);
        if (!secret)
            return std::unexpected(secret.error());
        return std::string(secret->view());
    }
    const bool longer = config.stringOr("algorithm", "") == "HS512";
    const Result<Secret> octets = randomOctets(longer ? kLongSecretOctets : kSecretOctets);
    if (!octets)
        return std::unexpected(octets.error());
    // also where base64_secret is set, which takes standard base64 only
    return encodeBase64(octets->view());
}

/// Puts the new secret or public key into the configuration.
Result<void> renew(const Console &console, const Options &options, const Kind &kind, Json &config)
{
    const bool asymmetric =
        kind.plugin == "jwt-auth" && !config.stringOr("algorithm", "HS256").starts_with("HS");
    if (asymmetric) {
        if (options.publicKey.empty())
            return fail(Errc::Usage, "this credential holds a public key; give the new one",
                        "--public-key");
        const Result<Key> key = ArgumentReader(console).key(options.publicKey);
        const Result<std::string> pem = key ? key->toPem(false) : std::unexpected(key.error());
        if (!pem)
            return std::unexpected(pem.error());
        config.set("public_key", *pem);
        config.erase("private_key");
        return {};
    }
    if (isSecretReference(config.stringOr(kind.secret, "")) && options.secret.empty())
        return fail(Errc::Unsupported,
                    "the secret is kept elsewhere; change it there, or give a new reference with "
                    "--secret",
                    options.old);
    const Result<std::string> secret = newSecret(console, options, config);
    if (!secret)
        return std::unexpected(secret.error());
    config.set(kind.secret, *secret);
    return {};
}

Result<const Kind *> kindOf(const Json &credential, const std::string &id)
{
    const Json *const plugins = credential.find("plugins");
    for (const Kind &kind : kKinds) {
        if (plugins && plugins->contains(kind.plugin))
            return &kind;
    }
    return fail(Errc::Unsupported, "this kind of credential is not known here", id);
}

int report(const Console &console, const Options &options, const Kind &kind, const Json &config,
           const std::string &ends)
{
    const std::string &id = options.id;
    const std::string_view name = kind.name.empty() ? "" : config.stringOr(kind.name, "");
    if (console.json()) {
        Json document = Json::object({{"version", 1},
                                      {"username", options.consumer},
                                      {"id", id},
                                      {"replaces", options.old},
                                      {"ends", ends.empty() ? Json() : Json(ends)}});
        if (!name.empty())
            document.set(kind.name, name);
        if (options.reveal && options.publicKey.empty())
            document.set(kind.secret, config.stringOr(kind.secret, ""));
        console.document(document);
        return kYes;
    }
    console.line(ends.empty() ? std::format("{} of {} has a new secret; the old one is gone", id,
                                            options.consumer)
                              : std::format("added {} of {}; {} goes on until {}", id,
                                            options.consumer, options.old, ends));
    if (!name.empty())
        console.line(std::format("{}: {}", kind.name, printable(name)));
    if (options.reveal && options.publicKey.empty())
        console.line(
            std::format("{}: {}", kind.secret, printable(config.stringOr(kind.secret, ""))));
    else if (options.secret.empty() && options.publicKey.empty())
        console.note(
            std::format("'postern consumer credential get {} {} --reveal' shows the secret",
                        options.consumer, id));
    return kYes;
}

Result<void> takeApart(Options &options)
{
    const std::size_t slash = options.which.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == options.which.size())
        return fail(Errc::Usage, "write CONSUMER/CREDENTIAL", options.which);
    options.consumer = options.which.substr(0, slash);
    options.old = options.which.substr(slash + 1);
    const Result<std::int64_t> seconds = secondsOf(options.overlap, "--overlap");
    if (!seconds)
        return std::unexpected(seconds.error());
    if (*seconds < 0)
        return fail(Errc::InvalidArgument, "not before now", "--overlap");
    options.seconds = *seconds;
    return {};
}

Result<int> rotate(const Console &console, AdminAccess &admin, Options &options)
{
    if (const auto read = takeApart(options); !read)
        return std::unexpected(read.error());
    const Result<Json> old = getObject(admin, pathOf(options, options.old));
    if (!old)
        return std::unexpected(old.error());
    const Result<const Kind *> kind = kindOf(*old, options.old);
    if (!kind)
        return std::unexpected(kind.error());
    Json fresh = *old;
    Json &config = *fresh.find("plugins")->find((*kind)->plugin);
    if (const auto renewed = renew(console, options, **kind, config); !renewed)
        return std::unexpected(renewed.error());
    if (options.seconds == 0) {
        options.id = options.old;
        if (const auto put = putObject(admin, pathOf(options, options.id), fresh); !put)
            return std::unexpected(put.error());
        return report(console, options, **kind, config, {});
    }
    if (options.id.empty())
        options.id = successorOf(options.old);
    if (admin.request("GET", pathOf(options, options.id)))
        return fail(Errc::Conflict, "such a credential is there already; name another with --id",
                    options.id);
    if (!(*kind)->name.empty())
        config.set((*kind)->name, successorOf(config.stringOr((*kind)->name, "")));
    fresh.erase("id");
    if (const auto put = putObject(admin, pathOf(options, options.id), fresh); !put)
        return std::unexpected(put.error());
    // From here on both are good. Should this be the end, the old one simply stays.
    const std::string lease =
        std::format("{}?ttl={}", pathOf(options, options.old), options.seconds);
    if (const auto leased = putObject(admin, lease, *old); !leased)
        return fail(leased.error().code,
                    std::format("{} was added, but {} has no end: {}; remove it with 'postern "
                                "consumer credential rm'",
                                options.id, options.old, leased.error().detail),
                    leased.error().where);
    const Result<Timestamp> now = admin.now();
    return report(console, options, **kind, config,
                  formatTime(now.value_or(Clock().now()) + std::chrono::seconds(options.seconds)));
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("which", options->which, "CONSUMER/CREDENTIAL")->required();
    app.add_option("--overlap", options->overlap,
                   "how long the old one goes on; 0: it is replaced at once")
        ->capture_default_str();
    app.add_option("--id", options->id, "id of the new credential; the old one with -2, -3, …");
    app.add_option("--secret", options->secret, "the new secret; a random one if left out");
    app.add_option("--public-key", options->publicKey, "the new public key, where it has one");
    addObjectSourceOptions(app, options->source);
    addReveal(app, options->reveal);
    return withAdmin(options, rotate);
}

} // namespace

const Command consumerRotateCommand{
    "consumer rotate", "replace a credential, with an overlap", kExamples, define,
    "Adds a credential with a new secret and gives the old one a lease (the Admin API's ?ttl=): "
    "the gateway removes it when the overlap is over, also after a restart; nothing waits for "
    "this command. Should it be interrupted between the two, both stay, and nothing is lost.\n\n"
    "Logins are found by their name, so the new one has another: key_id, username and the value "
    "of jwt-auth's key claim end with -2, -3, … With --overlap 0 name and id stay, and the old "
    "secret ends at once. With --store the lease is kept by the next gateway that opens the "
    "store."};

} // namespace postern::cli
