// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/expression.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <span>
#include <utility>

namespace postern::gateway {

namespace {

using Kind = VariableValue::Kind;

std::string folded(std::string_view text, char first, char last)
{
    std::string made(text);
    for (char &c : made) {
        if (c >= first && c <= last)
            c = static_cast<char>(c ^ 0x20);
    }
    return made;
}

/// Lua's tonumber(): blanks around it, a sign, decimal or hexadecimal.
std::optional<double> luaNumber(std::string_view text)
{
    constexpr std::string_view kBlanks = " \t\r\n\f\v";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal)
        text.remove_prefix(2);
    // from_chars takes "-1" and "inf": neither is a digit here.
    if (text.empty() || text.front() == '-' || text.front() == 'i' || text.front() == 'n')
        return std::nullopt;
    double value = 0;
    const auto end = text.data() + text.size();
    const auto read = std::from_chars(
        text.data(), end, value, hexadecimal ? std::chars_format::hex : std::chars_format::general);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return negative ? -value : value;
}

std::optional<double> numberOf(const VariableValue &value)
{
    if (value.kind != Kind::Text && value.kind != Kind::Number)
        return std::nullopt;
    return luaNumber(value.text);
}

/// Lua's `==`: no conversion between types.
bool sameValue(const VariableValue &left, const Json &right)
{
    switch (left.kind) {
    case Kind::Absent:
        return right.isNull();
    case Kind::Text:
        return right.isString() && right.asString() == left.text;
    case Kind::Number:
        return right.isNumber() && luaNumber(left.text) == luaNumber(right.lexeme());
    case Kind::Boolean:
        return right.isBool() && right.asBool() == left.flag;
    case Kind::List:
        break; // tables are equal only to themselves
    }
    return false;
}

/// Paths into the body have to be paths.
bool isVariable(std::string_view name)
{
    constexpr std::string_view kBody = "post_arg.";
    return !name.starts_with(kBody)
        || JsonPath::compile("$." + std::string(name.substr(kBody.size()))).has_value();
}

template <class Compare>
bool compareNumbers(const VariableValue &left, std::optional<double> right, Compare compare)
{
    const std::optional<double> value = numberOf(left);
    return value && right && compare(*value, *right);
}

} // namespace

struct Expression::OperatorName
{
    std::string_view name;
    Operator op;
};

std::optional<Expression::Operator> Expression::operatorOf(std::string_view name)
{
    static constexpr std::array kNames{
        OperatorName{"==", Operator::Equal},        OperatorName{"~=", Operator::Differs},
        OperatorName{">", Operator::Greater},       OperatorName{">=", Operator::GreaterEqual},
        OperatorName{"<", Operator::Less},          OperatorName{"<=", Operator::LessEqual},
        OperatorName{"~~", Operator::Matches},      OperatorName{"~*", Operator::MatchesAnyCase},
        OperatorName{"in", Operator::In},           OperatorName{"has", Operator::Has},
        OperatorName{"ipmatch", Operator::IpMatch},
    };
    const auto row = std::ranges::find(kNames, folded(name, 'A', 'Z'), &OperatorName::name);
    return row != kNames.end() ? std::optional(row->op) : std::nullopt;
}

Result<Expression> Expression::compile(const Json &rules)
{
    Expression made;
    if (rules.size() == 0)
        return made;
    const Json &first = rules.items().empty() ? rules : rules.items().front();
    const bool wrapped = first.isArray() || first.isObject();
    if (!rules.isArray() || !wrapped) {
        const std::string logic = folded(first.asString(), 'a', 'z');
        if (logic != "AND" && logic != "OR" && logic != "!AND" && logic != "!OR")
            return fail(Errc::InvalidArgument, "rule should be wrapped inside brackets");
    }
    auto root = compileNode(rules);
    if (!root)
        return std::unexpected(std::move(root.error()));
    made.m_root = std::move(*root);
    return made;
}

Result<Expression::Node> Expression::compileNode(const Json &rules)
{
    const Json::Array &items = rules.items();
    if (items.empty())
        return fail(Errc::InvalidArgument, "rule too short");
    Node node;
    std::size_t from = 0;
    if (!items.front().isArray() && !items.front().isObject()) {
        static constexpr std::array<std::pair<std::string_view, Logic>, 4> kLogic{
            {{"AND", Logic::All},
             {"OR", Logic::Any},
             {"!AND", Logic::NotAll},
             {"!OR", Logic::None}}};
        const std::string name = folded(items.front().asString(), 'a', 'z');
        const auto logic =
            std::ranges::find(kLogic, name, &std::pair<std::string_view, Logic>::first);
        if (logic == kLogic.end())
            return compileCondition(rules);
        if (items.size() <= 2)
            return fail(Errc::InvalidArgument, "rule too short");
        node.logic = logic->second;
        from = 1;
    }
    for (const Json &item : std::span(items).subspan(from)) {
        auto member = compileNode(item);
        if (!member)
            return member;
        node.members.push_back(std::move(*member));
    }
    return node;
}

