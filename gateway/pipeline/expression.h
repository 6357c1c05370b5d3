// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/text/pattern.h"
#include "gateway/pipeline/variables.h"
#include "gateway/router/ip_range.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace postern::gateway {

/// A condition on variables, as in routes' `vars`, `_meta.filter` and several plugins: an array of
/// `[variable, operator, value]`, all of which must hold, or a group `["OR", ...]`. APISIX 3.18,
/// vars expressions. Immutable after construction; any worker.
class Expression
{
public:
    /// \return InvalidArgument with the text that APISIX's Admin API gives
    [[nodiscard]] static Result<Expression> compile(const Json &rules);

    /// Whether it holds. An empty one does.
    [[nodiscard]] bool holds(Exchange &exchange) const;
    /// True if a variable lies in the request's body: requestBody() before holds().
    [[nodiscard]] bool needsBody() const noexcept;

private:
    enum class Logic : std::uint8_t { Condition, All, Any, NotAll, None };
    enum class Operator : std::uint8_t {
        Equal,
        Differs,
        Greater,
        GreaterEqual,
        Less,
        LessEqual,
        Matches,
        MatchesAnyCase,
        In,
        Has,
        IpMatch,
    };
    struct OperatorName;
    struct Node
    {
        Logic logic = Logic::All;
        Operator op = Operator::Equal;
        bool negated = false;
        std::optional<Variable> variable;
        Json operand;
        std::optional<double> number; ///< the operand as Lua reads it
        std::optional<Pattern> pattern;
        std::vector<IpRange> ranges;
        std::vector<Node> members;
    };

    [[nodiscard]] static std::optional<Operator> operatorOf(std::string_view name);
    [[nodiscard]] static Result<Node> compileNode(const Json &rules);
    [[nodiscard]] static Result<Node> compileCondition(const Json &rules);
    [[nodiscard]] static Result<void> prepareOperand(Node &node);
    [[nodiscard]] static bool holds(const Node &node, Exchange &exchange);
    [[nodiscard]] static bool compare(const Node &node, const VariableValue &value);
    [[nodiscard]] static bool needsBody(const Node &node) noexcept;

    std::optional<Node> m_root; ///< nullopt: always true
};

} // namespace postern::gateway
