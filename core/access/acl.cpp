// SPDX-License-Identifier: Apache-2.0
#include "core/access/acl.h"

#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern {
namespace {

using Values = std::vector<std::string>;

constexpr std::array<std::pair<std::string_view, LabelParser>, 3> kParsers{
    {{"segmented_text", LabelParser::SegmentedText},
     {"json", LabelParser::Json},
     {"table", LabelParser::Table}}};

constexpr std::string_view kBlanks = " \t\n\v\f\r";

std::string_view trimFront(std::string_view text) noexcept
{
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    return text;
}

std::string_view trimBack(std::string_view text) noexcept
{
    return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// Splitting at `\s*,\s*`: blanks at the very ends stay, as in APISIX.
Values splitAtCommas(std::string_view text)
{
    Values parts;
    for (std::size_t comma = text.find(','); comma != std::string_view::npos;
         comma = text.find(',')) {
        parts.emplace_back(trimBack(text.substr(0, comma)));
        text = trimFront(text.substr(comma + 1));
    }
    parts.emplace_back(text);
    return parts;
}

Values strings(const Json &array)
{
    Values values;
    if (!array.isArray())
        return values;
    for (const Json &item : array.items()) {
        if (item.isString())
            values.push_back(item.asString());
    }
    return values;
}

Values parsedArray(std::string_view text)
{
    if (!text.starts_with('['))
        return {};
    const Result<Json> parsed = parseJson(text, {.lastDuplicateWins = true});
    return parsed ? strings(*parsed) : Values{};
}

Values detectedValues(const Json &value)
{
    return value.isString() ? labelValues(value.asString()) : strings(value);
}

Values externalValues(const AclPolicy &policy, const Json &value)
{
    switch (policy.externalParser) {
    case LabelParser::Auto:
        return detectedValues(value);
    case LabelParser::Table:
        return strings(value);
    case LabelParser::Json:
        return value.isString() ? parsedArray(value.asString()) : Values{};
    case LabelParser::SegmentedText:
        if (!value.isString() || !policy.externalSplitter)
            return {};
        return policy.externalSplitter->split(value.asString()).value_or(Values{});
    }
    return {};
}

/// What the subject's label `name` stands for, read on demand.
class SubjectLabels
{
public:
    SubjectLabels(const AclPolicy &policy, const AclSubject &subject) : m_subject(subject)
    {
        if (subject.consumerLabels || !policy.externalField)
            return;
        for (const Json &match : policy.externalField->select(*subject.externalUser)) {
            // One match that is a whole list counts as that list; several are merged.
            Values values = externalValues(policy, match);
            m_external.insert(m_external.end(), std::make_move_iterator(values.begin()),
                              std::make_move_iterator(values.end()));
        }
        m_externalKey = policy.externalKey;
    }

    [[nodiscard]] Values values(std::string_view name) const
    {
        if (!m_subject.consumerLabels)
            return name == m_externalKey ? m_external : Values{};
        const Json *label = m_subject.consumerLabels->find(name);
        return label ? detectedValues(*label) : Values{};
    }

    /// `label team is "sales"`, `label team is "a" and "b"`, `the consumer has no label team`
    [[nodiscard]] std::string describe(std::string_view name) const
    {
        const Values found = values(name);
        if (found.empty())
            return std::format("the {} has no label {}",
                               m_subject.consumerLabels ? "consumer" : "external user", name);
        return std::format("label {} is {}", name, quoted(found, " and "));
    }

    [[nodiscard]] static std::string quoted(const Values &values, std::string_view glue)
    {
        constexpr std::size_t kShown = 8;
        std::string text;
        for (std::size_t i = 0; i < std::min(values.size(), kShown); ++i)
            text.append(i == 0 ? "" : glue).append("\"").append(values[i]).append("\"");
        if (values.size() > kShown)
            text.append(std::format(" and {} more", values.size() - kShown));
        return text;
    }

private:
    AclSubject m_subject;
    Values m_external;
    std::string m_externalKey;
};

struct Match
{
    const LabelRule *rule;
    std::string value;
};

std::optional<Match> firstMatch(const std::vector<LabelRule> &rules, const SubjectLabels &labels)
{
    for (const LabelRule &rule : rules) {
        const Values values = labels.values(rule.label);
        for (const std::string &wanted : rule.values) {
            if (std::ranges::contains(values, wanted))
                return Match{&rule, wanted};
        }
    }
    return std::nullopt;
}

AclDecision notAllowed(const AclPolicy &policy, const SubjectLabels &labels)
{
    AclDecision decision{.allowed = false,
                         .reason = Errc::LabelNotAllowed,
                         .rule = "allow_labels",
                         .value = {},
                         .detail = {}};
    if (policy.allow.size() == 1)
        decision.rule.append(".").append(policy.allow.front().label);
    for (const LabelRule &rule : policy.allow) {
        decision.detail.append(std::format(
            "{}{}; allow_labels.{} wants {}{}", decision.detail.empty() ? "" : "; ",
            labels.describe(rule.label), rule.label, rule.values.size() == 1 ? "" : "one of ",
            SubjectLabels::quoted(rule.values, ", ")));
    }
    return decision;
}

std::vector<LabelRule> readRules(const Json *lists)
{
    std::vector<LabelRule> rules;
    if (!lists)
        return rules;
    for (const auto &[label, values] : lists->members())
        rules.push_back({label, strings(values)});
    return rules;
}

} // namespace

std::vector<std::string> labelValues(std::string_view label)
{
    if (label.starts_with('['))
        return parsedArray(label);
    if (label.contains(','))
        return splitAtCommas(label);
    return {std::string(label)};
}

Result<AclPolicy> AclPolicy::compile(const Json &config)
{
    AclPolicy policy;
    policy.allow = readRules(config.find("allow_labels"));
    policy.deny = readRules(config.find("deny_labels"));
    const std::string_view field = config.stringOr("external_user_label_field", "groups");
    Result<JsonPath> path = JsonPath::compile(field);
    if (!path)
        return fail(Errc::JsonPath, "invalid external_user_label_field: " + path.error().detail,
                    "/external_user_label_field");
    policy.externalField = std::move(*path);
    policy.externalKey = config.stringOr("external_user_label_field_key", field);
    if (const Json *wanted = config.find("external_user_label_field_parser")) {
        const auto known = std::ranges::find(kParsers, wanted->asString(),
                                             [](const auto &entry) { return entry.first; });
        if (known == kParsers.end())
            return fail(Errc::PluginConfig, "must be segmented_text, json or table",
                        "/external_user_label_field_parser");
        policy.externalParser = known->second;
    }
    policy.externalSeparator = config.stringOr("external_user_label_field_separator", {});
    if (!policy.externalSeparator.empty()) {
        if (auto splitter = Pattern::compile("\\s*" + policy.externalSeparator + "\\s*"))
            policy.externalSplitter = std::move(*splitter);
    }
    return policy;
}

AclDecision decideAcl(const AclPolicy &policy, const AclSubject &subject)
{
    if (!subject.consumerLabels && !subject.externalUser)
        return {.allowed = false,
                .reason = Errc::NotAuthenticated,
                .rule = {},
                .value = {},
                .detail = "neither a consumer nor an external user is attached; acl needs an "
                          "authentication plugin before it"};
    const SubjectLabels labels(policy, subject);
    if (const auto match = firstMatch(policy.deny, labels))
        return {.allowed = false,
                .reason = Errc::LabelDenied,
                .rule = "deny_labels." + match->rule->label,
                .value = match->value,
                .detail = std::format("{}; deny_labels.{} matched \"{}\"",
                                      labels.describe(match->rule->label), match->rule->label,
                                      match->value)};
    const auto match = firstMatch(policy.allow, labels);
    if (!match && !policy.allow.empty())
        return notAllowed(policy, labels);
    AclDecision decision{.allowed = true, .reason = {}, .rule = {}, .value = {}, .detail = {}};
    if (match) {
        decision.rule = "allow_labels." + match->rule->label;
        decision.value = match->value;
        decision.detail =
            std::format("{}; allow_labels.{} matched \"{}\"", labels.describe(match->rule->label),
                        match->rule->label, match->value);
    } else {
        decision.detail = "no label of the subject is on the deny list";
    }
    return decision;
}

} // namespace postern
