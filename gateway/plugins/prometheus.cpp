// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/metrics.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

#include <chrono>
#include <string_view>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "prometheus";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "prefer_name": {
      "description": "label by the names of route and service instead of their ids",
      "type": "boolean", "default": false
    }
  }
})json";
constexpr std::string_view kMetadataSchema = R"json({"type": "object"})json";

constexpr std::string_view kExample = R"json({"prefer_name": true})json";

std::uint64_t microseconds(std::chrono::steady_clock::duration time)
{
    const auto count = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

class Prometheus final : public Plugin
{
public:
    Prometheus(std::shared_ptr<Metrics> metrics, bool preferName)
        : m_metrics(std::move(metrics)),
          m_preferName(preferName)
    {
    }

    void log(const Exchange &exchange) const override
    {
        const TraceRecord &trace = exchange.trace;
        MetricLabels labels;
        labels.status = trace.status;
        if (const CompiledRoute *route = exchange.route) {
            labels.route = m_preferName && !route->name.empty() ? route->name : route->id;
            labels.service =
                m_preferName && !route->serviceName.empty() ? route->serviceName : route->serviceId;
            labels.matchedUri = exchange.matchedPattern;
            labels.matchedHost = matchedHost(*route, exchange.request.hostName);
        }
        if (exchange.consumer)
            labels.consumer = exchange.consumer->username;
        if (exchange.node)
            labels.node = addressOf(exchange.nodeAddress);
        labels.source = trace.upstreamStatus       ? "upstream"
            : exchange.node || exchange.reply.page ? "nginx"
                                                   : "apisix";
        MetricFigures figures;
        figures.request = static_cast<std::uint64_t>(trace.totalNs) / 1000;
        figures.reached = exchange.node != nullptr;
        if (figures.reached)
            figures.upstream = figures.request
                - std::min(figures.request, microseconds(exchange.decided - exchange.started));
        figures.received = exchange.request.headSize + trace.requestBytes;
        figures.sent = exchange.responseHeadSize + trace.responseBytes;
        m_metrics->count(exchange.worker, labels, figures);
    }

private:
    /// Without the port.
    static std::string_view addressOf(std::string_view address)
    {
        address = address.substr(0, address.rfind(':'));
        if (address.starts_with('['))
            address = address.substr(1, address.size() - 2);
        return address;
    }

    /// The pattern of the route that the request's host fits.
    static std::string_view matchedHost(const CompiledRoute &route, std::string_view name)
    {
        std::string_view wild;
        for (const std::string &host : route.hosts) {
            if (equalsIgnoringCase(host, name))
                return host;
            const std::string_view suffix = std::string_view(host).substr(host.empty() ? 0 : 1);
            if (host.starts_with('*') && host.size() > wild.size() && name.size() >= suffix.size()
                && equalsIgnoringCase(name.substr(name.size() - suffix.size()), suffix))
                wild = host;
        }
        return wild;
    }

    std::shared_ptr<Metrics> m_metrics;
    bool m_preferName;
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    const Json *prefer = config.find("prefer_name");
    // Outside of a gateway nobody asks for the figures.
    return std::make_shared<const Prometheus>(env.metrics ? env.metrics
                                                          : std::make_shared<Metrics>(env.workers),
                                              prefer && prefer->asBool());
}

} // namespace

const PluginSpec prometheusPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Log,
    .apisixPriority = 500,
    .summary = "Counts requests, latencies and octets for Prometheus",
    .yieldsToRoute = true,
    .schema = kSchema,
    .metadataSchema = kMetadataSchema,
    .example = kExample,
    .make = make,
};

Verdict serveMetrics(Exchange &exchange, const Metrics *metrics)
{
    if (!metrics || exchange.request.method != "GET") {
        replyWithPage(exchange, 404);
        return Verdict::Respond;
    }
    exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName, "served the metrics");
    exchange.reply.status = 200;
    exchange.reply.page = false;
    exchange.reply.body = exchange.arena.copy(metrics->text());
    return Verdict::Respond;
}

} // namespace postern::gateway
