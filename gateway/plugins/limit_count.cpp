// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/variables.h"
#include "gateway/plugins/common/limit_count_config.h"
#include "gateway/plugins/common/limit_counters.h"
#include "gateway/plugins/common/limit_store.h"
#include "gateway/plugins/specs.h"
#include "gateway/router/snapshot.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace postern::gateway {

namespace {

constexpr std::string_view kName = "limit-count";

constexpr std::string_view kExample =
    R"json({"count": 2, "time_window": 60, "key": "remote_addr", "rejected_code": 429})json";

/// A number, or text with variables that makes one when a request comes.
class Amount
{
public:
    explicit Amount(const Json *value)
    {
        if (!value)
            return;
        m_fixed = value->asInteger().value_or(0);
        if (value->isString())
            m_template = Template(value->asString());
    }

    [[nodiscard]] bool needsBody() const noexcept { return m_template.needsBody(); }
    /// \return 0 if it is no positive integer
    [[nodiscard]] std::int64_t value(Exchange &exchange) const
    {
        if (m_template.source().empty())
            return m_fixed;
        const std::string_view text = m_template.evaluate(exchange);
        double number = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = fault == std::errc() && end == text.data() + text.size() && number >= 1
            && number <= kLargest && number == std::floor(number);
        return whole ? static_cast<std::int64_t>(number) : 0;
    }

private:
    /// A double holds every integer up to this one; APISIX refuses larger ones.
    static constexpr double kLargest = 9'007'199'254'740'991.0;
    std::int64_t m_fixed = 0;
    Template m_template;
};

/// The text that a counter is kept for.
class CounterKey
{
public:
    enum class Type : std::uint8_t { Variable, Combination, Constant };

    CounterKey(Type type, std::string_view key)
        : m_type(type),
          m_text(key),
          m_variable(key),
          m_template(type == Type::Combination ? key : std::string_view())
    {
    }

    [[nodiscard]] bool needsBody() const noexcept
    {
        return m_type == Type::Variable ? m_variable.needsBody() : m_template.needsBody();
    }
    /// \return empty if nothing that it names is there
    [[nodiscard]] std::string_view value(Exchange &exchange) const
    {
        switch (m_type) {
        case Type::Constant:
            return m_text;
        case Type::Variable:
            return m_variable.text(exchange).value_or(std::string_view());
        case Type::Combination:
            break;
        }
        return m_template.resolves(exchange) ? m_template.evaluate(exchange) : std::string_view();
    }

private:
    Type m_type;
    std::string m_text;
    Variable m_variable;
    Template m_template;
};

CounterKey::Type keyTypeOf(std::string_view name) noexcept
{
    if (name == "var_combination")
        return CounterKey::Type::Combination;
    return name == "constant" ? CounterKey::Type::Constant : CounterKey::Type::Variable;
}

/// One limit: the plugin's only one, or one of its rules.
struct Limit
{
    Amount count, window;
    CounterKey key;
    std::string limitHeader, remainingHeader, resetHeader;
    bool isRule = false;
    std::string identity = {}; ///< of its counters; the key follows
};

/// \param prefix of a rule's headers; nullopt: the only limit
/// \param metadata of the plugin, or nullptr: names the headers
Limit makeLimit(const Json &config, CounterKey key, std::optional<std::string_view> prefix,
                const Json *metadata)
{
    const auto header = [&](std::string_view member, std::string_view usual) {
        const std::string_view chosen = metadata ? metadata->stringOr(member, "") : "";
        std::string name(chosen.empty() ? usual : chosen);
        if (const std::size_t at = name.find("RateLimit-"); prefix && at != std::string::npos)
            name.insert(at, std::format("{}-", *prefix));
        return name;
    };
    return {Amount(config.find("count")),
            Amount(config.find("time_window")),
            std::move(key),
            header("limit_header", "X-RateLimit-Limit"),
            header("remaining_header", "X-RateLimit-Remaining"),
            header("reset_header", "X-RateLimit-Reset"),
            prefix.has_value()};
}

std::string_view numberText(Arena &arena, std::int64_t value)
{
    constexpr std::size_t kRoom = 20;
    char *const at = arena.allocate(kRoom);
    return {at, std::to_chars(at, at + kRoom, value).ptr};
}

/// Seconds with at most two decimals; what is behind them is cut off.
std::string_view secondsText(Arena &arena, double seconds)
{
    constexpr std::size_t kRoom = 24;
    char *const at = arena.allocate(kRoom);
    const auto cents = static_cast<std::int64_t>(std::floor(seconds * 100));
    char *end = std::to_chars(at, at + kRoom, cents / 100).ptr;
    const auto fraction = static_cast<int>(cents % 100);
    if (fraction != 0) {
        *end++ = '.';
        *end++ = static_cast<char>('0' + fraction / 10);
        if (fraction % 10 != 0)
            *end++ = static_cast<char>('0' + fraction % 10);
    }
    return {at, end};
}

/// "3 in 30 s"
std::string_view quotaText(Arena &arena, std::int64_t count, std::int64_t seconds)
{
    return arena.join(arena.join(numberText(arena, count), " in "),
                      arena.join(numberText(arena, seconds), " s"));
}

/// The CRC-32 of a text: configurations are told apart by it, as APISIX does.
std::uint32_t crc32(std::string_view text) noexcept
{
    std::uint32_t crc = ~0U;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) ? 0xedb88320U : 0U);
    }
    return ~crc;
}

