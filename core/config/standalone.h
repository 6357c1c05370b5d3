// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/yaml.h"
#include "core/error.h"
#include "core/json/json.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace postern {

enum class StandaloneSyntax : std::uint8_t { Yaml, Json };

/// Texts beyond this are refused: octets. YAML of that size takes seconds and gigabytes.
constexpr std::size_t kMaxStandaloneYaml = 32U * 1024 * 1024;
constexpr std::size_t kMaxStandaloneJson = 256U * 1024 * 1024;

/// A standalone configuration (`apisix.yaml`, `apisix.json`) that was read: an object of item lists
/// by type. Not checked any further. Its own thread only.
class StandaloneDocument
{
public:
    Json root; ///< an object

    /// "file:line:column" of a JSON pointer into `root`, or of the nearest value on the way.
    [[nodiscard]] std::string placeOf(std::string_view pointer) const;

private:
    friend Result<StandaloneDocument> parseStandalone(std::string, std::string_view,
                                                      StandaloneSyntax, const VariableLookup &);
    std::string m_file;
    std::string m_text; ///< of JSON, whose places are looked for when somebody asks
    mutable std::shared_ptr<const YamlNode> m_source;
};

/// Reads a whole configuration text. `${{NAME}}` and `${{NAME:=default}}` are replaced: in YAML
/// before it is parsed, so that quotes decide about the type; in JSON afterwards, inside of strings
/// and names, and a value that then is a number, `true` or `false` becomes one. apisix.md 6.1.
/// \param variables for both; the process environment if empty
/// \return the document, or Config with where "file:line:column"
[[nodiscard]] Result<StandaloneDocument> parseStandalone(std::string text, std::string_view file,
                                                         StandaloneSyntax syntax,
                                                         const VariableLookup &variables = {});

/// Whether a YAML text's last ten octets hold `#END` with nothing but white space behind it: a file
/// that is still being written has not.
[[nodiscard]] bool hasEndMark(std::string_view text) noexcept;

} // namespace postern
