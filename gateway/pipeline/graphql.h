// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What routing needs to know of a GraphQL document: its first operation.
struct GraphqlOperation
{
    std::string name; ///< empty if it has none
    std::string operation; ///< "query", "mutation", "subscription"
    std::vector<std::string> rootFields; ///< names (not aliases) of the outermost selection
};

/// Reads the first operation of a document (GraphQL, October 2021, 2.3), skipping what is nested
/// in it.
/// \return nullopt if it holds no operation, or is not well formed up to that operation's end
[[nodiscard]] std::optional<GraphqlOperation> parseGraphql(std::string_view document);

/// The largest document that is read, as APISIX's `graphql.max_size`.
inline constexpr std::size_t kGraphqlLimit = std::size_t{1024} * 1024;

} // namespace postern::gateway
