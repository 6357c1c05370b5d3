// SPDX-License-Identifier: Apache-2.0
#include "core/json/schema_fields.h"

#include <algorithm>
#include <array>
#include <format>
#include <string_view>
#include <utility>

namespace postern {
namespace {

constexpr std::array kCombinators{"oneOf", "anyOf", "allOf"};

std::string joined(const std::vector<std::string> &parts, std::string_view between)
{
    std::string text;
    for (const std::string &part : parts)
        text.append(text.empty() ? "" : between).append(part);
    return text;
}

void addOnce(std::vector<std::string> &words, std::string word)
{
    if (!word.empty() && !std::ranges::contains(words, word))
        words.push_back(std::move(word));
}

// "x" for a string, JSON text for anything else: how people write values.
std::string shown(const Json &value) { return value.isString() ? value.asString() : value.dump(); }

std::string listOf(const Json &values)
{
    std::vector<std::string> words;
    for (const Json &value : values.items())
        words.push_back(shown(value));
    return joined(words, ", ");
}

struct Phrase
{
    const char *keyword;
    std::string_view before, behind;
};

constexpr std::array kPhrases{
    Phrase{"minimum", "at least ", ""},
    Phrase{"maximum", "at most ", ""},
    Phrase{"exclusiveMinimum", "greater than ", ""},
    Phrase{"exclusiveMaximum", "less than ", ""},
    Phrase{"multipleOf", "a multiple of ", ""},
    Phrase{"minLength", "at least ", " characters"},
    Phrase{"maxLength", "at most ", " characters"},
    Phrase{"minItems", "at least ", " items"},
    Phrase{"maxItems", "at most ", " items"},
    Phrase{"minProperties", "at least ", " members"},
    Phrase{"maxProperties", "at most ", " members"},
    Phrase{"pattern", "matches ", ""},
    Phrase{"format", "an address: ", ""},
};

/// Walks a schema and collects its fields.
class FieldWalk
{
public:
    explicit FieldWalk(const Json &root) : m_root(root) {}

    void members(const Json &given, const std::string &lead)
    {
        const Json &schema = resolved(given);
        if (const Json *properties = schema.find("properties")) {
            for (const auto &[name, member] : properties->members())
                field(member, lead + name, isRequired(schema, name));
        }
        for (const char *open : {"patternProperties", "additionalProperties"}) {
            if (const Json *rest = schema.find(open); rest && rest->isObject())
                anyName(*rest, open == std::string_view("patternProperties"), lead);
        }
        if (const Json *dependencies = schema.find("dependencies")) {
            for (const auto &[name, dependent] : dependencies->members())
                members(dependent, lead);
        }
        for (const char *combinator : kCombinators) {
            const Json *alternatives = schema.find(combinator);
            for (const Json &alternative : alternatives ? alternatives->items() : Json::Array())
                members(alternative, lead);
        }
        for (const char *branch : {"then", "else"}) {
            if (const Json *conditional = schema.find(branch))
                members(*conditional, lead);
        }
    }

    [[nodiscard]] std::vector<SchemaField> take() { return std::move(m_fields); }

private:
    [[nodiscard]] const Json &resolved(const Json &schema) const
    {
        constexpr std::string_view kDefinitions = "#/definitions/";
        const std::string_view reference = schema.stringOr("$ref", "");
        if (!reference.starts_with(kDefinitions))
            return schema;
        const Json *definitions = m_root.find("definitions");
        const Json *target =
            definitions ? definitions->find(reference.substr(kDefinitions.size())) : nullptr;
        return target ? *target : schema;
    }

    static bool isRequired(const Json &schema, std::string_view name)
    {
        const Json *required = schema.find("required");
        return required && std::ranges::any_of(required->items(), [name](const Json &each) {
                   return each.asString() == name;
               });
    }

    void anyName(const Json &rest, bool byPattern, const std::string &lead)
    {
        if (!byPattern) {
            field(rest, lead + "*", false);
            return;
        }
        for (const auto &[pattern, member] : rest.members())
            field(member, lead + "*", false);
    }

    void field(const Json &given, std::string path, bool required)
    {
        const Json &schema = resolved(given);
        SchemaField row{std::move(path), typeOf(schema), {}, {}, {}};
        std::vector<std::string> constraints;
        if (required)
            constraints.emplace_back("required");
        addConstraints(schema, constraints);
        row.constraint = joined(constraints, "; ");
        if (const Json *value = schema.find("default"))
            row.byDefault = value->dump();
        row.description = schema.stringOr("description", "");
        const std::string inside = row.path;
        // Alternatives name a member once more only to narrow it.
        if (!std::ranges::contains(m_fields, row.path, &SchemaField::path))
            m_fields.push_back(std::move(row));
        members(schema, inside + '.');
        if (const Json *items = schema.find("items"))
            members(*items, inside + "[].");
    }

