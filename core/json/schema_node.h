// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "core/text/pattern.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What a compiled Schema consists of. Only core/json/schema*.cpp include this.
namespace postern::json {

enum class SchemaType : std::uint8_t { Null, Boolean, Integer, Number, String, Array, Object };
enum class SchemaFormat : std::uint8_t { None, Ipv4, Ipv6 };

struct SchemaNode
{
    struct Dependency
    {
        std::string name;
        std::vector<std::string> needs;
        const SchemaNode *node = nullptr; // instead of `needs`
        bool isProperty = false; // checked with the property of that name
    };
    struct Property
    {
        std::string name;
        const SchemaNode *node = nullptr;
        bool required = false;
        std::optional<Json> standard; // "default"
        std::optional<std::size_t> dependency; // index
    };
    struct PatternProperty
    {
        std::string text;
        Pattern pattern;
        const SchemaNode *node = nullptr;
    };
    struct Range
    {
        std::optional<std::size_t> least;
        std::optional<std::size_t> most;
    };

    std::optional<bool> constant; // the schemas `true` and `false`

    std::vector<SchemaType> types; // empty: any
    std::string wrongType; // the failure text up to the type found

    std::vector<Property> properties;
    std::vector<std::string> required; // those that are no properties
    std::vector<Dependency> dependencies;
    std::vector<PatternProperty> patternProperties;
    bool additionalForbidden = false;
    const SchemaNode *additional = nullptr;
    Range propertyCount;
    bool constrainsObject = false;

    Range itemCount;
    const SchemaNode *items = nullptr;
    std::vector<const SchemaNode *> tuple;
    bool uniqueItems = false;

    Range length;
    std::string patternText;
    std::optional<Pattern> pattern;

    std::optional<double> minimum;
    std::optional<double> exclusiveMinimum;
    std::optional<double> maximum;
    std::optional<double> exclusiveMaximum;
    std::optional<double> multipleOf;

    std::optional<Json::Array> enumeration;
    std::optional<Json> only; // "const"
    SchemaFormat format = SchemaFormat::None;

    std::vector<const SchemaNode *> allOf;
    std::vector<const SchemaNode *> anyOf;
    std::string anyOfRequired; // `: ["a"] or ["b"]`, or empty
    std::vector<const SchemaNode *> oneOf;
    const SchemaNode *condition = nullptr; // "if"
    const SchemaNode *thenNode = nullptr;
    const SchemaNode *elseNode = nullptr;
    const SchemaNode *negated = nullptr; // "not"
};

/// All nodes of one schema; addresses are stable.
struct SchemaProgram
{
    std::deque<SchemaNode> nodes;
};

/// \return the root, which keeps the whole program alive, or Errc::Schema
[[nodiscard]] Result<std::shared_ptr<const SchemaNode>> compileSchema(const Json &document);

} // namespace postern::json
