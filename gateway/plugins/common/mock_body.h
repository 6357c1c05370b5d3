// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <string>

namespace postern::gateway {

/// A random object that fits a JSON Schema's `properties`, with the `example` of a property where
/// it has one. Nested at most 32 deep; other keywords do not count. APISIX 3.18, mocking.
[[nodiscard]] Json mockObject(const Json &schema);

/// The object as XML in an element `data`.
[[nodiscard]] std::string mockXml(const Json &object);

} // namespace postern::gateway
