// SPDX-License-Identifier: Apache-2.0
#include "cli/key_io.h"

#include "cli/exit_codes.h"
#include "cli/passphrase.h"
#include "cli/reveal.h"
#include "core/bytes/encoding.h"
#include "core/crypto/key_file.h"
#include "core/jose/jwk.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <ranges>
#include <utility>

namespace postern::cli {
namespace {

constexpr int kTries = 3;

std::string_view behindPrefix(std::string_view prefix, std::string_view text) noexcept
{
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view();
}

bool isLiteral(std::string_view argument) noexcept
{
    return argument.starts_with("-----BEGIN") || argument.starts_with('{')
        || argument.starts_with("ssh-") || argument.starts_with("ecdsa-sha2-");
}

/// What the argument stands for, and the file it was read from, if it was one.
struct Source
{
    std::string octets;
    std::string path;
};

Result<Source> sourceOf(ArgumentReader &reader, const std::string &argument)
{
    if (argument == "-")
        return reader.standardInput().transform(
            [](std::string text) { return Source{std::move(text), {}}; });
    if (const std::string name(behindPrefix("env:", argument)); !name.empty()) {
        if (!hasEnvironment(name.c_str()))
            return fail(Errc::SecretUnresolved, "the environment variable is not set or empty",
                        argument);
        return Source{environment(name.c_str()), {}};
    }
    if (isLiteral(argument))
        return Source{argument, {}};
    const std::string path(argument.starts_with('@') ? argument.substr(1) : argument);
    return readFile(path).transform(
        [&path](std::string text) { return Source{std::move(text), path}; });
}

void warnOfExposure(const Console &console, const ImportedKeys &keys, const std::string &path)
{
    const bool isPrivate =
        std::ranges::any_of(keys.keys, [](const ImportedKey &key) { return key.key.isPrivate(); });
    if (path.empty() || !isPrivate)
        return;
    if (const auto exposure = exposureOf(path))
        console.note(std::format("warning: {} holds a private key and has {}; chmod 600 {}", path,
                                 *exposure, path));
}

struct FormatRow
{
    std::string_view name;
    KeyFormat format;
    std::string_view extensions;
};
constexpr std::array kFormats{
    FormatRow{"pem", KeyFormat::Pem, ".pem .key .crt .pub"},
    FormatRow{"der", KeyFormat::Der, ".der"},
    FormatRow{"jwk", KeyFormat::Jwk, ".jwk .json"},
    FormatRow{"jwks", KeyFormat::Jwks, ".jwks"},
    FormatRow{"b64u", KeyFormat::B64u, ".b64u .txt"},
    FormatRow{"hex", KeyFormat::Hex, ".hex"},
    FormatRow{"raw", KeyFormat::Raw, ".bin .raw"},
};

std::unexpected<Error> cannotHold(KeyFormat format, std::string_view what)
{
    const auto *const row = std::ranges::find(kFormats, format, &FormatRow::format);
    return fail(Errc::Usage, std::format("{} cannot hold {}", row->name, what), "--to");
}

Result<std::string> encodePem(const Key &key, bool includePrivate, const Secret &passphrase)
{
    if (!includePrivate)
        return key.publicPart().and_then([](const Key &part) { return part.toPem(false); });
    return passphrase.empty() ? key.toPem(true) : key.toEncryptedPem(passphrase);
}

/// The octets of a secret, in the forms that --secret takes.
Result<std::string> encodeSecret(const Key &key, KeyFormat format, bool includePrivate)
{
    if (key.type() != KeyType::Oct)
        return cannotHold(format, "anything but an HMAC secret");
    if (!includePrivate)
        return fail(Errc::KeyType, "an HMAC secret has no public part; --out FILE keeps it");
    const Json jwk = key.toJwk(true);
    const std::string_view text = jwk.stringOr("k", "");
    if (format == KeyFormat::B64u)
        return std::string(text) + '\n';
    return decodeBase64Url(text).transform([format](std::string octets) {
        return format == KeyFormat::Hex ? encodeHex(octets) + '\n' : std::move(octets);
    });
}

Result<Json> encodeJwk(const Key &key, bool includePrivate)
{
    if (!includePrivate)
        return key.publicPart().transform([](const Key &part) { return part.toJwk(false); });
    if (key.isPrivate() && !key.hasJwkPrivate())
        return fail(Errc::Unsupported,
                    "the ML-DSA key was stored without its seed, and JWK holds nothing else "
                    "(RFC 9964 4); --to pem keeps it as it is");
    return key.toJwk(true);
}

} // namespace

Result<ImportedKeys> importAsking(std::string_view octets, std::string_view passphrase,
                                  std::string_view place)
{
    Result<ImportedKeys> keys = importKeys(octets, passphrase);
    for (int i = 0;
         i < kTries && passphrase.empty() && !keys && keys.error().code == Errc::KeyPassphrase;
         ++i) {
        const Result<Secret> typed = askPassphrase(std::format("Passphrase of {}", place));
        if (!typed)
            return std::unexpected(typed.error());
        keys = importKeys(octets, typed->view());
    }
    return keys;
}

Result<ImportedKeys> readKeys(const Console &console, ArgumentReader &reader,
                              const std::string &argument, const std::string &passphrase)
{
    Result<Source> source = sourceOf(reader, argument);
    if (!source)
        return std::unexpected(source.error());
    const std::string place = isLiteral(argument) ? "the key" : argument;
    Result<ImportedKeys> keys;
    if (passphrase.empty()) {
        keys = importAsking(source->octets, {}, place);
    } else {
        const Result<Secret> word = reader.secret(passphrase);
        if (!word)
            return std::unexpected(word.error());
        keys = importKeys(source->octets, word->view());
    }
    wipe(source->octets);
    if (keys)
        warnOfExposure(console, *keys, source->path);
    else if (!isLiteral(argument))
        keys.error().where =
            keys.error().where.empty() ? place : std::format("{}:{}", place, keys.error().where);
    return keys;
}

Result<ImportedKey> oneKey(ImportedKeys keys, std::string_view only, std::string_view place)
{
    std::string kids;
    std::vector<ImportedKey> chosen;
    for (ImportedKey &one : keys.keys) {
        const std::string kid = one.key.kid().empty() ? one.key.thumbprint() : one.key.kid();
        kids += std::format("{}{}", kids.empty() ? "" : ", ", kid);
        if (only.empty() || kid == only || one.key.thumbprint() == only)
            chosen.push_back(std::move(one));
    }
    if (chosen.size() == 1)
        return std::move(chosen.front());
    const std::string where(place);
    if (keys.keys.empty())
        return fail(Errc::KeyMissing, "the set holds no usable key", where);
    if (chosen.empty())
        return fail(Errc::KeyMissing,
                    std::format("no key is called \"{}\"; there are {}", only, kids), where);
    return fail(only.empty() ? Errc::KeyMissing : Errc::KeyAmbiguous,
                std::format("{} keys; choose one with --kid: {}", chosen.size(), kids), where);
}

std::optional<KeyFormat> keyFormat(std::string_view name) noexcept
{
    const auto *const row = std::ranges::find(kFormats, name, &FormatRow::name);
    return row == kFormats.end() ? std::nullopt : std::optional(row->format);
}

std::optional<KeyFormat> keyFormatOfPath(std::string_view path) noexcept
{
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos)
        return std::nullopt;
    const std::string_view extension = path.substr(dot);
    for (const FormatRow &row : kFormats) {
        for (const auto one : std::views::split(row.extensions, ' ')) {
            if (std::string_view(one) == extension)
                return row.format;
        }
    }
    return std::nullopt;
}

