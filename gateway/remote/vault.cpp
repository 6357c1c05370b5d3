// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/vault.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::size_t kMaxAnswer = 1024UL * 1024;
constexpr double kLongest = 60;

// Everything that stands for itself in a path: what the user wrote is not written anew.
constexpr std::string_view kPathOctets = "/!$&'()*+,;=:@%";

std::string firstText(const Json *list)
{
    if (!list || list->size() == 0 || !list->items().front().isString())
        return {};
    constexpr std::size_t kMost = 200; // of a stranger's text
    return list->items().front().asString().substr(0, kMost);
}

Error unreadable(const VaultAddress &vault, const ClientResponse &response, const Json *answer)
{
    const std::string why = firstText(answer ? answer->find("errors") : nullptr);
    std::string text = std::format("{} answered status {}", vault.name(), response.status);
    if (!why.empty())
        text.append(": ").append(why);
    else
        text.append(answer ? " without data" : ", and no JSON object");
    return {Errc::SecretManager, std::move(text), {}};
}

Error unreached(const VaultAddress &vault, const Error &error)
{
    switch (error.code) {
    case Errc::Timeout:
        return {Errc::SecretManager,
                std::format("{} gave no answer within {:g} s", vault.name(),
                            static_cast<double>(vault.timeout.count()) / 1000),
                vault.server.text()};
    case Errc::Cancelled:
        return error;
    default:
        return {Errc::SecretManager, std::format("{}: {}", vault.name(), error.detail),
                vault.server.text()};
    }
}

} // namespace

std::string VaultAddress::name() const
{
    const bool v6 = server.host.contains(':');
    return std::format("vault {}:{}", v6 ? "[" + server.host + "]" : server.host, server.port);
}

std::string VaultAddress::target(std::string_view path) const
{
    const std::string raw = std::format("/v1/{}/{}", prefix, path);
    std::string out;
    out.reserve(raw.size());
    for (const char c : raw) {
        if (c != '/' || !out.ends_with('/'))
            out += c;
    }
    return encodePercent(out, kPathOctets);
}

Result<VaultAddress> readVaultAddress(const Json &object)
{
    VaultAddress vault;
    auto server = parseWebAddress(object.stringOr("uri", ""));
    if (!server)
        return fail(Errc::Config, std::format("its uri {}", server.error().detail),
                    std::string(object.stringOr("uri", "")));
    vault.server = std::move(*server);
    vault.prefix = object.stringOr("prefix", "");
    vault.token = object.stringOr("token", "");
    vault.nameSpace = object.stringOr("namespace", "");
    if (const Json *timeout = object.find("timeout"); timeout && timeout->asDouble() > 0)
        vault.timeout = std::chrono::milliseconds(std::max<std::int64_t>(
            1, std::llround(std::min(timeout->asDouble(), kLongest) * 1000)));
    return vault;
}

Result<Json> readVault(const VaultAddress &vault, const std::string &token, std::string_view path,
                       int cancel)
{
    ClientRequest request{.target = vault.target(path),
                          .headers = {{"X-Vault-Token", token}},
                          .body = "{}", // as the original sends it
                          .maxBody = kMaxAnswer};
    if (!vault.nameSpace.empty())
        request.headers.emplace_back("X-Vault-Namespace", vault.nameSpace);
    const auto response = ControlClient(vault.server, vault.timeout, cancel).send(request);
    if (!response)
        return std::unexpected(unreached(vault, response.error()));
    auto answer = parseJson(response->body, {.lastDuplicateWins = true});
    if (!answer || !answer->isObject())
        return std::unexpected(unreadable(vault, *response, nullptr));
    Json *data = answer->find("data");
    if (data && data->isObject())
        return std::move(*data);
    const Json *errors = answer->find("errors");
    if (response->status != 404 || (errors && errors->size() > 0))
        return std::unexpected(unreadable(vault, *response, &*answer));
    std::string text = std::format("{} has nothing at {}", vault.name(),
                                   std::string_view(request.target).substr(4));
    if (const std::string warning = firstText(answer->find("warnings")); !warning.empty())
        text.append(": ").append(warning);
    return fail(Errc::SecretMember, std::move(text));
}

Result<std::string> vaultMember(const Json &data, std::string_view member, std::string_view place)
{
    const Json *value = data.find(member);
    const Json *inner = data.find("data");
    const bool second = inner && inner->isObject() && data.find("metadata");
    if (!value || value->isNull())
        return fail(
            Errc::SecretMember,
            std::format("{} has no member \"{}\"{}", place, member,
                        second ? " (the answer is one of version 2 of the KV engine; as in APISIX "
                                 "only version 1 is read)"
                               : ""));
    return value->isString() ? value->asString() : value->dump();
}

} // namespace postern::gateway
