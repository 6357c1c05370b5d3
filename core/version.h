// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace postern {

/// The version of this build, as `project()` in the root CMakeLists.txt says.
inline constexpr std::string_view kVersion = POSTERN_VERSION;

} // namespace postern
