// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"
#include "gateway/router/ip_range.h"

#include <algorithm>
#include <string>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "ip-restriction";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "message": {"type": "string", "minLength": 1, "maxLength": 1024,
                "default": "Your IP address is not allowed"},
    "response_code": {"type": "integer", "minimum": 403, "maximum": 404, "default": 403},
    "whitelist": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/ip"}},
    "blacklist": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/ip"}}
  },
  "oneOf": [{"required": ["whitelist"]}, {"required": ["blacklist"]}],
  "definitions": {"ip": {"anyOf": [
    {"title": "IPv4", "type": "string", "format": "ipv4"},
    {"title": "IPv4/CIDR", "type": "string", "pattern": "^([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\.([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])/([12]?[0-9]|3[0-2])$"},
    {"title": "IPv6", "type": "string", "format": "ipv6"},
    {"title": "IPv6/CIDR", "type": "string", "pattern": "^([a-fA-F0-9]{0,4}:){1,8}(:[a-fA-F0-9]{0,4}){0,8}([a-fA-F0-9]{0,4})?/[0-9]{1,3}$"}
  ]}}
})json";

constexpr std::string_view kExample =
    R"json({"whitelist": ["127.0.0.0/8", "::1"], "message": "only from this machine"})json";

constexpr std::string_view kMessage = "Your IP address is not allowed";

Result<std::vector<IpRange>> rangesOf(const Json *list)
{
    std::vector<IpRange> ranges;
    if (!list)
        return ranges;
    for (const Json &item : list->items()) {
        const auto range = IpRange::parse(item.asString());
        if (!range)
            return fail(Errc::PluginConfig, "invalid ip address: " + item.asString());
        ranges.push_back(*range);
    }
    return ranges;
}

class IpRestriction final : public Plugin
{
public:
    IpRestriction(const Json &config, std::vector<IpRange> white, std::vector<IpRange> black)
        : m_white(std::move(white)),
          m_black(std::move(black)),
          m_message(config.stringOr("message", kMessage))
    {
        if (const Json *code = config.find("response_code"))
            m_code = static_cast<int>(code->asInteger().value_or(m_code));
    }

    Verdict access(Exchange &exchange) const override
    {
        const auto address = IpAddress::parse(exchange.request.peer);
        const bool refused =
            m_white.empty() ? anyContains(m_black, address) : !anyContains(m_white, address);
        if (!refused)
            return Verdict::Continue;
        exchange.note(Step::Plugin, Outcome::Failed, Errc::IpNotAllowed, kName,
                      m_white.empty() ? "blacklist" : "whitelist", exchange.request.peer);
        replyWithMessage(exchange, m_code, m_message);
        return Verdict::Respond;
    }

private:
    std::vector<IpRange> m_white, m_black;
    std::string m_message;
    int m_code = 403;
};

Result<void> check(const Json &config)
{
    const auto ignore = [](const std::vector<IpRange> &) {};
    return rangesOf(config.find("whitelist")).transform(ignore).and_then([&] {
        return rangesOf(config.find("blacklist")).transform(ignore);
    });
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    auto white = rangesOf(config.find("whitelist"));
    auto black = rangesOf(config.find("blacklist"));
    if (!white || !black)
        return std::unexpected(white ? black.error() : white.error());
    return std::make_shared<const IpRestriction>(config, std::move(*white), std::move(*black));
}

} // namespace

const PluginSpec ipRestrictionPlugin{
    .name = kName,
    .kind = PluginKind::Access,
    .phases = Phase::Access,
    .apisixPriority = 3000,
    .summary = "Allows or refuses clients by their address",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
