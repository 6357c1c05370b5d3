// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/expression.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/route_compiler.h"
#include "gateway/router/upstream_check.h"

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "traffic-split";

// The upstream's part is the Admin API's schema of an upstream.
constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "rules": {
      "type": "array",
      "items": {
        "type": "object",
        "properties": {
          "match": {"type": "array", "items": {"type": "object",
            "properties": {"vars": {"type": "array"}}}},
          "weighted_upstreams": {
            "type": "array",
            "items": {
              "type": "object",
              "properties": {
                "upstream_id": {"anyOf": [
                  {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-_.]+$"},
                  {"type": "integer", "minimum": 1}]},
                "upstream": {
                  "type": "object",
                  "properties": {
                    "type": {"type": "string", "default": "roundrobin"},
                    "nodes": {"anyOf": [
                      {"type": "object", "minProperties": 0, "patternProperties": {
                        ".*": {"type": "integer", "minimum": 0}}},
                      {"type": "array", "items": {
                        "type": "object",
                        "properties": {
                          "host": {"type": "string", "pattern": "^\\*?[0-9a-zA-Z-._\\[\\]:]+$"},
                          "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                          "weight": {"type": "integer", "minimum": 0},
                          "priority": {"type": "integer", "default": 0},
                          "metadata": {"type": "object"}},
                        "required": ["host", "weight"]}}]},
                    "scheme": {"default": "http", "enum":
                      ["grpc", "grpcs", "http", "https", "tcp", "tls", "udp", "kafka"]},
                    "pass_host": {"type": "string", "enum": ["pass", "node", "rewrite"],
                      "default": "pass"},
                    "upstream_host": {"type": "string",
                      "pattern": "^\\*?[0-9a-zA-Z-._\\[\\]:]+$"},
                    "timeout": {"type": "object", "properties": {
                      "connect": {"type": "number", "exclusiveMinimum": 0},
                      "send": {"type": "number", "exclusiveMinimum": 0},
                      "read": {"type": "number", "exclusiveMinimum": 0}},
                      "required": ["connect", "send", "read"]},
                    "hash_on": {"type": "string", "default": "vars",
                      "enum": ["vars", "header", "cookie", "consumer", "vars_combinations"]},
                    "key": {"type": "string"},
                    "name": {"type": "string", "minLength": 1, "maxLength": 256},
                    "desc": {"type": "string", "maxLength": 256},
                    "labels": {"type": "object"}, "id": {},
                    "retries": {"type": "integer", "minimum": 0},
                    "retry_timeout": {"type": "number", "minimum": 0},
                    "keepalive_pool": {"type": "object"}, "checks": {"type": "object"},
                    "tls": {"type": "object"}, "create_time": {"type": "integer"},
                    "update_time": {"type": "integer"}, "service_name": {"type": "string"},
                    "discovery_type": {"type": "string"}, "discovery_args": {"type": "object"}},
                  "additionalProperties": false,
                  "oneOf": [{"required": ["nodes"]},
                    {"required": ["service_name", "discovery_type"]}]
                },
                "weight": {"type": "integer", "default": 1, "minimum": 0}
              }
            },
            "default": [{"weight": 1}],
            "minItems": 1,
            "maxItems": 20
          }
        }
      }
    }
  }
})json";

/// What the original takes over of an upstream that stands in the plugin. The rest (retries,
/// checks ...) takes an upstream of its own and its id.
constexpr std::array<std::string_view, 9> kTaken{
    "name", "type", "hash_on", "pass_host", "upstream_host", "key", "nodes", "timeout", "scheme"};

/// One of the upstreams that a rule spreads requests over.
struct Share
{
    std::string id; ///< of a stored upstream; empty: `upstream`
    std::shared_ptr<const CompiledUpstream> upstream; ///< nullptr without id: the route's own
    std::string fault; ///< why `upstream` cannot be used; as in the original only requests show it
    int weight = 1;
};

