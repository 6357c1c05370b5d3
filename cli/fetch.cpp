// SPDX-License-Identifier: Apache-2.0
#include "cli/fetch.h"

#include "gateway/control/client.h"

#include <algorithm>
#include <format>
#include <utility>

namespace postern::cli {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";

struct Place
{
    gateway::ServerAddress address;
    std::string target;
};

Result<Place> placeOf(std::string_view url)
{
    url = url.substr(0, url.find('#'));
    const std::size_t scheme = (url.starts_with(kHttps) ? kHttps : kHttp).size();
    const std::size_t end = std::min(url.find_first_of("/?", scheme), url.size());
    Result<gateway::ServerAddress> address = gateway::parseWebAddress(url.substr(0, end));
    if (!address)
        return std::unexpected(address.error());
    std::string target(url.substr(end));
    if (!target.starts_with('/'))
        target.insert(0, 1, '/');
    return Place{std::move(*address), std::move(target)};
}

} // namespace

bool isUrl(std::string_view argument) noexcept
{
    return argument.starts_with(kHttp) || argument.starts_with(kHttps);
}

Result<std::string> fetchUrl(std::string_view url, std::chrono::milliseconds timeout)
{
    const Result<Place> place = placeOf(url);
    if (!place)
        return std::unexpected(place.error());
    Result<gateway::ClientResponse> response =
        gateway::ControlClient(place->address, timeout)
            .send({.target = place->target,
                   .headers = {{"Accept", "application/json, */*"}},
                   .maxBody = kMaxFetched});
    if (!response) {
        if (response.error().code == Errc::LimitExceeded)
            return fail(Errc::LimitExceeded, "larger than 1 MiB", std::string(url));
        if (response.error().where.empty())
            response.error().where = url;
        return std::unexpected(response.error());
    }
    if (response->status != 200)
        return fail(Errc::Remote,
                    std::format("it answers with status {}{}", response->status,
                                response->status / 100 == 3 ? "; redirects are not followed" : ""),
                    std::string(url));
    return std::move(response->body);
}

bool isOpenToChange(std::string_view url)
{
    const Result<Place> place = placeOf(url);
    if (!place || !url.starts_with(kHttp))
        return false;
    const std::string &host = place->address.host;
    return host != "localhost" && host != "::1" && !host.starts_with("127.");
}

} // namespace postern::cli
