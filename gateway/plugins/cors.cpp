// SPDX-License-Identifier: Apache-2.0
#include "core/text/pattern.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <string>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "cors";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "allow_origins": {"type": "string", "default": "*",
      "description": "you can use '*' to allow all origins when no credentials,'**' to allow forcefully(it will bring some security risks, be carefully),multiple origin use ',' to split. default: *.",
      "pattern": "^(\\*|\\*\\*|null|\\w+://[^,]+(,\\w+://[^,]+)*)$"},
    "allow_methods": {"type": "string", "default": "*",
      "description": "you can use '*' to allow all methods when no credentials,'**' to allow forcefully(it will bring some security risks, be carefully),multiple method use ',' to split. default: *."},
    "allow_headers": {"type": "string", "default": "*",
      "description": "you can use '*' to allow all header when no credentials,'**' to allow forcefully(it will bring some security risks, be carefully),multiple header use ',' to split. default: *."},
    "expose_headers": {"type": "string",
      "description": "multiple header use ',' to split.If not specified, no custom headers are exposed."},
    "max_age": {"type": "integer", "default": 5,
      "description": "maximum number of seconds the results can be cached.-1 means no cached, the max value is depend on browser,more details plz check MDN. default: 5."},
    "allow_credential": {"type": "boolean", "default": false,
      "description": "allow client append credential. according to CORS specification,if you set this option to 'true', you can not use '*' for other options."},
    "allow_origins_by_regex": {"type": "array", "minItems": 1, "uniqueItems": true,
      "description": "you can use regex to allow specific origins when no credentials,for example use [.*\\.test.com$] to allow a.test.com and b.test.com",
      "items": {"type": "string", "minLength": 1, "maxLength": 4096}},
    "allow_origins_by_metadata": {"type": "array", "minItems": 1, "uniqueItems": true,
      "description": "set allowed origins by referencing origins in plugin metadata",
      "items": {"type": "string", "minLength": 1, "maxLength": 4096}},
    "timing_allow_origins": {"type": "string",
      "description": "you can use '*' to allow all origins which can view timing information when no credentials,'**' to allow forcefully (it will bring some security risks, be carefully),multiple origin use ',' to split. default: nil",
      "pattern": "^(\\*|\\*\\*|null|\\w+://[^,]+(,\\w+://[^,]+)*)$"},
    "timing_allow_origins_by_regex": {"type": "array", "minItems": 1, "uniqueItems": true,
      "description": "you can use regex to allow specific origins which can view timing information,for example use [.*\\.test.com] to allow a.test.com and b.test.com",
      "items": {"type": "string", "minLength": 1, "maxLength": 4096}}
  }
})json";

// What allow_origins_by_metadata refers to: lists of origins under a name.
constexpr std::string_view kMetadataSchema = R"json({
  "type": "object",
  "properties": {
    "allow_origins": {
      "type": "object",
      "additionalProperties": {
        "type": "string",
        "pattern": "^(\\*|\\*\\*|null|\\w+://[^,]+(,\\w+://[^,]+)*)$"
      }
    }
  }
})json";

constexpr std::string_view kExample =
    R"json({"allow_origins": "https://app.example.com", "allow_methods": "GET,POST", "max_age": 60})json";

constexpr std::string_view kAllMethods = "GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE";

/// Who may ask: a list as configured, or patterns instead of it.
class Origins
{
public:
    Origins() = default;
    Origins(std::string_view list, const Json *patterns) : m_list(list)
    {
        if (!patterns)
            return;
        m_byPattern = true;
        for (const Json &item : patterns->items()) {
            if (auto pattern = Pattern::compile(item.asString()))
                m_patterns.push_back(std::move(*pattern));
        }
    }

    [[nodiscard]] bool any() const noexcept { return m_list == "*"; }
    /// What to answer to that origin; empty: nothing.
    [[nodiscard]] std::string_view answer(std::string_view origin) const
    {
        if (m_byPattern) {
            const auto fits = [origin](const Pattern &each) { return each.matches(origin); };
            return !origin.empty() && std::ranges::any_of(m_patterns, fits) ? origin
                                                                            : std::string_view();
        }
        if (m_list == "*" || (m_list == "**" && origin.empty()))
            return "*";
        if (m_list == "**")
            return origin;
        return !origin.empty() && listed(origin) ? origin : std::string_view();
    }

private:
    [[nodiscard]] bool listed(std::string_view origin) const
    {
        for (std::string_view rest = m_list; !rest.empty();) {
            const std::string_view one = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            if (one == origin)
                return true;
        }
        return false;
    }

    std::string m_list;
    std::vector<Pattern> m_patterns;
    bool m_byPattern = false;
};

/// The origins that the configuration itself allows. Where it refers to named lists, these say who
/// may ask, and "everybody" is only the default beside them. APISIX 3.18.
std::string_view ownOrigins(const Json &config)
{
    const std::string_view list = config.stringOr("allow_origins", "*");
    return list == "*" && config.contains("allow_origins_by_metadata") ? std::string_view() : list;
}