class LimitCount final : public Plugin
{
public:
    LimitCount(const Json &config, const PluginEnv &env)
        : m_counters(env.limitCounters ? env.limitCounters : std::make_shared<LimitCounters>()),
          m_store(openLimitStore(config, env, m_counters)),
          m_sliding(config.stringOr("window_type", "fixed") == "sliding"),
          m_message(config.stringOr("rejected_msg", ""))
    {
        if (const Json *code = config.find("rejected_code"))
            m_code = static_cast<int>(code->asInteger().value_or(m_code));
        if (const Json *degrade = config.find("allow_degradation"))
            m_degrade = degrade->asBool();
        if (const Json *show = config.find("show_limit_quota_header"))
            m_show = show->asBool();
        readLimits(config, env.metadata);
        m_needsBody = std::ranges::any_of(m_limits, [](const Limit &limit) {
            return limit.count.needsBody() || limit.window.needsBody() || limit.key.needsBody();
        });
        // Who changed the configuration wants a new count; who changed the rest of the route not.
        const std::string_view group = config.stringOr("group", "");
        const std::string identity = !group.empty()
            ? std::format("{}:", group)
            : std::format("{}:{}:", env.parent, crc32(config.dump()));
        // Rules count apart: one's user may be called as another's team.
        for (std::size_t i = 0; i < m_limits.size(); ++i)
            m_limits[i].identity =
                m_limits[i].isRule ? std::format("{}{}:", identity, i + 1) : identity;
        if (!m_message.empty())
            m_message = Json::object({{"error_msg", m_message}}).dump() + '\n';
    }

    Verdict access(Exchange &exchange) const override
    {
        if (m_needsBody && requestBody(exchange, kVariableBodyLimit) == BodyState::Unread)
            return Verdict::ReadBody;
        // Nothing is counted unless all that applies can be.
        for (const Limit &limit : m_limits) {
            if (limit.isRule && limit.key.value(exchange).empty())
                continue;
            const bool counts = limit.count.value(exchange) > 0;
            if (!counts || limit.window.value(exchange) <= 0)
                return unusable(exchange, counts ? "time_window" : "count");
        }
        return applyFrom(exchange, 0, false);
    }

    void headerFilter(Exchange &exchange, ResponseHead &head) const override
    {
        if (!m_show)
            return;
        for (const Limit &limit : m_limits) {
            for (const std::string *name :
                 {&limit.limitHeader, &limit.remainingHeader, &limit.resetHeader}) {
                if (const HeaderField *field = exchange.reply.headers.find(*name))
                    head.headers.set(*name, field->value);
            }
        }
    }

private:
    void readLimits(const Json &config, const Json *metadata)
    {
        const Json *rules = config.find("rules");
        if (!rules) {
            m_limits.push_back(makeLimit(config,
                                         CounterKey(keyTypeOf(config.stringOr("key_type", "var")),
                                                    config.stringOr("key", "remote_addr")),
                                         std::nullopt, metadata));
            return;
        }
        std::size_t number = 0;
        for (const Json &rule : rules->items()) {
            const std::string index = std::to_string(++number);
            m_limits.push_back(
                makeLimit(rule, CounterKey(CounterKey::Type::Combination, rule.stringOr("key", "")),
                          rule.stringOr("header_prefix", index), metadata));
        }
    }

