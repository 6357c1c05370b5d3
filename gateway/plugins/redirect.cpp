// SPDX-License-Identifier: Apache-2.0
#include "core/text/pattern.h"
#include "gateway/pipeline/variables.h"
#include "gateway/plugins/common/substitution.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <cstdint>
#include <format>
#include <optional>
#include <string>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "redirect";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "ret_code": {"type": "integer", "minimum": 200, "default": 302},
    "uri": {"type": "string", "minLength": 2,
            "pattern": "(\\\\\\$[0-9a-zA-Z_]+)|\\$\\{([0-9a-zA-Z_]+)\\}|\\$([0-9a-zA-Z_]+)|(\\$|[^$\\\\]+)"},
    "regex_uri": {
      "description": "params for generating new uri that substitute from client uri, first param is regular expression, the second one is uri template",
      "type": "array", "maxItems": 2, "minItems": 2,
      "items": {"description": "regex uri", "type": "string"}
    },
    "http_to_https": {"type": "boolean"},
    "encode_uri": {"type": "boolean", "default": false},
    "append_query_string": {"type": "boolean", "default": false}
  },
  "oneOf": [{"required": ["uri"]}, {"required": ["regex_uri"]}, {"required": ["http_to_https"]}]
})json";

constexpr std::string_view kExample =
    R"json({"uri": "https://www.example.com$request_uri", "ret_code": 301})json";

bool isSet(const Json &config, std::string_view name)
{
    const Json *member = config.find(name);
    return member && member->asBool();
}

class Redirect final : public Plugin
{
public:
    Redirect(const Json &config, std::uint16_t httpsPort)
        : m_httpsTarget(std::format("https://$host{}$request_uri",
                                    httpsPort == 0 || httpsPort == 443
                                        ? std::string()
                                        : std::format(":{}", httpsPort)),
                        Template::Names::Plain),
          m_toHttps(isSet(config, "http_to_https")),
          m_encode(isSet(config, "encode_uri")),
          m_appendQuery(isSet(config, "append_query_string"))
    {
        if (const Json *code = config.find("ret_code"))
            m_code = static_cast<int>(code->asInteger().value_or(m_code));
        if (const Json *uri = config.find("uri"))
            m_uri.emplace(uri->asString(), Template::Names::Plain);
        if (const Json *regex = config.find("regex_uri"); regex && regex->size() == 2) {
            if (auto pattern = Pattern::compile(regex->items()[0].asString()))
                m_pattern = std::move(*pattern);
            m_replacement = regex->items()[1].asString();
        }
    }

    Verdict rewrite(Exchange &exchange) const override
    {
        int code = m_code;
        std::optional<std::string> location = target(exchange, code);
        if (!location)
            return Verdict::Continue;
        const std::size_t question = location->find('?');
        if (m_encode)
            location = escapePath(std::string_view(*location).substr(0, question))
                + (question == std::string::npos ? std::string() : location->substr(question));
        if (m_appendQuery && !exchange.request.query.empty())
            location->append(question == std::string::npos ? "?" : "&")
                .append(exchange.request.query);
        // What came decoded out of a variable must not end the field.
        location->resize(std::min(location->size(), location->find_first_of("\r\n")));
        const std::string_view text = exchange.arena.copy(*location);
        if (exchange.tracing)
            exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName,
                          exchange.arena.join("redirected to ", text), {}, code);
        replyWithPage(exchange, code);
        exchange.reply.headers.set("Location", text);
        return Verdict::Respond;
    }

private:
    /// \return nullopt: not redirected
    [[nodiscard]] std::optional<std::string> target(Exchange &exchange, int &code) const
    {
        const Request &request = exchange.request;
        if (m_toHttps) {
            const std::string_view proto = request.headers.value("x-forwarded-proto");
            if ((proto.empty() ? request.scheme : proto) != "http")
                return std::nullopt;
            const bool safe = request.method == "GET" || request.method == "HEAD";
            code = safe ? 301 : 308;
            return std::string(m_httpsTarget.evaluate(exchange));
        }
        if (m_uri)
            return std::string(m_uri->evaluate(exchange));
        std::size_t count = 0;
        auto made = m_pattern ? m_pattern->replace(request.path, m_replacement, false, &count)
                              : std::nullopt;
        return count ? made : std::nullopt;
    }

    Template m_httpsTarget;
    std::optional<Template> m_uri;
    std::optional<Pattern> m_pattern;
    std::string m_replacement;
    int m_code = 302;
    bool m_toHttps, m_encode, m_appendQuery;
};

Result<void> check(const Json &config)
{
    if (const Json *regex = config.find("regex_uri"); regex && regex->size() == 2) {
        const std::string &pattern = regex->items()[0].asString();
        const std::string &replacement = regex->items()[1].asString();
        if (const auto compiled = compileSubstitution(pattern, replacement); !compiled)
            return fail(Errc::PluginConfig,
                        "invalid regex_uri (" + pattern + ", " + replacement
                            + "), err:" + compiled.error().detail);
    }
    if (isSet(config, "http_to_https") && isSet(config, "append_query_string"))
        return fail(Errc::PluginConfig,
                    "only one of `http_to_https` and `append_query_string` can be configured.");
    return {};
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return std::make_shared<const Redirect>(config, env.httpsPort);
}

} // namespace

const PluginSpec redirectPlugin{
    .name = kName,
    .kind = PluginKind::Transform,
    .phases = Phase::Rewrite,
    .apisixPriority = 900,
    .summary = "Sends the client to another address",
    .schema = kSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
