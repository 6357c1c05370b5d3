// SPDX-License-Identifier: Apache-2.0
#include "core/json/schema.h"

#include "core/json/schema_node.h"
#include "core/secret/reference.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <format>
#include <unordered_map>

namespace postern {
namespace json {
namespace {

// As LuaJIT's tostring() prints numbers.
std::string luaNumber(double value) { return std::format("{:.14g}", value); }

// As LuaJIT's %q quotes.
std::string luaQuoted(std::string_view text)
{
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octet = static_cast<unsigned char>(text[i]);
        if (octet == '"' || octet == '\\' || octet == '\n') {
            out += {'\\', text[i]};
        } else if (octet < 0x20 || octet == 0x7F) {
            const bool digitNext = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
            out += digitNext ? std::format("\\{:03}", octet) : std::format("\\{}", octet);
        } else {
            out.push_back(text[i]);
        }
    }
    return out + '"';
}

std::string_view luaType(const Json &value)
{
    constexpr std::array<std::string_view, 6> kNames{"userdata", "boolean", "number",
                                                     "string",   "table",   "table"};
    return kNames[static_cast<std::size_t>(value.type())];
}

bool isEmptyTable(const Json &value)
{
    return (value.isArray() || value.isObject()) && value.size() == 0;
}

bool isIntegral(double value) { return std::isfinite(value) && std::trunc(value) == value; }

bool hasType(const Json &value, SchemaType type)
{
    switch (type) {
    case SchemaType::Null:
        return value.isNull();
    case SchemaType::Boolean:
        return value.isBool();
    case SchemaType::Integer:
        return value.isNumber() && isIntegral(value.asDouble());
    case SchemaType::Number:
        return value.isNumber();
    case SchemaType::String:
        return value.isString();
    case SchemaType::Array:
        return value.isArray() || isEmptyTable(value);
    case SchemaType::Object:
        return value.isObject() || isEmptyTable(value);
    }
    return false;
}

// A text that is the same for values that Lua holds equal: numbers as doubles, {} and [] alike,
// members in no order.
void canonical(const Json &value, std::string &out)
{
    if (value.isNumber()) {
        out += std::format("{}", value.asDouble() + 0.0); // -0 is 0
    } else if (isEmptyTable(value)) {
        out += "{}";
    } else if (value.isArray()) {
        out.push_back('[');
        for (const Json &item : value.items()) {
            canonical(item, out);
            out.push_back(',');
        }
        out.push_back(']');
    } else if (value.isObject()) {
        std::vector<std::string> members;
        for (const auto &[name, member] : value.members()) {
            canonical(member, members.emplace_back(Json(name).dump() + ':'));
        }
        std::ranges::sort(members);
        out.push_back('{');
        for (const std::string &member : members)
            out += member + ',';
        out.push_back('}');
    } else {
        value.dumpTo(out);
    }
}

std::string canonical(const Json &value)
{
    std::string out;
    canonical(value, out);
    return out;
}

bool luaEqual(const Json &a, const Json &b)
{
    return a.isString() && b.isString() ? a.asString() == b.asString()
                                        : canonical(a) == canonical(b);
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool isAddress(std::string text, SchemaFormat format)
{
    std::array<unsigned char, 16> octets;
    if (format == SchemaFormat::Ipv6 && text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    return !text.contains('\0')
        && inet_pton(format == SchemaFormat::Ipv4 ? AF_INET : AF_INET6, text.c_str(), octets.data())
        == 1;
}

// Each check returns true or leaves the failure's text in m_text. The order of the checks, and of
// the keywords inside of each, is the original's: with several mistakes the same one is reported.
class Validator
{
public:
    bool validate(const SchemaNode &node, Json &value)
    {
        if (node.constant)
            return *node.constant || refuse("expect false always");
        if (passesAsReference(node, value))
            return true;
        // Only a $ref that leads back to its own place can go this deep.
        constexpr int kDeepest = 512;
        if (m_depth >= kDeepest)
            return refuse("the schema refers to itself without end");
        ++m_depth;
        const bool valid = checkType(node, value) && checkObject(node, value)
            && checkArray(node, value) && checkString(node, value) && checkNumber(node, value)
            && checkEnumeration(node, value) && checkCombinations(node, value)
            && checkCondition(node, value) && checkRest(node, value);
        --m_depth;
        return valid;
    }

    std::string takeText() { return std::move(m_text); }

private:
    static bool passesAsReference(const SchemaNode &node, const Json &value)
    {
        const bool takesStrings =
            node.types.empty() || (node.types.size() == 1 && node.types[0] == SchemaType::String);
        return takesStrings && value.isString() && isSecretReference(value.asString());
    }

    bool refuse(std::string text)
    {
        m_text = std::move(text);
        return false;
    }

    /// \param prefix makes the text that goes before the failure's; called only then
    template <std::invocable Prefix>
    bool within(const Prefix &prefix, const SchemaNode &node, Json &value)
    {
        if (validate(node, value))
            return true;
        m_text.insert(0, prefix());
        return false;
    }

    bool checkType(const SchemaNode &node, const Json &value)
    {
        return node.types.empty()
            || std::ranges::any_of(node.types,
                                   [&value](SchemaType type) { return hasType(value, type); })
            || refuse(node.wrongType + std::string(luaType(value)));
    }

    bool checkObject(const SchemaNode &node, Json &value)
    {
        if (!node.constrainsObject || !hasType(value, SchemaType::Object))
            return true;
        return checkProperties(node, value) && checkRequired(node, value)
            && checkMembers(node, value) && checkPropertyCount(node, value);
    }

    bool checkProperties(const SchemaNode &node, Json &value)
    {
        for (const SchemaNode::Property &property : node.properties) {
            if (Json *member = value.find(property.name)) {
                const auto &dependency = property.dependency;
                if (!checkMember(property, *member)
                    || (dependency && !checkDependency(node.dependencies[*dependency], value)))
                    return false;
                continue;
            }
            if (property.required)
                return refuse(std::format("property {} is required", luaQuoted(property.name)));
            if (property.standard)
                value.set(property.name, *property.standard);
        }
        return true;
    }

    bool checkMember(const SchemaNode::Property &property, Json &member)
    {
        if (validate(*property.node, member))
            return true;
        m_text.insert(0, std::format("property {} validation failed: ", luaQuoted(property.name)));
        return false;
    }

    bool checkDependency(const SchemaNode::Dependency &dependency, Json &value)
    {
        if (dependency.node)
            return within(
                [&] {
                    return std::format("failed to validate dependent schema for {}: ",
                                       luaQuoted(dependency.name));
                },
                *dependency.node, value);
        for (const std::string &name : dependency.needs) {
            if (!value.contains(name))
                return refuse(std::format("property {} is required when {} is set", luaQuoted(name),
                                          luaQuoted(dependency.name)));
        }
        return true;
    }

    bool checkRequired(const SchemaNode &node, Json &value)
    {
        for (const std::string &name : node.required) {
            if (!value.contains(name))
                return refuse(std::format("property {} is required", luaQuoted(name)));
        }
        for (const SchemaNode::Dependency &dependency : node.dependencies) {
            if (!dependency.isProperty && value.contains(dependency.name)
                && !checkDependency(dependency, value))
                return false;
        }
        return true;
    }

    bool checkMembers(const SchemaNode &node, Json &value)
    {
        if (!value.isObject()
            || (node.patternProperties.empty() && !node.additionalForbidden && !node.additional))
            return true;
        for (auto &[name, member] : value.members()) {
            bool known = std::ranges::contains(node.properties, name, &SchemaNode::Property::name);
            for (const auto &[text, pattern, inner] : node.patternProperties) {
                if (!pattern.matches(name))
                    continue;
                known = true;
                const auto prefix = [&] {
                    return std::format("failed to validate {} (matching {}): ", name,
                                       luaQuoted(text));
                };
                if (!within(prefix, *inner, member))
                    return false;
            }
            if (known)
                continue;
            if (node.additionalForbidden)
                return refuse("additional properties forbidden, found " + name);
            const auto prefix = [&] {
                return std::format("failed to validate additional property {}: ", name);
            };
            if (node.additional && !within(prefix, *node.additional, member))
                return false;
        }
        return true;
    }

    bool checkPropertyCount(const SchemaNode &node, const Json &value)
    {
        const auto &[least, most] = node.propertyCount;
        if (least && value.size() < *least)
            return refuse(std::format("expect object to have at least {} properties", *least));
        if (most && value.size() > *most)
            return refuse(std::format("expect object to have at most {} properties", *most));
        return true;
    }

    bool checkArray(const SchemaNode &node, Json &value)
    {
        if (!hasType(value, SchemaType::Array))
            return true;
        const auto &[least, most] = node.itemCount;
        if (least && value.size() < *least)
            return refuse(std::format("expect array to have at least {} items", *least));
        if (most && value.size() > *most)
            return refuse(std::format("expect array to have at most {} items", *most));
        if (value.size() == 0)
            return true;
        Json::Array &items = value.items();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const SchemaNode *inner = i < node.tuple.size() ? node.tuple[i] : node.items;
            if (inner && !validate(*inner, items[i])) {
                m_text.insert(0, std::format("failed to validate item {}: ", i + 1));
                return false;
            }
        }
        return !node.uniqueItems || checkUnique(items);
    }

    // Plain values are compared before tables, as the original does.
    bool checkUnique(const Json::Array &items)
    {
        for (const bool tables : {false, true}) {
            std::unordered_map<std::string, std::size_t> seen;
            std::pair<std::size_t, std::size_t> found{items.size(), 0};
            for (std::size_t i = 0; i < items.size(); ++i) {
                if ((items[i].isArray() || items[i].isObject()) != tables)
                    continue;
                const auto [place, fresh] = seen.try_emplace(canonical(items[i]), i);
                if (!fresh && place->second < found.first)
                    found = {place->second, i};
                if (!fresh && !tables)
                    break;
            }
            if (found.first != items.size())
                return refuse(std::format("expected unique items but items {} and {} are equal",
                                          found.first + 1, found.second + 1));
        }
        return true;
    }

    bool checkString(const SchemaNode &node, const Json &value)
    {
        if (!value.isString())
            return true;
        const std::string &text = value.asString();
        const auto &[least, most] = node.length;
        if (least || most) {
            const std::size_t length = characters(text);
            if (least && length < *least)
                return refuse(
                    std::format("string too short, expected at least {}, got {}", *least, length));
            if (most && length > *most)
                return refuse(
                    std::format("string too long, expected at most {}, got {}", *most, length));
        }
        if (node.pattern && !node.pattern->matches(text))
            return refuse(std::format("failed to match pattern {} with {}",
                                      luaQuoted(node.patternText), luaQuoted(text)));
        return true;
    }

    bool checkNumber(const SchemaNode &node, const Json &value)
    {
        if (!value.isNumber())
            return true;
        const double number = value.asDouble();
        const auto say = [this, number](std::string_view what, double bound) {
            return refuse(
                std::format("expected {} to be {} {}", luaNumber(number), what, luaNumber(bound)));
        };
        if (node.minimum && number < *node.minimum)
            return say("at least", *node.minimum);
        if (node.exclusiveMinimum && number <= *node.exclusiveMinimum)
            return say("greater than", *node.exclusiveMinimum);
        if (node.maximum && number > *node.maximum)
            return say("at most", *node.maximum);
        if (node.exclusiveMaximum && number >= *node.exclusiveMaximum)
            return say("smaller than", *node.exclusiveMaximum);
        if (node.multipleOf && !isMultiple(number, *node.multipleOf))
            return say("a multiple of", *node.multipleOf);
        return true;
    }

    static bool isMultiple(double number, double step)
    {
        return isIntegral(step) ? std::fmod(number, step) == 0 : isIntegral(number / step);
    }

    bool checkEnumeration(const SchemaNode &node, const Json &value)
    {
        return !node.enumeration
            || std::ranges::any_of(*node.enumeration,
                                   [&value](const Json &one) { return luaEqual(one, value); })
            || refuse("matches none of the enum values");
    }

    bool checkCombinations(const SchemaNode &node, Json &value)
    {
        for (std::size_t i = 0; i < node.allOf.size(); ++i) {
            if (!validate(*node.allOf[i], value)) {
                m_text.insert(0, std::format("allOf {} failed: ", i + 1));
                return false;
            }
        }
        if (!node.anyOf.empty()
            && std::ranges::none_of(node.anyOf, [this, &value](const SchemaNode *branch) {
                   return validate(*branch, value);
               }))
            return refuse("object matches none of the required" + node.anyOfRequired);
        return node.oneOf.empty() || checkOneOf(node, value);
    }

    bool checkOneOf(const SchemaNode &node, Json &value)
    {
        std::size_t matched = 0;
        for (std::size_t i = 1; i <= node.oneOf.size(); ++i) {
            if (!validate(*node.oneOf[i - 1], value))
                continue;
            if (matched != 0)
                return refuse(std::format("value should match only one schema, but matches both "
                                          "schemas {} and {}",
                                          matched, i));
            matched = i;
        }
        return matched != 0 || refuse("value should match only one schema, but matches none");
    }

    bool checkCondition(const SchemaNode &node, Json &value)
    {
        if (!node.condition)
            return true;
        if (validate(*node.condition, value))
            return !node.thenNode || validate(*node.thenNode, value)
                || refuse("then clause did not match");
        return !node.elseNode || validate(*node.elseNode, value)
            || refuse("else clause did not match");
    }

    bool checkRest(const SchemaNode &node, Json &value)
    {
        if (node.negated && validate(*node.negated, value))
            return refuse("value wasn't supposed to match schema");
        if (node.format != SchemaFormat::None && value.isString()
            && !isAddress(value.asString(), node.format))
            return refuse(std::format("expect valid {} format but got: {}",
                                      node.format == SchemaFormat::Ipv4 ? "ipv4" : "ipv6",
                                      value.asString()));
        return !node.only || luaEqual(*node.only, value) || refuse("failed to check const value");
    }

    std::string m_text;
    int m_depth = 0;
};

} // namespace
} // namespace json

Result<Schema> Schema::compile(const Json &schema)
{
    auto root = json::compileSchema(schema);
    if (!root)
        return std::unexpected(std::move(root.error()));
    Schema compiled;
    compiled.m_root = std::move(*root);
    compiled.m_document = std::make_shared<const Json>(schema);
    return compiled;
}

Result<void> Schema::validate(Json &value) const
{
    json::Validator validator;
    if (!validator.validate(*m_root, value))
        return fail(Errc::Schema, validator.takeText());
    return {};
}

const Json &Schema::document() const noexcept { return *m_document; }

} // namespace postern
