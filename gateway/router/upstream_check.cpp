// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/upstream_check.h"

#include "core/text/pattern.h"

#include <algorithm>
#include <charconv>
#include <format>
#include <string_view>

namespace postern::gateway {
namespace {

// "host", "host:port", "[::1]", "[::1]:port". The port as text, empty if there is none.
Result<std::string_view> nodePort(std::string_view address)
{
    if (address.starts_with('[')) {
        const std::size_t bracket = address.find(']');
        if (bracket == std::string_view::npos)
            return fail(Errc::Schema,
                        "invalid configuration: IPv6 address must be enclosed with "
                        "'[' and ']'");
        const std::string_view rest = address.substr(bracket + 1);
        return rest.starts_with(':') ? rest.substr(1) : rest;
    }
    if (std::ranges::count(address, ':') > 1)
        return fail(Errc::Schema,
                    "invalid configuration: IPv6 address must be enclosed with '[' and ']'");
    const std::size_t colon = address.find(':');
    return colon == std::string_view::npos ? std::string_view() : address.substr(colon + 1);
}

Result<void> checkNodeAddress(std::string_view address)
{
    const auto port = nodePort(address);
    if (!port)
        return std::unexpected(port.error());
    if (port->empty() && !address.ends_with(':'))
        return {};
    unsigned number = 0;
    const auto read = std::from_chars(port->data(), port->data() + port->size(), number);
    if (read.ec != std::errc() || read.ptr != port->data() + port->size() || number < 1
        || number > 65535)
        return fail(Errc::Schema, std::format("invalid port {}", *port));
    return {};
}

/// What a consistent hash may be taken of.
Result<void> checkHashKey(const Json &upstream)
{
    if (upstream.stringOr("type", "") != "chash")
        return {};
    const std::string_view on = upstream.stringOr("hash_on", "vars");
    const Json *key = upstream.find("key");
    if (on == "consumer" || on == "vars_combinations") {
        return on == "consumer" || key ? Result<void>() : fail(Errc::Schema, "missing key");
    }
    if (!key)
        return fail(Errc::Schema, "missing key");
    constexpr std::string_view kVariable =
        "^((uri|server_name|server_addr|request_uri|remote_port|remote_addr|query_string|host|"
        "hostname|mqtt_client_id)|arg_[0-9a-zA-z_-]+)$";
    constexpr std::string_view kField = "^[a-zA-Z0-9-_]+$";
    const std::string_view expression = on == "vars" ? kVariable : kField;
    const auto pattern = Pattern::compile(expression);
    if (pattern && pattern->matches(key->asString()))
        return {};
    return fail(Errc::Schema,
                std::format("invalid configuration: failed to match pattern \"{}\" with \"{}\"",
                            expression, key->asString()));
}

} // namespace

Result<void> checkUpstreamSettings(const Json &upstream)
{
    if (const Json *nodes = upstream.find("nodes"); nodes && nodes->isObject()) {
        for (const auto &[address, weight] : nodes->members()) {
            if (auto sound = checkNodeAddress(address); !sound)
                return sound;
        }
    }
    if (upstream.stringOr("pass_host", "") == "rewrite"
        && upstream.stringOr("upstream_host", "").empty())
        return fail(Errc::Schema, "`upstream_host` can't be empty when `pass_host` is `rewrite`");
    return checkHashKey(upstream);
}

} // namespace postern::gateway
