// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/output.h"
#include "core/error.h"
#include "core/json/json.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace postern::cli {

/// Answers one line of a batch. The request is an object; the answer is one without `id`, which the
/// loop puts in front. An error becomes the line's error object and the stream goes on.
using BatchAnswer = std::function<Result<Json>(const Json &request)>;

constexpr std::size_t kMaxBatchLine = 16U * 1024 * 1024;

/// Adds `--batch SOURCE` ("-" or a file of NDJSON). \param members what a line holds, for the help
void addBatchOption(CLI::App &app, std::string &source, std::string_view members);

/// Answers every line of standard input ("-") or of a file on standard output: one JSON object a
/// line, in order, `{"id":…,…}`; a line that cannot be answered gets
/// `{"id":…|null,"error":{"code":"<slug>","message":"…"}}`. Blank lines are passed over.
/// \return kYes at the end of the input, whatever the answers; the code of Io if reading or writing
/// failed
[[nodiscard]] int runBatch(const Console &console, const std::string &source,
                           const BatchAnswer &answer);

/// The same between two descriptors. Answers are collected and written when the input has nothing
/// more to read at once, so that a peer that waits for each answer gets it, and a pipe runs full.
[[nodiscard]] Result<void> answerLines(int in, int out, const BatchAnswer &answer);

/// The string member of a request. \return InvalidArgument that names it, if it is absent or no
/// string
[[nodiscard]] Result<std::string_view> textMember(const Json &request, std::string_view name);
/// As textMember(), decoded from hexadecimal.
[[nodiscard]] Result<std::string> hexMember(const Json &request, std::string_view name);

} // namespace postern::cli
