// SPDX-License-Identifier: Apache-2.0
#include "gateway/request/web_request.h"

#include "gateway/http/header_list.h"

#include <algorithm>
#include <array>

namespace postern::gateway {

namespace {

/// Where the authority ends and the target begins.
std::size_t endOfOrigin(std::string_view url) noexcept
{
    const std::size_t scheme = url.find("://");
    const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
    return std::min(url.find_first_of("/?#", start), url.size());
}

} // namespace

const std::string *WebRequest::header(std::string_view name) const noexcept
{
    const auto found = std::ranges::find_if(
        headers, [name](const auto &field) { return equalsIgnoringCase(field.first, name); });
    return found == headers.end() ? nullptr : &found->second;
}

void WebRequest::setHeader(std::string_view name, std::string_view value)
{
    const auto first = std::ranges::find_if(
        headers, [name](const auto &field) { return equalsIgnoringCase(field.first, name); });
    if (first == headers.end()) {
        headers.emplace_back(name, value);
        return;
    }
    first->second = value;
    headers.erase(
        std::remove_if(first + 1, headers.end(),
                       [name](const auto &field) { return equalsIgnoringCase(field.first, name); }),
        headers.end());
}

void WebRequest::removeHeader(std::string_view name)
{
    std::erase_if(headers,
                  [name](const auto &field) { return equalsIgnoringCase(field.first, name); });
}

std::string WebRequest::origin() const { return url.substr(0, endOfOrigin(url)); }

std::string WebRequest::target() const
{
    std::string target = url.substr(endOfOrigin(url));
    target.resize(std::min(target.find('#'), target.size()));
    if (!target.starts_with('/'))
        target.insert(0, 1, '/');
    return target;
}

std::string WebRequest::host() const
{
    if (const std::string *own = header("host"))
        return *own;
    const std::string origin = this->origin();
    const std::size_t scheme = origin.find("://");
    return scheme == std::string::npos ? origin : origin.substr(scheme + 3);
}

bool isSecretHeader(std::string_view name) noexcept
{
    constexpr std::array<std::string_view, 10> kNames{
        "authorization", "proxy-authorization", "cookie",  "set-cookie",
        "apikey",        "x-api-key",           "api-key", "x-auth-token",
        "access-token",  "x-vault-token"};
    return std::ranges::any_of(
        kNames, [name](std::string_view secret) { return equalsIgnoringCase(secret, name); });
}

} // namespace postern::gateway
