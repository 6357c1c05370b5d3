// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/key_io.h"
#include "cli/reveal.h"
#include "core/crypto/key_file.h"
#include "core/jose/jwks.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kAddExamples{
    Example{"a new set with the public part of a key, its thumbprint as kid",
            "postern key new --alg ES256 --out es256 -q && postern key jwks add keys.json "
            "es256-private.pem"},
    Example{"a second key under a name of its own",
            "postern key new --alg ES256 --out a -q && postern key new --alg Ed25519 --out b -q && "
            "postern key jwks add keys.json a-public.pem && postern key jwks add keys.json "
            "b-public.pem --kid 2026-b"},
    Example{"with the private part, into a file of mode 0600",
            "postern key new --alg ES256 --out es256.pem -q && postern key jwks add signing.json "
            "es256.pem --private"},
};
constexpr std::array kRemoveExamples{
    Example{
        "by kid",
        "postern key new --alg ES256 --kid old --out a.jwk -q && postern key jwks add keys.json "
        "a.jwk && postern key jwks rm keys.json old"},
    Example{"by thumbprint",
            "postern key new --alg ES256 --out a.pem -q && postern key jwks add keys.json a.pem && "
            "postern key jwks rm keys.json $(postern key thumbprint a.pem)"},
    Example{"a name that no key has: exit code 1",
            "postern key new --alg ES256 --out a.pem -q && postern key jwks add keys.json a.pem && "
            "postern key jwks rm keys.json nobody",
            Needs::Nothing, kNo},
};
constexpr std::array kMergeExamples{
    Example{"two sets to one",
            "postern key new --alg ES256 --to jwks --out a.jwks -q && postern key new --alg "
            "Ed25519 "
            "--to jwks --out b.jwks -q && postern key jwks merge a.jwks b.jwks"},
    Example{"into a file, private parts kept",
            "postern key new --alg ES256 --to jwks --out a.jwks -q && postern key new --alg "
            "Ed25519 "
            "--out b.pem -q && postern key jwks merge a.jwks b.pem --private --out all.jwks"},
    Example{"and publish the public parts",
            "postern key new --alg ES256 --to jwks --out a.jwks -q && postern key jwks merge "
            "a.jwks "
            "--out public.jwks"},
};
constexpr std::array kPublicExamples{
    Example{"what may be published of a signing set",
            "postern key new --alg ES256 --to jwks --out signing.jwks -q && postern key jwks "
            "public "
            "signing.jwks"},
    Example{"a set with a secret is refused: exit code 3",
            "postern key new --alg HS256 --to jwks --out mixed.jwks -q; postern key jwks public "
            "mixed.jwks",
            Needs::Nothing, kInvalid},
    Example{"unless the secrets may be left out",
            "postern key new --alg HS256 --to jwks --out mixed.jwks -q && postern key jwks public "
            "mixed.jwks --drop-secrets"},
};

struct Options
{
    std::string jwks, passphrase, kid, out;
    std::vector<std::string> keys;
    bool withPrivate = false, force = false, dropSecrets = false, reveal = false;
};

Result<KeySet> readSet(const Console &console, ArgumentReader &reader, const std::string &argument)
{
    Result<std::string> text = argument == "-" ? reader.standardInput() : readFile(argument);
    if (!text)
        return std::unexpected(text.error());
    Result<KeySet> set = KeySet::parse(*text, true);
    wipe(*text);
    if (!set) {
        set.error().where = set.error().where.empty()
            ? argument
            : std::format("{}:{}", argument, set.error().where);
        return set;
    }
    for (const KeySet::Skipped &one : set->skipped())
        console.note(std::format("skipped {}", describe(one.error)));
    return set;
}

/// Members that cannot be read would be lost in what is written back.
Result<void> complete(const KeySet &set, const std::string &path)
{
    if (set.skipped().empty())
        return {};
    return fail(Errc::Unsupported,
                std::format("{} of its keys cannot be read and would be lost: {}",
                            set.skipped().size(), describe(set.skipped().front().error)),
                path);
}

