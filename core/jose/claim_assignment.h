// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace postern {

/// How the text of a file is got; an empty one reads none.
using ReadText = std::function<Result<std::string>(const std::string &path)>;

/// Writes one `--claim` or `--header` into the object: `k=text`, `k:=json`, `k=@file` (the file's
/// text), `k:@template` (computed: `{uuid}`, `{now}`, `{now+30m}`, `{n}`; `{now}` and `{n}` alone
/// make a number). Paths: `realm.roles[0]`, `["https://example.org/x"]`, `a\.b` for a dot in a
/// name. The top level claims exp, nbf and iat read `=` as a time: UNIX seconds, RFC 3339, now,
/// +90s.
/// \return Usage or InvalidArgument with the specification's name in where
/// \param number what `{n}` stands for
/// \param readFile for `k=@file`; none: files are refused
[[nodiscard]] Result<void> assignClaim(Json &object, std::string_view specification, Timestamp now,
                                       std::uint64_t number, const ReadText &readFile);

/// Removes what the path names; a path to nothing is no error.
[[nodiscard]] Result<void> unsetClaim(Json &object, std::string_view path);

/// A NumericDate from the common time syntax; a plain number keeps its exact spelling.
[[nodiscard]] Result<Json> numericDate(std::string_view text, Timestamp now);

} // namespace postern
