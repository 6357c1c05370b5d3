// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "public-api";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {"uri": {"type": "string"}}
})json";

constexpr std::string_view kExample = R"json({"uri": "/apisix/prometheus/metrics"})json";

class PublicApiPlugin final : public Plugin
{
public:
    PublicApiPlugin(const Json &config, std::shared_ptr<const Metrics> metrics)
        : m_uri(config.stringOr("uri", "")),
          m_metrics(std::move(metrics))
    {
    }

    Verdict access(Exchange &exchange) const override
    {
        const std::string_view uri = m_uri.empty() ? exchange.request.path : m_uri;
        const auto api = std::ranges::find(publicApis(), uri, &PublicApi::uri);
        if (api != publicApis().end())
            return api->serve(exchange, m_metrics.get());
        exchange.note(Step::Plugin, Outcome::Failed, Errc::PublicApiMissing, kName, "uri", uri);
        replyWithPage(exchange, 404);
        return Verdict::Respond;
    }

private:
    std::string m_uri;
    std::shared_ptr<const Metrics> m_metrics;
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return std::make_shared<const PublicApiPlugin>(config, env.metrics);
}

} // namespace

const PluginSpec publicApiPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Access,
    .apisixPriority = 501,
    .summary = "Serves an endpoint that another plugin offers",
    .schema = kSchema,
    .example = kExample,
    .make = make,
};

} // namespace postern::gateway
