// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// One mounted engine.
struct KvMount
{
    std::string description;
    std::string accessor; ///< "kv_1a2b3c4d"
    std::string uuid;
};

/// What a development store keeps: KV engines of version 1 by their path, and JSON objects below
/// them. In memory, and in a file where there is one. Its own thread only.
class KvMounts
{
public:
    /// \param file read if it is there, and written after every change, whole or not at all, mode
    /// 0600; empty: memory only
    /// \return Io, or Config for a file that is not ours
    [[nodiscard]] static Result<KvMounts> open(std::filesystem::path file);

    /// By path with a slash at its end: "kv/".
    [[nodiscard]] const std::map<std::string, KvMount, std::less<>> &mounts() const noexcept
    {
        return m_mounts;
    }
    /// The mount that a path lies below, or nullptr.
    [[nodiscard]] const std::pair<const std::string, KvMount> *
    mountOf(std::string_view path) const noexcept;

    /// \param path "kv" or "kv/" \return Conflict when the path is in use, InvalidArgument, Io
    [[nodiscard]] Result<void> enable(std::string_view path, std::string_view description);
    /// What lies below goes with it.
    [[nodiscard]] Result<void> disable(std::string_view path);

    [[nodiscard]] const Json *find(std::string_view path) const noexcept;
    /// The names right below a path; what has more below it ends in a slash.
    [[nodiscard]] std::vector<std::string> list(std::string_view path) const;
    [[nodiscard]] Result<void> put(std::string_view path, Json value);
    [[nodiscard]] Result<void> remove(std::string_view path);

private:
    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> save() const;

    std::filesystem::path m_file;
    std::map<std::string, KvMount, std::less<>> m_mounts;
    std::map<std::string, Json, std::less<>> m_values;
};

} // namespace postern::gateway
