// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/encoding.h"
#include "core/text/pattern.h"
#include "gateway/http/content_coding.h"
#include "gateway/pipeline/expression.h"
#include "gateway/plugins/common/header_edits.h"
#include "gateway/plugins/common/response_body.h"
#include "gateway/plugins/specs.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "response-rewrite";
constexpr std::uint64_t kLargestBody = 64ULL * 1024 * 1024;

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "headers": {
      "description": "new headers for response",
      "anyOf": [
        {"type": "object", "minProperties": 1, "patternProperties": {
          "^[^:]+$": {"oneOf": [{"type": "string"}, {"type": "number"}]}}},
        {"properties": {
          "add": {"type": "array", "minItems": 1,
                  "items": {"type": "string", "pattern": "^[^:]+:[^:]*[^/]$"}},
          "set": {"type": "object", "minProperties": 1, "patternProperties": {
            "^[^:]+$": {"oneOf": [{"type": "string"}, {"type": "number"}]}}},
          "remove": {"type": "array", "minItems": 1,
                     "items": {"type": "string", "pattern": "^[^:]+$"}}
        }}
      ]
    },
    "body": {"description": "new body for response", "type": "string"},
    "body_base64": {
      "description": "whether new body for response need base64 decode before return",
      "type": "boolean", "default": false},
    "status_code": {"description": "new status code for response", "type": "integer",
                    "minimum": 200, "maximum": 598},
    "vars": {"type": "array"},
    "filters": {
      "description": "a group of filters that modify response body by replacing one specified string by another",
      "type": "array", "minItems": 1,
      "items": {
        "description": "filter that modifies response body",
        "type": "object",
        "required": ["regex", "replace"],
        "properties": {
          "regex": {"description": "match pattern on response body", "type": "string",
                    "minLength": 1},
          "scope": {"description": "regex substitution range", "type": "string",
                    "enum": ["once", "global"], "default": "once"},
          "replace": {"description": "regex substitution content", "type": "string"},
          "options": {"description": "regex options", "type": "string", "default": "jo"}
        }
      }
    },
    "max_resp_body_size": {"type": "integer", "minimum": 1, "default": 67108864}
  },
  "dependencies": {
    "body": {"not": {"required": ["filters"]}},
    "filters": {"not": {"required": ["body"]}}
  }
})json";

constexpr std::string_view kExample = R"json({
  "headers": {"set": {"X-Served-By": "gateway"}, "remove": ["X-Powered-By"]},
  "filters": [{"regex": "http://", "replace": "https://", "scope": "global"}]
})json";

struct Substitution
{
    Pattern pattern;
    std::string replacement;
    bool all;
};

/// What a response's body becomes. Shared by the requests under way.
struct NewBody
{
    std::optional<std::string> text;
    std::vector<Substitution> substitutions;
    std::uint64_t largest = kLargestBody;
};

class Rewriter final : public BodyFilter
{
public:
    Rewriter(std::shared_ptr<const NewBody> body, ContentCoding coding)
        : m_body(std::move(body)),
          m_coding(coding)
    {
    }

    void pass(std::string_view piece, bool last, std::string &out) override
    {
        if (m_body->text) {
            if (!std::exchange(m_begun, true))
                out += *m_body->text;
            return;
        }
        m_held += piece.substr(0, m_body->largest - m_held.size()); // APISIX cuts, too
        if (!last)
            return;
        if (m_coding != ContentCoding::Identity) {
            auto plain = decodeContent(m_coding, m_held, m_body->largest);
            // What cannot be decoded goes to nobody: its head says that it is plain.
            m_held = plain ? std::move(*plain) : std::string();
        }
        for (const Substitution &each : m_body->substitutions) {
            if (auto made = each.pattern.replace(m_held, each.replacement, each.all))
                m_held = std::move(*made);
        }
        out += m_held;
    }

private:
    std::shared_ptr<const NewBody> m_body;
    std::string m_held;
    ContentCoding m_coding;
    bool m_begun = false;
};

