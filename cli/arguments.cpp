// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include "cli/fetch.h"
#include "cli/key_io.h"
#include "core/bytes/encoding.h"
#include "core/jose/key_selection.h"
#include "core/jose/token_text.h"
#include "core/json/parse.h"

#include <array>
#include <cstdio>
#include <format>
#include <fstream>
#include <optional>
#include <utility>

#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::size_t kMaxInput = 64U * 1024 * 1024;

// Reads up to the limit; nullopt when there is more.
std::optional<std::string> readAll(std::istream &in)
{
    std::string octets;
    std::array<char, 64 * 1024> block;
    while (in.read(block.data(), block.size()) || in.gcount() > 0) {
        octets.append(block.data(), static_cast<std::size_t>(in.gcount()));
        if (octets.size() > kMaxInput)
            return std::nullopt;
    }
    return octets;
}

std::optional<std::string_view> behind(std::string_view prefix, std::string_view text) noexcept
{
    if (!text.starts_with(prefix))
        return std::nullopt;
    return text.substr(prefix.size());
}

Result<std::string> readVariable(std::string_view name)
{
    const std::string variable(name);
    if (!hasEnvironment(variable.c_str()))
        return fail(Errc::SecretUnresolved, "the environment variable is not set or empty",
                    "env:" + variable);
    return environment(variable.c_str());
}

Result<Secret> asSecret(Result<std::string> octets)
{
    if (!octets)
        return std::unexpected(octets.error());
    Secret secret(*octets);
    wipe(*octets);
    return secret;
}

// The decoder's words must not repeat the secret, only say which form was meant.
Result<Secret> decodedSecret(Result<std::string> octets, std::string_view form)
{
    if (!octets)
        octets.error().where = std::string(form);
    return asSecret(std::move(octets));
}

/// The first key of PEM, DER, PKCS#12 or OpenSSH; the passphrase is asked for where it is needed.
Result<Key> keyOfFile(const std::string &octets, const std::string &passphrase,
                      const std::string &place)
{
    return importAsking(octets, passphrase, place).and_then([](const ImportedKeys &found) {
        return found.keys.empty() ? Result<Key>(fail(Errc::KeyMissing, "the file holds no key"))
                                  : found.keys.front().key;
    });
}

} // namespace

Result<std::string> readFile(const std::filesystem::path &path)
{
    std::error_code code;
    if (std::filesystem::is_directory(path, code))
        return fail(Errc::Io, "this is a folder; name a file", path.string());
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return fail(Errc::Io, "cannot be read: " + std::generic_category().message(errno),
                    path.string());
    std::optional<std::string> octets = readAll(in);
    if (!octets)
        return fail(Errc::LimitExceeded, "larger than 64 MiB", path.string());
    return std::move(*octets);
}

Result<std::string> ArgumentReader::standardInput()
{
    if (std::exchange(m_inputRead, true))
        return fail(Errc::Usage, "'-' can stand for one argument only", "standard input");
    std::string octets;
    std::array<char, 64 * 1024> block;
    for (std::size_t n; (n = std::fread(block.data(), 1, block.size(), stdin)) > 0;) {
        octets.append(block.data(), n);
        if (octets.size() > kMaxInput)
            return fail(Errc::LimitExceeded, "larger than 64 MiB", "standard input");
    }
    return octets;
}

void ArgumentReader::hintAboutLiteral()
{
    if (isatty(STDERR_FILENO) == 1 && !hasEnvironment("CI"))
        m_console.note("a secret on the command line shows in the process list; "
                       "@file, env:NAME and - keep it out");
}

Result<Secret> ArgumentReader::secret(std::string_view argument)
{
    const auto withoutNewline = [this](Result<std::string> octets) {
        if (octets && octets->ends_with('\n')) {
            octets->erase(octets->size() - (octets->ends_with("\r\n") ? 2 : 1));
            m_console.note("one trailing newline of the secret was dropped");
        }
        return asSecret(std::move(octets));
    };
    if (argument == "-")
        return withoutNewline(standardInput());
    if (const auto path = behind("@", argument))
        return withoutNewline(readFile(*path));
    if (const auto name = behind("env:", argument))
        return asSecret(readVariable(*name));
    if (const auto text = behind("b64u:", argument))
        return decodedSecret(decodeBase64Url(*text), "b64u");
    if (const auto text = behind("b64:", argument))
        return decodedSecret(decodeBase64(*text), "b64");
    if (const auto text = behind("hex:", argument))
        return decodedSecret(decodeHex(*text), "hex");
    hintAboutLiteral();
    return Secret(behind("text:", argument).value_or(argument));
}

