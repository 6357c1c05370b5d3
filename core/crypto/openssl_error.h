// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <string_view>

namespace postern {

/// Drains OpenSSL's error queue into a detail: "<what>: <OpenSSL's first reason>".
/// Any thread; leaves the calling thread's queue empty.
[[nodiscard]] Error openSslError(Errc code, std::string_view what);

/// Forgets the errors of an expected failure.
void clearOpenSslErrors() noexcept;

} // namespace postern
