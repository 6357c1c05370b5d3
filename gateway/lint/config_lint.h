// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/lint.h"
#include "core/json/json.h"
#include "core/secret/reference.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What a list of credentials shows of a finding at a glance.
enum class LoginMark : std::uint8_t { None, Weak, Duplicate, Unresolved, Expired };

/// A rule as it is documented. Ids are an interface: add, never rename.
struct ConfigRule
{
    std::string_view id; ///< "duplicate-login"
    LintLevel level;
    std::string_view help; ///< one line, what the rule looks for
    LoginMark mark = LoginMark::None;
};
/// Every rule: logins first, then secrets, certificates, routes.
[[nodiscard]] std::vector<ConfigRule> configRules();

/// One object of a configuration, as it was written: references unresolved, defaults not filled in.
struct LintObject
{
    std::string key; ///< of the store: "/apisix/consumers/jack/credentials/x"
    Json value;
};

/// What an experienced reader would remark about a configuration: advice, never a refusal. Names
/// objects, members and variables, never a secret.
struct ConfigFinding
{
    std::string_view id; ///< of its rule; static storage
    LintLevel level;
    LoginMark mark = LoginMark::None;
    std::size_t object = 0; ///< which of the objects
    std::string key; ///< its storage key
    std::string pointer; ///< JSON pointer into it; empty: the object
    std::string text; ///< for people
    std::string fix; ///< what to do about it, an imperative; may be empty
    std::string other; ///< storage key of the second object concerned, or empty
};

struct ConfigLintOptions
{
    std::int64_t now = 0; ///< UNIX seconds
    /// Reads `$env://` references. nullptr: where the gateway runs is not known, so each counts as
    /// resolved and its value as sound.
    const SecretResolver *secrets = nullptr;
};

/// Lints a whole configuration: what refers to what is looked at, too. Objects need not be valid;
/// what is not as its schema wants it is passed over. Findings are in the order of the objects.
/// Any thread.
[[nodiscard]] std::vector<ConfigFinding> lintConfig(std::span<const LintObject> objects,
                                                    const ConfigLintOptions &options);

} // namespace postern::gateway
