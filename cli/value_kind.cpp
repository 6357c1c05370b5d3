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
    Row{"token", "--unset", ValueKind::ClaimName},
    Row{"consumer add", "name", ValueKind::Text},
    Row{"consumer credential add", "id", ValueKind::Text},
    Row{"consumer credential", "id", ValueKind::Credential},
    Row{"consumer", "name", ValueKind::Consumer},
    Row{"consumer", "--unset", ValueKind::Name},
    Row{"key jwks rm", "kids", ValueKind::Kid},
    Row{"key", "keys", ValueKind::Key},
    Row{"key", "--to", ValueKind::Text},
    Row{"plugin", "name", ValueKind::Plugin},
    Row{"trace", "id", ValueKind::TraceId},
    Row{"explain", "id", ValueKind::TraceId},
    Row{"exec", "command", ValueKind::Program},
    Row{"consumer rotate", "--id", ValueKind::Text},
    Row{"request", "--key", ValueKind::Secret},
    Row{"acl", "--state", ValueKind::Text},
    Row{"help", "command", ValueKind::Command},
    Row{"clock", "duration", ValueKind::Duration},
    Row{"vault", "path", ValueKind::Text},
    Row{"vault", "members", ValueKind::Claim},
    Row{"vault", "--token", ValueKind::Secret},
    Row{"vault", "--version", ValueKind::Number},
    Row{"clock", "time", ValueKind::Time},
    Row{"completion", "shell", ValueKind::Text},
    Row{"gateway run", "--status", ValueKind::Address},

    Row{{}, "--addr", ValueKind::Address},
    Row{{}, "--address", ValueKind::Url},
    Row{{}, "--admin", ValueKind::Address},
    Row{{}, "--admin-key", ValueKind::Secret},
    Row{{}, "--alg", ValueKind::Algorithm},
    Row{{}, "--algs", ValueKind::Algorithm},
    Row{{}, "--allow-alg", ValueKind::Algorithm},
    Row{{}, "--artifacts", ValueKind::Directory},
    Row{{}, "--batch", ValueKind::Batch},
    Row{{}, "--cert", ValueKind::File},
    Row{{}, "--claim", ValueKind::Claim},
    Row{{}, "--clock", ValueKind::Time},
    Row{{}, "--config", ValueKind::File},
    Row{{}, "--consumer", ValueKind::Consumer},
    Row{{}, "--control", ValueKind::Address},
    Row{{}, "--control-apisix", ValueKind::Address},
    Row{{}, "--count", ValueKind::Number},
    Row{{}, "--credential", ValueKind::Credential},
    Row{{}, "--curl", ValueKind::Url},
    Row{{}, "--data", ValueKind::JsonText},
    Row{{}, "--days", ValueKind::Number},
    Row{{}, "--detached", ValueKind::File},
    Row{{}, "--dir", ValueKind::Directory},
    Row{{}, "--directory", ValueKind::Directory},
    Row{{}, "--env", ValueKind::Name},
    Row{{}, "--as", ValueKind::Consumer},
    Row{{}, "--bearer", ValueKind::Token},
    Row{{}, "--conf", ValueKind::File},
    Row{{}, "--env-file", ValueKind::File},
    Row{{}, "--overlap", ValueKind::Duration},
    Row{{}, "--exp", ValueKind::Time},
    Row{{}, "--expires-within", ValueKind::Duration},
    Row{{}, "--expect-requests", ValueKind::Number},
    Row{{}, "--expires-within", ValueKind::Duration},
    Row{{}, "--file", ValueKind::File},
    Row{{}, "--gateway-group", ValueKind::Name},
    Row{{}, "--grace", ValueKind::Duration},
    Row{{}, "--header", ValueKind::Text},
    Row{"gateway", "--https", ValueKind::Address},
    Row{{}, "--iat", ValueKind::Time},
    Row{{}, "--in", ValueKind::File},
    Row{{}, "--jwks", ValueKind::File},
    Row{{}, "--key", ValueKind::Key},
    Row{{}, "--key-claim", ValueKind::ClaimName},
    Row{{}, "--kid", ValueKind::Kid},
    Row{{}, "--label", ValueKind::Claim},
    Row{{}, "--leeway", ValueKind::Duration},
    Row{{}, "--limit", ValueKind::Number},
    Row{{}, "--max-age", ValueKind::Duration},
    Row{{}, "--nbf", ValueKind::Time},
    Row{{}, "--new-passphrase", ValueKind::Secret},
    Row{{}, "--now", ValueKind::Time},
    Row{{}, "--out", ValueKind::File},
    Row{{}, "--passphrase", ValueKind::Secret},
    Row{{}, "--payload", ValueKind::File},
    Row{{}, "--plugin", ValueKind::Plugin},
    Row{{}, "--port-file", ValueKind::File},
    Row{{}, "--profile", ValueKind::Profile},
    Row{{}, "--proxy", ValueKind::Address},
    Row{{}, "--public-key", ValueKind::File},
    Row{{}, "--reason", ValueKind::Reason},
    Row{{}, "--require", ValueKind::ClaimName},
    Row{{}, "--route", ValueKind::Route},
    Row{{}, "--secret", ValueKind::Secret},
    Row{{}, "--set", ValueKind::Claim},
    Row{{}, "--signature", ValueKind::File},
    Row{{}, "--since", ValueKind::TraceId},
    Row{{}, "--standalone", ValueKind::File},
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
    switch (kind) {
    case ValueKind::Text:
        return "TEXT";
    case ValueKind::Number:
        return "N";
    case ValueKind::File:
        return "FILE";
    case ValueKind::Directory:
        return "DIR";
    case ValueKind::JsonText:
        return "JSON";
    case ValueKind::Secret:
        return "SECRET";
    case ValueKind::Key:
        return "KEY";
    case ValueKind::Token:
        return "TOKEN";
    case ValueKind::Store:
        return "URI";
    case ValueKind::Duration:
        return "DURATION";
    case ValueKind::Time:
        return "TIME";
    case ValueKind::Address:
        return "HOST:PORT";
    case ValueKind::Claim:
        return "NAME=VALUE";
    case ValueKind::ClaimName:
    case ValueKind::Name:
        return "NAME";
    case ValueKind::Kid:
        return "KID";
    case ValueKind::Batch:
        return "FILE|-";
    case ValueKind::Consumer:
        return "CONSUMER";
    case ValueKind::Credential:
    case ValueKind::TraceId:
        return "ID";
    case ValueKind::Route:
        return "ROUTE";
    case ValueKind::Plugin:
        return "PLUGIN";
    case ValueKind::Algorithm:
        return "ALG";
    case ValueKind::Profile:
        return "PROFILE";
    case ValueKind::Reason:
        return "REASON";
    case ValueKind::Status:
        return "STATUS";
    case ValueKind::Command:
    case ValueKind::Program:
        return "COMMAND";
    case ValueKind::Url:
        return "URL";
    case ValueKind::Flag:
        break;
    }
    return {};
}

} // namespace postern::cli
