// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace postern::cli {

/// What an option or argument takes. One name means one thing in every command, so the kind
/// follows from the name; help shows it, completion offers values by it.
enum class ValueKind : std::uint8_t {
    Text, ///< anything
    Number,
    File,
    Directory,
    JsonText, ///< JSON, @file or -
    Secret, ///< text, @file, env:NAME, b64:, b64u:, hex:, text:, -
    Key, ///< a key file, env:NAME, -, consumer:NAME, cred:ID
    Token, ///< the token, @file, -
    Store, ///< memory:, sqlite:PATH
    Duration,
    Time,
    Address, ///< HOST:PORT
    Claim, ///< k=text, k:=json, k=@file
    ClaimName,
    Name,
    Kid, ///< the id of a key
    Batch, ///< NDJSON from a file or -
    Consumer,
    Credential,
    Route,
    Plugin,
    Algorithm,
    Profile,
    Reason,
    TraceId,
    Status,
    Command, ///< a command of this tool or a topic of its help
    Program, ///< a command of the system
    Url,
    Flag, ///< takes nothing
};

/// \param command the command's name, "consumer get"
/// \param name "--ttl", or an argument's name ("consumer")
[[nodiscard]] ValueKind valueKindOf(std::string_view command, std::string_view name) noexcept;

/// How help names such a value: "FILE".
[[nodiscard]] std::string_view placeholderOf(ValueKind kind) noexcept;

/// True if values of this kind must never be repeated.
[[nodiscard]] constexpr bool isSecret(ValueKind kind) noexcept
{
    return kind == ValueKind::Secret || kind == ValueKind::Key || kind == ValueKind::Token;
}

} // namespace postern::cli
