// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// One object of the configuration, or that it is gone.
struct ObjectChange
{
    /// What follows "/apisix" in its storage key: "/routes/1", "/consumers/jack",
    /// "/consumers/jack/credentials/x", "/secrets/vault/1".
    std::string key;
    /// As it is stored: what the client sent, `id`, create_time and update_time; secrets in clear.
    /// Null: deleted.
    Json value;
    std::uint64_t modified = 0; ///< the revision of its last change
};

/// The objects of a configuration, or those that changed.
struct ObjectFeed
{
    std::uint64_t revision = 0; ///< what to ask with next time
    bool complete = false; ///< these are all there are: what is not among them is gone
    std::vector<ObjectChange> changes; ///< complete: in key order; else in the order of the changes
};

/// Why one of several objects was refused.
struct ObjectRefusal
{
    std::string key; ///< as given
    std::string pointer; ///< JSON pointer into its value, as near as is known; empty: the object
    std::string message; ///< the Admin API's words
};

/// What became of several changes.
struct ApplyOutcome
{
    std::uint64_t revision = 0; ///< of the store, after it
    std::vector<ObjectRefusal> refusals; ///< in the order of the changes; if any, nothing changed
};

} // namespace postern::gateway
