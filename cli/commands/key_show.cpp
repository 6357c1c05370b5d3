// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/key_batch.h"
#include "cli/key_io.h"
#include "cli/reveal.h"
#include "core/jose/key_data.h"
#include "core/jose/key_lint.h"

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kShowExamples{
    Example{"what a key file holds",
            "postern key new --alg ES256 --out es256 -q && postern key show es256-private.pem"},
    Example{"an encrypted key, its passphrase from the environment",
            "export WORD=geheim && postern key new --alg RS256 --new-passphrase env:WORD --out "
            "rs.pem -q && postern key show rs.pem --passphrase env:WORD"},
    Example{
        "a key set as JSON, private members masked",
        "postern key new --alg Ed25519 --to jwks --out set.jwks -q && postern key show set.jwks "
        "-o json"},
};

constexpr std::array kThumbprintExamples{
    Example{
        "the thumbprint of a public key",
        "postern key new --alg ES256 --out es256 -q && postern key thumbprint es256-public.pem"},
    Example{"with SHA-512",
            "postern key new --alg ES256 --out es256 -q && postern key thumbprint es256-public.pem "
            "--hash sha512"},
    Example{"as URI (RFC 9278), many at once",
            R"(echo '{"id":1,"jwk":{"kty":"oct","k":"AAAA"}}' | postern key thumbprint --batch -)"},
};

constexpr std::array kImportExamples{
    Example{"whether a key can be used, and what to know about it",
            "postern key new --alg RS256 --out rs -q && postern key import rs-public.pem"},
    Example{"a key that was damaged: exit code 3",
            R"(echo '{"kty":"oct","k":"AA=="}' > bad.jwk; postern key import bad.jwk)",
            Needs::Nothing, kInvalid},
    Example{"many, one answer a line",
            R"(echo '{"id":1,"jwk":{"kty":"oct","k":"AAAA"}}' | postern key import --batch -)"},
};

struct Options
{
    std::vector<std::string> keys;
    std::string passphrase, hash = "sha256", batch;
    bool reveal = false, uri = false;
};

std::string dateText(std::int64_t seconds)
{
    return std::format("{:%FT%TZ}", std::chrono::sys_seconds(std::chrono::seconds(seconds)));
}

/// A secret's thumbprint could be guessed against.
bool mayShowThumbprint(const Key &key, bool reveal) { return key.type() != KeyType::Oct || reveal; }

std::string algNames(const Key &key)
{
    std::string names;
    for (const Alg alg : key.possibleAlgs())
        names += std::format("{}{}", names.empty() ? "" : " ", info(alg).name);
    return names.empty() ? "none" : names;
}

Json keyJson(const ImportedKey &one, bool reveal)
{
    const Key &key = one.key;
    Json algs = Json::array();
    for (const Alg alg : key.possibleAlgs())
        algs.push_back(info(alg).name);
    Json out = Json::object({{"form", one.form},
                             {"kind", kindOf(key)},
                             {"private", key.isPrivate()},
                             {"bits", key.bits()},
                             {"kid", key.kid().empty() ? Json() : Json(key.kid())},
                             {"algs", std::move(algs)}});
    if (mayShowThumbprint(key, reveal))
        out.set("thumbprint", key.thumbprint());
    out.set("jwk", shownJwk(key, reveal));
    if (one.certificate)
        out.set("certificate",
                Json::object({{"subject", one.certificate->subject},
                              {"issuer", one.certificate->issuer},
                              {"not_before", dateText(one.certificate->notBefore)},
                              {"not_after", dateText(one.certificate->notAfter)}}));
    out.set("lint", lintJson(lintKey(key)));
    return out;
}

void printKey(const Console &console, const ImportedKey &one, bool reveal)
{
    const Key &key = one.key;
    const auto row = [&](std::string_view name, std::string_view value) {
        console.line(std::format("{:<12}{}", name, printable(value)));
    };
    const std::string_view part = key.type() == KeyType::Oct ? ""
        : key.isPrivate()                                    ? ", private"
                                                             : ", public";
    row("key", std::format("{}{} ({})", kindOf(key), part, one.form));
    if (!key.kid().empty())
        row("kid", key.kid());
    if (mayShowThumbprint(key, reveal))
        row("thumbprint", key.thumbprint());
    row("algorithms", algNames(key));
    if (!key.data().use.empty())
        row("use", key.data().use);
    if (one.certificate) {
        row("subject", one.certificate->subject);
        row("issuer", one.certificate->issuer);
        row("valid",
            std::format("{} to {}", dateText(one.certificate->notBefore),
                        dateText(one.certificate->notAfter)));
    }
    for (const LintFinding &finding : lintKey(key))
        row(nameOf(finding.level), std::format("{}: {}", finding.id, finding.text));
    console.line(shownJwk(key, reveal).dump(2));
}

Json skippedJson(const KeySet::Skipped &one)
{
    return Json::object({{"index", static_cast<std::uint64_t>(one.index)},
                         {"kid", one.kid.empty() ? Json() : Json(one.kid)},
                         {"reason", slug(one.error.code)},
                         {"detail", describe(one.error)}});
}

std::vector<std::string> sourcesOf(const Options &options)
{
    return options.keys.empty() ? std::vector<std::string>{"-"} : options.keys;
}