struct Rule
{
    bool conditional = false;
    std::vector<Expression> matches; ///< one of them has to hold
    std::vector<Share> shares;
    /// Whose turn it is (smooth weighted round robin), per worker.
    std::unique_ptr<PerWorker<std::vector<int>>> turns;
};

class TrafficSplit final : public Plugin
{
public:
    explicit TrafficSplit(std::vector<Rule> rules)
        : m_rules(std::move(rules)),
          m_needsBody(std::ranges::any_of(m_rules, [](const Rule &rule) {
              return std::ranges::any_of(rule.matches,
                                         [](const Expression &each) { return each.needsBody(); });
          }))
    {
    }

    Verdict access(Exchange &exchange) const override
    {
        if (m_needsBody && requestBody(exchange, kVariableBodyLimit) == BodyState::Unread)
            return Verdict::ReadBody;
        bool passed = true;
        for (const Rule &rule : m_rules) {
            if (const Share *lost = missing(exchange, rule))
                return refuse(
                    exchange, Errc::UpstreamMissing, lost->id,
                    std::format("failed to fetch upstream info by upstream id: {}", lost->id));
            if (rule.conditional) {
                // An empty list decides nothing: what the rule before it found holds on.
                for (const Expression &each : rule.matches) {
                    passed = each.holds(exchange);
                    if (passed)
                        break;
                }
            } else {
                passed = true;
            }
            if (passed) {
                const Share *share = next(rule, exchange.worker);
                if (share && !share->fault.empty())
                    return refuse(exchange, Errc::PluginConfig, share->fault, share->fault);
                direct(exchange, share);
                return Verdict::Continue;
            }
        }
        return Verdict::Continue;
    }

private:
    static const std::shared_ptr<const CompiledUpstream> *stored(const Exchange &exchange,
                                                                 const std::string &id)
    {
        if (!exchange.snapshot || !exchange.snapshot->upstreams)
            return nullptr;
        const auto found = exchange.snapshot->upstreams->find(id);
        return found == exchange.snapshot->upstreams->end() ? nullptr : &found->second;
    }

    static const Share *missing(const Exchange &exchange, const Rule &rule)
    {
        const auto found = std::ranges::find_if(rule.shares, [&exchange](const Share &share) {
            return !share.id.empty() && !stored(exchange, share.id);
        });
        return found == rule.shares.end() ? nullptr : &*found;
    }

    static Verdict refuse(Exchange &exchange, Errc why, std::string_view detail,
                          std::string_view text)
    {
        exchange.note(Step::Plugin, Outcome::Failed, why, kName, detail);
        exchange.reply.status = 500;
        exchange.reply.body = exchange.arena.copy(text);
        return Verdict::Respond;
    }

    static const Share *next(const Rule &rule, std::size_t worker)
    {
        std::unique_ptr<std::vector<int>> &turns = rule.turns->at(worker);
        if (!turns)
            turns = std::make_unique<std::vector<int>>(rule.shares.size());
        std::size_t best = rule.shares.size();
        int total = 0;
        for (std::size_t i = 0; i < rule.shares.size(); ++i) {
            if (rule.shares[i].weight == 0)
                continue;
            (*turns)[i] += rule.shares[i].weight;
            total += rule.shares[i].weight;
            if (best == rule.shares.size() || (*turns)[i] > (*turns)[best])
                best = i;
        }
        if (best == rule.shares.size())
            return nullptr;
        (*turns)[best] -= total;
        return &rule.shares[best];
    }

    /// \param share nullptr: none has a weight, so nothing changes
    static void direct(Exchange &exchange, const Share *share)
    {
        exchange.upstream = nullptr;
        std::string_view where = "the route's own upstream";
        if (share && !share->id.empty()) {
            exchange.upstream = stored(exchange, share->id);
            where = share->id;
        } else if (share && share->upstream) {
            exchange.upstream = &share->upstream;
            where = share->upstream->nodes.empty() ? std::string_view("an upstream without nodes")
                                                   : share->upstream->nodes.front().host;
        }
        exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName, "sends it to", where);
    }

    std::vector<Rule> m_rules;
    bool m_needsBody;
};

