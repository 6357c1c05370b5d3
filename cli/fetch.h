// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace postern::cli {

inline constexpr std::size_t kMaxFetched = 1024UL * 1024;

[[nodiscard]] bool isUrl(std::string_view argument) noexcept;

/// What an http or https URL gives that the user wrote on the command line; nothing else is ever
/// fetched. No redirect is followed. https: TLS 1.2 or later, the system's trust store or
/// SSL_CERT_FILE, the certificate must be for the host.
/// \param timeout over connecting, handshake and answer together
/// \return the body of a 200; Remote, Timeout, LimitExceeded, InvalidArgument
[[nodiscard]] Result<std::string>
fetchUrl(std::string_view url, std::chrono::milliseconds timeout = std::chrono::seconds(10));

/// Whether what it gives can be changed on its way: plain http that leaves this machine.
[[nodiscard]] bool isOpenToChange(std::string_view url);

} // namespace postern::cli
