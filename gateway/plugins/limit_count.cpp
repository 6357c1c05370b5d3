// SPDX-License-Identifier: Apache-2.0
#include "core/hash_index.h"
#include "gateway/pipeline/variables.h"
#include "gateway/plugins/common/limit_counters.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "limit-count";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "count": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
    "time_window": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
    "rules": {"type": "array", "minItems": 1, "items": {
      "type": "object",
      "properties": {
        "count": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
        "time_window": {"oneOf": [{"type": "integer", "exclusiveMinimum": 0}, {"type": "string"}]},
        "key": {"type": "string"},
        "header_prefix": {"type": "string"}
      },
      "required": ["count", "time_window", "key"]
    }},
    "window_type": {"type": "string", "enum": ["fixed", "sliding"], "default": "fixed"},
    "group": {"type": "string"},
    "key": {"type": "string", "default": "remote_addr"},
    "key_type": {"type": "string", "enum": ["var", "var_combination", "constant"],
                 "default": "var"},
    "rejected_code": {"type": "integer", "minimum": 200, "maximum": 599, "default": 503},
    "rejected_msg": {"type": "string", "minLength": 1},
    "policy": {"type": "string",
               "enum": ["local", "redis", "redis-cluster", "redis-sentinel"],
               "default": "local"},
    "allow_degradation": {"type": "boolean", "default": false},
    "show_limit_quota_header": {"type": "boolean", "default": true}
  },
  "oneOf": [
    {"required": ["count", "time_window"]},
    {"required": ["rules"], "not": {"required": ["count", "time_window"]}}
  ]
})json";

constexpr std::string_view kExample =
    R"json({"count": 2, "time_window": 60, "key": "remote_addr", "rejected_code": 429})json";

/// A number, or text with variables that makes one when a request comes.
class Amount
{
public:
    explicit Amount(const Json *value)
    {
        if (!value)
            return;
        m_fixed = value->asInteger().value_or(0);
        if (value->isString())
            m_template = Template(value->asString());
    }

    [[nodiscard]] bool needsBody() const noexcept { return m_template.needsBody(); }
    /// \return 0 if it is no positive integer
    [[nodiscard]] std::int64_t value(Exchange &exchange) const
    {
        if (m_template.source().empty())
            return m_fixed;
        const std::string_view text = m_template.evaluate(exchange);
        std::int64_t number = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        return fault == std::errc() && end == text.data() + text.size() ? number : 0;
    }

private:
    std::int64_t m_fixed = 0;
    Template m_template;
};

/// The text that a counter is kept for.
class CounterKey
{
public:
    enum class Type : std::uint8_t { Variable, Combination, Constant };

    CounterKey(Type type, std::string_view key)
        : m_type(type),
          m_text(key),
          m_variable(key),
          m_template(type == Type::Combination ? key : std::string_view())
    {
    }

    [[nodiscard]] bool needsBody() const noexcept
    {
        return m_type == Type::Variable ? m_variable.needsBody() : m_template.needsBody();
    }
    /// \return empty if nothing that it names is there
    [[nodiscard]] std::string_view value(Exchange &exchange) const
    {
        switch (m_type) {
        case Type::Constant:
            return m_text;
        case Type::Variable:
            return m_variable.text(exchange).value_or(std::string_view());
        case Type::Combination:
            break;
        }
        return m_template.resolves(exchange) ? m_template.evaluate(exchange) : std::string_view();
    }

private:
    Type m_type;
    std::string m_text;
    Variable m_variable;
    Template m_template;
};

CounterKey::Type keyTypeOf(std::string_view name) noexcept
{
    if (name == "var_combination")
        return CounterKey::Type::Combination;
    return name == "constant" ? CounterKey::Type::Constant : CounterKey::Type::Variable;
}

/// One limit: the plugin's only one, or one of its rules.
struct Limit
{
    Amount count, window;
    CounterKey key;
    std::string limitHeader, remainingHeader, resetHeader;
    bool isRule = false;
    std::string identity = {}; ///< of its counters; the key follows
};

Limit makeLimit(const Json &config, CounterKey key, std::string_view prefix)
{
    const std::string base =
        prefix.empty() ? "X-RateLimit-" : std::format("X-{}-RateLimit-", prefix);
    return {Amount(config.find("count")),
            Amount(config.find("time_window")),
            std::move(key),
            base + "Limit",
            base + "Remaining",
            base + "Reset",
            !prefix.empty()};
}

class LimitCount final : public Plugin
{
public:
    LimitCount(const Json &config, const PluginEnv &env)
        : m_counters(env.limitCounters ? env.limitCounters : std::make_shared<LimitCounters>()),
          m_sliding(config.stringOr("window_type", "fixed") == "sliding"),
          m_message(config.stringOr("rejected_msg", ""))
    {
        if (const Json *code = config.find("rejected_code"))
            m_code = static_cast<int>(code->asInteger().value_or(m_code));
        if (const Json *degrade = config.find("allow_degradation"))
            m_degrade = degrade->asBool();
        if (const Json *show = config.find("show_limit_quota_header"))
            m_show = show->asBool();
        readLimits(config);
        m_needsBody = std::ranges::any_of(m_limits, [](const Limit &limit) {
            return limit.count.needsBody() || limit.window.needsBody() || limit.key.needsBody();
        });
        // Who changed the configuration wants a new count; who changed the rest of the route not.
        const std::string_view group = config.stringOr("group", "");
        const std::string identity = !group.empty()
            ? std::format("{}:", group)
            : std::format("{}:{:x}:", env.parent, hashText(config.dump()));
        // Rules count apart: one's user may be called as another's team.
        for (std::size_t i = 0; i < m_limits.size(); ++i)
            m_limits[i].identity =
                m_limits[i].isRule ? std::format("{}{}:", identity, i + 1) : identity;
        if (!m_message.empty())
            m_message = Json::object({{"error_msg", m_message}}).dump() + '\n';
    }

