// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/pipeline/trace.h"

#include <string>
#include <string_view>

namespace postern::gateway {

/// An event with its texts resolved. Views into the record.
struct StepView
{
    Step step;
    Outcome outcome;
    Errc reason;
    std::string_view subject, a, b;
    std::int64_t number;
    std::string_view keyClaim; ///< Lookup: the claim the key stands in; empty for API keys
};

/// The step's stable name ("route", "extract", "signature").
[[nodiscard]] std::string_view stepName(Step step) noexcept;
/// The outcome's stable name ("ok", "failed", "note").
[[nodiscard]] std::string_view outcomeName(Outcome outcome) noexcept;
[[nodiscard]] StepView viewOf(const TraceRecord &record, std::size_t event);

/// One sentence for people, without a dot: "expired 3 s ago".
[[nodiscard]] std::string stepText(const StepView &view);
/// The operands for programs: {"claim":"exp","distance_s":-3}.
[[nodiscard]] Json stepDetail(const StepView &view);
/// What to do about a failed step; empty if there is nothing to say.
[[nodiscard]] std::string stepFix(const StepView &view, std::string_view credential);

} // namespace postern::gateway
