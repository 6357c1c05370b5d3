// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/key_batch.h"
#include "cli/key_io.h"
#include "core/bytes/encoding.h"
#include "core/crypto/key_file.h"
#include "core/jose/signature.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kSignExamples{
    Example{"a file; the signature as base64url",
            "postern key new --alg ES256 --out es256 -q && echo hello > text && postern key sign "
            "--key es256-private.pem text"},
    Example{"standard input, as hexadecimal into a file",
            "postern key new --alg Ed25519 --out ed.jwk -q && echo hello | postern key sign --key "
            "ed.jwk --to hex --out text.sig"},
    Example{"many, one answer a line; a seed signs the same way each time",
            R"(echo '{"id":1,"alg":"Ed25519","seed_hex":)"
            R"("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60","msg_hex":""}')"
            " | postern key sign --batch -"},
};
constexpr std::array kVerifyExamples{
    Example{"a signature in a file",
            "postern key new --alg ES256 --out es256 -q && echo hello > text && postern key sign "
            "--key es256-private.pem text > sig && postern key verify --key es256-public.pem "
            "--signature @sig text"},
    Example{"that does not fit: exit code 1",
            "postern key new --alg Ed25519 --out ed -q && echo hello > text && postern key sign "
            "--key ed-private.pem text > sig && echo other | postern key verify --key "
            "ed-public.pem --signature @sig -",
            Needs::Nothing, kNo},
    Example{
        "many, one answer a line",
        R"(echo '{"id":1,"alg":"Ed25519","raw_hex":)"
        R"("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a","msg_hex":"",)"
        R"("sig_hex":"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590)"
        R"(a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"}' | postern key verify --batch -)"},
};

struct Options
{
    std::string key, kid, alg, passphrase, message, signature, format = "b64u", out, batch;
    bool deterministic = false, force = false, relaxed = false;
};

Result<Key> readKey(const Console &console, ArgumentReader &reader, const Options &options)
{
    if (options.key.empty())
        return fail(Errc::Usage, "name the key with --key", {});
    return readKeys(console, reader, options.key, options.passphrase)
        .and_then(
            [&](ImportedKeys keys) { return oneKey(std::move(keys), options.kid, options.key); })
        .transform([](const ImportedKey &one) { return one.key; });
}

/// --alg, else what the key declares, else the only one that it can be used with.
Result<Alg> algorithmOf(const Options &options, const Key &key)
{
    if (!options.alg.empty()) {
        const AlgInfo *const alg = findAlg(options.alg);
        if (alg == nullptr)
            return fail(Errc::AlgUnknown, std::format("\"{}\"", options.alg), "--alg");
        return alg->alg;
    }
    if (const auto declared = key.declaredAlg())
        return *declared;
    const std::vector<Alg> possible = key.possibleAlgs();
    if (key.type() == KeyType::Okp || possible.size() == 1)
        return possible.empty() ? Result<Alg>(fail(Errc::KeyUse, "the key allows no algorithm"))
                                : possible.back(); // Ed25519 rather than EdDSA
    std::string names;
    for (const Alg alg : possible)
        names += std::format("{}{}", names.empty() ? "" : ", ", info(alg).name);
    return fail(Errc::AlgMissing, std::format("say which with --alg: {}", names), "--alg");
}

Result<std::string> readMessage(ArgumentReader &reader, const std::string &argument)
{
    if (argument.empty() || argument == "-")
        return reader.standardInput();
    return readFile(argument.starts_with('@') ? argument.substr(1) : argument);
}

int sign(const Console &console, const Options &options)
{
    if (!options.batch.empty())
        return runBatch(console, options.batch, keySignAnswer());
    ArgumentReader reader(console);
    const Result<Key> key = readKey(console, reader, options);
    if (!key)
        return console.fail(key.error());
    const Result<Alg> alg = algorithmOf(options, *key);
    const Result<std::string> message =
        alg ? readMessage(reader, options.message) : std::unexpected(alg.error());
    if (!message)
        return console.fail(message.error());
    const Nonce nonce = options.deterministic ? Nonce::Deterministic : Nonce::Random;
    const Result<std::string> signature =
        Signer::make(*alg, *key, options.relaxed, nonce).and_then([&](Signer signer) {
            return signer.sign(*message);
        });
    if (!signature)
        return console.fail(signature.error());
    if (console.json()) {
        console.document(Json::object({{"version", 1},
                                       {"alg", info(*alg).name},
                                       {"signature", encodeBase64Url(*signature)},
                                       {"signature_hex", encodeHex(*signature)}}));
        return kYes;
    }
    const std::string text = options.format == "raw" ? *signature
        : options.format == "hex"                    ? encodeHex(*signature) + '\n'
                                                     : encodeBase64Url(*signature) + '\n';
    if (options.out.empty() || options.out == "-") {
        console.raw(text);
        return kYes;
    }
    const Result<void> written =
        writeKeyFile(options.out, text, FileSecrecy::Public, options.force);
    return written ? static_cast<int>(kYes) : console.fail(written.error());
}

