// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/snapshot.h"

#include <functional>
#include <memory>

namespace postern::gateway {

/// Logins that a snapshot goes without since their secrets had not come when it was made. The
/// original reads a secret when a request needs it, so a value that was just written to the manager
/// has to be found by the next request. Any thread.
struct MissingLogins
{
    using Done = std::function<void(std::shared_ptr<const Snapshot>)>;
    /// Asks the managers once more, unless that was just done or they are out of reach. `done` gets
    /// the newest snapshot, in any thread, at once or when they have answered.
    std::function<void(Done done)> ask;
};

/// True if an authentication plugin refused the request, and a missing login could be the one that
/// it needs.
[[nodiscard]] bool couldBeMissing(const Exchange &exchange, const CompiledPlugin &entry) noexcept;

/// Waits for the missing logins, a second at most, and asks the plugin again, once.
/// \param events the trace's events before the plugin ran
/// \return Verdict::Suspend
[[nodiscard]] Verdict awaitLogins(Exchange &exchange, const CompiledPlugin &entry,
                                  Verdict (Plugin::*function)(Exchange &) const,
                                  std::uint8_t events);

} // namespace postern::gateway
