// SPDX-License-Identifier: Apache-2.0
#include "core/json/schema_node.h"

#include "core/bytes/encoding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <map>
#include <utility>

namespace postern::json {
namespace {

constexpr std::array<std::pair<std::string_view, SchemaType>, 7> kTypes{{
    {"null", SchemaType::Null},
    {"boolean", SchemaType::Boolean},
    {"integer", SchemaType::Integer},
    {"number", SchemaType::Number},
    {"string", SchemaType::String},
    {"array", SchemaType::Array},
    {"object", SchemaType::Object},
}};

// Said of a value but not checked by the original either.
constexpr std::array<std::string_view, 14> kAnnotations{
    "$schema",  "$id",       "$comment", "title",       "description",    "examples", "default",
    "readOnly", "writeOnly", "id",       "definitions", "encrypt_fields", "version",  "deprecated"};

std::string pointerStep(std::string_view name)
{
    std::string step = "/";
    for (const char c : name) {
        if (c == '~' || c == '/')
            step += c == '~' ? "~0" : "~1";
        else
            step.push_back(c);
    }
    return step;
}

class Compiler
{
public:
    explicit Compiler(const Json &document)
        : m_document(document),
          m_program(std::make_shared<SchemaProgram>())
    {
    }

    Result<std::shared_ptr<const SchemaNode>> run()
    {
        const SchemaNode *root = compile(m_document, "");
        if (m_error)
            return std::unexpected(std::move(*m_error));
        return std::shared_ptr<const SchemaNode>(m_program, root);
    }

private:
    using Handler = void (Compiler::*)(SchemaNode &, const Json &, const std::string &);
    struct Keyword
    {
        std::string_view name;
        Handler handler;
    };
    static const std::array<Keyword, 30> kKeywords;

    // Always gives a node, so that compilation goes on; the first fault is kept in m_error.
    const SchemaNode *compile(const Json &schema, const std::string &pointer)
    {
        if (const auto known = m_nodes.find(pointer); known != m_nodes.end())
            return known->second;
        if (const Json *reference = schema.find("$ref"))
            return resolve(*reference, pointer);
        SchemaNode &node = m_program->nodes.emplace_back();
        m_nodes.emplace(pointer, &node);
        if (schema.isBool())
            node.constant = schema.asBool();
        else if (!schema.isObject())
            fault("a schema must be an object, true or false", pointer);
        for (const auto &[name, value] : schema.members()) {
            if (std::ranges::contains(kAnnotations, name))
                continue;
            const auto keyword = std::ranges::find(kKeywords, name, &Keyword::name);
            if (keyword == kKeywords.end())
                fault(std::format("the keyword \"{}\" is not supported", name), pointer);
            else
                (this->*keyword->handler)(node, value, pointer + pointerStep(name));
        }
        finishObject(node, schema);
        return &node;
    }

    const SchemaNode *resolve(const Json &reference, const std::string &from)
    {
        constexpr int kLongestChain = 32;
        const std::string_view text = reference.asString();
        const Json *target = text.starts_with('#') ? at(text.substr(1)) : nullptr;
        if (!target)
            fault(std::format("$ref \"{}\" leads nowhere in this schema", text), from);
        else if (++m_chain > kLongestChain)
            fault(std::format("$ref \"{}\" leads back to itself", text), from);
        const SchemaNode *node = target && !m_error
            ? compile(*target, decodePercent(text.substr(1)))
            : &m_program->nodes.emplace_back();
        --m_chain;
        return node;
    }

