// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

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
    PublicApiPlugin(const Json &config, const PluginEnv &env)
        : m_uri(config.stringOr("uri", "")),
          m_metrics(env.metrics)
    {
        for (const PublicApi &api : publicApis()) {
            if (!api.offered || env.*api.offered)
                m_apis.push_back(&api);
        }
    }

    Verdict access(Exchange &exchange) const override
    {
        const std::string_view uri = m_uri.empty() ? exchange.request.path : m_uri;
        const auto api = std::ranges::find(m_apis, uri, &PublicApi::uri);
        if (api != m_apis.end())
            return (*api)->serve(exchange, m_metrics.get());
        exchange.note(Step::Plugin, Outcome::Failed, Errc::PublicApiMissing, kName, "uri", uri);
        replyWithPage(exchange, 404);
        return Verdict::Respond;
    }

private:
    std::string m_uri;
    std::vector<const PublicApi *> m_apis; ///< those that are offered
    std::shared_ptr<const Metrics> m_metrics;
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return std::make_shared<const PublicApiPlugin>(config, env);
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
