// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway {

/// A request as a client writes it: what is sent, repeated, copied and pasted.
struct WebRequest
{
    using Headers = std::vector<std::pair<std::string, std::string>>;

    std::string method = "GET";
    std::string url; ///< "http://127.0.0.1:9080/get?a=1"
    Headers headers; ///< in the order sent; without Host unless the client sets it itself
    std::string body;
    bool insecure = false; ///< certificates are not checked

    bool operator==(const WebRequest &) const = default;

    /// The first header of that name (case-insensitive), or nullptr.
    [[nodiscard]] const std::string *header(std::string_view name) const noexcept;
    /// Sets the first header of that name and drops the others, or appends it.
    void setHeader(std::string_view name, std::string_view value);
    void removeHeader(std::string_view name);

    [[nodiscard]] std::string origin() const; ///< "http://127.0.0.1:9080"
    [[nodiscard]] std::string target() const; ///< "/get?a=1"; "/" without a path; no fragment
    [[nodiscard]] std::string host() const; ///< the Host header's, else the URL's "127.0.0.1:9080"
};

/// True for headers whose value lets somebody in: Authorization, Cookie, apikey and the like.
[[nodiscard]] bool isSecretHeader(std::string_view name) noexcept;

} // namespace postern::gateway
