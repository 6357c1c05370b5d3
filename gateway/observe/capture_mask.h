// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/observe/capture.h"

namespace postern::gateway {

/// What stands for a credential that is not shown.
inline constexpr std::string_view kMask = "***";

/// Replaces credentials wherever they stand in the exchange, bodies included: what the
/// Authorization fields carry behind their scheme, the headers, arguments and cookies that
/// authentication plugins looked at, and those that usually carry one. Of a JWT header and payload
/// stay and the signature goes, so that the rest cannot be used.
void maskCredentials(CapturedExchange &exchange);

} // namespace postern::gateway