int show(const Console &console, const Options &options)
{
    ArgumentReader reader(console);
    Json keys = Json::array();
    Json skipped = Json::array();
    bool first = true;
    for (const std::string &source : sourcesOf(options)) {
        const Result<ImportedKeys> found = readKeys(console, reader, source, options.passphrase);
        if (!found)
            return console.fail(found.error());
        for (const ImportedKey &one : found->keys) {
            if (console.json()) {
                keys.push_back(keyJson(one, options.reveal));
                continue;
            }
            if (!std::exchange(first, false))
                console.line("");
            printKey(console, one, options.reveal);
        }
        for (const KeySet::Skipped &one : found->skipped) {
            console.note(std::format("skipped {}", describe(one.error)));
            skipped.push_back(skippedJson(one));
        }
    }
    if (console.json())
        console.document(Json::object(
            {{"version", 1}, {"keys", std::move(keys)}, {"skipped", std::move(skipped)}}));
    return kYes;
}

int thumbprint(const Console &console, const Options &options)
{
    if (!options.batch.empty())
        return runBatch(console, options.batch, keyThumbprintAnswer());
    ArgumentReader reader(console);
    const auto hash = options.hash == "sha512" ? ThumbprintHash::Sha512 : ThumbprintHash::Sha256;
    Json list = Json::array();
    for (const std::string &source : sourcesOf(options)) {
        const Result<ImportedKeys> found = readKeys(console, reader, source, options.passphrase);
        if (!found)
            return console.fail(found.error());
        for (const ImportedKey &one : found->keys) {
            if (console.json())
                list.push_back(
                    Json::object({{"kid", one.key.kid().empty() ? Json() : Json(one.key.kid())},
                                  {"thumbprint", one.key.thumbprint(hash)},
                                  {"uri", one.key.thumbprintUri(hash)}}));
            else
                console.line(options.uri ? one.key.thumbprintUri(hash) : one.key.thumbprint(hash));
        }
    }
    if (console.json())
        console.document(Json::object(
            {{"version", 1}, {"hash", options.hash}, {"thumbprints", std::move(list)}}));
    return kYes;
}

/// One line for each key; JSON has the members of the batch answer.
int import(const Console &console, const Options &options)
{
    if (!options.batch.empty())
        return runBatch(console, options.batch, keyImportAnswer());
    ArgumentReader reader(console);
    int exit = kYes;
    for (const std::string &source : sourcesOf(options)) {
        const Result<ImportedKeys> found = readKeys(console, reader, source, options.passphrase);
        if (!found) {
            exit = console.fail(found.error());
            continue;
        }
        for (const ImportedKey &one : found->keys) {
            const std::vector<LintFinding> findings = lintKey(one.key);
            if (console.json()) {
                console.document(
                    Json::object({{"version", 1},
                                  {"ok", true},
                                  {"form", one.form},
                                  {"kid", one.key.kid().empty() ? Json() : Json(one.key.kid())},
                                  {"lint", lintJson(findings)}}),
                    true);
                continue;
            }
            console.line(std::format(
                "ok  {} ({}){}", kindOf(one.key), one.form,
                one.key.kid().empty() ? "" : std::format(", kid {}", printable(one.key.kid()))));
            for (const LintFinding &finding : findings)
                console.line(
                    std::format("    {}  {}: {}", nameOf(finding.level), finding.id, finding.text));
        }
        for (const KeySet::Skipped &one : found->skipped)
            console.line(std::format("skipped  {}", printable(describe(one.error))));
    }
    return exit;
}

void addKeys(CLI::App &app, Options &options)
{
    app.add_option("keys", options.keys,
                   "files (PEM, DER, PKCS#12, JWK, JWKS, OpenSSH), env:NAME, - (the default)");
    app.add_option("--passphrase", options.passphrase,
                   "of an encrypted key: @file, env:NAME; else the terminal is asked");
}

Run defineShow(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addKeys(app, *options);
    addReveal(app, options->reveal);
    return [options](const Console &console) { return show(console, *options); };
}

Run defineThumbprint(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addKeys(app, *options);
    app.add_option("--hash", options->hash, "the hash")->check(CLI::IsMember({"sha256", "sha512"}));
    app.add_flag("--uri", options->uri, "as URI, RFC 9278");
    addBatchOption(app, options->batch, "{id, jwk, hash}");
    return [options](const Console &console) { return thumbprint(console, *options); };
}

Run defineImport(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addKeys(app, *options);
    addBatchOption(app, options->batch, "{id, jwk | jwks | pem | der_hex}");
    return [options](const Console &console) { return import(console, *options); };
}

} // namespace

const Command keyShowCommand{"key show", "what a key file holds", kShowExamples, defineShow,
                             "Form, size, algorithms, thumbprint, dates of a certificate, remarks. "
                             "Private members are masked unless --reveal."};
const Command keyThumbprintCommand{"key thumbprint", "RFC 7638 thumbprints", kThumbprintExamples,
                                   defineThumbprint,
                                   "Over the required members of the key type, base64url. With "
                                   "--batch one JSON object a line is answered."};
const Command keyImportCommand{"key import", "check that keys can be used, with remarks",
                               kImportExamples, defineImport,
                               "The checks that every key passes before it is used: lengths, "
                               "curves, weak points, private against public part. Nothing is "
                               "stored."};

} // namespace postern::cli
