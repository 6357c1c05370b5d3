// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/server/http_service.h"

namespace postern::gateway {

// How every endpoint of the control API answers.

/// JSON with a final newline.
void sendJson(const Responder &responder, int status, const Json &value,
              ServiceHeaders headers = {});
/// `{"error":{"code":SLUG,"message":TEXT}}` with the status of its code.
void sendError(const Responder &responder, const Error &error, ServiceHeaders headers = {});

} // namespace postern::gateway