void addKeyFormat(CLI::App &app, KeyOutput &output, const std::string &help)
{
    std::vector<std::string> names;
    names.reserve(kFormats.size());
    for (const FormatRow &row : kFormats)
        names.emplace_back(row.name);
    app.add_option("--to", output.format, help)->check(CLI::IsMember(names));
}

void addKeyOutput(CLI::App &app, KeyOutput &output)
{
    app.add_option("--out", output.out, "write to this file (private keys: mode 0600)");
    app.add_option("--new-passphrase", output.passphrase,
                   "encrypt the private key; @file, env:NAME and the other forms of a secret");
    app.add_flag("--protect", output.ask, "encrypt the private key; ask for the passphrase");
    app.add_flag("--force", output.force, "replace a file that exists");
    addReveal(app, output.reveal);
}

Result<std::string> encodeKeys(const std::vector<Key> &keys, KeyFormat format, bool includePrivate,
                               const Secret &passphrase)
{
    if (!passphrase.empty() && format != KeyFormat::Pem)
        return fail(Errc::Usage, "only PEM can be encrypted; use --to pem", "--new-passphrase");
    if (keys.size() != 1 && format != KeyFormat::Pem && format != KeyFormat::Jwks)
        return cannotHold(format, std::format("{} keys; use pem or jwks", keys.size()));
    const auto withPrivate = [&](const Key &key) { return includePrivate && key.isPrivate(); };
    switch (format) {
    case KeyFormat::Pem: {
        std::string text;
        for (const Key &key : keys) {
            const Result<std::string> one = encodePem(key, withPrivate(key), passphrase);
            if (!one)
                return one;
            text += *one;
        }
        return text;
    }
    case KeyFormat::Jwks: {
        Json list = Json::array();
        for (const Key &key : keys) {
            Result<Json> jwk = encodeJwk(key, withPrivate(key));
            if (!jwk)
                return std::unexpected(jwk.error());
            list.push_back(std::move(*jwk));
        }
        return Json::object({{"keys", std::move(list)}}).dump(2) + '\n';
    }
    case KeyFormat::Der:
        return withPrivate(keys.front()) ? keys.front().toDer(true) : keys.front().toDer(false);
    case KeyFormat::Jwk:
        return encodeJwk(keys.front(), withPrivate(keys.front())).transform([](const Json &jwk) {
            return jwk.dump(2) + '\n';
        });
    case KeyFormat::B64u:
    case KeyFormat::Hex:
    case KeyFormat::Raw:
        return encodeSecret(keys.front(), format, includePrivate);
    }
    return fail(Errc::Internal);
}