Result<Key> keyFromJwks(const Json &document, std::string_view kid)
{
    const Json *const keys = document.find("keys");
    if (keys == nullptr || !keys->isArray())
        return Key::fromJwk(document);
    std::string kids;
    const Json *chosen = nullptr;
    for (const Json &jwk : keys->items()) {
        const std::string_view name = jwk.stringOr("kid", "(none)");
        kids += std::format("{}{}", kids.empty() ? "" : ", ", name);
        if (kid.empty() ? keys->size() == 1 : name == kid)
            chosen = &jwk;
    }
    if (chosen != nullptr)
        return Key::fromJwk(*chosen);
    if (kid.empty())
        return fail(
            Errc::KeyMissing,
            std::format("the set holds {} keys; choose one with --kid: {}", keys->size(), kids));
    return fail(Errc::KeyMissing, std::format("no key has kid \"{}\"; the set has {}", kid, kids));
}

Result<std::string> ArgumentReader::keyText(std::string_view argument, std::string &place)
{
    place = argument;
    if (argument == "-")
        return standardInput();
    if (const auto name = behind("env:", argument))
        return readVariable(*name);
    if (isUrl(argument)) {
        if (isOpenToChange(argument))
            m_console.note(std::format("warning: {} is plain http; its keys can be changed on the "
                                       "way",
                                       printable(argument)));
        return fetchUrl(argument);
    }
    if (argument.starts_with("-----BEGIN") || argument.starts_with('{')) {
        place = "--key";
        return std::string(argument);
    }
    return readFile(behind("@", argument).value_or(argument));
}

Result<Key> ArgumentReader::key(std::string_view argument, const KeyChoice &choice)
{
    std::string place;
    Result<std::string> octets = keyText(argument, place);
    if (!octets)
        return std::unexpected(octets.error());
    const std::size_t first = octets->find_first_not_of(" \t\r\n");
    Result<Key> key = std::unexpected(Error{});
    if (first != std::string::npos && octets->at(first) == '{') {
        key = parseJson(*octets).and_then(
            [&choice](const Json &json) { return keyFromJwks(json, choice.kid); });
    } else
        key = keyOfFile(*octets, choice.passphrase, place);
    wipe(*octets);
    if (!key)
        key.error().where =
            key.error().where.empty() ? place : std::format("{}:{}", place, key.error().where);
    return key;
}

Result<TrustedKeys> ArgumentReader::keys(std::string_view argument, const KeyChoice &choice)
{
    std::string place;
    Result<std::string> octets = keyText(argument, place);
    if (!octets)
        return std::unexpected(octets.error());
    const auto misplaced = [&place](Error error) {
        error.where = error.where.empty() ? place : std::format("{}:{}", place, error.where);
        return std::unexpected(std::move(error));
    };
    const std::size_t first = octets->find_first_not_of(" \t\r\n");
    const bool isJson = first != std::string::npos && octets->at(first) == '{';
    const Result<Json> json = isJson ? parseJson(*octets) : Result<Json>(Json());
    if (!json)
        return misplaced(json.error());
    if (!isJson || !choice.kid.empty() || !json->contains("keys")) {
        Result<Key> key =
            isJson ? keyFromJwks(*json, choice.kid) : keyOfFile(*octets, choice.passphrase, place);
        wipe(*octets);
        if (!key)
            return misplaced(key.error());
        return TrustedKeys{.keys = {std::move(*key)}};
    }
    wipe(*octets);
    Result<KeySet> set = KeySet::fromJson(*json);
    if (!set)
        return misplaced(set.error());
    for (const KeySet::Skipped &one : set->skipped())
        m_console.note(std::format("{}: a key of the set is left out: {}", place,
                                   printable(describe(one.error))));
    return trustSet(std::move(*set));
}

Result<std::string> ArgumentReader::tokenText(const std::string &argument)
{
    if (argument == "-")
        return standardInput();
    if (argument.starts_with('@'))
        return readFile(argument.substr(1));
    std::error_code code;
    if (argument.size() < 256 && std::filesystem::is_regular_file(argument, code)) {
        m_console.note(std::format("reading the token from the file {}", argument));
        return readFile(argument);
    }
    return argument;
}

Result<std::vector<std::string>> ArgumentReader::tokens(const std::vector<std::string> &arguments)
{
    std::vector<std::string> sources = arguments;
    if (sources.empty()) {
        if (isatty(STDIN_FILENO) == 1)
            return fail(Errc::Usage, "no token; give it, @file, or pipe it in");
        sources.emplace_back("-");
    }
    std::vector<std::string> tokens;
    for (const std::string &source : sources) {
        const Result<std::string> text = tokenText(source);
        if (!text)
            return std::unexpected(text.error());
        for (FoundToken &found : findTokens(*text)) {
            if (!found.cut.empty())
                m_console.note(std::format("cut {} off the token", found.cut));
            tokens.push_back(std::move(found.token));
        }
    }
    if (tokens.empty())
        return fail(Errc::TokenShape, "the input is empty");
    return tokens;
}

} // namespace postern::cli
