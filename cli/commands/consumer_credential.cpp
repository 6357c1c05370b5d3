// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_access.h"
#include "cli/admin_objects.h"
#include "cli/arguments.h"
#include "cli/claims.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/reveal.h"
#include "core/bytes/encoding.h"
#include "core/model/secret_members.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kListExamples{
    Example{"the credentials of a consumer", "postern consumer credential list jack",
            Needs::Gateway},
    Example{"of a configuration file, as JSON, secrets masked",
            "postern consumer credential list jack -o json --config gateway.yaml"},
    Example{"with their secrets",
            "postern consumer credential list jack -o json --reveal --config gateway.yaml | grep "
            "jack-hs256-secret"},
};
constexpr std::array kGetExamples{
    Example{"one credential, secrets masked",
            "postern consumer credential get jack cred-jack-jwt-auth", Needs::Gateway},
    Example{"of a configuration file",
            "postern consumer credential get jack cred-jack-key-auth --config gateway.yaml"},
    Example{"with its secret",
            "postern consumer credential get jack cred-jack-key-auth --reveal --config "
            "gateway.yaml"},
};
constexpr std::array kAddExamples{
    Example{"a jwt-auth credential whose secret comes from a file",
            "echo alices-hs256-secret > alice.key && postern consumer credential add alice "
            "--plugin jwt-auth --set key=alice-key --secret @alice.key",
            Needs::Gateway},
    Example{"from the environment",
            "SECRET=alices-hs256-secret postern consumer credential add alice --plugin jwt-auth "
            "--set key=alice-key --secret env:SECRET",
            Needs::Gateway},
    Example{"a user name and password for basic-auth",
            "echo open-sesame | postern consumer credential add alice --plugin basic-auth --set "
            "username=alice --secret -",
            Needs::Gateway},
    Example{"a key of key-auth, with an id, in a store",
            "postern consumer add bob --store sqlite:postern.db && echo bobs-key | postern "
            "consumer credential add bob build-key --plugin key-auth --secret - --store "
            "sqlite:postern.db"},
};
constexpr std::array kSetExamples{
    Example{"another key", "postern consumer credential set jack cred-jack-key-auth --set key=k2",
            Needs::Gateway},
    Example{"another secret, from a pipe",
            "openssl rand -base64 32 | postern consumer credential set jack cred-jack-jwt-auth "
            "--secret -",
            Needs::Gateway},
    Example{"a secret that is kept as base64",
            "postern consumer credential set jack cred-jack-jwt-auth --set base64_secret:=true "
            "--set secret=amFjay1oczI1Ni1zZWNyZXQ=",
            Needs::Gateway},
};
constexpr std::array kRemoveExamples{
    Example{"remove a credential", "postern consumer credential rm jack cred-jack-key-auth",
            Needs::Gateway},
    Example{"and say nothing", "postern consumer credential rm jack cred-jack-key-auth -q",
            Needs::Gateway},
    Example{"in a store",
            "postern consumer add bob --store sqlite:postern.db && echo k1 | postern consumer "
            "credential add bob --plugin key-auth --secret - --store sqlite:postern.db && postern "
            "consumer credential rm bob cred-bob-key-auth --store sqlite:postern.db"},
};

struct Options
{
    ObjectSource source;
    std::string consumer, id, plugin, secret, publicKey;
    std::vector<std::string> members;
    bool reveal = false;
};

std::string pathOf(const Options &options)
{
    const std::string path = "/consumers/" + encodePercent(options.consumer) + "/credentials";
    return options.id.empty() ? path : path + '/' + encodePercent(options.id);
}

std::string pluginNames(const Json &credential)
{
    std::string names;
    if (const Json *const plugins = credential.find("plugins")) {
        for (const auto &[name, config] : plugins->members())
            names += (names.empty() ? "" : ", ") + name;
    }
    return names;
}

Result<int> list(const Console &console, AdminAccess &admin, Options &options)
{
    Result<Json> answer = admin.request("GET", pathOf(options));
    if (!answer && answer.error().code == Errc::NotFound) {
        // So the API says that there are none; or that there is no such consumer.
        answer = admin.request("GET", "/consumers/" + encodePercent(options.consumer));
        if (answer)
            answer = Json::object();
    }
    if (!answer)
        return std::unexpected(answer.error());
    Json credentials = objectsOf(std::move(*answer), options.reveal);
    if (console.json()) {
        console.document(Json::object({{"version", 1}, {"credentials", std::move(credentials)}}));
        return kYes;
    }
    for (const Json &credential : credentials.items())
        console.line(std::format("{:<28} {}", printable(credential.stringOr("id", "?")),
                                 printable(pluginNames(credential))));
    return kYes;
}

Result<int> get(const Console &console, AdminAccess &admin, Options &options)
{
    return showObject(console, admin, pathOf(options), options.reveal);
}

// Where a plugin keeps its secret: "key" of key-auth, "password" of basic-auth.
std::string_view secretMemberOf(std::string_view plugin)
{
    const auto members = secretMembers(plugin);
    return members.empty() ? "secret" : members.front();
}

