// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/body_variables.h"

#include "core/json/parse.h"
#include "gateway/pipeline/graphql.h"
#include "gateway/upstream/form_data.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

bool isType(const Exchange &exchange, std::string_view type)
{
    const std::string_view field = exchange.request.headers.value("content-type");
    return field.size() >= type.size() && equalsIgnoringCase(field.substr(0, type.size()), type);
}

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

/// The body as a JSON document: forms become objects of texts. Nothing if its type is another one,
/// or not told.
std::optional<Json> bodyDocument(const Exchange &exchange)
{
    if (!exchange.body.complete || exchange.body.text.empty())
        return std::nullopt;
    const auto object = [](const FieldMap &fields) {
        Json made = Json::object();
        for (const auto &[name, values] : fields) {
            if (values.size() == 1)
                made.set(name, values.front());
            else
                made.set(name, Json(Json::Array(values.begin(), values.end())));
        }
        return made;
    };
    if (isType(exchange, kForm))
        return object(parseUrlEncoded(exchange.body.text));
    if (isType(exchange, "multipart/form-data")) {
        const auto boundary =
            headerParameter(exchange.request.headers.value("content-type"), "boundary");
        const auto form = boundary ? parseMultipart(exchange.body.text, *boundary) : std::nullopt;
        return form ? std::optional(object(form->fields)) : std::nullopt;
    }
    if (!isType(exchange, "application/json"))
        return std::nullopt;
    auto parsed = parseJson(exchange.body.text);
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

VariableValue fromJson(Exchange &exchange, const Json &json)
{
    VariableValue made;
    switch (json.type()) {
    case Json::Type::String:
        made.kind = VariableValue::Kind::Text;
        made.text = exchange.arena.copy(json.asString());
        break;
    case Json::Type::Number:
        made.kind = VariableValue::Kind::Number;
        made.text = exchange.arena.copy(json.lexeme());
        break;
    case Json::Type::Boolean:
        made.kind = VariableValue::Kind::Boolean;
        made.flag = json.asBool();
        break;
    case Json::Type::Array:
        made.kind = VariableValue::Kind::List;
        made.list = json.items();
        break;
    case Json::Type::Null:
    case Json::Type::Object:
        break;
    }
    return made;
}

VariableValue textValue(Exchange &exchange, std::string_view text)
{
    VariableValue made;
    made.kind = VariableValue::Kind::Text;
    made.text = exchange.arena.copy(text);
    return made;
}

std::optional<std::string> graphqlDocument(Exchange &exchange)
{
    if (exchange.request.method == "GET") {
        const auto argument = queryArgument(exchange, "query");
        return argument ? std::optional<std::string>(*argument) : std::nullopt;
    }
    if (!exchange.body.complete || exchange.body.text.size() > kGraphqlLimit)
        return std::nullopt;
    if (!isType(exchange, "application/json"))
        return exchange.body.text;
    const auto json = parseJson(exchange.body.text);
    const Json *query = json ? json->find("query") : nullptr;
    return query && query->isString() ? std::optional(query->asString()) : std::nullopt;
}

} // namespace

VariableValue formArgument(Exchange &exchange, std::string_view name)
{
    if (!exchange.body.complete || !isType(exchange, kForm))
        return {};
    const FieldMap fields = parseUrlEncoded(exchange.body.text);
    const auto found = fields.find(std::string(name));
    return found == fields.end() || found->second.empty()
        ? VariableValue()
        : textValue(exchange, found->second.front());
}

VariableValue bodyMember(Exchange &exchange, const JsonPath &path, bool several)
{
    const std::optional<Json> document = bodyDocument(exchange);
    if (!document)
        return {};
    const std::vector<Json> found = path.select(*document);
    if (found.empty())
        return {};
    return fromJson(exchange, several || found.size() > 1 ? Json(found) : found.front());
}

VariableValue graphqlVariable(Exchange &exchange, std::string_view name)
{
    const std::optional<std::string> document = graphqlDocument(exchange);
    const auto operation = document ? parseGraphql(*document) : std::nullopt;
    if (!operation)
        return {};
    if (name == "name")
        return textValue(exchange, operation->name);
    if (name == "operation")
        return textValue(exchange, operation->operation);
    if (name != "root_fields")
        return {};
    VariableValue made;
    made.kind = VariableValue::Kind::List;
    for (const std::string &field : operation->rootFields)
        made.list.emplace_back(field);
    return made;
}

} // namespace postern::gateway
