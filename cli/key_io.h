// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/arguments.h"
#include "cli/output.h"
#include "core/error.h"
#include "core/jose/key_import.h"
#include "core/jose/lint.h"
#include "core/json/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace postern::cli {

/// importKeys(); asks for the passphrase on the terminal where one is needed and none was given.
/// \param place what is asked about: a file's name
[[nodiscard]] Result<ImportedKeys>
importAsking(std::string_view octets, std::string_view passphrase, std::string_view place);

/// Every key of an argument: a file, `@file`, `-`, `env:NAME`, or the PEM or JSON text itself. Asks
/// for the passphrase on the terminal where one is needed and none was given; warns of private key
/// files that others can read.
/// \param passphrase the argument of --passphrase, in the forms of a secret; may be empty
[[nodiscard]] Result<ImportedKeys> readKeys(const Console &console, ArgumentReader &reader,
                                            const std::string &argument,
                                            const std::string &passphrase);

/// The one key that is meant. \param only kid or thumbprint; empty: there must be one key
/// \return KeyMissing that lists the kids
[[nodiscard]] Result<ImportedKey> oneKey(ImportedKeys keys, std::string_view only,
                                         std::string_view place);

/// How keys are written.
enum class KeyFormat : std::uint8_t { Pem, Der, Jwk, Jwks, B64u, Hex, Raw };

/// By name ("pem"), or nullopt.
[[nodiscard]] std::optional<KeyFormat> keyFormat(std::string_view name) noexcept;
/// By a file's extension: .pem .key .crt .pub, .der, .jwk .json, .jwks, .hex, .b64u, .bin.
[[nodiscard]] std::optional<KeyFormat> keyFormatOfPath(std::string_view path) noexcept;

/// Where a key goes, and how. Private parts go to files of mode 0600, or to standard output where
/// that was asked for.
struct KeyOutput
{
    std::string out; ///< file, "-" or empty: standard output
    std::string format; ///< empty: by the extension of `out`, else the command's own choice
    std::string passphrase; ///< of --new-passphrase: encrypts PEM
    bool ask = false; ///< --protect: asks for that passphrase
    bool force = false; ///< replace an existing file
    bool reveal = false; ///< private parts to standard output
};
void addKeyOutput(CLI::App &app, KeyOutput &output);
/// Adds `--to FORMAT`.
void addKeyFormat(CLI::App &app, KeyOutput &output, const std::string &help);

/// Encodes keys. Several keys need a format that holds several: PEM and JWKS.
/// \param passphrase empty: not encrypted \return Usage for what the format cannot hold
[[nodiscard]] Result<std::string> encodeKeys(const std::vector<Key> &keys, KeyFormat format,
                                             bool includePrivate, const Secret &passphrase);

/// Encodes and writes. To standard output without --reveal the public part only, and says so.
/// \param otherwise the format if nothing else says one \return the exit code
[[nodiscard]] int writeKeys(const Console &console, ArgumentReader &reader, const KeyOutput &output,
                            const std::vector<Key> &keys, KeyFormat otherwise);

/// The passphrase that new key files get: --new-passphrase, or asked for; empty if neither.
[[nodiscard]] Result<Secret> newPassphrase(ArgumentReader &reader, const KeyOutput &output);

/// The JWK for people: private members as "*** (32 bytes)" unless revealed.
[[nodiscard]] Json shownJwk(const Key &key, bool reveal);

/// {"id":…,"level":…,"text":…} each.
[[nodiscard]] Json lintJson(const std::vector<LintFinding> &findings);

/// "EC P-256", "RSA 2048", "ML-DSA-44", "HMAC secret of 32 bytes".
[[nodiscard]] std::string kindOf(const Key &key);

} // namespace postern::cli