std::size_t signatureSize(const Key &key, Alg alg)
{
    if (const std::size_t size = info(alg).signatureSize; size != 0)
        return size;
    if (key.type() == KeyType::Rsa)
        return (key.bits() + 7) / 8;
    return key.curve() == "Ed448" ? 114 : 64; // RFC 8032 5.1.6, 5.2.6
}

/// `hex:`, `b64:`, `b64u:` or base64url text; a file holds one of these or, if its size is that of
/// a signature, the raw octets.
Result<std::string> readSignature(const Options &options, const Key &key, Alg alg)
{
    const std::size_t size = signatureSize(key, alg);
    std::string_view text = options.signature;
    std::string content;
    if (text.starts_with('@')) {
        Result<std::string> read = readFile(text.substr(1));
        if (!read)
            return read;
        content = std::move(*read);
        if (content.size() == size)
            return content;
        while (content.ends_with('\n') || content.ends_with('\r'))
            content.pop_back();
        text = content;
    }
    const auto placed = [](Result<std::string> octets) {
        if (!octets)
            octets.error().where = "--signature";
        return octets;
    };
    if (text.starts_with("hex:"))
        return placed(decodeHex(text.substr(4)));
    if (text.starts_with("b64:"))
        return placed(decodeBase64(text.substr(4)));
    if (text.starts_with("b64u:"))
        text.remove_prefix(5);
    // Hexadecimal digits alone are base64url too; a signature in hex has twice its octets.
    Result<std::string> hex = decodeHex(text);
    if (hex && hex->size() == size)
        return hex;
    return placed(decodeBase64Url(text));
}

int verify(const Console &console, const Options &options)
{
    if (!options.batch.empty())
        return runBatch(console, options.batch, keyVerifyAnswer());
    ArgumentReader reader(console);
    const Result<Key> key = readKey(console, reader, options);
    if (!key)
        return console.fail(key.error());
    const Result<Alg> alg = algorithmOf(options, *key);
    if (!alg)
        return console.fail(alg.error());
    if (options.signature.empty())
        return console.fail({Errc::Usage, "name the signature with --signature", {}});
    const Result<std::string> signature = readSignature(options, *key, *alg);
    const Result<std::string> message =
        signature ? readMessage(reader, options.message) : std::unexpected(signature.error());
    if (!message)
        return console.fail(message.error());
    Result<Verifier> verifier = Verifier::make(*alg, *key, options.relaxed);
    if (!verifier)
        return console.fail(verifier.error());
    const Result<void> fits = verifier->verify(*message, *signature);
    if (console.json()) {
        console.document(Json::object({{"version", 1},
                                       {"valid", fits.has_value()},
                                       {"alg", info(*alg).name},
                                       {"reason", fits ? Json() : Json(slug(fits.error().code))},
                                       {"detail", fits ? Json() : Json(describe(fits.error()))}}));
    } else if (!console.quiet) {
        console.line(fits ? std::format("signature ok ({})", info(*alg).name)
                          : std::format("signature refused: {}", describe(fits.error())));
    }
    return fits ? kYes : kNo;
}

void addCommon(CLI::App &app, Options &options, const char *message)
{
    app.add_option("message", options.message, message);
    app.add_option("--key", options.key, "key file: PEM, DER, PKCS#12, JWK or JWKS; env:NAME, -");
    app.add_option("--kid", options.kid, "of a set, the key of this kid or thumbprint");
    app.add_option("--alg", options.alg, "the algorithm; else the key's own");
    app.add_option("--passphrase", options.passphrase,
                   "of an encrypted key: @file, env:NAME; else the terminal is asked");
    app.add_flag("--relaxed", options.relaxed, "HMAC secrets shorter than the hash too");
}

Run defineSign(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addCommon(app, *options,
              "the file to sign, octet for octet; - (the default) is standard input");
    app.add_option("--to", options->format, "how the signature is written")
        ->check(CLI::IsMember({"b64u", "hex", "raw"}));
    app.add_option("--out", options->out, "write the signature to this file");
    app.add_flag("--force", options->force, "replace a file that exists");
    app.add_flag("--deterministic", options->deterministic,
                 "the same signature each time: ECDSA by RFC 6979, ML-DSA unhedged; for tests");
    addBatchOption(app, options->batch, "{id, alg, jwk | pem | seed_hex, msg_hex}");
    return [options](const Console &console) { return sign(console, *options); };
}

Run defineVerify(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addCommon(app, *options, "the file that was signed; - (the default) is standard input");
    app.add_option("--signature", options->signature,
                   "base64url, hex:, b64:, or @file (text or the raw octets)");
    addBatchOption(app, options->batch,
                   "{id, alg, jwk | pem | der_hex | raw_hex, msg_hex, sig_hex}");
    return [options](const Console &console) { return verify(console, *options); };
}

} // namespace

const Command keySignCommand{
    "key sign", "sign octets", kSignExamples, defineSign,
    "Signatures are in JOSE form: ECDSA as r || s, not DER. With --batch, ML-DSA signs "
    "deterministically unless a line says \"deterministic\": false."};
const Command keyVerifyCommand{"key verify", "verify a signature over octets", kVerifyExamples,
                               defineVerify,
                               "Signatures are in JOSE form: ECDSA as r || s, not DER."};

} // namespace postern::cli
