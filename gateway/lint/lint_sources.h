// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/secret/reference.h"
#include "core/store/store.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/lint/config_lint.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// A configuration file, ready to be linted.
struct LintFile
{
    std::vector<LintObject> objects;
    /// What the Admin API would refuse, each with "file:line:column"; shared login keys are left to
    /// lint, which tells both owners.
    std::vector<Error> faults;
    SecretResolver::Lookup environment; ///< what `$env://` may read, as the file has it
    /// "file:line:column" of a JSON pointer into one of the objects, as exact as is known.
    std::function<std::string(std::size_t object, std::string_view pointer)> placeOf;
};

enum class ConfigFileKind : std::uint8_t { Postern, Standalone };
/// Standalone for `apisix.yaml`, `apisix.json` and the like.
[[nodiscard]] ConfigFileKind kindOfConfigFile(const std::filesystem::path &path);

/// Reads a file and checks what is in it; nothing is stored.
/// \return what loadConfig() and checkStandaloneFile() say of files that cannot be used at all
[[nodiscard]] Result<LintFile> readLintFile(const std::filesystem::path &path, ConfigFileKind kind);

/// Every object of a store, in the order of the keys. \return what the store says, or JsonSyntax of
/// a document that is none
[[nodiscard]] Result<std::vector<LintObject>> readLintObjects(Store &store);

/// Every object that an Admin API shows. \return what AdminAccess::objects() says
[[nodiscard]] Result<std::vector<LintObject>> readLintObjects(AdminAccess &admin);

} // namespace postern::gateway
