// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/key_io.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{
        "PEM to JWK, its thumbprint as kid",
        "postern key new --alg ES256 --out es256 -q && postern key convert es256-public.pem --to "
        "jwk"},
    Example{"a private JWK to PEM",
            "postern key new --alg Ed25519 --out ed.jwk -q && postern key convert ed.jwk --out "
            "ed.pem"},
    Example{"several keys to one set for publishing",
            "postern key new --alg ES256 --out a -q && postern key new --alg RS256 --out b -q && "
            "postern key convert a-public.pem b-public.pem --to jwks --out keys.jwks"},
    Example{"encrypt a private key",
            "postern key new --alg ES256 --out plain.pem -q && printf geheim > word && postern key "
            "convert plain.pem --new-passphrase @word --out safe.pem"},
};

struct Options
{
    std::vector<std::string> keys;
    std::string passphrase, kid, alg, only;
    bool publicOnly = false;
    KeyOutput output;
};

Result<std::vector<ImportedKey>> readAll(const Console &console, ArgumentReader &reader,
                                         const Options &options)
{
    std::vector<ImportedKey> all;
    const std::vector<std::string> sources =
        options.keys.empty() ? std::vector<std::string>{"-"} : options.keys;
    for (const std::string &source : sources) {
        Result<ImportedKeys> found = readKeys(console, reader, source, options.passphrase);
        if (!found)
            return std::unexpected(found.error());
        for (const KeySet::Skipped &one : found->skipped)
            console.note(std::format("skipped {}", describe(one.error)));
        std::ranges::move(found->keys, std::back_inserter(all));
    }
    if (options.only.empty())
        return all;
    ImportedKeys every;
    every.keys = std::move(all);
    return oneKey(std::move(every), options.only, "--only").transform([](ImportedKey key) {
        std::vector<ImportedKey> one;
        one.push_back(std::move(key));
        return one;
    });
}

/// The key as it is to be written: public part, alg, kid.
Result<Key> prepared(const Options &options, Key key, bool intoJwk)
{
    if (options.publicOnly) {
        Result<Key> part = key.publicPart();
        if (!part)
            return part;
        key = std::move(*part);
    }
    if (!options.alg.empty()) {
        const AlgInfo *const alg = findAlg(options.alg);
        if (alg == nullptr)
            return fail(Errc::AlgUnknown, std::format("\"{}\"", options.alg), "--alg");
        Result<Key> bound = key.withAlg(alg->alg);
        if (!bound)
            return bound;
        key = std::move(*bound);
    }
    if (options.kid == "none")
        return key.withKid({});
    if (!options.kid.empty() && options.kid != "auto")
        return key.withKid(options.kid);
    // A secret's thumbprint is a hash of the secret and must not be published by accident.
    const bool wanted = options.kid == "auto" || key.type() != KeyType::Oct;
    if (intoJwk && wanted && (key.kid().empty() || options.kid == "auto"))
        return key.withKid(key.thumbprint());
    return key;
}

KeyFormat usualTarget(const std::vector<ImportedKey> &keys)
{
    if (keys.size() != 1)
        return KeyFormat::Jwks;
    return keys.front().form == "JWK" && keys.front().key.type() != KeyType::Oct ? KeyFormat::Pem
                                                                                 : KeyFormat::Jwk;
}

int run(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    const Result<std::vector<ImportedKey>> found = readAll(console, reader, options);
    if (!found)
        return console.fail(found.error());
    if (options.keys.size() == 1 && found->empty())
        return console.fail(
            {Errc::KeyMissing, "the set holds no usable key", options.keys.front()});
    KeyFormat format = usualTarget(*found);
    if (!options.output.format.empty())
        format = keyFormat(options.output.format).value_or(format);
    else if (const auto byPath = keyFormatOfPath(options.output.out))
        format = *byPath;
    const bool intoJwk = format == KeyFormat::Jwk || format == KeyFormat::Jwks;
    std::vector<Key> keys;
    for (const ImportedKey &one : *found) {
        Result<Key> key = prepared(options, one.key, intoJwk);
        if (!key)
            return console.fail(key.error());
        keys.push_back(std::move(*key));
    }
    if (!options.kid.empty() && options.kid != "auto" && options.kid != "none" && keys.size() > 1)
        return console.fail({Errc::Usage, "one name for several keys; use --kid auto", "--kid"});
    return writeKeys(console, reader, options.output, keys, format);
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("keys", options->keys,
                   "files (PEM, DER, PKCS#12, JWK, JWKS, OpenSSH), env:NAME, - (the default)");
    addKeyFormat(app, options->output,
                 "how it is written (b64u, hex and raw: secrets only); else by the extension of "
                 "--out, else jwk for PEM and pem for JWK");
    app.add_flag("--public", options->publicOnly, "leave the private part out");
    app.add_option("--kid", options->kid,
                   "the key's name in a JWK; auto (the thumbprint) or none; else kept, and the "
                   "thumbprint where there is none");
    app.add_option("--alg", options->alg, "bind the key to this algorithm");
    app.add_option("--only", options->only, "of several keys, that with this kid or thumbprint");
    app.add_option("--passphrase", options->passphrase,
                   "of an encrypted key: @file, env:NAME; else the terminal is asked");
    addKeyOutput(app, options->output);
    return [options](const Console &console) { return run(console, *options); };
}

} // namespace

const Command keyConvertCommand{
    "key convert", "PEM, DER, JWK and JWKS into each other", kExamples, define,
    "Reads any key file and writes another form. PEM and DER are SPKI and PKCS#8 (ML-DSA: the seed "
    "alone); a key that makes the way and back is the same octet for octet. Members of a JWK that "
    "mean nothing here are kept.\n\nOn standard output only the public part is printed unless "
    "--reveal."};

} // namespace postern::cli
