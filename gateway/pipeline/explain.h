// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/pipeline/trace.h"
#include "gateway/router/compiler.h"
#include "gateway/router/snapshot.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// A refused token whose signature did not fit, analysed off the worker: which sample secret or
/// which other consumer's credential it fits.
struct TokenFinding
{
    std::string note; ///< "it matches the well-known sample secret \"your-256-bit-secret\""
    std::string fix;
};

/// The event that decided against the request, if one did: a consumer attached after it (anonymous)
/// undoes it, as does another node that answered.
[[nodiscard]] std::optional<std::size_t> decidingEvent(const TraceRecord &record);

/// Looks a refused token up against the sample secrets and every jwt-auth credential of the
/// snapshot, and against the readings of the addressed credential's secret. Takes milliseconds;
/// never on a worker. The token is not kept.
[[nodiscard]] std::vector<TokenFinding> analyseRefusedToken(std::string_view token,
                                                            const Snapshot &snapshot);

/// The trace as JSON (the control API's form): id, request, response, decision, steps with slug,
/// text and fix, timings.
/// \param snapshot the configuration now, for a 404's nearest routes
/// \param problems what the configuration left out (SnapshotCompiler::problems()), for credentials
/// and routes that should be there and are not
[[nodiscard]] Json traceToJson(const TraceRecord &record, const Snapshot &snapshot,
                               const std::vector<TokenFinding> &findings,
                               const std::vector<CompileProblem> &problems = {});

/// The JSON form as text for a terminal: one line per step, notes, the fix. See `postern explain`.
[[nodiscard]] std::string explainTrace(const Json &trace, bool colour);

/// What the request of a refused trace did not come to, in order: "signature", "upstream".
[[nodiscard]] std::vector<std::string_view> stagesNotReached(const Json &trace);

} // namespace postern::gateway
