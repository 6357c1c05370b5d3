// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "attach-consumer-label";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "headers": {
      "type": "object",
      "additionalProperties": {"type": "string", "pattern": "^\\$.*"},
      "minProperties": 1
    }
  },
  "required": ["headers"]
})json";

constexpr std::string_view kExample = R"json({"headers": {"X-Consumer-Team": "$team"}})json";

/// RFC 9110 5.6.2: what a header name may consist of.
constexpr bool isTokenCharacter(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
        || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

class AttachConsumerLabel final : public Plugin
{
public:
    explicit AttachConsumerLabel(const Json &config)
    {
        const Json *headers = config.find("headers");
        for (const auto &[header, label] : headers ? headers->members() : Json::Object())
            m_headers.emplace_back(header, label.asString().substr(1)); // behind the "$"
    }

    Verdict beforeProxy(Exchange &exchange) const override
    {
        HeaderList &headers = exchange.request.headers;
        for (const auto &[header, label] : m_headers) {
            const Json *value = exchange.consumer ? exchange.consumer->labels.find(label) : nullptr;
            if (value && value->isString()) {
                headers.set(header, value->asString()); // the exchange holds the snapshot
                exchange.note(Step::Plugin, Outcome::Ok, Errc::Internal, kName, header,
                              value->asString());
            } else if (headers.remove(header) > 0) {
                exchange.note(Step::Plugin, Outcome::Note, Errc::SubjectMissing, kName, header,
                              "removed: the client's own value");
            }
        }
        return Verdict::Continue;
    }

private:
    std::vector<std::pair<std::string, std::string>> m_headers; ///< header and label
};

Result<void> check(const Json &config)
{
    const Json *headers = config.find("headers");
    for (const auto &[header, label] : headers ? headers->members() : Json::Object()) {
        if (header.empty() || !std::ranges::all_of(header, isTokenCharacter))
            return fail(Errc::PluginConfig,
                        "property \"headers\" validation failed: invalid header name "
                            + Json(header).dump());
    }
    return {};
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return check(config).transform([&config]() -> std::shared_ptr<const Plugin> {
        return std::make_shared<const AttachConsumerLabel>(config);
    });
}

} // namespace

const PluginSpec attachConsumerLabelPlugin{
    .name = kName,
    .kind = PluginKind::Transform,
    .phases = Phase::BeforeProxy,
    .apisixPriority = 2399,
    .summary = "Sends labels of the authenticated consumer to the upstream as headers",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