Result<Expression::Node> Expression::compileCondition(const Json &rules)
{
    const Json::Array &items = rules.items();
    Node node;
    node.logic = Logic::Condition;
    std::size_t at = 1;
    if (items.size() == 4) {
        if (items[1].asString() != "!")
            return fail(Errc::InvalidArgument, "bad 'not' expression");
        node.negated = true;
        at = 2;
    }
    if (items.size() <= at || items.front().isNull() || items[at].isNull()
        || !isVariable(items.front().asString()))
        return fail(Errc::InvalidArgument, "invalid expression");
    const std::optional<Operator> op =
        items[at].isString() ? operatorOf(items[at].asString()) : std::nullopt;
    if (items.size() > at + 1) {
        if (!op)
            return fail(Errc::InvalidArgument,
                        "invalid operator '"
                            + (items[at].isString() ? items[at].asString() : items[at].dump())
                            + "'");
        node.op = *op;
        node.operand = items[at + 1];
    } else if (op) {
        node.op = *op; // [variable, operator]: compared with nothing
    } else {
        // [variable, value]: APISIX has taken it for an operator first, which left it lower case
        // text
        node.operand =
            Json(folded(items[at].isString() ? items[at].asString() : items[at].dump(), 'A', 'Z'));
    }
    node.variable.emplace(items.front().isString() ? items.front().asString()
                                                   : items.front().dump());
    if (const Result<void> prepared = prepareOperand(node); !prepared)
        return std::unexpected(prepared.error());
    return node;
}

Result<void> Expression::prepareOperand(Node &node)
{
    if (node.operand.isNumber())
        node.number = luaNumber(node.operand.lexeme());
    else if (node.operand.isString())
        node.number = luaNumber(node.operand.asString());
    switch (node.op) {
    case Operator::Matches:
    case Operator::MatchesAnyCase: {
        // What APISIX finds out per request is found out now: such a pattern never matches.
        const std::string text =
            node.operand.isString() ? node.operand.asString() : node.operand.dump();
        auto pattern =
            Pattern::compile(text,
                             node.op == Operator::Matches ? Pattern::Option::None
                                                          : Pattern::Option::CaseInsensitive);
        if (pattern)
            node.pattern = std::move(*pattern);
        break;
    }
    case Operator::IpMatch: {
        Json list = node.operand;
        if (list.isString() && !list.asString().empty())
            list = Json(Json::Array{node.operand});
        if (list.items().empty())
            return fail(Errc::InvalidArgument, "invalid ip address");
        for (const Json &item : list.items()) {
            const auto range = IpRange::parse(item.asString());
            if (!range)
                return fail(Errc::InvalidArgument, "invalid ip address: " + item.asString());
            node.ranges.push_back(*range);
        }
        break;
    }
    default:
        break;
    }
    return {};
}

bool Expression::compare(const Node &node, const VariableValue &value)
{
    switch (node.op) {
    case Operator::Equal:
        if (node.operand.isNumber())
            return compareNumbers(value, node.number, std::equal_to<>());
        return sameValue(value, node.operand);
    case Operator::Differs:
        if (node.operand.isNumber())
            return !compareNumbers(value, node.number, std::equal_to<>());
        return !sameValue(value, node.operand);
    case Operator::Greater:
        return compareNumbers(value, node.number, std::greater<>());
    case Operator::GreaterEqual:
        return compareNumbers(value, node.number, std::greater_equal<>());
    case Operator::Less:
        return compareNumbers(value, node.number, std::less<>());
    case Operator::LessEqual:
        return compareNumbers(value, node.number, std::less_equal<>());
    case Operator::Matches:
    case Operator::MatchesAnyCase:
        return (value.kind == Kind::Text || value.kind == Kind::Number) && node.pattern
            && node.pattern->matches(value.text);
    case Operator::In:
        return std::ranges::any_of(node.operand.items(), [&](const Json &item) {
            return !item.isNull() && sameValue(value, item);
        });
    case Operator::Has:
        return value.kind == Kind::List && std::ranges::contains(value.list, node.operand);
    case Operator::IpMatch: {
        const auto address = value.kind == Kind::Text ? IpAddress::parse(value.text) : std::nullopt;
        return address && std::ranges::any_of(node.ranges, [&](const IpRange &range) {
                   return range.contains(*address);
               });
    }
    }
    return false;
}

bool Expression::holds(const Node &node, Exchange &exchange)
{
    const auto holdsNow = [&exchange](const Node &member) { return holds(member, exchange); };
    switch (node.logic) {
    case Logic::Condition:
        return compare(node, node.variable->value(exchange)) != node.negated;
    case Logic::All:
        return std::ranges::all_of(node.members, holdsNow);
    case Logic::Any:
        return std::ranges::any_of(node.members, holdsNow);
    case Logic::NotAll:
        return !std::ranges::all_of(node.members, holdsNow);
    case Logic::None:
        return !std::ranges::any_of(node.members, holdsNow);
    }
    return false;
}

bool Expression::holds(Exchange &exchange) const { return !m_root || holds(*m_root, exchange); }

bool Expression::needsBody(const Node &node) noexcept
{
    return (node.variable && node.variable->needsBody())
        || std::ranges::any_of(node.members, [](const Node &member) { return needsBody(member); });
}

bool Expression::needsBody() const noexcept { return m_root && needsBody(*m_root); }

} // namespace postern::gateway
