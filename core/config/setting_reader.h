// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/config.h"

#include <functional>
#include <span>
#include <string_view>

namespace postern {

/// A setting's node and how to read it into a field; every function reports the setting's place.
class SettingReader
{
public:
    SettingReader(const YamlNode &node, std::string_view file) noexcept : m_node(node), m_file(file)
    {
    }

    Result<void> boolean(bool &out) const;
    Result<void> text(std::string &out) const; ///< scalars of any type, as spelled
    Result<void> textOrOff(std::string &out) const; ///< `off` gives an empty text
    Result<void> count(std::uint64_t &out) const;
    Result<void> countOrAuto(std::uint64_t &out) const; ///< `auto` gives 0
    Result<void> size(std::uint64_t &out) const; ///< parseSize()
    Result<void> duration(Duration &out) const; ///< parseDuration(), not negative
    Result<void> address(std::optional<ListenAddress> &out) const; ///< `off`: nullopt
    Result<void> texts(std::vector<std::string> &out) const;
    Result<void> pairs(std::vector<std::pair<std::string, std::string>> &out) const;
    /// One of the words; `out` gets its index.
    Result<void> word(std::span<const std::string_view> words, std::size_t &out) const;

    [[nodiscard]] bool isNull() const noexcept;
    /// Every item of a list, in order, until one fails.
    Result<void>
    entries(const std::function<Result<void>(const YamlNode &, std::string_view file)> &read) const;

    [[nodiscard]] std::unexpected<Error> refuse(std::string detail) const;

private:
    [[nodiscard]] Result<std::string> spelled(std::string_view what) const;

    const YamlNode &m_node;
    std::string_view m_file;
};

/// Reads everything of the file that is not an object list into `config`.
/// \return ConfigUnknownKey or Config with the place
[[nodiscard]] Result<void> readSettings(const YamlNode &root, std::string_view file,
                                        Config &config);

/// Reads the object lists of a file, in the order of Config::objects.
[[nodiscard]] Result<std::vector<ConfigObject>> readObjects(const YamlNode &root,
                                                            std::string_view file);

/// The place of an object's list among objectListNames(): a smaller one is written first.
[[nodiscard]] std::size_t objectRank(const ConfigObject &object) noexcept;

/// Names of the object lists ("routes", "consumers", ...), in that order.
[[nodiscard]] std::span<const std::string_view> objectListNames() noexcept;

} // namespace postern
