// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A place in a text file, from 1.
struct TextPlace
{
    std::size_t line = 0;
    std::size_t column = 0;
};

/// A YAML value with the place of every node. A plain value.
struct YamlNode
{
    struct Member;
    enum class Kind : std::uint8_t { Scalar, Sequence, Mapping };

    Kind kind = Kind::Scalar;
    TextPlace place;
    Json scalar; ///< null, boolean, number (as spelled) or string
    std::vector<YamlNode> items;
    std::vector<Member> members; ///< in the order written; names are unique

    [[nodiscard]] const YamlNode *find(std::string_view name) const noexcept;
    [[nodiscard]] Json toJson() const;
    /// The node a JSON pointer leads to, or the nearest one on the way: for error places.
    [[nodiscard]] const YamlNode &nearest(std::string_view pointer) const;
};

struct YamlNode::Member
{
    std::string name;
    TextPlace place; ///< of the name
    YamlNode value;
};

/// Reads a variable of `${NAME}`; nullopt if it is not set.
using VariableLookup = std::function<std::optional<std::string>(const std::string &name)>;

/// Parses one YAML document by the core schema of YAML 1.2: `yes`, `on` and `off` are strings,
/// quoted scalars are strings, numbers keep their spelling where it is JSON's. Anchors, aliases
/// and `<<` merge keys are understood; what aliases multiply to is limited. Repeated names,
/// names that are no scalars, unknown tags, `.inf` and `.nan` are errors.
/// In scalars `${NAME}` and `${NAME:-default}` are replaced (`$${` stands for `${`); an unquoted
/// scalar gets its type after that. Names of members are never replaced. Without `variables`
/// nothing is replaced.
/// \param file for messages only
/// \return the root (a null scalar for an empty text), or Config with where "file:line:column"
[[nodiscard]] Result<YamlNode> parseYaml(std::string_view text, std::string_view file,
                                         const VariableLookup &variables);

/// "file:line:column"
[[nodiscard]] std::string formatPlace(std::string_view file, TextPlace place);

} // namespace postern
