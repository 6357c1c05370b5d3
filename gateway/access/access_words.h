// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/access/access_matrix.h"
#include "gateway/pipeline/trace.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// A reason for a narrow cell: "label", "expired".
[[nodiscard]] std::string accessWord(Errc reason);
/// The limits that a dry run met: "3/30 s"; empty if none.
[[nodiscard]] std::string limitWords(const TraceRecord &trace);
/// What a dry run met that would be left to luck: "30 %"; empty if nothing.
[[nodiscard]] std::string luckWords(const TraceRecord &trace);

/// Reads a refusal out of the trace.
/// \param missing plugins whose login the one who asks does not have: "key-auth, basic-auth"
void judgeRefusal(AccessCell &cell, const TraceRecord &trace, std::size_t deciding,
                  std::string_view missing);

/// Fills in summary and text from the trace.
/// \param consumer who asked; empty: nobody; nullopt: it is not known
void describeAccess(AccessDetail &detail, const std::optional<std::string> &consumer);

} // namespace postern::gateway
