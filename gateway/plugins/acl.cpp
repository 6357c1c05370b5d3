// SPDX-License-Identifier: Apache-2.0
#include "core/access/acl.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "acl";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "allow_labels": {
      "type": "object",
      "patternProperties": {".*": {"type": "array", "minItems": 1, "items": {"type": "string"}}},
      "minProperties": 1
    },
    "deny_labels": {
      "type": "object",
      "patternProperties": {".*": {"type": "array", "minItems": 1, "items": {"type": "string"}}},
      "minProperties": 1
    },
    "rejected_code": {"type": "integer", "minimum": 200, "default": 403},
    "rejected_msg": {"type": "string"},
    "external_user_label_field": {"type": "string", "default": "groups", "minLength": 1},
    "external_user_label_field_key": {"type": "string", "minLength": 1},
    "external_user_label_field_parser": {
      "type": "string", "enum": ["segmented_text", "json", "table"]
    },
    "external_user_label_field_separator": {"type": "string", "minLength": 1}
  },
  "anyOf": [{"required": ["allow_labels"]}, {"required": ["deny_labels"]}],
  "allOf": [{
    "if": {
      "properties": {"external_user_label_field_parser": {"const": "segmented_text"}},
      "required": ["external_user_label_field_parser"]
    },
    "then": {"required": ["external_user_label_field_separator"]}
  }]
})json";

constexpr std::string_view kExample =
    R"json({"allow_labels": {"team": ["platform", "billing"]}, "rejected_msg": "not your team"})json";

constexpr std::string_view kMissing = "Missing authentication.";
constexpr std::string_view kForbidden = "The consumer is forbidden.";

class Acl final : public Plugin
{
public:
    Acl(AclPolicy policy, const Json &config)
        : m_policy(std::move(policy)),
          m_message(config.stringOr("rejected_msg", kForbidden))
    {
        if (const Json *code = config.find("rejected_code"))
            m_code = static_cast<int>(code->asInteger().value_or(m_code));
    }

    Verdict access(Exchange &exchange) const override
    {
        AclSubject subject;
        if (exchange.consumer)
            subject.consumerLabels = &exchange.consumer->labels;
        else if (exchange.externalUser)
            subject.externalUser = &*exchange.externalUser;
        const AclDecision decision = decideAcl(m_policy, subject);
        exchange.note(Step::Label, decision.allowed ? Outcome::Ok : Outcome::Failed,
                      decision.reason, kName, decision.rule,
                      decision.detail.empty() ? decision.value : decision.detail);
        if (decision.allowed)
            return Verdict::Continue;
        if (decision.reason == Errc::NotAuthenticated)
            replyWithMessage(exchange, 401, kMissing);
        else
            replyWithMessage(exchange, m_code, m_message);
        return Verdict::Respond;
    }

private:
    AclPolicy m_policy;
    std::string m_message;
    int m_code = 403;
};

Result<void> check(const Json &config)
{
    return AclPolicy::compile(config).transform([](const AclPolicy &) {});
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return AclPolicy::compile(config).transform([&config](AclPolicy &&policy) {
        return std::shared_ptr<const Plugin>(std::make_shared<Acl>(std::move(policy), config));
    });
}

} // namespace

const PluginSpec aclPlugin{
    .name = kName,
    .kind = PluginKind::Access,
    .phases = Phase::Access,
    .apisixPriority = 2410,
    .summary = "Allows or denies consumers by their labels",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