bool holdsPrivate(const KeySet &set) { return std::ranges::any_of(set.keys(), &Key::isPrivate); }

std::string textOf(const KeySet &set) { return set.toJson(true).dump(2) + '\n'; }

/// Writes the set back in place of `path`; "-": to standard output.
int writeBack(const Console &console, const KeySet &set, const std::string &path)
{
    std::string text = textOf(set);
    if (path == "-") {
        console.raw(text);
        wipe(text);
        return kYes;
    }
    const bool isPrivate = holdsPrivate(set);
    const Result<void> written =
        writeKeyFile(path, text, isPrivate ? FileSecrecy::Private : FileSecrecy::Public, true);
    wipe(text);
    if (!written)
        return console.fail(written.error());
    console.note(std::format("{} holds {} key{} ({})", path, set.keys().size(),
                             set.keys().size() == 1 ? "" : "s", isPrivate ? "private" : "public"));
    return kYes;
}

/// A key as a member of a set: with a name, and public unless asked otherwise.
Result<Key> asMember(const Options &options, const Key &given)
{
    Key key = given;
    if (!options.withPrivate) {
        Result<Key> part = key.publicPart();
        if (!part) {
            part.error().detail += "; --private keeps secrets";
            return part;
        }
        key = std::move(*part);
    } else if (key.isPrivate() && !key.hasJwkPrivate()) {
        return fail(Errc::Unsupported, "the ML-DSA key was stored without its seed (RFC 9964 4)");
    }
    if (!options.kid.empty())
        return key.withKid(options.kid);
    if (key.kid().empty() && key.type() != KeyType::Oct)
        return key.withKid(key.thumbprint());
    return key;
}

Result<void> addFiles(const Console &console, ArgumentReader &reader, const Options &options,
                      KeySet &set)
{
    std::size_t count = 0;
    for (const std::string &argument : options.keys) {
        const Result<ImportedKeys> found = readKeys(console, reader, argument, options.passphrase);
        if (!found)
            return std::unexpected(found.error());
        for (const KeySet::Skipped &one : found->skipped)
            console.note(std::format("skipped {}", describe(one.error)));
        for (const ImportedKey &one : found->keys) {
            if (++count > 1 && !options.kid.empty())
                return fail(Errc::Usage, "one name for several keys", "--kid");
            const Result<void> added = asMember(options, one.key).and_then([&set](const Key &key) {
                return set.add(key);
            });
            if (!added) {
                Error error = added.error();
                if (error.where.empty())
                    error.where = argument;
                return std::unexpected(std::move(error));
            }
        }
    }
    return {};
}

int add(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    KeySet set;
    const bool isNew = options.jwks != "-" && !std::filesystem::exists(options.jwks);
    if (!isNew) {
        Result<KeySet> present = readSet(console, reader, options.jwks);
        if (!present)
            return console.fail(present.error());
        if (const auto whole = complete(*present, options.jwks); !whole)
            return console.fail(whole.error());
        set = std::move(*present);
    }
    if (const Result<void> added = addFiles(console, reader, options, set); !added)
        return console.fail(added.error());
    return writeBack(console, set, options.jwks);
}

int remove(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    Result<KeySet> set = readSet(console, reader, options.jwks);
    if (!set)
        return console.fail(set.error());
    if (const auto whole = complete(*set, options.jwks); !whole)
        return console.fail(whole.error());
    for (const std::string &name : options.keys) {
        if (set->remove(name) == 0)
            return console.fail(
                {Errc::NotFound,
                 std::format("no key is called \"{}\"; the set has {}", name, set->kidList()),
                 options.jwks});
    }
    return writeBack(console, *set, options.jwks);
}

