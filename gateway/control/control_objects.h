// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/control/control_api.h"

namespace postern::gateway {

/// `GET /v1/objects`, `GET /v1/revision` and `POST /v1/objects`; see ControlApi.
void getObjects(const ControlApi::Call &call);
void getRevision(const ControlApi::Call &call);
void postObjects(const ControlApi::Call &call);

} // namespace postern::gateway