Result<void> compileShare(Share &share, const Json &upstream, const PluginEnv &env)
{
    Json taken = Json::object();
    for (const std::string_view member : kTaken) {
        if (const Json *value = upstream.find(member))
            taken.set(member, *value);
    }
    if (!taken.contains("nodes"))
        return fail(Errc::Unsupported, "service discovery is not available here");
    if (const auto sound = checkUpstreamSettings(taken); !sound)
        share.fault = sound.error().detail;
    return compileUpstream(taken, {}, env)
        .transform([&share](std::shared_ptr<const CompiledUpstream> &&compiled) {
            share.upstream = std::move(compiled);
        });
}

Result<Share> compileEntry(const Json &entry, const PluginEnv &env)
{
    Share share;
    if (const Json *weight = entry.find("weight"))
        share.weight = static_cast<int>(
            std::clamp<std::int64_t>(weight->asInteger().value_or(1), 0, 1'000'000));
    if (const Json *id = entry.find("upstream_id")) {
        share.id = id->isNumber() ? std::string(id->lexeme()) : id->asString();
    } else if (const Json *upstream = entry.find("upstream")) {
        if (auto compiled = compileShare(share, *upstream, env); !compiled)
            return std::unexpected(std::move(compiled.error()));
    }
    return share;
}

Result<std::vector<Expression>> compileMatches(const Json &matches)
{
    std::vector<Expression> out;
    for (const Json &match : matches.items()) {
        const Json *vars = match.find("vars");
        auto compiled = vars
            ? Expression::compile(*vars)
            : Result<Expression>(fail(Errc::InvalidArgument, "missing argument rule"));
        if (!compiled)
            return fail(Errc::PluginConfig,
                        "failed to validate the 'vars' expression: " + compiled.error().detail);
        out.push_back(std::move(*compiled));
    }
    return out;
}

Result<Rule> compileRule(const Json &rule, const PluginEnv &env)
{
    Rule made;
    if (const Json *matches = rule.find("match")) {
        auto compiled = compileMatches(*matches);
        if (!compiled)
            return std::unexpected(std::move(compiled.error()));
        made.matches = std::move(*compiled);
        made.conditional = true;
    }
    if (const Json *shares = rule.find("weighted_upstreams")) {
        for (const Json &entry : shares->items()) {
            auto share = compileEntry(entry, env);
            if (!share)
                return std::unexpected(std::move(share.error()));
            made.shares.push_back(std::move(*share));
        }
    }
    made.turns = std::make_unique<PerWorker<std::vector<int>>>(env.workers);
    return made;
}

Result<std::vector<Rule>> compileRules(const Json &config, const PluginEnv &env)
{
    std::vector<Rule> made;
    const Json *rules = config.find("rules");
    if (!rules)
        return made;
    for (const Json &rule : rules->items()) {
        auto compiled = compileRule(rule, env);
        if (!compiled)
            return std::unexpected(std::move(compiled.error()));
        made.push_back(std::move(*compiled));
    }
    return made;
}

Result<void> check(const Json &config)
{
    return compileRules(config, PluginEnv()).transform([](const std::vector<Rule> &) {});
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return compileRules(config, env)
        .transform([](std::vector<Rule> &&rules) -> std::shared_ptr<const Plugin> {
            return std::make_shared<const TrafficSplit>(std::move(rules));
        });
}

} // namespace

const PluginSpec trafficSplitPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Access,
    .apisixPriority = 966,
    .summary = "Spreads requests over several upstreams by weight and condition",
    .schema = kSchema,
    .example = R"json({"rules": [{
  "match": [{"vars": [["http_release", "==", "canary"]]}],
  "weighted_upstreams": [
    {"upstream": {"type": "roundrobin", "nodes": {"httpbin.org:80": 1}}, "weight": 1},
    {"weight": 3}
  ]}]})json",
    .check = check,
    .make = make,
};

} // namespace postern::gateway