    /// \param member of the configuration that is no positive integer for this request
    Verdict unusable(Exchange &exchange, std::string_view member) const
    {
        exchange.note(Step::Plugin, m_degrade ? Outcome::Note : Outcome::Failed,
                      Errc::LimitNotANumber, kName, member);
        if (m_degrade)
            return Verdict::Continue;
        replyWithPage(exchange, 500);
        return Verdict::Respond;
    }

    /// Applies the limits from this one on, as far as they need no answer from elsewhere.
    /// \param applied one of those before it did apply
    Verdict applyFrom(Exchange &exchange, std::size_t first, bool applied) const
    {
        for (std::size_t i = first; i < m_limits.size(); ++i) {
            std::string_view key = m_limits[i].key.value(exchange);
            if (key.empty() && m_limits[i].isRule)
                continue; // none of its variables is there
            if (key.empty())
                key = exchange.request.peer;
            applied = true;
            if (const Verdict verdict = take(exchange, i, key); verdict != Verdict::Continue)
                return verdict;
        }
        if (applied || m_degrade)
            return Verdict::Continue;
        exchange.note(Step::Plugin, Outcome::Failed, Errc::LimitRuleMissing, kName);
        replyWithPage(exchange, 500);
        return Verdict::Respond;
    }

    Verdict take(Exchange &exchange, std::size_t index, std::string_view key) const
    {
        const Limit &limit = m_limits[index];
        const std::int64_t count = limit.count.value(exchange);
        const std::int64_t seconds = limit.window.value(exchange);
        const LimitDemand demand{index, count, std::min(seconds, kLongestWindow),
                                 exchange.arena.join(limit.identity, key), key};
        if (exchange.dryRun) {
            exchange.note(Step::Plugin, Outcome::Note, Errc::LimitReached, kName, key,
                          quotaText(exchange.arena, demand.count, demand.seconds));
            return Verdict::Continue;
        }
        if (m_store)
            return delays(demand) ? takeDelayed(exchange, demand) : askStore(exchange, demand);
        const Duration window = std::chrono::seconds(demand.seconds);
        const Quota quota = m_sliding
            ? m_counters->takeSliding(demand.identity, count, window, exchange.now)
            : m_counters->takeFixed(demand.identity, count, window, exchange.now);
        return settle(exchange, demand, quota);
    }

    /// A window that is over before the store would be told is counted there at once.
    [[nodiscard]] bool delays(const LimitDemand &demand) const noexcept
    {
        return m_store->interval.count() > 0
            && std::chrono::seconds(demand.seconds) > m_store->interval;
    }

    Verdict takeDelayed(Exchange &exchange, const LimitDemand &demand) const
    {
        const auto found =
            m_counters->delayed().take(demand.identity, 1, DelayedLimits::Clock::now());
        if (found.schedule)
            m_store->tellLater(exchange.worker, demand, exchange.now);
        return found.known ? settle(exchange, demand, found.quota) : askStore(exchange, demand);
    }

    /// The exchange waits until the store has answered. Nothing else of the worker does.
    Verdict askStore(Exchange &exchange, const LimitDemand &demand) const
    {
        const auto answer = std::make_shared<Result<Quota>>(
            fail(Errc::LimitStore, "no answer", m_store->defect.where));
        const Duration longest =
            m_store->settings ? 2 * m_store->settings->timeout + kGrace : kGrace;
        const Waker waker =
            suspendExchange(exchange, longest, [this, demand, answer](Exchange &resumed) {
                const Verdict verdict = answered(resumed, demand, *answer);
                return verdict == Verdict::Continue ? applyFrom(resumed, demand.limit + 1, true)
                                                    : verdict;
            });
        // The client lives in this worker: it wakes from here, and no lock is needed.
        auto done = [answer, waker](const Result<Quota> &quota) {
            *answer = quota;
            waker.wake();
        };
        if (delays(demand))
            m_store->tell(exchange.worker, demand, exchange.now, std::move(done));
        else
            m_store->take(exchange.worker, demand, 1, exchange.now, std::move(done));
        return Verdict::Suspend;
    }

