// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/store/store.h"
#include "gateway/access/access_matrix.h"
#include "gateway/request/recorded_exchange.h"

#include <string>
#include <vector>

namespace postern::gui {

// What the engine would decide, asked of it without sending anything.

/// A cell of the access matrix that an edit changes.
struct AccessFlip
{
    std::string consumer, route; ///< consumer empty: nobody
    gateway::AccessCell before, after;
};

/// What one edit would change on some routes. Some microseconds a consumer and route; any thread.
/// \param documents as documentsOf() gives them
/// \param routes ids
[[nodiscard]] std::vector<AccessFlip> flipsOf(std::vector<Document> documents, Document edit,
                                              const std::vector<std::string> &routes,
                                              Timestamp now);

/// A request decided anew at a time of one's own. Milliseconds; any thread.
/// \param consumer whose login is added; empty: the request stays as it is
/// \return what was asked, and the trace of the decision
[[nodiscard]] gateway::RecordedExchange decideAgain(std::vector<Document> documents,
                                                    const gateway::WebRequest &request,
                                                    const std::string &consumer, Timestamp now);

} // namespace postern::gui
