// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/access/draft_request.h"

#include <QObject>

#include <functional>
#include <string>

namespace postern::gui {

/// Sends a request to a gateway's proxy on a thread of the pool.
/// \param proxy "http://127.0.0.1:9080"
/// \param done with the status, in the main thread, unless `context` is gone by then
void sendDraft(const std::string &proxy, gateway::DraftRequest draft, QObject *context,
               std::function<void(Result<int>)> done);

} // namespace postern::gui
