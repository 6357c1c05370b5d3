// SPDX-License-Identifier: Apache-2.0
#include "cli/value_kind.h"

#include <algorithm>
#include <array>

namespace postern::cli {
namespace {

struct Row
{
    std::string_view command; ///< of these commands: the start of their name; empty: of all
    std::string_view name;
    ValueKind kind;
};

// The first row that fits counts.
constexpr std::array kRows{
    Row{"token break", "--out", ValueKind::Directory},
    Row{"token find", "path", ValueKind::File},
    Row{"token", "--header", ValueKind::Claim},
    Row{"token", "--env", ValueKind::Text},
    Row{"consumer add", "name", ValueKind::Text},
    Row{"consumer credential add", "id", ValueKind::Text},
    Row{"consumer credential", "id", ValueKind::Credential},
    Row{"consumer", "name", ValueKind::Consumer},
    Row{"consumer", "--unset", ValueKind::Text},
    Row{"trace", "id", ValueKind::TraceId},
    Row{"explain", "id", ValueKind::TraceId},
    Row{"exec", "command", ValueKind::Program},
    Row{"help", "command", ValueKind::Command},
    Row{"clock", "duration", ValueKind::Duration},
    Row{"clock", "time", ValueKind::Time},
    Row{"completion", "shell", ValueKind::Text},

    Row{{}, "--admin", ValueKind::Address},
    Row{{}, "--admin-key", ValueKind::Secret},
    Row{{}, "--alg", ValueKind::Algorithm},
    Row{{}, "--algs", ValueKind::Algorithm},
    Row{{}, "--allow-alg", ValueKind::Algorithm},
    Row{{}, "--artifacts", ValueKind::Directory},
    Row{{}, "--cert", ValueKind::File},
    Row{{}, "--claim", ValueKind::Claim},
    Row{{}, "--clock", ValueKind::Time},
    Row{{}, "--config", ValueKind::File},
    Row{{}, "--consumer", ValueKind::Consumer},
    Row{{}, "--control", ValueKind::Address},
    Row{{}, "--count", ValueKind::Number},
    Row{{}, "--credential", ValueKind::Credential},
    Row{{}, "--curl", ValueKind::Url},
    Row{{}, "--data", ValueKind::JsonText},
    Row{{}, "--directory", ValueKind::Directory},
    Row{{}, "--exp", ValueKind::Time},
    Row{{}, "--expect-requests", ValueKind::Number},
    Row{{}, "--grace", ValueKind::Duration},
    Row{{}, "--header", ValueKind::Text},
    Row{{}, "--iat", ValueKind::Time},
    Row{{}, "--in", ValueKind::File},
    Row{{}, "--jwks", ValueKind::File},
    Row{{}, "--key", ValueKind::Key},
    Row{{}, "--label", ValueKind::Claim},
    Row{{}, "--leeway", ValueKind::Duration},
    Row{{}, "--limit", ValueKind::Number},
    Row{{}, "--max-age", ValueKind::Duration},
    Row{{}, "--nbf", ValueKind::Time},
    Row{{}, "--new-passphrase", ValueKind::Secret},
    Row{{}, "--out", ValueKind::File},
    Row{{}, "--passphrase", ValueKind::Secret},
    Row{{}, "--payload", ValueKind::File},
    Row{{}, "--plugin", ValueKind::Plugin},
    Row{{}, "--port-file", ValueKind::File},
    Row{{}, "--profile", ValueKind::Profile},
    Row{{}, "--proxy", ValueKind::Address},
    Row{{}, "--public-key", ValueKind::File},
    Row{{}, "--route", ValueKind::Route},
    Row{{}, "--secret", ValueKind::Secret},
    Row{{}, "--set", ValueKind::Claim},
    Row{{}, "--signature", ValueKind::File},
    Row{{}, "--since", ValueKind::TraceId},
    Row{{}, "--status", ValueKind::Status},
    Row{{}, "--store", ValueKind::Store},
    Row{{}, "--timeout", ValueKind::Duration},
    Row{{}, "--ttl", ValueKind::Duration},
    Row{{}, "--url", ValueKind::Url},
    Row{{}, "--weak-list", ValueKind::File},
    Row{{}, "--workers", ValueKind::Number},
    Row{{}, "consumer", ValueKind::Consumer},
    Row{{}, "directory", ValueKind::Directory},
    Row{{}, "file", ValueKind::File},
    Row{{}, "files", ValueKind::File},
    Row{{}, "input", ValueKind::File},
    Row{{}, "jwks", ValueKind::File},
    Row{{}, "key", ValueKind::Key},
    Row{{}, "keys", ValueKind::File},
    Row{{}, "message", ValueKind::File},
    Row{{}, "path", ValueKind::File},
    Row{{}, "paths", ValueKind::File},
    Row{{}, "token", ValueKind::Token},
    Row{{}, "tokens", ValueKind::Token},
};

// Index = ValueKind.
constexpr std::array<std::string_view, 26> kPlaceholders{
    "TEXT",   "N",       "FILE",     "DIR",  "JSON",      "SECRET",     "KEY",
    "TOKEN",  "URI",     "DURATION", "TIME", "HOST:PORT", "NAME=VALUE", "CONSUMER",
    "ID",     "ROUTE",   "PLUGIN",   "ALG",  "PROFILE",   "REASON",     "ID",
    "STATUS", "COMMAND", "COMMAND",  "URL",  ""};

} // namespace

ValueKind valueKindOf(std::string_view command, std::string_view name) noexcept
{
    const auto *const row = std::ranges::find_if(kRows, [&](const Row &each) {
        return each.name == name && command.starts_with(each.command);
    });
    return row == kRows.end() ? ValueKind::Text : row->kind;
}

std::string_view placeholderOf(ValueKind kind) noexcept
{
    return kPlaceholders.at(static_cast<std::size_t>(kind));
}

} // namespace postern::cli