    Verdict answered(Exchange &exchange, const LimitDemand &demand,
                     const Result<Quota> &answer) const
    {
        if (!answer)
            return storeFailed(exchange, answer.error());
        if (!delays(demand))
            return settle(exchange, demand, *answer);
        const auto found =
            m_counters->delayed().take(demand.identity, 1, DelayedLimits::Clock::now());
        if (found.schedule)
            m_store->tellLater(exchange.worker, demand, exchange.now);
        if (found.known)
            return settle(exchange, demand, found.quota);
        // The window ended as the store spoke; the next request begins another one.
        Quota quota = *answer;
        quota.granted = quota.granted && quota.remaining > 0;
        return settle(exchange, demand, quota);
    }

    Verdict storeFailed(Exchange &exchange, const Error &error) const
    {
        exchange.note(Step::Plugin, m_degrade ? Outcome::Note : Outcome::Failed, Errc::LimitStore,
                      kName, error.where, error.detail);
        if (m_degrade)
            return Verdict::Continue;
        replyWithPage(exchange, 500);
        exchange.reply.page = false;
        exchange.reply.body = "{\"error_msg\":\"failed to limit count\"}\n";
        return Verdict::Respond;
    }

    Verdict settle(Exchange &exchange, const LimitDemand &demand, const Quota &quota) const
    {
        if (m_show)
            showQuota(exchange, m_limits[demand.limit], demand.count, quota);
        if (exchange.tracing)
            exchange.note(Step::Plugin, quota.granted ? Outcome::Ok : Outcome::Failed,
                          quota.granted ? Errc::Internal : Errc::LimitReached, kName, demand.key,
                          quotaText(exchange.arena, demand.count, demand.seconds),
                          quota.granted ? quota.remaining
                                        : static_cast<std::int64_t>(std::ceil(quota.reset)));
        return quota.granted ? Verdict::Continue : reject(exchange);
    }

    static void showQuota(Exchange &exchange, const Limit &limit, std::int64_t count,
                          const Quota &quota)
    {
        HeaderList &headers = exchange.reply.headers;
        headers.set(limit.limitHeader, numberText(exchange.arena, count));
        headers.set(limit.remainingHeader, numberText(exchange.arena, quota.remaining));
        headers.set(limit.resetHeader, secondsText(exchange.arena, quota.reset));
    }

    Verdict reject(Exchange &exchange) const
    {
        replyWithPage(exchange, m_code);
        if (!m_message.empty()) {
            exchange.reply.page = false;
            exchange.reply.body = m_message;
        }
        return Verdict::Respond;
    }

    static constexpr std::int64_t kLongestWindow = 100LL * 365 * 24 * 3600;
    static constexpr auto kGrace = std::chrono::seconds(1); ///< the call's own deadline is earlier

    std::shared_ptr<LimitCounters> m_counters;
    std::shared_ptr<const LimitStore> m_store; ///< nullptr: counted here
    std::vector<Limit> m_limits;
    bool m_sliding = false;
    bool m_degrade = false;
    bool m_show = true;
    int m_code = 503;
    bool m_needsBody = false;
    std::string m_message; ///< the body; empty: the page of the status
};

Result<std::shared_ptr<const Plugin>> make(const Json &config, const PluginEnv &env)
{
    return std::make_shared<const LimitCount>(config, env);
}

} // namespace

const PluginSpec limitCountPlugin{
    .name = kName,
    .kind = PluginKind::Traffic,
    .phases = Phase::Access | Phase::HeaderFilter,
    .apisixPriority = 1002,
    .summary = "Limits how many requests a client, consumer or any key may make in a time window",
    .schema = kLimitCountSchema,
    .metadataSchema = kLimitCountMetadataSchema,
    .example = kExample,
    .check = checkLimitCount,
    .make = make,
};

} // namespace postern::gateway