    Verdict access(Exchange &exchange) const override
    {
        if (m_needsBody && requestBody(exchange, kVariableBodyLimit) == BodyState::Unread)
            return Verdict::ReadBody;
        bool applied = false;
        for (const Limit &limit : m_limits) {
            std::string_view key = limit.key.value(exchange);
            if (key.empty() && limit.isRule)
                continue; // none of its variables is there
            if (key.empty())
                key = exchange.request.peer;
            applied = true;
            if (take(exchange, limit, key) == Verdict::Respond)
                return Verdict::Respond;
        }
        if (applied || m_degrade)
            return Verdict::Continue;
        exchange.note(Step::Plugin, Outcome::Failed, Errc::LimitRuleMissing, kName);
        replyWithPage(exchange, 500);
        return Verdict::Respond;
    }

    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        if (!m_show)
            return;
        for (const Limit &limit : m_limits) {
            for (const std::string *name :
                 {&limit.limitHeader, &limit.remainingHeader, &limit.resetHeader}) {
                if (const HeaderField *field = exchange.reply.headers.find(*name))
                    head.headers.set(*name, field->value);
            }
        }
    }

private:
    void readLimits(const Json &config)
    {
        const Json *rules = config.find("rules");
        if (!rules) {
            m_limits.push_back(makeLimit(config,
                                         CounterKey(keyTypeOf(config.stringOr("key_type", "var")),
                                                    config.stringOr("key", "remote_addr")),
                                         {}));
            return;
        }
        std::size_t number = 0;
        for (const Json &rule : rules->items()) {
            const std::string index = std::to_string(++number);
            m_limits.push_back(
                makeLimit(rule, CounterKey(CounterKey::Type::Combination, rule.stringOr("key", "")),
                          rule.stringOr("header_prefix", index)));
        }
    }

    Verdict take(Exchange &exchange, const Limit &limit, std::string_view key) const
    {
        const std::int64_t count = limit.count.value(exchange);
        const std::int64_t seconds = limit.window.value(exchange);
        if (count <= 0 || seconds <= 0) {
            exchange.note(Step::Plugin, Outcome::Failed, Errc::LimitNotANumber, kName,
                          count <= 0 ? "count" : "time_window");
            replyWithPage(exchange, 500);
            return Verdict::Respond;
        }
        const std::string_view identity = exchange.arena.join(limit.identity, key);
        const Duration window = std::chrono::seconds(std::min(seconds, kLongestWindow));
        const Quota quota = m_sliding
            ? m_counters->takeSliding(identity, count, window, exchange.now)
            : m_counters->takeFixed(identity, count, window, exchange.now);
        if (m_show)
            showQuota(exchange, limit, count, quota);
        exchange.note(Step::Plugin, quota.granted ? Outcome::Ok : Outcome::Failed,
                      quota.granted ? Errc::Internal : Errc::LimitReached, kName, key,
                      exchange.arena.copy(std::format("{} in {} s", count, seconds)),
                      quota.granted ? quota.remaining
                                    : static_cast<std::int64_t>(std::ceil(quota.reset)));
        return quota.granted ? Verdict::Continue : reject(exchange);
    }

    static void showQuota(Exchange &exchange, const Limit &limit, std::int64_t count,
                          const Quota &quota)
    {
        HeaderList &headers = exchange.reply.headers;
        const auto text = [&exchange](auto value) {
            return exchange.arena.copy(std::format("{}", value));
        };
        headers.set(limit.limitHeader, text(count));
        headers.set(limit.remainingHeader, text(quota.remaining));
        headers.set(limit.resetHeader, text(std::floor(quota.reset * 100) / 100));
    }

    Verdict reject(Exchange &exchange) const
    {
        replyWithPage(exchange, m_code);
        if (!m_message.empty()) {
            exchange.reply.page = false;
            exchange.reply.body = m_message;
        }
        return Verdict::Respond;
    }

    static constexpr std::int64_t kLongestWindow = 100LL * 365 * 24 * 3600;

    std::shared_ptr<LimitCounters> m_counters;
    std::vector<Limit> m_limits;
    bool m_sliding = false;
    bool m_degrade = false;
    bool m_show = true;
    int m_code = 503;
    bool m_needsBody = false;
    std::string m_message; ///< the body; empty: the page of the status
};

/// What the schema leaves open. apisix.md 4.7.
Result<void> check(const Json &config)
{
    const auto refuse = [](std::string text) { return fail(Errc::PluginConfig, std::move(text)); };
    const Json *rules = config.find("rules");
    if (rules && (config.contains("count") || config.contains("time_window")))
        return refuse("count/time_window and rules cannot be specified at the same time");
    if (rules && config.contains("group"))
        return refuse("group and rules cannot be specified at the same time");
    if (rules) {
        std::set<std::string_view> keys;
        for (const Json &rule : rules->items()) {
            if (!keys.insert(rule.stringOr("key", "")).second)
                return refuse(std::format("duplicate key '{}' in rules", rule.stringOr("key", "")));
        }
    }
    if (config.stringOr("policy", "local") != "local")
        return refuse("policy " + config.find("policy")->dump()
                      + " is not supported yet: only \"local\" is");
    return {};
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return std::make_shared<const LimitCount>(config, env);
}

} // namespace

const PluginSpec limitCountPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Access | Phase::HeaderFilter,
    .apisixPriority = 1002,
    .summary = "Limits how many requests a client, consumer or any key may make in a time window",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
