// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/store/store.h"
#include "gateway/access/draft_request.h"
#include "gateway/request/web_request.h"

#include <string>
#include <vector>

namespace postern::gui {

class Workspace;

/// The stored objects as documents, secrets in clear, for work in another thread. Main thread.
/// \param staged as they would be with the staged edits
[[nodiscard]] std::vector<Document> documentsOf(const Workspace &workspace, bool staged = false);

/// The request as the engine is asked about it.
[[nodiscard]] gateway::DraftRequest draftOf(const gateway::WebRequest &request, Timestamp now);

/// Adds the login of a consumer that the request's route wants: an API key, a password, a token
/// minted now, a signature. Takes milliseconds; any thread.
/// \param documents as documentsOf() gives them
/// \return the request, or NotFound: there is no such consumer, or it has no login that fits
[[nodiscard]] Result<gateway::WebRequest> addLogin(std::vector<Document> documents,
                                                   gateway::WebRequest request,
                                                   const std::string &consumer, Timestamp now);

} // namespace postern::gui
