// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace postern::cli {

inline constexpr std::size_t kMaxFetched = 1024UL * 1024;

[[nodiscard]] bool isUrl(std::string_view argument) noexcept;

/// What an http URL gives that the user wrote on the command line; nothing else is ever fetched.
/// No redirect is followed.
/// \return the body of a 200; Remote, Timeout, LimitExceeded; InvalidArgument, also for https,
/// which is not spoken here, with the way around it
[[nodiscard]] Result<std::string> fetchUrl(std::string_view url);

/// Whether what it gives can be changed on its way: plain http that leaves this machine.
[[nodiscard]] bool isOpenToChange(std::string_view url);

} // namespace postern::cli
