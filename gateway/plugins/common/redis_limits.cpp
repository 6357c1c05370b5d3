// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/redis_limits.h"

#include "core/bytes/encoding.h"

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <utility>
#include <vector>

#include <openssl/evp.h>

namespace postern::gateway {
namespace {

/// ARGV: cost, window in seconds. Answers {used, milliseconds to the end of the window}.
constexpr std::string_view kFixedScript = R"lua(
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return {tonumber(ARGV[1]), ARGV[2] * 1000}
end
return {redis.call('INCRBY', KEYS[1], ARGV[1]), left}
)lua";

/// KEYS: this window's counter and, if one node has both, the one before.
/// ARGV: cost, window in seconds, limit, seconds left of the window, count of the one before.
/// Answers {granted, used before this, used in the window before}.
constexpr std::string_view kSlidingScript = R"lua(
local limit = tonumber(ARGV[3])
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local before = tonumber(KEYS[2] and redis.call('GET', KEYS[2]) or ARGV[5])
if used >= limit or math.min(before, limit) / ARGV[2] * ARGV[4] + used >= limit then
  return {0, used, before}
end
if tonumber(ARGV[1]) > 0 then
  redis.call('INCRBY', KEYS[1], ARGV[1])
  if redis.call('PTTL', KEYS[1]) < 0 then
    redis.call('EXPIRE', KEYS[1], ARGV[2] * 2)
  end
end
return {1, used, before}
)lua";

struct Script
{
    explicit Script(std::string_view source) : text(source)
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
        unsigned size = 0;
        EVP_Digest(text.data(), text.size(), octets.data(), &size, EVP_sha1(), nullptr);
        hash = encodeHex({reinterpret_cast<const char *>(octets.data()), size});
    }
    std::string text, hash;
};

const Script &fixedScript()
{
    static const Script script(kFixedScript);
    return script;
}

const Script &slidingScript()
{
    static const Script script(kSlidingScript);
    return script;
}

using ValueDone = std::move_only_function<void(Result<RedisValue>)>;

std::unexpected<Error> storeError(std::string_view reason, const std::string &where)
{
    // A server that does not know a command repeats its arguments.
    return fail(Errc::LimitStore, std::string(reason.substr(0, reason.find(", with args"))), where);
}

void sendCall(RedisClient &client, std::vector<std::string> words, std::size_t keyWord,
              Reactor::Clock::time_point deadline, decltype(RedisCall::finish) finish)
{
    auto call = std::make_unique<RedisCall>();
    call->words = std::move(words);
    call->keyWord = keyWord;
    call->deadline = deadline;
    call->finish = std::move(finish);
    client.send(std::move(call));
}

constexpr std::size_t kScriptWord = 1;
constexpr std::size_t kFirstKeyWord = 3;

/// Runs a script by its hash; in full where the server does not have it (yet, or any more).
void evaluate(RedisClient &client, const Script &script, std::vector<std::string> words,
              Reactor::Clock::time_point deadline, ValueDone done)
{
    words[0] = "EVALSHA";
    words[kScriptWord] = script.hash;
    sendCall(client, std::move(words), kFirstKeyWord, deadline,
             [&client, &script, deadline, done = std::move(done)](
                 Result<RedisValue> answer, std::vector<std::string> again) mutable {
                 if (!answer || !answer->isError("NOSCRIPT"))
                     return done(std::move(answer));
                 again[0] = "EVAL";
                 again[kScriptWord] = script.text;
                 sendCall(
                     client, std::move(again), kFirstKeyWord, deadline,
                     [done = std::move(done)](Result<RedisValue> second, const auto &) mutable {
                         done(std::move(second));
                     });
             });
}

/// The numbers of a script's answer, or why there are none.
Result<std::array<std::int64_t, 3>> numbersOf(const Result<RedisValue> &answer, std::size_t count,
                                              const std::string &where)
{
    if (!answer)
        return std::unexpected(answer.error());
    if (answer->isError())
        return storeError(answer->text, where);
    std::array<std::int64_t, 3> numbers{};
    if (answer->items.size() != count)
        return storeError("the answer makes no sense", where);
    for (std::size_t i = 0; i < count; ++i) {
        numbers[i] = answer->items[i].number(-1);
        if (numbers[i] < 0)
            return storeError("the answer makes no sense", where);
    }
    return numbers;
}

