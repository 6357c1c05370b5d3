// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "consumer-restriction";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "type": {
      "type": "string",
      "enum": ["consumer_name", "service_id", "route_id", "consumer_group_id"],
      "default": "consumer_name"
    },
    "blacklist": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    "whitelist": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    "allowed_by_methods": {
      "type": "array",
      "items": {
        "type": "object",
        "properties": {
          "user": {"type": "string"},
          "methods": {
            "type": "array", "minItems": 1,
            "items": {"type": "string", "enum": ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD",
                                                 "OPTIONS", "CONNECT", "TRACE", "PURGE"]}
          }
        }
      }
    },
    "rejected_code": {"type": "integer", "minimum": 200, "default": 403},
    "rejected_msg": {"type": "string"}
  },
  "anyOf": [
    {"required": ["blacklist"]}, {"required": ["whitelist"]}, {"required": ["allowed_by_methods"]}
  ]
})json";

constexpr std::string_view kExample = R"json({"whitelist": ["jack"], "rejected_code": 403})json";

constexpr std::string_view kConsumerName = "consumer_name";

/// A property of the request that lists can name.
struct Subject
{
    std::string_view type;
    std::string_view (*read)(const Exchange &exchange); ///< empty: the request has none
};
constexpr std::array kSubjects{
    Subject{kConsumerName,
            [](const Exchange &exchange) -> std::string_view {
                return exchange.consumer ? exchange.consumer->username : std::string_view();
            }},
    Subject{"service_id",
            [](const Exchange &exchange) -> std::string_view {
                return exchange.route ? exchange.route->serviceId : std::string_view();
            }},
    Subject{"route_id",
            [](const Exchange &exchange) -> std::string_view {
                return exchange.route ? exchange.route->id : std::string_view();
            }},
    Subject{"consumer_group_id",
            [](const Exchange &exchange) -> std::string_view {
                return exchange.consumer ? exchange.consumer->groupId : std::string_view();
            }},
};

/// Sorted, so that long lists cost as little as short ones.
class NameList
{
public:
    explicit NameList(const Json *list)
    {
        if (!list)
            return;
        for (const Json &name : list->items())
            m_names.push_back(name.asString());
        std::ranges::sort(m_names);
    }
    [[nodiscard]] bool empty() const noexcept { return m_names.empty(); }
    [[nodiscard]] bool contains(std::string_view name) const noexcept
    {
        const auto at = std::ranges::lower_bound(m_names, name);
        return at != m_names.end() && *at == name;
    }

private:
    std::vector<std::string> m_names;
};

/// Which methods a subject may use. Of several rules for one subject the first counts.
class MethodRules
{
public:
    explicit MethodRules(const Json *list)
    {
        if (!list)
            return;
        for (const Json &rule : list->items()) {
            const Json *user = rule.find("user");
            if (!user)
                continue;
            Rule &made = m_rules.emplace_back(user->asString());
            if (const Json *methods = rule.find("methods")) {
                for (const Json &method : methods->items())
                    made.methods.push_back(method.asString());
            }
        }
        std::ranges::stable_sort(m_rules, {}, &Rule::user);
    }
    [[nodiscard]] bool allows(std::string_view user, std::string_view method) const noexcept
    {
        const auto rule = std::ranges::lower_bound(m_rules, user, {}, &Rule::user);
        return rule == m_rules.end() || rule->user != user
            || std::ranges::contains(rule->methods, method);
    }

private:
    struct Rule
    {
        std::string user;
        std::vector<std::string> methods;

        explicit Rule(std::string name) : user(std::move(name)) {}
    };
    std::vector<Rule> m_rules;
};

class ConsumerRestriction final : public Plugin
{
public:
    explicit ConsumerRestriction(const Json &config)
        : m_subject(
              std::ranges::find(kSubjects, config.stringOr("type", kConsumerName), &Subject::type)),
          m_denied(config.find("blacklist")),
          m_allowed(config.find("whitelist")),
          m_methods(config.find("allowed_by_methods")),
          m_missing("The request is rejected, please check the " + std::string(m_subject->type)
                    + " for this request"),
          m_message(config.stringOr("rejected_msg",
                                    "The " + std::string(m_subject->type) + " is forbidden."))
    {
        if (const Json *code = config.find("rejected_code"))
            m_code = static_cast<int>(code->asInteger().value_or(m_code));
    }

    Verdict access(Exchange &exchange) const override
    {
        const std::string_view value = m_subject->read(exchange);
        if (value.empty()) {
            exchange.note(Step::Label, Outcome::Failed, Errc::SubjectMissing, kName,
                          m_subject->type);
            replyWithMessage(exchange, 401, m_missing);
            return Verdict::Respond;
        }
        if (!m_denied.empty() && m_denied.contains(value))
            return reject(exchange, Errc::SubjectDenied, value);
        const bool listed = !m_allowed.empty() && m_allowed.contains(value);
        if (!m_allowed.empty() && !listed)
            return reject(exchange, Errc::SubjectNotAllowed, value);
        // who is on the whitelist may use every method
        if (!listed && !m_methods.allows(value, exchange.request.method))
            return reject(exchange, Errc::MethodNotAllowed, value);
        exchange.note(Step::Label, Outcome::Ok, Errc::Internal, kName, m_subject->type, value);
        return Verdict::Continue;
    }

private:
    Verdict reject(Exchange &exchange, Errc reason, std::string_view value) const
    {
        exchange.note(Step::Label, Outcome::Failed, reason, kName, m_subject->type, value);
        replyWithMessage(exchange, m_code, m_message);
        return Verdict::Respond;
    }

    const Subject *m_subject;
    NameList m_denied, m_allowed;
    MethodRules m_methods;
    std::string m_missing, m_message;
    int m_code = 403;
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const ConsumerRestriction>(config);
}

} // namespace

const PluginSpec consumerRestrictionPlugin{
    .name = kName,
    .kind = PluginKind::Access,
    .phases = Phase::Access,
    .apisixPriority = 2400,
    .summary = "Restricts consumers, groups, routes or services by lists and methods",
    .schema = kSchema,
    .example = kExample,
    .make = make,
};

} // namespace postern::gateway
