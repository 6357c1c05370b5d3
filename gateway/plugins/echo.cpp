// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/header_edits.h"
#include "gateway/plugins/common/response_body.h"
#include "gateway/plugins/specs.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "echo";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "before_body": {"description": "body before the filter phase.", "type": "string"},
    "body": {"description": "body to replace upstream response.", "type": "string"},
    "after_body": {"description": "body after the modification of filter phase.", "type": "string"},
    "headers": {"description": "new headers for response", "type": "object", "minProperties": 1}
  },
  "anyOf": [{"required": ["before_body"]}, {"required": ["body"]}, {"required": ["after_body"]}],
  "minProperties": 1
})json";

constexpr std::string_view kExample =
    R"json({"before_body": "-- ", "after_body": " --", "headers": {"X-Echo": "on"}})json";

struct Parts
{
    std::string before, after;
    std::optional<std::string> body;
};

/// Puts text around a body, or in its place.
class Around final : public BodyFilter
{
public:
    explicit Around(std::shared_ptr<const Parts> parts) : m_parts(std::move(parts)) {}

    void pass(std::string_view piece, bool last, std::string &out) override
    {
        if (!std::exchange(m_begun, true)) {
            out += m_parts->before;
            if (m_parts->body)
                out += *m_parts->body;
        }
        if (!m_parts->body)
            out += piece;
        if (last)
            out += m_parts->after;
    }

private:
    std::shared_ptr<const Parts> m_parts;
    bool m_begun = false;
};

class Echo final : public Plugin
{
public:
    explicit Echo(const Json &config)
        : m_parts(std::make_shared<const Parts>(Parts{
              std::string(config.stringOr("before_body", "")),
              std::string(config.stringOr("after_body", "")),
              config.contains("body") ? std::optional(std::string(config.stringOr("body", "")))
                                      : std::nullopt}))
    {
        const Json *headers = config.find("headers");
        if (!headers)
            return;
        for (const auto &[name, value] : headers->members()) {
            if (!value.isString() && !value.isNumber())
                continue;
            std::string text = plainText(value);
            // What would end the field and begin another one never gets into a message.
            text.resize(std::min(text.size(), text.find_first_of(std::string_view("\r\n\0", 3))));
            m_headers.emplace_back(name, std::move(text));
        }
    }

    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        dropBodyFields(head);
        exchange.bodyFilters.push_back(std::make_unique<Around>(m_parts));
        for (const auto &[name, value] : m_headers) {
            if (value.empty()) // as nginx: an empty field is none
                head.headers.remove(name);
            else
                head.headers.set(name, value);
        }
    }

private:
    std::shared_ptr<const Parts> m_parts;
    std::vector<std::pair<std::string, std::string>> m_headers; ///< as they are: no variables
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const Echo>(config);
}

} // namespace

const PluginSpec echoPlugin{
    .name = kName,
    .kind = PluginKind::Transform,
    .phases = Phase::HeaderFilter | Phase::BodyFilter,
    .apisixPriority = 412,
    .summary = "Replaces a response's body or puts text around it",
    .schema = kSchema,
    .example = kExample,
    .make = make,
};

} // namespace postern::gateway
