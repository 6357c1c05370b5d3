// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/key_io.h"
#include "core/crypto/key_file.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kExamples{
    Example{"an EC key pair in es256-private.pem (mode 0600) and es256-public.pem",
            "postern key new --alg ES256 --out es256"},
    Example{"an encrypted Ed25519 key; the passphrase comes from a file",
            "printf geheim > word && postern key new --alg Ed25519 --new-passphrase @word --out "
            "signer.pem"},
    Example{"a secret for HS256 as JWK, used at once",
            "postern key new --alg HS256 --out hs.jwk && postern token mint --key hs.jwk --sub "
            "alice --ttl 1m"},
    Example{"an ML-DSA-65 key as JWK on standard output",
            "postern key new --alg ML-DSA-65 --to jwk --reveal"},
};

struct Options
{
    std::string alg, kid;
    unsigned bits = 2048;
    KeyOutput output;
};

/// Where the two parts go.
struct Files
{
    std::string privatePath, publicPath; ///< empty: not written
    KeyFormat format = KeyFormat::Pem;
};

std::string algorithmNames()
{
    std::string names;
    for (const AlgInfo &row : algorithms())
        names += std::format("{}{}", names.empty() ? "" : ", ", row.name);
    return names;
}

Result<Key> makeKey(const Options &options)
{
    const AlgInfo *const alg = findAlg(options.alg);
    if (alg == nullptr)
        return fail(options.alg.empty() ? Errc::Usage : Errc::AlgUnknown,
                    options.alg.empty()
                        ? std::format("say what it is for: one of {}", algorithmNames())
                        : std::format("\"{}\"; known: {}", options.alg, algorithmNames()),
                    "--alg");
    Result<Key> key = Key::generate(alg->alg, options.bits);
    if (!key)
        return key;
    if (options.kid == "none")
        key = key->withKid({});
    else if (!options.kid.empty() && options.kid != "auto")
        key = key->withKid(options.kid);
    return key;
}

Files filesOf(const Key &key, const KeyOutput &output)
{
    const bool secret = key.type() == KeyType::Oct;
    Files files{
        .privatePath = {}, .publicPath = {}, .format = secret ? KeyFormat::Jwk : KeyFormat::Pem};
    const auto byPath = keyFormatOfPath(output.out);
    if (!output.format.empty())
        files.format = keyFormat(output.format).value_or(files.format);
    else if (byPath)
        files.format = *byPath;
    if (output.out.empty() || output.out == "-")
        return files;
    if (byPath || secret) {
        files.privatePath = output.out;
        return files;
    }
    const std::string_view extension = files.format == KeyFormat::Der ? "der"
        : files.format == KeyFormat::Pem                              ? "pem"
                                                                      : "jwk";
    files.privatePath = std::format("{}-private.{}", output.out, extension);
    files.publicPath = std::format("{}-public.{}", output.out, extension);
    return files;
}

Result<void> writeFiles(const Key &key, const Files &files, const KeyOutput &output,
                        const Secret &passphrase)
{
    Result<std::string> text = encodeKeys({key}, files.format, true, passphrase);
    if (!text)
        return std::unexpected(text.error());
    Result<void> written =
        writeKeyFile(files.privatePath, *text, FileSecrecy::Private, output.force);
    wipe(*text);
    if (!written || files.publicPath.empty())
        return written;
    const Result<std::string> part = encodeKeys({key}, files.format, false, {});
    if (!part)
        return std::unexpected(part.error());
    return writeKeyFile(files.publicPath, *part, FileSecrecy::Public, output.force);
}

void printResult(const Console &console, const Key &key, const Files &files)
{
    const bool secret = key.type() == KeyType::Oct;
    if (console.json()) {
        Json document = Json::object({{"version", 1},
                                      {"alg", info(*key.declaredAlg()).name},
                                      {"kid", key.kid().empty() ? Json() : Json(key.kid())},
                                      {"thumbprint", key.thumbprint()},
                                      {"jwk", shownJwk(key, false)}});
        if (!secret) {
            if (const Result<Key> part = key.publicPart())
                document.set("public", part->toJwk(false));
        }
        document.set(
            "files",
            Json::object({{"private", files.privatePath.empty() ? Json() : Json(files.privatePath)},
                          {"public", files.publicPath.empty() ? Json() : Json(files.publicPath)}}));
        console.document(document);
        return;
    }
    if (!files.privatePath.empty())
        console.note(std::format("wrote {} ({}, mode 0600)", files.privatePath,
                                 secret ? "secret" : "private"));
    if (!files.publicPath.empty())
        console.note(std::format("wrote {}", files.publicPath));
    console.line(std::format("{} for {}", kindOf(key), info(*key.declaredAlg()).name));
    console.line(std::format("thumbprint  {}", key.thumbprint()));
    if (!key.kid().empty() && key.kid() != key.thumbprint())
        console.line(std::format("kid         {}", key.kid()));
    if (secret)
        return;
    const Result<std::string> part = encodeKeys({key}, files.format, false, {});
    if (part && files.format != KeyFormat::Der)
        console.raw(*part);
}

int run(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    const bool toOutput = options.output.out.empty() || options.output.out == "-";
    if (toOutput && !options.output.reveal && options.output.out.empty())
        return console.fail({Errc::Usage,
                             "the private key would be lost; --out NAME keeps it in a file, "
                             "--reveal prints it",
                             {}});
    const Result<Key> key = makeKey(options);
    if (!key)
        return console.fail(key.error());
    const Files files = filesOf(*key, options.output);
    if (toOutput) {
        return writeKeys(console, reader, options.output, {*key}, files.format);
    }
    const Result<Secret> passphrase = newPassphrase(reader, options.output);
    if (!passphrase)
        return console.fail(passphrase.error());
    if (const Result<void> written = writeFiles(*key, files, options.output, *passphrase); !written)
        return console.fail(written.error());
    printResult(console, *key, files);
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("--alg", options->alg, "what it is for: HS256, RS256, ES256, Ed25519, …");
    app.add_option("--bits", options->bits, "size of an RSA key, 2048 to 16384");
    app.add_option("--kid", options->kid, "its name; auto (the thumbprint) or none");
    addKeyFormat(
        app, options->output,
        "how it is written (b64u, hex and raw: secrets only); else by the file's extension");
    addKeyOutput(app, options->output);
    return [options](const Console &console) { return run(console, *options); };
}

} // namespace

const Command keyNewCommand{
    "key new", "make a key pair or a secret", kExamples, define,
    "A name without an extension gives two files, NAME-private.pem and NAME-public.pem; a name "
    "with "
    "one (.pem, .der, .jwk) gives that file with the private key, and the public part on standard "
    "output. Private files have mode 0600 and are never overwritten without --force.\n\n"
    "The kid is the key's RFC 7638 thumbprint unless another is given."};

} // namespace postern::cli
