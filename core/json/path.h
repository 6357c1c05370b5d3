// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <memory>
#include <string_view>
#include <vector>

namespace postern {

/// A compiled JSONPath expression (`$..groups`, `$.a[0]['b']`), or a plain member name.
/// Immutable after construction; any thread.
class JsonPath
{
public:
    /// \return the expression, or Errc::JsonPath with the parser's words in detail
    [[nodiscard]] static Result<JsonPath> compile(std::string_view expression);
    /// Every matching value, in document order.
    [[nodiscard]] std::vector<Json> select(const Json &document) const;

private:
    struct Compiled;
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace postern
