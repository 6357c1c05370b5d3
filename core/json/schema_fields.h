// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <string>
#include <vector>

namespace postern {

/// One member that a JSON Schema speaks of, as a table row for people and forms.
struct SchemaField
{
    std::string path; ///< "abort.http_status", "rules[].count", "headers.*"
    std::string type; ///< "string", "integer|string", "array of string"; empty if any
    std::string byDefault; ///< the default as JSON text; empty if none
    std::string constraint; ///< "required; at least 1; one of a, b"; may be empty
    std::string description; ///< the schema's own words; usually empty
};

/// The members that an object schema speaks of, nested ones behind their parent, in the schema's
/// order; alternatives (`oneOf`, `anyOf`, `dependencies`) are merged. Follows "#/definitions/x".
[[nodiscard]] std::vector<SchemaField> schemaFields(const Json &schema);

/// What the schema demands of the members together: "at least one of a, b", "exactly one of: a; b
/// and c", "c, if a is \"x\"".
[[nodiscard]] std::vector<std::string> schemaRules(const Json &schema);

} // namespace postern
