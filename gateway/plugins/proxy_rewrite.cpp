// SPDX-License-Identifier: Apache-2.0
#include "core/text/pattern.h"
#include "gateway/pipeline/variables.h"
#include "gateway/plugins/common/header_edits.h"
#include "gateway/plugins/common/substitution.h"
#include "gateway/plugins/specs.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "proxy-rewrite";

// The flat form takes no list under `add`, `set` and `remove`: that is the other form.
constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "uri": {"description": "new uri for upstream", "type": "string", "minLength": 1,
            "maxLength": 4096, "pattern": "^\\/.*"},
    "method": {"description": "proxy route method", "type": "string",
      "enum": ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "MKCOL", "COPY", "MOVE",
               "PROPFIND", "LOCK", "UNLOCK", "PATCH", "TRACE"]},
    "regex_uri": {
      "description": "new uri that substitute from client uri for upstream, lower priority than uri property",
      "type": "array", "minItems": 2,
      "items": {"description": "regex uri", "type": "string"}
    },
    "host": {"description": "new host for upstream", "type": "string",
             "pattern": "^[0-9a-zA-Z-.]+(:\\d{1,5})?$"},
    "headers": {
      "description": "new headers for request",
      "oneOf": [
        {"type": "object", "minProperties": 1, "additionalProperties": false,
         "properties": {
           "add": {"type": "object", "minProperties": 1, "patternProperties": {
             "^[^:]+$": {"oneOf": [{"type": "string"}, {"type": "number"},
               {"type": "array", "minItems": 1,
                "items": {"oneOf": [{"type": "string"}, {"type": "number"}]}}]}}},
           "set": {"type": "object", "minProperties": 1, "patternProperties": {
             "^[^:]+$": {"oneOf": [{"type": "string"}, {"type": "number"},
               {"type": "array", "minItems": 1,
                "items": {"oneOf": [{"type": "string"}, {"type": "number"}]}}]}}},
           "remove": {"type": "array", "minItems": 1,
                      "items": {"type": "string", "pattern": "^[^:]+$"}}
         }},
        {"type": "object", "minProperties": 1,
         "properties": {
           "add": {"oneOf": [{"type": "string"}, {"type": "number"}]},
           "set": {"oneOf": [{"type": "string"}, {"type": "number"}]},
           "remove": {"oneOf": [{"type": "string"}, {"type": "number"}]}
         },
         "patternProperties": {
           "^[^:]+$": {"oneOf": [{"type": "string"}, {"type": "number"},
               {"type": "array", "minItems": 1,
                "items": {"oneOf": [{"type": "string"}, {"type": "number"}]}}]}}}
      ]
    },
    "use_real_request_uri_unsafe": {
      "description": "use real_request_uri instead, THIS IS VERY UNSAFE.",
      "type": "boolean", "default": false
    }
  },
  "minProperties": 1
})json";

constexpr std::string_view kExample = R"json({
  "regex_uri": ["^/api/(.*)$", "/$1"],
  "headers": {"set": {"X-Api-Version": "2"}, "remove": ["X-Internal"]}
})json";

struct Substitution
{
    Pattern pattern;
    std::string replacement;
};

/// The first '?' of a variable's text is not where the query begins.
std::string escapeSeparator(std::string_view text)
{
    std::string made(text);
    if (const std::size_t at = made.find('?'); at != std::string::npos)
        made.replace(at, 1, "%3F");
    return made;
}

class ProxyRewrite final : public Plugin
{
public:
    ProxyRewrite(const Json &config, std::vector<Substitution> substitutions)
        : m_substitutions(std::move(substitutions)),
          m_headers(HeaderEdits::compile(config.find("headers"))),
          m_host(config.stringOr("host", "")),
          m_method(config.stringOr("method", ""))
    {
        if (const Json *uri = config.find("uri"))
            m_uri.emplace(uri->asString());
        if (const Json *raw = config.find("use_real_request_uri_unsafe"))
            m_raw = raw->asBool();
    }

