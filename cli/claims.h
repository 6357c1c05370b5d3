// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"

#include <string_view>

namespace postern::cli {

/// Writes one `--claim` or `--header` into the object: `k=text`, `k:=json`, `k=@file` (the file's
/// text). Paths: `realm.roles[0]`, `["https://example.org/x"]`, `a\.b` for a dot in a name. The top
/// level claims exp, nbf and iat read `=` as a time: UNIX seconds, RFC 3339, now, +90s.
/// \return Usage or InvalidArgument with the specification's name in where
[[nodiscard]] Result<void> assignClaim(Json &object, std::string_view specification, Timestamp now);

/// Removes what the path names; a path to nothing is no error.
[[nodiscard]] Result<void> unsetClaim(Json &object, std::string_view path);

/// A NumericDate from the common time syntax; a plain number keeps its exact spelling.
[[nodiscard]] Result<Json> numericDate(std::string_view text, Timestamp now);

} // namespace postern::cli