Result<Secret> newPassphrase(ArgumentReader &reader, const KeyOutput &output)
{
    if (!output.passphrase.empty())
        return reader.secret(output.passphrase);
    return output.ask ? askNewPassphrase() : Secret();
}

int writeKeys(const Console &console, ArgumentReader &reader, const KeyOutput &output,
              const std::vector<Key> &keys, KeyFormat otherwise)
{
    const bool toFile = !output.out.empty() && output.out != "-";
    KeyFormat format = otherwise;
    if (!output.format.empty())
        format = keyFormat(output.format).value_or(otherwise);
    else if (toFile)
        format = keyFormatOfPath(output.out).value_or(otherwise);
    const bool isPrivate =
        std::ranges::any_of(keys, [](const Key &key) { return key.isPrivate(); });
    const Result<Secret> passphrase =
        isPrivate ? newPassphrase(reader, output) : Result<Secret>(Secret());
    if (!passphrase)
        return console.fail(passphrase.error());
    // An encrypted key may be shown; "-" says that standard output is meant.
    const bool includePrivate =
        toFile || output.reveal || output.out == "-" || !passphrase->empty();
    Result<std::string> text = encodeKeys(keys, format, includePrivate, *passphrase);
    if (!text)
        return console.fail(text.error());
    if (toFile) {
        const Result<void> written =
            writeKeyFile(output.out, *text, isPrivate ? FileSecrecy::Private : FileSecrecy::Public,
                         output.force);
        wipe(*text);
        if (!written)
            return console.fail(written.error());
        console.note(
            std::format("wrote {} ({})", output.out, isPrivate ? "private, mode 0600" : "public"));
        return kYes;
    }
    if (isPrivate && !includePrivate)
        console.note("only the public part is printed; --out FILE keeps the private part in a "
                     "file, --reveal prints it");
    console.raw(*text);
    wipe(*text);
    return kYes;
}

Json shownJwk(const Key &key, bool reveal)
{
    Json jwk = key.toJwk(true);
    if (reveal)
        return jwk;
    for (auto &[name, value] : jwk.members()) {
        if (!isPrivateMember(name) || !value.isString())
            continue;
        const std::size_t size = value.asString().size() * 3 / 4;
        value = Json(std::format("*** ({} bytes)", size));
    }
    return jwk;
}

Json lintJson(const std::vector<LintFinding> &findings)
{
    Json list = Json::array();
    for (const LintFinding &finding : findings)
        list.push_back(Json::object(
            {{"id", finding.id}, {"level", nameOf(finding.level)}, {"text", finding.text}}));
    return list;
}

std::string kindOf(const Key &key)
{
    switch (key.type()) {
    case KeyType::Oct:
        return std::format("HMAC secret of {} bytes", key.bits() / 8);
    case KeyType::Rsa:
        return std::format("RSA {}", key.bits());
    case KeyType::Ec:
        return std::format("EC {}", key.curve());
    default:
        return std::string(key.curve());
    }
}

} // namespace postern::cli
