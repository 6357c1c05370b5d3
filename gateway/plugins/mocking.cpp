// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/variables.h"
#include "gateway/plugins/common/header_edits.h"
#include "gateway/plugins/common/mock_body.h"
#include "gateway/plugins/common/percentage.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "mocking";
constexpr std::string_view kType = "application/json;charset=utf8";
constexpr std::string_view kMockedBy = "APISIX/3.18.0";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "delay": {"type": "integer", "default": 0},
    "response_status": {"type": "integer", "default": 200, "minimum": 100},
    "content_type": {"type": "string", "default": "application/json;charset=utf8"},
    "response_example": {"type": "string"},
    "response_schema": {"type": "object"},
    "with_mock_header": {"type": "boolean", "default": true},
    "response_headers": {"type": "object", "minProperties": 1, "patternProperties": {
      "^[^:]+$": {"oneOf": [{"type": "string"}, {"type": "number"}]}}}
  },
  "anyOf": [{"required": ["response_example"]}, {"required": ["response_schema"]}]
})json";

constexpr std::string_view kExample =
    R"json({"response_example": "{\"id\": 7, \"name\": \"jack\"}", "response_status": 201})json";

std::string_view baseType(std::string_view contentType)
{
    return contentType.substr(0, contentType.find(';'));
}

class Mocking final : public Plugin
{
public:
    explicit Mocking(const Json &config)
        : m_type(config.stringOr("content_type", kType)),
          m_headers(HeaderEdits::compile(config.find("response_headers")))
    {
        if (const Json *example = config.find("response_example"))
            m_example.emplace(example->asString());
        else if (const Json *schema = config.find("response_schema"))
            m_schema = *schema;
        if (const Json *status = config.find("response_status"))
            m_status = static_cast<int>(status->asInteger().value_or(m_status));
        if (const Json *delay = config.find("delay"))
            m_delay = secondsOf(*delay);
        if (const Json *header = config.find("with_mock_header"))
            m_mockHeader = header->asBool();
    }

    Verdict access(Exchange &exchange) const override
    {
        if (m_example && m_example->needsBody()
            && requestBody(exchange, kVariableBodyLimit) == BodyState::Unread)
            return Verdict::ReadBody;
        if (m_delay > Duration::zero())
            return pauseExchange(exchange, m_delay,
                                 [this](Exchange &then) { return answer(then); });
        return answer(exchange);
    }

private:
    [[nodiscard]] Verdict answer(Exchange &exchange) const
    {
        exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName, "answered itself", {},
                      m_status);
        Reply &reply = exchange.reply;
        reply.status = m_status;
        reply.page = false;
        reply.contentType = m_type;
        reply.body = m_example ? m_example->evaluate(exchange) : generated(exchange);
        if (m_mockHeader)
            reply.headers.set("x-mock-by", kMockedBy);
        m_headers.apply(reply.headers, exchange);
        return Verdict::Respond;
    }

    [[nodiscard]] std::string_view generated(Exchange &exchange) const
    {
        const bool xml = baseType(m_type).ends_with("/xml");
        const std::string text = xml ? mockXml(mockObject(m_schema)) : mockObject(m_schema).dump();
        const Template made(text);
        return made.literal() ? exchange.arena.copy(text) : made.evaluate(exchange);
    }

    std::string m_type;
    std::optional<Template> m_example;
    Json m_schema;
    HeaderEdits m_headers;
    Duration m_delay{};
    int m_status = 200;
    bool m_mockHeader = true;
};

Result<void> check(const Json &config)
{
    static constexpr std::array<std::string_view, 5> kTypes{"application/xml", "application/json",
                                                            "text/plain", "text/html", "text/xml"};
    if (!std::ranges::contains(kTypes, baseType(config.stringOr("content_type", kType))))
        return fail(Errc::PluginConfig, "unsupported content type!");
    return {};
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const Mocking>(config);
}

} // namespace

const PluginSpec mockingPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Access,
    .apisixPriority = 10900,
    .summary = "Answers with an example instead of asking the upstream",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
