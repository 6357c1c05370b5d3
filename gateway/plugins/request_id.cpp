// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/random.h"
#include "gateway/plugins/specs.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "request-id";

constexpr std::string_view kSchema = R"json({
  "type": "object",
  "properties": {
    "header_name": {"type": "string", "default": "X-Request-Id"},
    "include_in_response": {"type": "boolean", "default": true},
    "algorithm": {"type": "string", "enum": ["uuid", "nanoid", "range_id", "ksuid", "uuidv7"],
                  "default": "uuid"},
    "range_id": {
      "type": "object",
      "properties": {
        "length": {"type": "integer", "minimum": 6, "default": 16},
        "char_set": {"type": "string", "minLength": 6,
          "default": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"}
      },
      "default": {}
    }
  }
})json";

constexpr std::string_view kExample =
    R"json({"header_name": "X-Request-Id", "algorithm": "uuidv7"})json";

constexpr std::string_view kAlphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kNanoid =
    "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict";

std::string randomText(std::size_t count)
{
    const auto octets = randomOctets(count);
    return octets ? std::string(octets->view()) : std::string(count, '\0');
}

std::string uuidV7(Timestamp now)
{
    std::string octets = randomText(16);
    const auto ms = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count());
    for (std::size_t i = 0; i < 6; ++i)
        octets[i] = static_cast<char>(ms >> (40 - 8 * i) & 0xff);
    return uuidText(std::move(octets), 7);
}

std::string pickFrom(std::string_view characters, std::size_t count)
{
    std::string text;
    // Two octets a character: the remainder's bias is far below what anybody could use.
    const std::string octets = randomText(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t value =
            static_cast<std::size_t>(static_cast<unsigned char>(octets[2 * i])) << 8U
            | static_cast<unsigned char>(octets[2 * i + 1]);
        text += characters[value % characters.size()];
    }
    return text;
}

/// Seconds since 2014-05-13 in four octets, sixteen random ones, base 62 in 27 characters.
std::string ksuid(Timestamp now)
{
    constexpr std::int64_t kEpoch = 1'400'000'000;
    const auto seconds = static_cast<std::uint32_t>(
        std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count() - kEpoch);
    std::array<std::uint32_t, 5> digits{seconds, 0, 0, 0, 0};
    const std::string octets = randomText(16);
    for (std::size_t i = 0; i < 16; ++i)
        digits[1 + i / 4] = digits[1 + i / 4] << 8U | static_cast<unsigned char>(octets[i]);
    std::string text(27, '0');
    for (std::size_t at = text.size(); at-- > 0;) {
        std::uint64_t rest = 0;
        for (std::uint32_t &digit : digits) {
            const std::uint64_t value = rest << 32U | digit;
            digit = static_cast<std::uint32_t>(value / 62);
            rest = value % 62;
        }
        text[at] = kBase62[rest];
    }
    return text;
}

class RequestId final : public Plugin
{
public:
    explicit RequestId(const Json &config)
        : m_header(config.stringOr("header_name", "X-Request-Id")),
          m_algorithm(config.stringOr("algorithm", "uuid"))
    {
        if (const Json *include = config.find("include_in_response"))
            m_inResponse = include->asBool();
        if (const Json *range = config.find("range_id")) {
            m_characters = range->stringOr("char_set", kAlphanumeric);
            if (const Json *length = range->find("length"))
                m_length = static_cast<std::size_t>(length->asInteger().value_or(16));
        }
    }

    Verdict rewrite(Exchange &exchange) const override
    {
        std::string_view id = exchange.request.headers.value(m_header);
        if (id.empty()) {
            id = exchange.arena.copy(generate(exchange.now));
            exchange.request.headers.set(m_header, id);
        }
        exchange.requestId = id;
        return Verdict::Continue;
    }

    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        const std::string_view id = exchange.request.headers.value(m_header);
        // An earlier plugin's answer may come before this one has run.
        if (m_inResponse && !exchange.requestId.empty() && !head.headers.contains(m_header))
            head.headers.append(m_header, id);
    }

private:
    [[nodiscard]] std::string generate(Timestamp now) const
    {
        if (m_algorithm == "nanoid")
            return pickFrom(kNanoid, 21);
        if (m_algorithm == "range_id")
            return pickFrom(m_characters, m_length);
        if (m_algorithm == "ksuid")
            return ksuid(now);
        return m_algorithm == "uuidv7" ? uuidV7(now) : uuidText(randomText(16), 4);
    }

    std::string m_header, m_algorithm;
    std::string m_characters{kAlphanumeric};
    std::size_t m_length = 16;
    bool m_inResponse = true;
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &)
{
    return std::make_shared<const RequestId>(config);
}

} // namespace

const PluginSpec requestIdPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Rewrite | Phase::HeaderFilter,
    .apisixPriority = 12015,
    .summary = "Gives every request an id, for the upstream and the client",
    .schema = kSchema,
    .example = kExample,
    .make = make,
};

} // namespace postern::gateway
