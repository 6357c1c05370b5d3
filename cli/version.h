// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace postern::cli {

/// The project's version, from CMake.
inline constexpr std::string_view kVersion = POSTERN_VERSION;
/// The compatibility profile that is used when none is named.
inline constexpr std::string_view kProfile = "apisix-3.18";

} // namespace postern::cli