    Verdict rewrite(Exchange &exchange) const override
    {
        exchange.upstreamHost = m_host;
        rewriteTarget(exchange);
        m_headers.apply(exchange.request.headers, exchange);
        if (!m_method.empty())
            exchange.request.method = m_method;
        return Verdict::Continue;
    }

private:
    void rewriteTarget(Exchange &exchange) const
    {
        Request &request = exchange.request;
        std::string uri(m_raw ? request.rawTarget : request.path);
        bool queryAllowed = false; // a '?' in the result begins a query
        if (m_uri) {
            uri = m_uri->evaluate(exchange, escapeSeparator);
            queryAllowed = true;
        } else if (!m_substitutions.empty()) {
            queryAllowed = !uri.contains('?');
            substitute(exchange, uri);
        }
        if (!m_raw) {
            const std::size_t question = queryAllowed ? uri.find('?') : std::string::npos;
            std::string target = escapePath(std::string_view(uri).substr(0, question));
            if (question != std::string::npos)
                target += std::string_view(uri).substr(question);
            if (!request.query.empty())
                target.append(question == std::string::npos ? "?" : "&").append(request.query);
            uri = std::move(target);
        }
        // A request line holds no blanks and no line ends, wherever they came from.
        for (const std::string_view bad : {" ", "\r", "\n", "\t"}) {
            for (std::size_t at = uri.find(bad); at != std::string::npos; at = uri.find(bad, at))
                uri.replace(at, 1, escapePath(bad));
        }
        if (!uri.starts_with('/'))
            uri.insert(0, 1, '/');
        request.target = exchange.arena.copy(uri);
        request.targetChanged = true;
        if (exchange.tracing)
            exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName,
                          exchange.arena.join("asks the upstream for ", request.target));
    }

    /// The first pattern that matches decides.
    void substitute(Exchange &exchange, std::string &uri) const
    {
        for (const Substitution &each : m_substitutions) {
            const auto groups = each.pattern.match(uri);
            if (!groups)
                continue;
            for (const std::string_view group : *groups)
                exchange.captures.push_back(exchange.arena.copy(group));
            if (auto made = each.pattern.replace(uri, each.replacement, false))
                uri = std::move(*made);
            return;
        }
    }

    std::optional<Template> m_uri;
    std::vector<Substitution> m_substitutions;
    HeaderEdits m_headers;
    std::string m_host, m_method;
    bool m_raw = false;
};

Result<std::vector<Substitution>> substitutionsOf(const Json &config)
{
    std::vector<Substitution> made;
    const Json *pairs = config.find("regex_uri");
    if (!pairs)
        return made;
    if (pairs->size() % 2 != 0)
        return fail(Errc::PluginConfig, "The length of regex_uri should be an even number");
    for (std::size_t i = 0; i + 1 < pairs->size(); i += 2) {
        const std::string &expression = pairs->items()[i].asString();
        const std::string &replacement = pairs->items()[i + 1].asString();
        auto pattern = compileSubstitution(expression, replacement);
        if (!pattern)
            return fail(Errc::PluginConfig,
                        "invalid regex_uri(" + expression + ", " + replacement
                            + "): " + pattern.error().detail);
        made.push_back({std::move(*pattern), replacement});
    }
    return made;
}

Result<void> check(const Json &config)
{
    // The schema has counted a member that it has put there itself.
    constexpr std::string_view kDefaulted = "use_real_request_uri_unsafe";
    if (config.size() == 1 && config.contains(kDefaulted) && !config.find(kDefaulted)->asBool())
        return fail(Errc::PluginConfig, "expect object to have at least 1 properties");
    return substitutionsOf(config)
        .transform([](const std::vector<Substitution> &) {})
        .and_then([&config] {
            return HeaderEdits::checkFlat(config.find("headers"), HeaderEdits::Of::Request);
        });
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return substitutionsOf(config).transform([&config](std::vector<Substitution> &&pairs) {
        return std::shared_ptr<const Plugin>(
            std::make_shared<const ProxyRewrite>(config, std::move(pairs)));
    });
}

} // namespace

const PluginSpec proxyRewritePlugin{
    .name = kName,
    .kind = PluginKind::Transform,
    .phases = Phase::Rewrite,
    .apisixPriority = 1008,
    .summary = "Changes what is sent to the upstream: uri, method, host, headers",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
