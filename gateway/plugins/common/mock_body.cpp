// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/mock_body.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <string_view>

namespace postern::gateway {

namespace {

constexpr int kDeepest = 32;

int roll(int from, int to)
{
    thread_local std::minstd_rand dice{std::random_device{}()};
    return std::uniform_int_distribution(from, to)(dice);
}

std::string randomWord()
{
    std::string word(static_cast<std::size_t>(roll(1, 10)), ' ');
    for (char &c : word)
        c = static_cast<char>(roll('a', 'z'));
    return word;
}

Json objectOf(const Json &schema, int depth);

Json valueOf(const Json &schema, int depth)
{
    const std::string_view type = schema.stringOr("type", "object");
    const Json *example = schema.find("example");
    if (type == "string")
        return example && example->isString() ? *example : Json(randomWord());
    if (type == "number")
        return example && example->isNumber() ? *example : Json(roll(0, 1'000'000) / 100.0);
    if (type == "integer")
        return example && example->isNumber()
            ? Json(static_cast<std::int64_t>(std::floor(example->asDouble())))
            : Json(roll(1, 10'000));
    if (type == "boolean")
        return example && example->isBool() ? *example : Json(roll(0, 1) == 1);
    if (type == "array") {
        Json list = Json::array();
        const Json *items = schema.find("items");
        for (int left = items && depth < kDeepest ? roll(1, 3) : 0; left > 0; --left)
            list.push_back(valueOf(*items, depth + 1));
        return list;
    }
    return type == "object" ? objectOf(schema, depth) : Json();
}

Json objectOf(const Json &schema, int depth)
{
    Json made = Json::object();
    const Json *properties = schema.find("properties");
    if (!properties || depth >= kDeepest)
        return made;
    for (const auto &[name, property] : properties->members())
        made.set(name, valueOf(property, depth + 1));
    return made;
}

std::string escapeXml(std::string_view text)
{
    std::string made;
    for (const char c : text) {
        switch (c) {
        case '<':
            made += "&lt;";
            break;
        case '>':
            made += "&gt;";
            break;
        case '&':
            made += "&amp;";
            break;
        default:
            made += c;
        }
    }
    return made;
}

void appendXml(std::string &out, std::string_view name, const Json &value, std::size_t level)
{
    const std::string indent(level * 2, ' ');
    if (value.isArray()) {
        for (const Json &item : value.items())
            appendXml(out, name, item, level);
        return;
    }
    out.append(indent).append("<").append(name).append(">");
    if (value.isObject()) {
        out += '\n';
        for (const auto &[member, inner] : value.members())
            appendXml(out, member, inner, level + 1);
        out += indent;
    } else {
        out += escapeXml(value.isString() ? value.asString() : value.dump());
    }
    out.append("</").append(name).append(">\n");
}

} // namespace

Json mockObject(const Json &schema) { return objectOf(schema, 0); }

std::string mockXml(const Json &object)
{
    std::string out;
    appendXml(out, "data", object, 0);
    out.pop_back();
    return out;
}

} // namespace postern::gateway
