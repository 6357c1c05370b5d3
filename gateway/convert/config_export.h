// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/admin/objects/object_change.h"
#include "gateway/convert/export_secrets.h"
#include "gateway/lint/lint_sources.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

enum class ExportFormat : std::uint8_t {
    Postern, ///< postern.yaml: `postern gateway run --config`
    Standalone, ///< apisix.yaml with its end mark: APISIX and `gateway run --standalone`
    StandaloneJson ///< apisix.json, for the same
};
/// What such a file is usually called: "postern.yaml", "apisix.yaml", "apisix.json".
[[nodiscard]] std::string_view usualFileName(ExportFormat format) noexcept;

struct ExportOptions
{
    ExportFormat format = ExportFormat::Postern;
    SecretForm secrets = SecretForm::References;
    /// Of gatewayProfiles(): whose rules count. Written into postern.yaml if it is not the default
    /// one. Empty: the default one.
    std::string profile = {};
    /// These are only some of the objects: what they refer to may be elsewhere, so that nothing is
    /// checked and nothing left out for what a gateway would say.
    bool partial = false;
};

/// An object that is not in the file.
struct NotExported
{
    std::string key; ///< "/routes/1"
    std::string why; ///< a sentence, or the Admin API's words

    bool operator==(const NotExported &) const = default;
};

/// A configuration file as text.
struct ExportedConfig
{
    std::string text;
    /// The environment variables that new references read; each once.
    std::vector<std::string> variables;
    std::vector<NotExported> leftOut;
    std::size_t objects = 0; ///< how many are in the file
};

/// A whole configuration as a file that a gateway loads as the same objects, times aside. Whatever
/// it would not load is left out and told; of postern.yaml, which is loaded whole or not at all,
/// also what refers to something that is left out or was never there. Texts that look like
/// variables are written so that they stay what they are.
/// \param objects of every kind, in any order but for those of one kind, which keep theirs;
/// deleted ones are passed over
[[nodiscard]] ExportedConfig exportConfig(std::span<const ObjectChange> objects,
                                          const ExportOptions &options);

/// Some consumers and their credentials, likewise; `partial`.
/// \param objects "/consumers/jack", "/consumers/jack/credentials/x"; others are left out, and so
/// are credentials whose consumer is not among them
[[nodiscard]] ExportedConfig exportConsumers(std::span<const ObjectChange> objects,
                                             ConfigFileKind kind, SecretForm secrets);

/// Writes a file in one step: whatever goes wrong, what was there before stays. Only its owner may
/// read one that holds secrets.
/// \return Io with what the system says, the path in where
[[nodiscard]] Result<void> saveConfig(const std::string &path, std::string_view text,
                                      SecretForm secrets);

} // namespace postern::gateway