    std::string typeOf(const Json &given) const
    {
        const Json &schema = resolved(given);
        std::vector<std::string> types;
        const Json *type = schema.find("type");
        if (type && type->isArray()) {
            for (const Json &each : type->items())
                addOnce(types, each.asString());
        } else if (type && type->asString() == "array") {
            const Json *items = schema.find("items");
            const std::string inner = items ? typeOf(*items) : std::string();
            types.push_back(inner.empty() ? "array" : "array of " + inner);
        } else if (type) {
            types.push_back(type->asString());
        }
        for (const char *combinator : kCombinators) {
            const Json *alternatives = schema.find(combinator);
            for (const Json &alternative : alternatives ? alternatives->items() : Json::Array())
                addOnce(types, typeOf(alternative));
        }
        return joined(types, "|");
    }

    void addConstraints(const Json &given, std::vector<std::string> &constraints) const
    {
        const Json &schema = resolved(given);
        for (const auto &[keyword, before, behind] : kPhrases) {
            if (const Json *value = schema.find(keyword))
                addOnce(constraints, std::format("{}{}{}", before, shown(*value), behind));
        }
        if (const Json *unique = schema.find("uniqueItems"); unique && unique->asBool())
            constraints.emplace_back("no item twice");
        if (const Json *values = schema.find("enum"))
            addOnce(constraints, "one of " + listOf(*values));
        if (const Json *additional = schema.find("additionalProperties");
            additional && additional->isBool() && !additional->asBool())
            constraints.emplace_back("no other members");
        std::vector<std::string> choices;
        for (const char *combinator : {"oneOf", "anyOf"}) {
            const Json *alternatives = schema.find(combinator);
            for (const Json &alternative : alternatives ? alternatives->items() : Json::Array())
                addOnce(choices, alternativeText(alternative));
        }
        addOnce(constraints, joined(choices, ", or "));
        if (const Json *items = schema.find("items")) {
            std::vector<std::string> each;
            addConstraints(*items, each);
            if (!each.empty())
                constraints.push_back("each item: " + joined(each, ", "));
        }
    }

    // What an alternative says beyond its type; titles are shorter than their patterns.
    std::string alternativeText(const Json &alternative) const
    {
        if (const std::string_view title = alternative.stringOr("title", ""); !title.empty())
            return std::string(title);
        std::vector<std::string> inner;
        addConstraints(alternative, inner);
        const std::string type = typeOf(alternative);
        return inner.empty() || type.empty() ? joined(inner, ", ")
                                             : std::format("{} {}", type, joined(inner, ", "));
    }

    const Json &m_root;
    std::vector<SchemaField> m_fields;
};

// "a and b" of {"required": ["a", "b"]}.
std::string requiredText(const Json &schema)
{
    std::vector<std::string> names;
    const Json *required = schema.find("required");
    for (const Json &name : required ? required->items() : Json::Array())
        names.push_back(name.asString());
    return joined(names, " and ");
}

// What an `if` asks for: `policy is "redis"`.
std::string conditionText(const Json &condition)
{
    std::vector<std::string> parts;
    const Json *properties = condition.find("properties");
    for (const auto &[name, member] : properties ? properties->members() : Json::Object()) {
        if (const Json *value = member.find("const"))
            parts.push_back(std::format("{} is {}", name, value->dump()));
        else if (const Json *values = member.find("enum"))
            parts.push_back(std::format("{} is one of {}", name, listOf(*values)));
    }
    return joined(parts, " and ");
}

void addRules(const Json &schema, std::vector<std::string> &rules)
{
    constexpr std::array<std::pair<const char *, std::string_view>, 2> kChoices{
        {{"anyOf", "at least one of: "}, {"oneOf", "exactly one of: "}}};
    for (const auto &[keyword, lead] : kChoices) {
        const Json *alternatives = schema.find(keyword);
        std::vector<std::string> choices;
        for (const Json &alternative : alternatives ? alternatives->items() : Json::Array())
            addOnce(choices, requiredText(alternative));
        if (!choices.empty())
            rules.push_back(std::string(lead) + joined(choices, "; "));
    }
    if (const Json *condition = schema.find("if")) {
        const std::string when = conditionText(*condition);
        if (const Json *then = schema.find("then"))
            addOnce(rules,
                    requiredText(*then).empty()
                        ? std::string()
                        : std::format("{}, if {}", requiredText(*then), when));
        if (const Json *otherwise = schema.find("else"))
            addRules(*otherwise, rules);
    }
    if (const Json *all = schema.find("allOf")) {
        for (const Json &each : all->items())
            addRules(each, rules);
    }
    if (const Json *least = schema.find("minProperties"))
        addOnce(rules, std::format("at least {} of them", least->dump()));
}

} // namespace

std::vector<SchemaField> schemaFields(const Json &schema)
{
    FieldWalk walk(schema);
    walk.members(schema, {});
    return walk.take();
}

std::vector<std::string> schemaRules(const Json &schema)
{
    std::vector<std::string> rules;
    addRules(schema, rules);
    return rules;
}

} // namespace postern
