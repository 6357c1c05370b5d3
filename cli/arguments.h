// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output.h"
#include "core/bytes/secret.h"
#include "core/error.h"
#include "core/jose/jwt.h"
#include "core/jose/key.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace postern::cli {

/// Reads a whole file, at most 64 MiB. \return its octets, or Io with the path in where
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path &path);

/// Which key of a set is meant.
struct KeyChoice
{
    std::string kid; ///< empty: the only one that fits
    std::string passphrase; ///< of an encrypted PEM
};

/// Reads the argument forms that all commands share. Standard input is read at most once per
/// command. What was guessed or cut is said on stderr.
class ArgumentReader
{
public:
    explicit ArgumentReader(const Console &console) : m_console(console) {}

    /// `@file` (one trailing newline dropped), `env:NAME`, `b64:`, `b64u:`, `hex:`, `text:`, `-`;
    /// anything else is the secret itself. Never guessed.
    [[nodiscard]] Result<Secret> secret(std::string_view argument);

    /// A file (PEM, DER, JWK or JWKS; also as `@file`), `-`, `env:NAME`, an http or https URL, the
    /// PEM or JSON text itself.
    [[nodiscard]] Result<Key> key(std::string_view argument, const KeyChoice &choice = {});

    /// The keys of a set, or the one key: the same forms as key(). Members of a set that cannot be
    /// used are left out with a note. \param choice a kid picks one key of the set
    [[nodiscard]] Result<TrustedKeys> keys(std::string_view argument, const KeyChoice &choice = {});

    /// Literals, `@file`, `-`, names of existing files; none at all: standard input, if it is no
    /// terminal. Each argument may hold several tokens, one on a line.
    [[nodiscard]] Result<std::vector<std::string>>
    tokens(const std::vector<std::string> &arguments);

    /// Standard input to its end. \return Usage when it was read before
    [[nodiscard]] Result<std::string> standardInput();

private:
    [[nodiscard]] Result<std::string> tokenText(const std::string &argument);
    [[nodiscard]] Result<std::string> keyText(std::string_view argument, std::string &place);
    void hintAboutLiteral();

    const Console &m_console;
    bool m_inputRead = false;
};

/// Picks a key of a JWKS (or the key itself of a JWK). \return KeyMissing that lists the kids
[[nodiscard]] Result<Key> keyFromJwks(const Json &document, std::string_view kid);

} // namespace postern::cli
