// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace postern::gateway {

struct Exchange;

/// nginx's variables about the client's TLS connection, by their names behind "ssl_": protocol,
/// cipher, server_name, session_reused, client_verify, client_s_dn, client_i_dn, client_serial,
/// client_fingerprint. \return nullopt over plain HTTP, and for what the connection has not
[[nodiscard]] std::optional<std::string_view> tlsVariable(Exchange &exchange,
                                                          std::string_view name);

} // namespace postern::gateway