class Cors final : public Plugin
{
public:
    Cors(const Json &config, const Json *metadata)
        : m_origins(ownOrigins(config), config.find("allow_origins_by_regex")),
          m_timing(config.stringOr("timing_allow_origins", ""),
                   config.find("timing_allow_origins_by_regex")),
          m_varies(config.stringOr("allow_origins", "*") != "*"),
          m_timed(config.contains("timing_allow_origins")
                  || config.contains("timing_allow_origins_by_regex")),
          m_methods(config.stringOr("allow_methods", "*")),
          m_headers(config.stringOr("allow_headers", "*")),
          m_expose(config.stringOr("expose_headers", ""))
    {
        if (m_methods == "**")
            m_methods = kAllMethods;
        if (const Json *names = config.find("allow_origins_by_metadata")) {
            const Json *lists = metadata ? metadata->find("allow_origins") : nullptr;
            for (const Json &name : names->items()) {
                if (lists && lists->contains(name.asString()))
                    m_named.emplace_back(lists->stringOr(name.asString(), ""), nullptr);
            }
        }
        if (const Json *age = config.find("max_age"))
            m_maxAge = age->lexeme();
        if (const Json *credential = config.find("allow_credential"))
            m_credential = credential->asBool();
    }

    /// Decides on the Origin as the client sent it: proxy-rewrite may change it for the upstream.
    Verdict rewrite(Exchange &exchange) const override
    {
        const std::string_view origin = exchange.request.headers.value("origin");
        HeaderList &fields = exchange.reply.headers;
        if (const std::string_view allowed = answer(origin); !allowed.empty())
            fields.set(kAllowOrigin, allowed);
        if (const std::string_view timing = timed(origin); !timing.empty())
            fields.set(kTimingOrigin, timing);
        if (exchange.request.method != "OPTIONS")
            return Verdict::Continue;
        exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName, "answered the preflight");
        exchange.reply.status = 200;
        exchange.reply.page = false;
        exchange.reply.body = {};
        return Verdict::Respond;
    }

    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        const std::string_view origin = exchange.request.headers.value("origin");
        if (m_varies)
            head.headers.append("Vary", "Origin");
        // An earlier plugin's answer may come before the origin was decided on.
        const auto decided = [&exchange](std::string_view name, std::string_view otherwise) {
            const HeaderField *field = exchange.reply.headers.find(name);
            return field ? field->value : otherwise;
        };
        if (const std::string_view timing = decided(kTimingOrigin, timed(origin)); !timing.empty())
            head.headers.set(kTimingOrigin, timing);
        const std::string_view allowed = decided(kAllowOrigin, answer(origin));
        if (!allowed.empty())
            setFields(exchange, head.headers, allowed);
        else if (!origin.empty())
            exchange.note(Step::Plugin, Outcome::Note, Errc::Internal, kName, "origin not allowed",
                          origin);
    }

private:
    static constexpr std::string_view kAllowOrigin = "Access-Control-Allow-Origin";
    static constexpr std::string_view kTimingOrigin = "Timing-Allow-Origin";

    [[nodiscard]] std::string_view timed(std::string_view origin) const
    {
        return m_timed ? m_timing.answer(origin) : std::string_view();
    }

    [[nodiscard]] std::string_view answer(std::string_view origin) const
    {
        std::string_view allowed = m_origins.answer(origin);
        // Whom a named list allows is answered by name, even by a list of everybody.
        for (auto named = m_named.begin(); allowed.empty() && named != m_named.end(); ++named)
            allowed = named->answer(origin).empty() ? std::string_view() : origin;
        return allowed;
    }

    void setFields(const Exchange &exchange, HeaderList &fields, std::string_view origin) const
    {
        fields.set(kAllowOrigin, origin);
        fields.set("Access-Control-Allow-Methods", m_methods);
        fields.set("Access-Control-Max-Age", m_maxAge);
        if (!m_expose.empty())
            fields.set("Access-Control-Expose-Headers", m_expose);
        const HeaderField *asked = exchange.request.headers.find("access-control-request-headers");
        if (m_headers != "**")
            fields.set("Access-Control-Allow-Headers", m_headers);
        else if (asked)
            fields.set("Access-Control-Allow-Headers", asked->value);
        else
            fields.remove("Access-Control-Allow-Headers");
        if (m_credential)
            fields.set("Access-Control-Allow-Credentials", "true");
    }

    Origins m_origins, m_timing;
    std::vector<Origins> m_named; ///< of the metadata, in the order of the configuration
    bool m_varies, m_timed;
    std::string m_methods, m_headers, m_expose;
    std::string m_maxAge = "5";
    bool m_credential = false;
};

Result<void> check(const Json &config)
{
    const Json *credential = config.find("allow_credential");
    if (credential && credential->asBool()) {
        for (const char *member : {"allow_origins", "allow_methods", "allow_headers",
                                   "expose_headers", "timing_allow_origins"}) {
            if (config.stringOr(member, "") == "*")
                return fail(Errc::PluginConfig,
                            "you can not set '*' for other option when 'allow_credential' is true");
        }
    }
    for (const char *member : {"allow_origins_by_regex", "timing_allow_origins_by_regex"}) {
        const Json *patterns = config.find(member);
        if (!patterns)
            continue;
        for (const Json &item : patterns->items()) {
            if (const auto pattern = Pattern::compile(item.asString()); !pattern)
                return fail(Errc::PluginConfig, pattern.error().detail);
        }
    }
    return {};
}

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return std::make_shared<const Cors>(config, env.metadata);
}

} // namespace

const PluginSpec corsPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Rewrite | Phase::HeaderFilter,
    .apisixPriority = 4000,
    .summary = "Lets browsers of other origins use the route",
    .schema = kSchema,
    .metadataSchema = kMetadataSchema,
    .example = kExample,
    .check = check,
    .make = make,
};

} // namespace postern::gateway
