// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A compiled JSONPath expression (`$..groups`, `$.a[0]['b']`), or, without a leading `$`, the
/// plain name of a member of the document itself (`groups`).
/// Immutable after construction; any thread.
class JsonPath
{
public:
    /// \return the expression, or Errc::JsonPath with the parser's words in detail
    [[nodiscard]] static Result<JsonPath> compile(std::string_view expression);
    /// Every matching value exactly as in the document, in the order the path visits them (outer
    /// before inner, members as written).
    [[nodiscard]] std::vector<Json> select(const Json &document) const;

private:
    struct Compiled;
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace postern
