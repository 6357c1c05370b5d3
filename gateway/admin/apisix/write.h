// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/apisix/resource.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::gateway {

/// One object on its way into the store.
struct Writing
{
    const ResourceSpec *resource = nullptr;
    Subject subject; ///< id from the URL (empty: from the body); parent of a credential
    Json object; ///< as the client sent it, or as PATCH merged it
    bool patched = false; ///< PATCH: create_time and update_time may be there
};

/// Key and text of a document that passed every check.
struct Checked
{
    std::string key;
    std::string value; ///< what the client sent plus id, create_time, update_time
};

/// Applies the id rules: sets `object.id` and `subject.id`. apisix.md 1.5.
/// \param wanted false for POST, which must not carry an id
/// \return nothing, or InvalidArgument ("missing route id", "wrong route id", ...)
[[nodiscard]] Result<void> settleId(Writing &writing, bool wanted);

/// The last part of the object's key: its id, its user name, its plugin.
[[nodiscard]] std::string nameOf(const Writing &writing);

/// Where a client may say create_time and update_time itself.
enum class TimesAllowed : bool { Nowhere, Own };

/// Refuses create_time and update_time in what a client sends. apisix.md 1.4.
/// \param allowed Own: the object's own are taken, those inside it are refused all the same
[[nodiscard]] Result<void> refuseTimestamps(const Json &object,
                                            TimesAllowed allowed = TimesAllowed::Nowhere);

/// Sets create_time (kept from `previous`, the stored text, if that has one) and update_time.
/// A patched object keeps the create_time it has, and its update_time if `keepUpdateTime`.
void stampTimes(Writing &writing, const std::optional<std::string> &previous, std::int64_t now,
                bool keepUpdateTime = false);

/// Runs the resource's checks. Nothing is stored. The id must be settled, or absent (POST).
/// Uses the object up: its defaults are filled in.
/// \return key and text as they were before the checks
[[nodiscard]] Result<Checked> checkWriting(Writing writing, const CheckContext &context);

/// The text with which types refuse writes that this build cannot store.
[[nodiscard]] Error notInThisBuild(const ResourceSpec &resource);

} // namespace postern::gateway