void takeFixed(RedisClient &client, const RedisTake &take, std::string where, QuotaDone done)
{
    std::vector<std::string> words{{},
                                   {},
                                   "1",
                                   std::format("plugin-limit-count:v1:{}", take.identity),
                                   std::to_string(take.cost),
                                   std::to_string(take.seconds)};
    evaluate(client, fixedScript(), std::move(words), take.deadline,
             [limit = take.limit, where = std::move(where),
              done = std::move(done)](const Result<RedisValue> &answer) mutable {
                 const auto numbers = numbersOf(answer, 2, where);
                 if (!numbers)
                     return done(std::unexpected(numbers.error()));
                 const std::int64_t remaining = limit - (*numbers)[0];
                 done(Quota{remaining >= 0, std::max<std::int64_t>(remaining, 0),
                            static_cast<double>((*numbers)[1]) / 1000});
             });
}

struct SlidingTake
{
    std::int64_t limit, cost;
    Duration window, left;
    std::string where;
};

/// \param words without the first two: keys, cost, window, limit, left, count before
void slide(RedisClient &client, std::vector<std::string> words, Reactor::Clock::time_point deadline,
           SlidingTake take, QuotaDone done)
{
    evaluate(
        client, slidingScript(), std::move(words), deadline,
        [take = std::move(take), done = std::move(done)](const Result<RedisValue> &answer) mutable {
            const auto numbers = numbersOf(answer, 3, take.where);
            if (!numbers)
                return done(std::unexpected(numbers.error()));
            Quota quota = slidingQuota(take.limit, take.window, take.left, (*numbers)[2],
                                       (*numbers)[1], take.cost);
            quota.granted = (*numbers)[0] == 1;
            done(quota);
        });
}

void takeSliding(RedisClient &client, const RedisTake &take, std::string where, QuotaDone done)
{
    const Duration window = std::chrono::seconds(take.seconds);
    const auto number = take.now.time_since_epoch() / window;
    const auto keyOf = [&take](std::int64_t nth) {
        return std::format("plugin-limit-count:{}.{}.counter", take.identity, nth);
    };
    const Duration left = (number + 1) * window - take.now.time_since_epoch();
    const std::string current = keyOf(number), before = keyOf(number - 1);
    const std::array<std::string, 4> numbers{
        std::to_string(take.cost), std::to_string(take.seconds), std::to_string(take.limit),
        std::format("{:.6f}", std::chrono::duration<double>(left).count())};
    SlidingTake rest{take.limit, take.cost, window, left, std::move(where)};
    std::vector<std::string> words{{}, {}, "2", current, before};
    if (!client.slotted()) {
        words.insert(words.end(), numbers.begin(), numbers.end());
        words.emplace_back("0");
        return slide(client, std::move(words), take.deadline, std::move(rest), std::move(done));
    }
    // In a cluster the two keys are at different nodes. The window before changes no more.
    sendCall(client, {"GET", before}, 1, take.deadline,
             [&client, deadline = take.deadline, current, numbers, rest = std::move(rest),
              done = std::move(done)](const Result<RedisValue> &answer, const auto &) mutable {
                 if (!answer || answer->isError())
                     return done(answer ? storeError(answer->text, rest.where)
                                        : std::unexpected(answer.error()));
                 std::vector<std::string> second{{}, {}, "1", current};
                 second.insert(second.end(), numbers.begin(), numbers.end());
                 second.push_back(std::to_string(answer->number(0)));
                 slide(client, std::move(second), deadline, std::move(rest), std::move(done));
             });
}

} // namespace

void takeFromRedis(RedisClient &client, const RedisTake &take, std::string where, QuotaDone done)
{
    if (take.sliding)
        takeSliding(client, take, std::move(where), std::move(done));
    else
        takeFixed(client, take, std::move(where), std::move(done));
}

} // namespace postern::gateway
