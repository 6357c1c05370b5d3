// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/control/control_api.h"
#include "gateway/observe/capture.h"

namespace postern::gateway {

/// `GET` and `POST /v1/capture`, `GET /v1/exchanges/{id}`; see ControlApi.
void getCapture(const ControlApi::Call &call);
void postCapture(const ControlApi::Call &call);
void getExchange(const ControlApi::Call &call);

/// The settings after a change: members that are absent stay as they are.
/// \return InvalidArgument with where = JSON pointer; Json
[[nodiscard]] Result<CaptureSettings> changedCapture(CaptureSettings settings,
                                                     std::string_view text);
/// An exchange as the control API shows it. Octets that are no UTF-8 are shown as Latin-1 in heads
/// and as base64 in bodies.
[[nodiscard]] Json exchangeToJson(const CapturedExchange &exchange);

} // namespace postern::gateway
