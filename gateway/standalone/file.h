// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/standalone.h"
#include "core/error.h"
#include "gateway/config_service.h"
#include "gateway/standalone/state.h"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// How a configuration file is written: by its name, `.json` or YAML.
[[nodiscard]] StandaloneSyntax syntaxOf(const std::filesystem::path &path);

/// Reads and checks a standalone configuration file. Nothing is stored.
struct CheckedFile
{
    StandaloneItems items;
    std::vector<Error> faults; ///< those of the items, each with "file:line:column"
    /// "file:line:column" of a JSON pointer into the configuration, as "/routes/0/uri".
    std::function<std::string(std::string_view pointer)> placeOf;
};
/// \return NotFound, Permission, Io (also for what is no file), Config with a place: no part of
/// such a file is used; faults of single items are told in the result
[[nodiscard]] Result<CheckedFile> checkStandaloneFile(ConfigService &config,
                                                      const std::filesystem::path &path,
                                                      const VariableLookup &variables = {});

/// The configuration in `apisix.yaml` or `apisix.json`: read at the start and whenever the file
/// changes. A version that cannot be read leaves the one before active. apisix.md 6.1. The admin
/// thread only.
class StandaloneFile
{
public:
    StandaloneFile(ConfigService &config, std::filesystem::path path);

    /// The first reading. A file without its end mark is only reported: somebody is writing it.
    /// \return what checkStandaloneFile() says of a file that cannot be used at all
    Result<void> load();
    /// Reads the file again if it is another one than the last time. To be called every second.
    void poll();
    /// Whether a configuration was ever taken from the file.
    [[nodiscard]] bool loaded() const noexcept { return m_loaded; }
    /// The version of a loaded item: its `modifiedIndex`, or when the active version of the file
    /// was written, in UNIX seconds.
    [[nodiscard]] std::int64_t versionOf(std::string_view key) const;

private:
    /// Which file, and in which state of it.
    struct Stamp
    {
        dev_t device = 0;
        ino_t inode = 0;
        off_t size = 0;
        std::timespec modified = {}, changed = {};

        [[nodiscard]] bool operator==(const Stamp &other) const noexcept;
    };
    struct Content
    {
        std::string text;
        Stamp stamp;
        /// Whether a later change is sure to have another stamp: the times in it are those of the
        /// system's clock tick, and several changes fit into one.
        bool settled = false;
    };
    friend Result<CheckedFile> checkStandaloneFile(ConfigService &, const std::filesystem::path &,
                                                   const VariableLookup &);

    static Result<Content> read(const std::filesystem::path &path);
    static std::optional<Stamp> stampOf(const std::filesystem::path &path);
    Result<void> reload();
    void report(std::optional<Error> fileFault);

    ConfigService &m_config;
    std::filesystem::path m_path;
    StandaloneState m_state;
    std::optional<Stamp> m_stamp; ///< of the version that was tried last
    std::size_t m_digest = 0; ///< of its text
    bool m_settled = false;
    std::optional<Error> m_fileFault;
    std::vector<CompileProblem> m_itemFaults; ///< of the active version
    std::int64_t m_version = 0;
    bool m_loaded = false;
};

} // namespace postern::gateway
