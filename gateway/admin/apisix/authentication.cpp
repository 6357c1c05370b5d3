// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/authentication.h"

#include "core/bytes/secret.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <optional>

namespace postern::gateway {
namespace {

constexpr std::string_view kCookie = "x_api_key";

std::optional<std::string> cookieValue(std::string_view header, std::string_view name)
{
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(';'), header.size());
        std::string_view pair = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return std::string(pair.substr(name.size() + 1));
    }
    return std::nullopt;
}

std::optional<std::string> sentKey(const ServiceRequest &request)
{
    if (auto [value, present] = request.argument("api_key"); present)
        return value;
    for (const auto &[name, value] : request.headers) {
        // as a variable of nginx: http_x_api_key
        if (std::ranges::equal(name, std::string_view("x_api_key"), [](char a, char b) {
                return (a == '-' ? '_' : std::tolower(static_cast<unsigned char>(a))) == b;
            }))
            return value;
    }
    for (const auto &[name, value] : request.headers) {
        if (!std::ranges::equal(name, std::string_view("cookie"), [](char a, char b) {
                return std::tolower(static_cast<unsigned char>(a)) == b;
            }))
            continue;
        if (auto key = cookieValue(value, kCookie))
            return key;
    }
    return std::nullopt;
}

bool isKey(std::string_view sent, std::string_view key)
{
    return !key.empty() && equalConstantTime(sent, key);
}

// "name", "name:port", "[::1]:port" without the port, in lower case.
std::string hostName(std::string_view host)
{
    const std::size_t end =
        host.starts_with('[') ? host.find(']') : std::min(host.find(':'), host.size());
    std::string name(host.substr(0, end));
    if (name.starts_with('['))
        name.erase(0, 1);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
}

bool isAddress(const std::string &name)
{
    in6_addr address{};
    return inet_pton(AF_INET, name.c_str(), &address) == 1
        || inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

} // namespace

std::string_view refusalOfKey(const ServiceRequest &request, const AdminOptions &options)
{
    if (!options.requireKey)
        return {};
    const auto key = sentKey(request);
    if (!key)
        return "missing apikey";
    bool admin = isKey(*key, options.adminKey);
    bool viewer = isKey(*key, options.viewerKey);
    // The first entry with the key counts; every one is compared, so that time tells nothing.
    for (const AdminKey &entry : options.keys) {
        const bool fits = isKey(*key, entry.key);
        if (admin || viewer)
            continue;
        (entry.viewer ? viewer : admin) = fits;
    }
    if (admin)
        return {};
    if (!viewer)
        return "wrong apikey";
    return request.method == "GET" ? std::string_view() : "invalid method for role viewer";
}

bool peerAllowed(const ServiceRequest &request, const AdminOptions &options)
{
    if (options.allowedPeers.empty() || request.peer == "unix")
        return true;
    return anyContains(options.allowedPeers, request.peer);
}

bool hostIsOwn(const ServiceRequest &request)
{
    const std::string name = hostName(request.header("Host"));
    return !request.toLoopback || request.peer == "unix" || name.empty() || name == "localhost"
        || name.ends_with(".localhost") || isAddress(name);
}

} // namespace postern::gateway
