// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <memory>

namespace postern {

namespace json {
struct SchemaNode;
}

/// A compiled JSON Schema whose failure texts are those of APISIX 3.18 (jsonschema 0.9.12): clients
/// and the original's tests match on them. Supports draft-7 keywords: type, properties, required,
/// additionalProperties, patternProperties, dependencies, min/maxProperties, items, min/maxItems,
/// uniqueItems, min/maxLength, pattern, minimum, maximum, exclusive*, multipleOf, enum, const,
/// allOf, anyOf, oneOf, if/then/else, not, format ipv4/ipv6, default, $ref to "#/definitions/x".
/// Numbers are compared and printed as Lua does it (doubles, %.14g). Annotations are ignored; a
/// constraint that is not in this list is refused when compiling, never silently dropped.
/// Immutable after construction; any thread.
class Schema
{
public:
    /// \param schema must outlive nothing: it is copied
    /// \return the validator, or Errc::Schema with where = JSON pointer into the schema
    [[nodiscard]] static Result<Schema> compile(const Json &schema);

    /// Validates and writes defaults into the value. First failure wins; `{}` and `[]` are
    /// interchangeable; a string that is a `$env://` or `$secret://` reference passes any string
    /// node.
    /// \return nothing, or Errc::Schema whose detail is APISIX's exact text (without prefix)
    [[nodiscard]] Result<void> validate(Json &value) const;

    [[nodiscard]] const Json &document() const noexcept; ///< the schema as given

private:
    std::shared_ptr<const json::SchemaNode> m_root; // shares the ownership of all nodes
    std::shared_ptr<const Json> m_document;
};

} // namespace postern
