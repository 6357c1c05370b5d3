// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/expression.h"
#include "gateway/plugins/common/header_edits.h"
#include "gateway/plugins/common/percentage.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <chrono>
#include <format>
#include <optional>
#include <string>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "fault-injection";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "abort": {
      "type": "object",
      "properties": {
        "http_status": {"type": "integer", "minimum": 200},
        "body": {"type": "string", "minLength": 0},
        "headers": {"type": "object", "minProperties": 1, "patternProperties": {
          "^[^:]+$": {"oneOf": [{"type": "string"}, {"type": "number"}]}}},
        "percentage": {"type": "integer", "minimum": 0, "maximum": 100},
        "vars": {"type": "array", "maxItems": 20, "items": {"type": "array"}}
      },
      "required": ["http_status"]
    },
    "delay": {
      "type": "object",
      "properties": {
        "duration": {"type": "number", "minimum": 0},
        "percentage": {"type": "integer", "minimum": 0, "maximum": 100},
        "vars": {"type": "array", "maxItems": 20, "items": {"type": "array"}}
      },
      "required": ["duration"]
    }
  },
  "minProperties": 1
})json";

constexpr std::string_view kExample = R"json({
  "abort": {
    "http_status": 503,
    "body": "try again later\n",
    "vars": [[["arg_fail", "==", "yes"]]]
  }
})json";

/// When a fault strikes: one of the expressions holds, and the dice say so.
class Occasion
{
public:
    static Result<Occasion> compile(const Json &fault)
    {
        Occasion made;
        made.m_percentage = percentageOf(fault.find("percentage"));
        const Json *vars = fault.find("vars");
        if (!vars)
            return made;
        made.m_conditional = true;
        for (const Json &item : vars->items()) {
            auto expression = Expression::compile(item);
            if (!expression)
                return fail(Errc::PluginConfig, std::move(expression.error().detail));
            made.m_expressions.push_back(std::move(*expression));
        }
        return made;
    }

    [[nodiscard]] bool needsBody() const noexcept
    {
        return std::ranges::any_of(m_expressions,
                                   [](const Expression &each) { return each.needsBody(); });
    }
    [[nodiscard]] bool strikes(Exchange &exchange) const
    {
        if (m_conditional && std::ranges::none_of(m_expressions, [&](const Expression &each) {
                return each.holds(exchange);
            }))
            return false;
        if (!exchange.dryRun || !m_percentage || *m_percentage == 0 || *m_percentage == 100)
            return sampled(m_percentage);
        exchange.note(Step::Plugin, Outcome::Note, Errc::FaultInjected, kName,
                      exchange.arena.copy(std::format("{} % of the requests", *m_percentage)));
        return false;
    }

private:
    std::vector<Expression> m_expressions;
    std::optional<int> m_percentage;
    bool m_conditional = false;
};

struct Abort
{
    Occasion occasion;
    int status = 200;
    std::optional<Template> body;
    HeaderEdits headers;
};

struct Delay
{
    Occasion occasion;
    Duration duration{};
};

class FaultInjection final : public Plugin
{
public:
    FaultInjection(std::optional<Abort> abort, std::optional<Delay> delay)
        : m_abort(std::move(abort)),
          m_delay(std::move(delay)),
          m_needsBody(
              (m_abort
               && (m_abort->occasion.needsBody() || (m_abort->body && m_abort->body->needsBody())))
              || (m_delay && m_delay->occasion.needsBody()))
    {
    }

    Verdict rewrite(Exchange &exchange) const override
    {
        if (m_needsBody && requestBody(exchange, kVariableBodyLimit) == BodyState::Unread)
            return Verdict::ReadBody;
        if (!m_delay || exchange.dryRun || !m_delay->occasion.strikes(exchange))
            return strike(exchange);
        if (exchange.tracing)
            exchange.note(
                Step::Plugin, Outcome::Note, Errc::FaultInjected, kName,
                exchange.arena.copy(std::format(
                    "delayed by {} s", std::chrono::duration<double>(m_delay->duration).count())));
        return pauseExchange(exchange, m_delay->duration,
                             [this](Exchange &then) { return strike(then); });
    }

private:
    [[nodiscard]] Verdict strike(Exchange &exchange) const
    {
        if (!m_abort || !m_abort->occasion.strikes(exchange))
            return Verdict::Continue;
        exchange.note(Step::Plugin, m_abort->status >= 400 ? Outcome::Failed : Outcome::Note,
                      Errc::FaultInjected, kName, {}, {}, m_abort->status);
        replyWithPage(exchange, m_abort->status);
        if (m_abort->body) {
            exchange.reply.page = false;
            exchange.reply.body = m_abort->body->evaluate(exchange);
        }
        m_abort->headers.apply(exchange.reply.headers, exchange);
        return Verdict::Respond;
    }

    std::optional<Abort> m_abort;
    std::optional<Delay> m_delay;
    bool m_needsBody;
};

Result<void> check(const Json &config)
{
    for (const char *fault : {"abort", "delay"}) {
        const Json *member = config.find(fault);
        if (!member)
            continue;
        if (const auto occasion = Occasion::compile(*member); !occasion)
            return std::unexpected(occasion.error());
    }
    return {};
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    std::optional<Abort> abort;
    std::optional<Delay> delay;
    if (const Json *member = config.find("abort")) {
        auto occasion = Occasion::compile(*member);
        if (!occasion)
            return std::unexpected(std::move(occasion.error()));
        abort.emplace();
        abort->occasion = std::move(*occasion);
        abort->headers = HeaderEdits::compile(member->find("headers"));
        if (const Json *body = member->find("body"))
            abort->body.emplace(body->asString());
        if (const Json *status = member->find("http_status"))
            abort->status = static_cast<int>(status->asInteger().value_or(abort->status));
    }
    if (const Json *member = config.find("delay")) {
        auto occasion = Occasion::compile(*member);
        if (!occasion)
            return std::unexpected(std::move(occasion.error()));
        delay.emplace();
        delay->occasion = std::move(*occasion);
        if (const Json *duration = member->find("duration"))
            delay->duration = secondsOf(*duration);
    }
    return std::make_shared<const FaultInjection>(std::move(abort), std::move(delay));
}

} // namespace

const PluginSpec faultInjectionPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Rewrite,
    .apisixPriority = 11000,
    .summary = "Answers with an error or waits, on purpose, to try how clients take it",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