    const Json *at(std::string_view pointer) const
    {
        const Json *value = &m_document;
        std::string rest = decodePercent(pointer);
        while (value && !rest.empty()) {
            if (rest.front() != '/')
                return nullptr;
            const std::size_t end = std::min(rest.find('/', 1), rest.size());
            std::string name = rest.substr(1, end - 1);
            rest.erase(0, end);
            for (const auto &[escape, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
                for (std::size_t i = 0; (i = name.find(escape, i)) != std::string::npos; ++i)
                    name.replace(i, 2, plain);
            }
            if (value->isArray()) {
                const auto index = Json::number(name).asInteger();
                const bool inside = index && *index >= 0
                    && static_cast<std::size_t>(*index) < value->items().size();
                value = inside ? &value->items()[static_cast<std::size_t>(*index)] : nullptr;
            } else {
                value = value->find(name);
            }
        }
        return value;
    }

    void fault(std::string detail, const std::string &pointer)
    {
        if (!m_error)
            m_error = Error{Errc::Schema, std::move(detail), pointer.empty() ? "/" : pointer};
    }

    bool demand(bool holds, std::string_view what, const std::string &pointer)
    {
        if (!holds)
            fault(std::format("must be {}", what), pointer);
        return holds;
    }

    void type(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        const bool list = value.isArray();
        const Json::Array names = list ? value.items() : Json::Array{value};
        std::string joined;
        for (const Json &name : names) {
            const auto known = std::ranges::find(kTypes, std::string_view(name.asString()),
                                                 &decltype(kTypes)::value_type::first);
            if (!demand(name.isString() && known != kTypes.end(), "a type name", pointer))
                return;
            node.types.push_back(known->second);
            joined += (joined.empty() ? "" : ", ") + name.asString();
        }
        demand(!node.types.empty(), "at least one type name", pointer);
        node.wrongType =
            std::format("wrong type: expected {}{}, got ", list ? "one of " : "", joined);
    }

    void properties(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        demand(value.isObject(), "an object", pointer);
        for (const auto &[name, schema] : value.members()) {
            SchemaNode::Property property;
            property.name = name;
            property.node = compile(schema, pointer + pointerStep(name));
            if (const Json *standard = schema.find("default"); standard && !standard->isNull())
                property.standard = *standard;
            node.properties.push_back(std::move(property));
        }
    }

    void required(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        node.required = names(value, pointer);
    }

    std::vector<std::string> names(const Json &value, const std::string &pointer)
    {
        std::vector<std::string> list;
        demand(value.isArray(), "an array of names", pointer);
        for (const Json &name : value.items()) {
            if (demand(name.isString(), "an array of names", pointer))
                list.push_back(name.asString());
        }
        return list;
    }

    void dependencies(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        demand(value.isObject(), "an object", pointer);
        for (const auto &[name, needs] : value.members()) {
            SchemaNode::Dependency dependency;
            dependency.name = name;
            if (needs.isArray())
                dependency.needs = names(needs, pointer + pointerStep(name));
            else
                dependency.node = compile(needs, pointer + pointerStep(name));
            node.dependencies.push_back(std::move(dependency));
        }
    }

    void patternProperties(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        demand(value.isObject(), "an object", pointer);
        for (const auto &[text, schema] : value.members()) {
            const std::string place = pointer + pointerStep(text);
            const SchemaNode *inner = compile(schema, place);
            if (Result<Pattern> compiled = Pattern::compile(text))
                node.patternProperties.push_back({text, std::move(*compiled), inner});
            else
                fault(compiled.error().detail, place);
        }
    }

    void additionalProperties(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        if (value.isBool())
            node.additionalForbidden = !value.asBool();
        else
            node.additional = compile(value, pointer);
    }

    template <auto Member> void count(SchemaNode &node, const Json &value, const std::string &where)
    {
        constexpr auto range = Member.first;
        constexpr auto end = Member.second;
        const auto number = value.asInteger();
        if (demand(number && *number >= 0, "a whole number", where))
            node.*range.*end = static_cast<std::size_t>(*number);
    }

    template <auto Member>
    void number(SchemaNode &node, const Json &value, const std::string &where)
    {
        if (demand(value.isNumber(), "a number", where))
            node.*Member = value.asDouble();
    }

    void multipleOf(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        if (demand(value.asDouble() > 0, "a number above 0", pointer))
            node.multipleOf = value.asDouble();
    }

    template <auto Member>
    void schema(SchemaNode &node, const Json &value, const std::string &where)
    {
        node.*Member = compile(value, where);
    }

    template <auto Member> void list(SchemaNode &node, const Json &value, const std::string &where)
    {
        demand(value.isArray() && value.size() > 0, "an array of schemas", where);
        std::size_t index = 0;
        for (const Json &item : value.items())
            (node.*Member).push_back(compile(item, std::format("{}/{}", where, index++)));
    }

    void items(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        if (value.isArray())
            list<&SchemaNode::tuple>(node, value, pointer);
        else
            node.items = compile(value, pointer);
    }

    void anyOf(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        list<&SchemaNode::anyOf>(node, value, pointer);
        for (const Json &branch : value.items()) {
            if (const Json *needs = branch.find("required"))
                node.anyOfRequired += (node.anyOfRequired.empty() ? ": " : " or ") + needs->dump();
        }
    }

    void uniqueItems(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        demand(value.isBool(), "true or false", pointer);
        node.uniqueItems = value.asBool();
    }

    void pattern(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        demand(value.isString(), "a string", pointer);
        node.patternText = value.asString();
        if (Result<Pattern> compiled = Pattern::compile(node.patternText))
            node.pattern = std::move(*compiled);
        else
            fault(compiled.error().detail, pointer);
    }

    void enumeration(SchemaNode &node, const Json &value, const std::string &pointer)
    {
        demand(value.isArray(), "an array", pointer);
        node.enumeration = value.items();
    }

    void only(SchemaNode &node, const Json &value, const std::string &) { node.only = value; }

    // Other formats constrain nothing, as in the original.
    void format(SchemaNode &node, const Json &value, const std::string &)
    {
        if (value.asString() == "ipv4")
            node.format = SchemaFormat::Ipv4;
        else if (value.asString() == "ipv6")
            node.format = SchemaFormat::Ipv6;
    }

    // Binds `required` and `dependencies` to the properties they name, whatever the order of the
    // keywords was.
    static void finishObject(SchemaNode &node, const Json &schema)
    {
        for (SchemaNode::Property &property : node.properties) {
            property.required = std::erase(node.required, property.name) > 0;
            for (std::size_t i = 0; i < node.dependencies.size(); ++i) {
                if (node.dependencies[i].name != property.name)
                    continue;
                node.dependencies[i].isProperty = true;
                property.dependency = i;
            }
        }
        constexpr std::array<std::string_view, 7> kObjectKeywords{
            "properties",    "additionalProperties", "patternProperties", "minProperties",
            "maxProperties", "dependencies",         "required"};
        node.constrainsObject = std::ranges::any_of(
            kObjectKeywords, [&schema](std::string_view name) { return schema.contains(name); });
    }

    const Json &m_document;
    std::shared_ptr<SchemaProgram> m_program;
    std::map<std::string, const SchemaNode *, std::less<>> m_nodes; // by JSON pointer
    std::optional<Error> m_error;
    int m_chain = 0;
};

template <auto Range, auto End> constexpr auto kEnd = std::pair{Range, End};

const std::array<Compiler::Keyword, 30> Compiler::kKeywords{{
    {"type", &Compiler::type},
    {"properties", &Compiler::properties},
    {"required", &Compiler::required},
    {"dependencies", &Compiler::dependencies},
    {"patternProperties", &Compiler::patternProperties},
    {"additionalProperties", &Compiler::additionalProperties},
    {"minProperties",
     &Compiler::count<kEnd<&SchemaNode::propertyCount, &SchemaNode::Range::least>>},
    {"maxProperties", &Compiler::count<kEnd<&SchemaNode::propertyCount, &SchemaNode::Range::most>>},
    {"minItems", &Compiler::count<kEnd<&SchemaNode::itemCount, &SchemaNode::Range::least>>},
    {"maxItems", &Compiler::count<kEnd<&SchemaNode::itemCount, &SchemaNode::Range::most>>},
    {"items", &Compiler::items},
    {"uniqueItems", &Compiler::uniqueItems},
    {"minLength", &Compiler::count<kEnd<&SchemaNode::length, &SchemaNode::Range::least>>},
    {"maxLength", &Compiler::count<kEnd<&SchemaNode::length, &SchemaNode::Range::most>>},
    {"pattern", &Compiler::pattern},
    {"minimum", &Compiler::number<&SchemaNode::minimum>},
    {"exclusiveMinimum", &Compiler::number<&SchemaNode::exclusiveMinimum>},
    {"maximum", &Compiler::number<&SchemaNode::maximum>},
    {"exclusiveMaximum", &Compiler::number<&SchemaNode::exclusiveMaximum>},
    {"multipleOf", &Compiler::multipleOf},
    {"enum", &Compiler::enumeration},
    {"allOf", &Compiler::list<&SchemaNode::allOf>},
    {"anyOf", &Compiler::anyOf},
    {"oneOf", &Compiler::list<&SchemaNode::oneOf>},
    {"if", &Compiler::schema<&SchemaNode::condition>},
    {"then", &Compiler::schema<&SchemaNode::thenNode>},
    {"else", &Compiler::schema<&SchemaNode::elseNode>},
    {"not", &Compiler::schema<&SchemaNode::negated>},
    {"format", &Compiler::format},
    {"const", &Compiler::only},
}};

} // namespace

Result<std::shared_ptr<const SchemaNode>> compileSchema(const Json &document)
{
    return Compiler(document).run();
}

} // namespace postern::json
