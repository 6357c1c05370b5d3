// SPDX-License-Identifier: Apache-2.0
#include "core/json/path.h"

#include <jsoncons/json.hpp>
#include <jsoncons_ext/jsonpath/jsonpath.hpp>

#include <algorithm>
#include <exception>
#include <system_error>

namespace postern {
namespace {

using jsoncons::ojson;
using Expression = jsoncons::jsonpath::jsonpath_expression<ojson>;

ojson convertNumber(const Json &number)
{
    const std::string_view lexeme = number.lexeme();
    const bool integral = lexeme.find_first_of(".eE") == std::string_view::npos;
    if (const auto value = number.asInteger(); value && integral)
        return ojson(*value);
    return ojson(number.asDouble());
}

// What the library evaluates on. Only paths come back from it, so that the values handed out are
// the document's own, with their exact numbers.
ojson convert(const Json &value)
{
    switch (value.type()) {
    case Json::Type::Null:
        return ojson::null();
    case Json::Type::Boolean:
        return ojson(value.asBool());
    case Json::Type::Number:
        return convertNumber(value);
    case Json::Type::String:
        return ojson(value.asString());
    case Json::Type::Array: {
        ojson array(jsoncons::json_array_arg);
        array.reserve(value.size());
        for (const Json &item : value.items())
            array.push_back(convert(item));
        return array;
    }
    case Json::Type::Object: {
        ojson object(jsoncons::json_object_arg);
        object.reserve(value.size());
        for (const auto &[name, member] : value.members())
            object.try_emplace(name, convert(member));
        return object;
    }
    }
    return ojson::null();
}

const Json *follow(const Json &document, const jsoncons::jsonpath::json_location &path)
{
    const Json *at = &document;
    for (const auto &step : path) {
        if (step.has_name())
            at = at->find(step.name());
        else
            at = step.index() < at->items().size() ? &at->items()[step.index()] : nullptr;
        if (!at)
            return nullptr;
    }
    return at;
}

} // namespace

struct JsonPath::Compiled
{
    std::string name; // of a member, if there is no expression
    std::unique_ptr<const Expression> expression;
};

Result<JsonPath> JsonPath::compile(std::string_view expression)
{
    if (expression.empty())
        return fail(Errc::JsonPath, "the expression is empty");
    auto compiled = std::make_shared<Compiled>();
    if (!expression.starts_with('$')) {
        compiled->name = expression;
    } else {
        try {
            compiled->expression = std::make_unique<const Expression>(
                jsoncons::jsonpath::make_expression<ojson>(expression));
        } catch (const std::exception &fault) {
            return fail(Errc::JsonPath, fault.what(), std::string(expression));
        }
    }
    JsonPath path;
    path.m_compiled = std::move(compiled);
    return path;
}

std::vector<Json> JsonPath::select(const Json &document) const
{
    std::vector<Json> found;
    if (!m_compiled->expression) {
        if (const Json *member = document.find(m_compiled->name))
            found.push_back(*member);
        return found;
    }
    try {
        const ojson copy = convert(document);
        for (const auto &path :
             m_compiled->expression->select_paths(copy, jsoncons::jsonpath::result_options())) {
            if (const Json *value = follow(document, path))
                found.push_back(*value);
        }
    } catch (const std::exception &) {
        // A filter that does not fit the document (a function given the wrong type) matches
        // nothing.
        found.clear();
    }
    return found;
}

} // namespace postern
