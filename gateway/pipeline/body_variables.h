// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/path.h"
#include "gateway/pipeline/variables.h"

#include <string_view>

namespace postern::gateway {

/// `post_arg_<name>`: an argument of an urlencoded body, its first value.
[[nodiscard]] VariableValue formArgument(Exchange &exchange, std::string_view name);

/// `post_arg.<path>`: a member of a JSON, urlencoded or multipart body.
/// \param several whether the path may select many: the value is then always a list
[[nodiscard]] VariableValue bodyMember(Exchange &exchange, const JsonPath &path, bool several);

/// `graphql_name`, `graphql_operation`, `graphql_root_fields`: of the document in the query
/// argument of a GET, or in the body (a JSON object's `query`, or `application/graphql`).
[[nodiscard]] VariableValue graphqlVariable(Exchange &exchange, std::string_view name);

} // namespace postern::gateway