class ResponseRewrite final : public Plugin
{
public:
    ResponseRewrite(const Json &config, std::shared_ptr<const NewBody> body,
                    std::optional<Expression> vars)
        : m_body(std::move(body)),
          m_headers(HeaderEdits::compile(config.find("headers"))),
          m_vars(std::move(vars))
    {
        if (const Json *status = config.find("status_code"))
            m_status = static_cast<int>(status->asInteger().value_or(0));
    }

    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        if (m_vars && !m_vars->holds(exchange))
            return;
        if (m_status)
            head.status = m_status;
        if (m_body)
            editBody(exchange, head);
        m_headers.apply(head.headers, exchange);
    }

private:
    void editBody(Exchange &exchange, ResponseHead &head) const
    {
        const std::string_view encoding = head.headers.value("content-encoding");
        const ContentCoding coding =
            m_body->text ? ContentCoding::Identity : contentCodingOf(encoding);
        if (coding == ContentCoding::Unknown) {
            exchange.note(Step::Plugin, Outcome::Note, Errc::Unsupported, kName,
                          "filters skipped: unknown content coding", encoding);
            return;
        }
        dropBodyFields(head);
        exchange.bodyFilters.push_back(std::make_unique<Rewriter>(m_body, coding));
    }

    std::shared_ptr<const NewBody> m_body; ///< nullptr: stays as it is
    HeaderEdits m_headers;
    std::optional<Expression> m_vars;
    int m_status = 0;
};

Result<std::optional<std::string>> textOf(const Json &config)
{
    const Json *body = config.find("body");
    const Json *encoded = config.find("body_base64");
    const bool base64 = encoded && encoded->asBool();
    if (!base64)
        return body ? std::optional(body->asString()) : std::nullopt;
    const auto decoded = body ? decodeBase64(body->asString()) : fail(Errc::Base64);
    if (!decoded || body->asString().empty())
        return fail(Errc::PluginConfig, "invalid base64 content");
    return *decoded;
}

Result<std::vector<Substitution>> substitutionsOf(const Json &config)
{
    std::vector<Substitution> made;
    const Json *filters = config.find("filters");
    if (!filters)
        return made;
    for (const Json &filter : filters->items()) {
        const std::string_view regex = filter.stringOr("regex", "");
        auto pattern = Pattern::compile(regex, filter.stringOr("options", "jo"));
        if (!pattern)
            return fail(Errc::PluginConfig,
                        "regex \"" + std::string(regex)
                            + "\" validation failed: " + pattern.error().detail);
        made.push_back({std::move(*pattern), std::string(filter.stringOr("replace", "")),
                        filter.stringOr("scope", "once") == "global"});
    }
    return made;
}

Result<std::optional<Expression>> varsOf(const Json &config)
{
    const Json *vars = config.find("vars");
    if (!vars)
        return std::nullopt;
    auto compiled = Expression::compile(*vars);
    if (!compiled)
        return fail(Errc::PluginConfig,
                    "failed to validate the 'vars' expression: " + compiled.error().detail);
    return std::move(*compiled);
}

Result<void> check(const Json &config)
{
    const auto done = [](const auto &) {};
    return HeaderEdits::checkFlat(config.find("headers"))
        .and_then([&] { return textOf(config).transform(done); })
        .and_then([&] { return varsOf(config).transform(done); })
        .and_then([&] { return substitutionsOf(config).transform(done); });
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    auto text = textOf(config);
    if (!text)
        return std::unexpected(std::move(text.error()));
    auto substitutions = substitutionsOf(config);
    if (!substitutions)
        return std::unexpected(std::move(substitutions.error()));
    auto vars = varsOf(config);
    if (!vars)
        return std::unexpected(std::move(vars.error()));
    std::shared_ptr<NewBody> body;
    if (*text || !substitutions->empty()) {
        body = std::make_shared<NewBody>();
        body->text = std::move(*text);
        body->substitutions = std::move(*substitutions);
        if (const Json *largest = config.find("max_resp_body_size"))
            body->largest = static_cast<std::uint64_t>(largest->asInteger().value_or(kLargestBody));
    }
    return std::make_shared<const ResponseRewrite>(config, std::move(body), std::move(*vars));
}

} // namespace

const PluginSpec responseRewritePlugin{
    .name = kName,
    .kind = PluginKind::Transform,
    .phases = Phase::HeaderFilter | Phase::BodyFilter,
    .apisixPriority = 899,
    .summary = "Changes a response's status, headers and body",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