// Writes the options into one plugin's configuration.
Result<void> configure(const Console &console, Json &config, const Options &options)
{
    for (const std::string &member : options.members) {
        if (const auto set = assignClaim(config, member, {}); !set)
            return set;
    }
    ArgumentReader reader(console);
    if (!options.secret.empty()) {
        const Result<Secret> secret = reader.secret(options.secret);
        if (!secret)
            return std::unexpected(secret.error());
        config.set(secretMemberOf(options.plugin), std::string(secret->view()));
    }
    if (!options.publicKey.empty()) {
        const Result<Key> key = reader.key(options.publicKey);
        const Result<std::string> pem = key ? key->toPem(false) : std::unexpected(key.error());
        if (!pem)
            return std::unexpected(pem.error());
        config.set("public_key", *pem);
    }
    return {};
}

ObjectNames namesOf(const Options &options)
{
    return {{"username", options.consumer}, {"id", options.id}};
}

Result<int> add(const Console &console, AdminAccess &admin, Options &options)
{
    if (options.id.empty())
        options.id = std::format("cred-{}-{}", options.consumer, options.plugin);
    if (admin.request("GET", pathOf(options)))
        return fail(Errc::Conflict,
                    "the credential exists already; 'postern consumer credential set' changes it",
                    options.id);
    Json config = Json::object();
    if (const auto done = configure(console, config, options); !done)
        return std::unexpected(done.error());
    const Json body =
        Json::object({{"plugins", Json::object({{options.plugin, std::move(config)}})}});
    if (const auto answer = admin.request("PUT", pathOf(options), body); !answer)
        return std::unexpected(answer.error());
    return reportDone(console, "added", namesOf(options));
}

Result<int> set(const Console &console, AdminAccess &admin, Options &options)
{
    Result<Json> credential = getObject(admin, pathOf(options));
    if (!credential)
        return std::unexpected(credential.error());
    Json *const plugins = credential->find("plugins");
    if (plugins == nullptr || plugins->size() == 0)
        return fail(Errc::NotFound, "the credential has no plugin", options.id);
    if (options.plugin.empty())
        options.plugin = plugins->members().front().first;
    Json *const config = plugins->find(options.plugin);
    if (config == nullptr)
        return fail(Errc::NotFound, "the credential is of another kind", options.plugin);
    if (const auto done = configure(console, *config, options); !done)
        return std::unexpected(done.error());
    if (const auto written = putObject(admin, pathOf(options), std::move(*credential)); !written)
        return std::unexpected(written.error());
    return reportDone(console, "changed", namesOf(options));
}

Result<int> removeCredential(const Console &console, AdminAccess &admin, Options &options)
{
    if (const auto answer = admin.request("DELETE", pathOf(options)); !answer)
        return std::unexpected(answer.error());
    return reportDone(console, "removed", namesOf(options));
}

std::shared_ptr<Options> defineCommon(CLI::App &app)
{
    auto options = std::make_shared<Options>();
    app.add_option("consumer", options->consumer, "the consumer's name")->required();
    addObjectSourceOptions(app, options->source);
    return options;
}

void addContentOptions(CLI::App &app, Options &options)
{
    addList(app, "--set", options.members, "a member of its configuration, as --claim; repeatable");
    app.add_option(
        "--secret", options.secret,
        "the secret (key, password, secret_key by kind): @file, env:NAME, b64:, hex:, -");
    app.add_option("--public-key", options.publicKey, "file of the public key");
}

Run defineList(CLI::App &app)
{
    const auto options = defineCommon(app);
    addReveal(app, options->reveal);
    return withAdmin(options, list);
}

Run defineGet(CLI::App &app)
{
    const auto options = defineCommon(app);
    app.add_option("id", options->id, "the credential's id")->required();
    addReveal(app, options->reveal);
    return withAdmin(options, get);
}

Run defineAdd(CLI::App &app)
{
    const auto options = defineCommon(app);
    app.add_option("id", options->id, "the credential's id; cred-CONSUMER-PLUGIN if left out");
    app.add_option("--plugin", options->plugin,
                   "the kind: jwt-auth, key-auth, basic-auth, hmac-auth")
        ->required();
    addContentOptions(app, *options);
    return withAdmin(options, add);
}

Run defineSet(CLI::App &app)
{
    const auto options = defineCommon(app);
    app.add_option("id", options->id, "the credential's id")->required();
    app.add_option("--plugin", options->plugin, "its kind, if it has several");
    addContentOptions(app, *options);
    return withAdmin(options, set);
}

Run defineRemove(CLI::App &app)
{
    const auto options = defineCommon(app);
    app.add_option("id", options->id, "the credential's id")->required();
    return withAdmin(options, removeCredential);
}

} // namespace

const Command credentialListCommand{"consumer credential list", "list a consumer's credentials",
                                    kListExamples, defineList};
const Command credentialGetCommand{"consumer credential get", "show a credential", kGetExamples,
                                   defineGet};
const Command credentialAddCommand{"consumer credential add", "give a consumer a credential",
                                   kAddExamples, defineAdd};
const Command credentialSetCommand{"consumer credential set", "change a credential", kSetExamples,
                                   defineSet};
const Command credentialRemoveCommand{"consumer credential rm", "remove a credential",
                                      kRemoveExamples, defineRemove};

} // namespace postern::cli