/// To a new file, or to standard output (private parts only with --reveal).
int writeNew(const Console &console, const Options &options, const KeySet &set)
{
    if (options.out.empty() || options.out == "-") {
        if (holdsPrivate(set) && !options.reveal)
            return console.fail({Errc::Usage,
                                 "the set holds private keys; --out FILE keeps them in a file, "
                                 "--reveal prints them",
                                 "--private"});
        console.raw(textOf(set));
        return kYes;
    }
    std::string text = textOf(set);
    const bool isPrivate = holdsPrivate(set);
    const Result<void> written = writeKeyFile(
        options.out, text, isPrivate ? FileSecrecy::Private : FileSecrecy::Public, options.force);
    wipe(text);
    if (!written)
        return console.fail(written.error());
    console.note(std::format("wrote {} ({} keys)", options.out, set.keys().size()));
    return kYes;
}

int merge(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    KeySet set;
    if (const Result<void> added = addFiles(console, reader, options, set); !added)
        return console.fail(added.error());
    return writeNew(console, options, set);
}

int publish(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    const Result<KeySet> set = readSet(console, reader, options.jwks);
    if (!set)
        return console.fail(set.error());
    Result<KeySet> part = set->publicPart(options.dropSecrets);
    if (!part) {
        part.error().detail += "; --drop-secrets leaves it out";
        return console.fail(part.error());
    }
    return writeNew(console, options, *part);
}

void addSet(CLI::App &app, Options &options, const char *help)
{
    app.add_option("jwks", options.jwks, help)->required();
}

void addPassphrase(CLI::App &app, Options &options)
{
    app.add_option("--passphrase", options.passphrase,
                   "of encrypted keys: @file, env:NAME; else the terminal is asked");
}

void addTarget(CLI::App &app, Options &options)
{
    app.add_option("--out", options.out, "write to this file");
    app.add_flag("--force", options.force, "replace a file that exists");
}

Run defineAdd(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addSet(app, *options, "the set, changed in place or made anew; - reads and prints it");
    app.add_option("keys", options->keys, "keys to add: files, env:NAME, -")->required();
    app.add_option("--kid", options->kid, "the key's name; else its own, else the thumbprint");
    app.add_flag("--private", options->withPrivate, "keep private parts and secrets");
    addPassphrase(app, *options);
    return [options](const Console &console) { return add(console, *options); };
}

Run defineRemove(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addSet(app, *options, "the set, changed in place; - reads and prints it");
    app.add_option("kids", options->keys, "kids or thumbprints")->required();
    return [options](const Console &console) { return remove(console, *options); };
}

Run defineMerge(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("keys", options->keys, "sets and keys: files, env:NAME, -")->required();
    app.add_flag("--private", options->withPrivate, "keep private parts and secrets");
    addReveal(app, options->reveal);
    addPassphrase(app, *options);
    addTarget(app, *options);
    return [options](const Console &console) { return merge(console, *options); };
}

Run definePublic(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addSet(app, *options, "the set; - is standard input");
    app.add_flag("--drop-secrets", options->dropSecrets, "leave HMAC secrets out");
    addTarget(app, *options);
    return [options](const Console &console) { return publish(console, *options); };
}

} // namespace

const Command keyJwksAddCommand{
    "key jwks add", "add keys to a set", kAddExamples, defineAdd,
    "Adds the public part of each key unless --private. A key that is there already is not added "
    "again; another key of the same kid is refused."};
const Command keyJwksRemoveCommand{"key jwks rm", "take keys out of a set", kRemoveExamples,
                                   defineRemove};
const Command keyJwksMergeCommand{"key jwks merge", "several sets and keys to one", kMergeExamples,
                                  defineMerge, "Public parts only, unless --private."};
const Command keyJwksPublicCommand{
    "key jwks public", "the set as it may be published", kPublicExamples, definePublic,
    "Private parts are left out. A set with HMAC secrets is refused: whoever can verify with a "
    "secret can sign with it."};

} // namespace postern::cli
