// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/admin/objects/object_change.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

// How several changes, and what became of them, look on the control API.

struct ObjectBatch
{
    std::vector<ObjectChange> changes; ///< the puts first
    bool dry = false;
};

/// Reads `{"puts":[{"key":...,"value":{...}}],"deletes":["/routes/1"],"dry":true}`; each member may
/// be absent, no other may be there.
/// \return Json, Schema (too deep, too large) or InvalidArgument with where = JSON pointer
[[nodiscard]] Result<ObjectBatch> parseObjectBatch(std::string_view text);
/// What parseObjectBatch() reads.
[[nodiscard]] std::string batchText(std::span<const ObjectChange> changes, bool dry);

/// `{"revision":8,"refusals":[{"key","pointer","message"}]}`
[[nodiscard]] Json outcomeJson(const ApplyOutcome &outcome);
/// Reads outcomeJson(). \return Remote if it is none
[[nodiscard]] Result<ApplyOutcome> parseOutcome(std::string_view text);

} // namespace postern::gateway
